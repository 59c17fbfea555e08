"""The house: what is imported from where, what is shipped, what each setting says of itself."""

import ast
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        # Python 3.11 knows filters from 3.11.4 on; Debian 12 has 3.11.2.
        packed.extraction_filter = getattr(tarfile, "data_filter", None)  # type: ignore[assignment]
        packed.extractall(folder)
    return next(path for path in folder.iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution and unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=sdist)
    (archive,) = folder.glob("*.whl")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder / "content")
    return folder / "content"


def files(folder: Path, *patterns: str) -> set[str]:
    return {
        str(path.relative_to(folder))
        for pattern in patterns
        for path in folder.glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_imports_point_down() -> None:
    run(BIN / "lint-imports", "--no-cache")


def test_the_wheel_holds_the_package_the_migrations_and_the_documents_and_nothing_else(wheel: Path) -> None:
    assert files(wheel / "saleor_lifecycle", "**/*") == files(ROOT / "saleor_lifecycle", "**/*") | {
        f"graphql/{name}" for name in files(ROOT / "graphql", "**/*")
    }
    assert files(wheel / "migrations", "**/*") == files(ROOT / "migrations", "*.py")
    tops = {path.name for path in wheel.iterdir() if not path.name.endswith(".dist-info")}
    assert tops == {"saleor_lifecycle", "migrations"}


def test_the_installed_wheel_knows_its_migrations_and_its_documents(wheel: Path, tmp_path: Path) -> None:
    program = """
import django
django.setup()
from pathlib import Path
import saleor_lifecycle
from django.db.migrations.loader import MigrationLoader
from saleor_lifecycle.saleor.documents import subscriptions
assert "lifecycle" in MigrationLoader(None).migrated_apps
assert Path(saleor_lifecycle.__file__).parents[1] == Path.cwd()
print(len(MigrationLoader(None).disk_migrations), len(subscriptions()))
"""
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=wheel,
        env={**os.environ, "PYTHONPATH": str(wheel), "DJANGO_SETTINGS_MODULE": "saleor_lifecycle.settings"},
        text=True,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    migrations, documents = map(int, done.stdout.split())
    assert migrations >= len(files(ROOT / "migrations", "0*.py"))
    assert documents == len(files(ROOT / "graphql" / "saleor" / "subscriptions", "*.graphql"))


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
