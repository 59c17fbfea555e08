"""The house: what is imported from where, what each setting says of itself, what no file may become."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from graphql import parse, validate

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    return done.stdout


def files(folder: Path, *patterns: str) -> set[str]:
    return {
        str(path.relative_to(folder))
        for pattern in patterns
        for path in folder.glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_imports_point_down() -> None:
    assert "0 broken" in run(BIN / "lint-imports", "--no-cache")


def test_the_folder_of_documents_is_no_package() -> None:
    assert not list((ROOT / "graphql").rglob("*.py"))
    assert not (ROOT / "tests" / "graphql").exists()


def test_migrations_are_a_folder_of_their_own_and_no_link() -> None:
    assert not (ROOT / "migrations").is_symlink()


def test_every_setting_stands_in_the_example_with_its_default() -> None:
    read = settings_read()
    offered = dict(re.findall(r"^#?([A-Z][A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    # Read by the command `up`, not by the settings.
    offered.pop("PORT")
    assert offered == read


def settings_read() -> dict[str, str]:
    """Each variable that settings.py reads and its default as one writes it in a .env; "" when there is none."""
    found = {}
    for call in ast.walk(ast.parse((ROOT / "saleor_lifecycle" / "settings.py").read_text())):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and call.func.value.id == "env"
            and call.func.attr != "read_env"
            and call.args
        ):
            name, *default = (eval(compile(ast.Expression(one), "", "eval")) for one in call.args)
            found[name] = written(default[0]) if default else ""
    return found


def written(value: object) -> str:
    match value:
        case None:
            return ""
        case bool() | dict():
            return str(value).lower()
        case list():
            return ",".join(map(str, value))
        case _:
            return str(value)


def test_no_file_is_too_long_to_read() -> None:
    limits = {"saleor_lifecycle/domain": 200, "saleor_lifecycle": 300}
    generated = ("saleor_lifecycle/saleor/client/", "saleor_lifecycle/saleor/payloads/")
    too_long = {
        name: lines
        for name in (f"saleor_lifecycle/{one}" for one in files(ROOT / "saleor_lifecycle", "**/*.py"))
        if not name.startswith(generated)
        and (lines := len((ROOT / name).read_text().splitlines()))
        > next(limit for folder, limit in limits.items() if name.startswith(folder))
    }
    assert too_long == {}


def test_the_readme_asks_what_the_storefront_schema_answers() -> None:
    from saleor_lifecycle.api.storefront.schema import schema

    question = re.search(r"```graphql\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert question
    assert validate(schema._schema, parse(question[1])) == []
