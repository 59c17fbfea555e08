from datetime import datetime
from typing import Any

import pytest

from saleor_lifecycle.models import Customer, CustomerFile, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import customer_files as task
from saleor_lifecycle.tasks.nudge import CUSTOMER_FILES
from tests.api.conftest import Ask

pytestmark = pytest.mark.django_db

BODY = b"Email,Consent,Consent date,Source\neva@example.com,yes,2024-05-01,form\nnobody,yes,2024-05-01,form\n"
SHOWN = """id name state columns sample lines done percent secondsLeft
    guessed { email consent consentDate consentSource yes } mapping { email }
    counts { people new yes refused { reason lines } }"""
READ = f"""mutation ($id: ID!, $mapping: CustomerFileMappingInput!) {{ customerFileRead(id: $id, mapping: $mapping) {{
    file {{ {SHOWN} }} errors {{ field message code }} }} }}"""
START = f"""mutation ($id: ID!) {{ customerFileStart(id: $id) {{
    file {{ {SHOWN} }} errors {{ field message code }} }} }}"""
DELETE = "mutation ($id: ID!) { customerFileDelete(id: $id) { errors { field } } }"
MAPPING: dict[str, Any] = {"email": 0, "consent": 1, "consentDate": 2, "consentSource": 3, "yes": ["Yes"]}


@pytest.fixture(autouse=True)
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    told: list[tuple[str, int]] = []
    monkeypatch.setattr("saleor_lifecycle.api.dashboard.customer_files.nudge", lambda *one: told.append(one))
    return told


@pytest.fixture
def file(installation: Installation, now: datetime) -> str:
    return str(task.upload(installation.pk, "klaviyo.csv", [BODY], now))


def shown(ask: Ask, file: str) -> Any:
    return ask(f"query ($id: ID!) {{ customerFile(id: $id) {{ {SHOWN} }} }}", id=file)["customerFile"]


def done(installation: Installation, now: datetime) -> None:
    while task.work(installation.pk, 60, clock=lambda: now):
        pass


def test_a_file_is_mapped_counted_and_imported(
    ask: Ask, installation: Installation, now: datetime, file: str, nudged: list[tuple[str, int]]
) -> None:
    before = shown(ask, file)
    assert (before["state"], before["lines"], before["counts"]) == ("UPLOADED", 2, None)
    assert before["columns"] == ["Email", "Consent", "Consent date", "Source"]
    assert before["sample"][0] == ["eva@example.com", "yes", "2024-05-01", "form"]
    assert {name: before["guessed"][name] for name in ("email", "consent", "consentDate")} == {
        "email": 0,
        "consent": 1,
        "consentDate": 2,
    }
    assert ask(READ, id=file, mapping=MAPPING)["customerFileRead"]["file"]["state"] == "READING"
    assert nudged == [(CUSTOMER_FILES, installation.pk)]
    done(installation, now)
    read = shown(ask, file)
    assert (read["state"], read["done"], read["percent"]) == ("READY", 2, 100.0)
    refused = [{"reason": "INVALID_EMAIL", "lines": 1}]
    assert read["counts"] == {"people": 1, "new": 1, "yes": 1, "refused": refused}
    assert ask(START, id=file)["customerFileStart"]["file"]["state"] == "IMPORTING"
    done(installation, now)
    assert shown(ask, file)["state"] == "DONE"
    assert [one["id"] for one in ask("{ customerFiles { id } }")["customerFiles"]] == [file]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": 4}, "email"),
        ({"consent": -1}, "consent"),
        ({"attributes": [{"column": 9, "attribute": {"name": "x", "type": "TEXT"}}]}, "attributes"),
        ({"no": ["YES"]}, "yes"),
        ({"date": "yesterday"}, "date"),
        ({"text": "x" * 1001}, "text"),
    ],
)
def test_a_mapping_that_is_wrong_changes_nothing(ask: Ask, file: str, change: dict[str, Any], field: str) -> None:
    answer = ask(READ, id=file, mapping=MAPPING | change)["customerFileRead"]
    assert (answer["file"], [error["field"] for error in answer["errors"]]) == (None, [field])
    assert shown(ask, file)["state"] == "UPLOADED"


def test_nothing_is_imported_before_it_was_counted(ask: Ask, file: str, nudged: list[tuple[str, int]]) -> None:
    answer = ask(START, id=file)["customerFileStart"]
    assert (answer["file"], answer["errors"][0]["code"]) == (None, "INVALID")
    assert shown(ask, file)["state"] == "UPLOADED"
    assert nudged == []


def test_another_shops_file_is_none(ask: Ask, other_installation: Installation, file: str) -> None:
    for question, field in ((READ, "customerFileRead"), (START, "customerFileStart")):
        answer = ask(question, of=other_installation, id=file, mapping=MAPPING)[field]
        assert [error["message"] for error in answer["errors"]] == ["There is no such file."]
    ask(DELETE, of=other_installation, id=file)
    assert shown(ask, file)["state"] == "UPLOADED"


def test_a_file_is_deleted(ask: Ask, installation: Installation, file: str) -> None:
    ask(DELETE, id=file)
    assert shown(ask, file) is None
    with within(installation.pk):
        assert not CustomerFile.objects.exists()
        assert not Customer.objects.exists()
