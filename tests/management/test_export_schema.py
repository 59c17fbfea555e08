from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from saleor_lifecycle.management.commands.export_schema import FILES
from saleor_lifecycle.models.flow_schema import json_schema
from saleor_lifecycle.saleor import documents


@pytest.mark.parametrize("name", FILES)
def test_the_exported_schema_is_current(name: str) -> None:
    exported = documents.folder().parent / name
    before = exported.read_text()
    call_command("export_schema", check=True)  # raises CommandError where one is not
    assert exported.read_text() == before  # a check writes nothing


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of documents without any schema of ours."""
    monkeypatch.setattr(documents, "folder", lambda: tmp_path / "saleor")
    return tmp_path


def test_writes_each_schema_and_then_finds_it_current(elsewhere: Path) -> None:
    call_command("export_schema")
    assert {path.name for path in elsewhere.iterdir()} == set(FILES)
    call_command("export_schema", check=True)


def test_a_check_names_what_is_stale_and_writes_nothing(elsewhere: Path) -> None:
    call_command("export_schema")
    path = elsewhere / "dashboard.graphql"
    path.write_text("type Query { old: Int }\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"^not current: dashboard\.graphql\."):
        call_command("export_schema", check=True)
    assert path.read_text(encoding="utf-8") == "type Query { old: Int }\n"


def test_a_schema_that_was_never_written_is_not_current(elsewhere: Path) -> None:
    with pytest.raises(CommandError, match="not current"):
        call_command("export_schema", check=True)
    assert list(elsewhere.iterdir()) == []


def test_every_field_of_a_flow_is_described() -> None:
    schema = json_schema()
    shapes = [schema, *schema["$defs"].values()]
    fields = [(shape["title"], name, told) for shape in shapes for name, told in shape.get("properties", {}).items()]
    assert len(fields) > 60
    assert [(title, name) for title, name, told in fields if not told.get("description")] == []
    assert {one["$ref"].rpartition("/")[2] for one in schema["properties"]["steps"]["items"]["oneOf"]} >= {
        "Send",
        "Wait",
    }
