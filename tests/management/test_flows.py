"""Flows as files."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings

from saleor_lifecycle.actions import flow_drafts, flow_files, flow_versions, templates
from saleor_lifecycle.actions.flow_files import FlowFile, What
from saleor_lifecycle.domain.flow_moves import People
from saleor_lifecycle.models import Enrollment, Flow, FlowVersion, Installation
from saleor_lifecycle.models.entry import maintaining, within
from saleor_lifecycle.models.flow_documents import FLOWS, written
from tests.facts import account, tell
from tests.flow_documents import SEND, WAIT, document, documents

pytestmark = pytest.mark.django_db

TEMPLATES = [f"abandoned-cart-{number}" for number in (1, 2, 3)]


@pytest.fixture(autouse=True)
def _templates(installation: Installation, now: datetime) -> None:
    """A shop with the cart flow alone, and its messages."""
    with maintaining(), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE lifecycle_flow SET version_id = NULL WHERE key <> 'abandoned-cart';
            DELETE FROM lifecycle_flowversion version USING lifecycle_flow flow
                WHERE version.flow_id = flow.id AND flow.key <> 'abandoned-cart';
            DELETE FROM lifecycle_flow WHERE key <> 'abandoned-cart'
            """
        )
    with within(installation.pk):
        for key in TEMPLATES:
            templates.save(installation.pk, key, "en", ("", "", ""), "", now)


def plan(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, list[str]]:
    """Return how the command ended and what it said."""
    code = 0
    try:
        call_command("flows", "plan", str(folder), *more)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, capsys.readouterr().out.splitlines()


def put(folder: Path, key: str, content: Any) -> None:
    (folder / f"{key}.json").write_text(json.dumps(content), encoding="utf-8")


def stored(installation: Installation) -> list[tuple[str, str, bool, int | None, bool]]:
    with within(installation.pk):
        rows = Flow.objects.order_by("key").values_list("key", "name", "is_on", "version__number", "archived_at")
        return [(key, name, is_on, number, bool(away)) for key, name, is_on, number, away in rows]


def test_what_was_given_out_changes_nothing(
    installation: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("flows", "export", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["abandoned-cart.json"]
    content = json.loads((tmp_path / "abandoned-cart.json").read_text())
    assert list(content) == ["name", "document"]
    assert content["document"]["trigger"] == {"kind": "cart_idle", "idle": "PT30M"}
    capsys.readouterr()
    assert plan(tmp_path, capsys) == (0, ["  abandoned-cart: nothing", "0 to create, 0 to change, 0 to archive"])
    assert plan(tmp_path, capsys, "--prune")[0] == 0


def test_a_plan_says_what_would_change_and_who_is_inside_and_changes_nothing(
    installation: Installation, now: datetime, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("flows", "export", str(tmp_path))
    content = json.loads((tmp_path / "abandoned-cart.json").read_text())
    content["document"]["steps"][0]["duration"] = "PT2H"
    put(tmp_path, "abandoned-cart", content)
    put(tmp_path, "welcome", {"name": "Hola", "document": document()})
    tell(installation, [account(now)], now)
    with within(installation.pk):
        flow = Flow.objects.select_related("version").get(key="abandoned-cart")
        Enrollment.objects.create(
            installation=installation,
            flow=flow,
            version=flow.version,
            customer=installation.customer_set.get(merged_into=None),
            key="x",
            step="wait-touch-1",
            since=now,
            anchor_at=now,
            entered_at=now,
        )
    before = stored(installation)
    capsys.readouterr()
    assert plan(tmp_path, capsys) == (
        2,
        [
            "~ abandoned-cart: change, 1 people inside",
            '    document.steps[wait-touch-1].duration: "PT1H" -> "PT2H"',
            "    1 at wait-touch-1 of version 1",
            "+ welcome: create",
            "1 to create, 1 to change, 0 to archive",
        ],
    )
    (tmp_path / "abandoned-cart.json").unlink()
    code, said = plan(tmp_path, capsys, "--prune")
    assert (code, said[1]) == (2, "- abandoned-cart: archive, 1 people inside")
    assert stored(installation) == before


def test_files_are_applied_once_and_what_is_new_begins_off(
    installation: Installation, other_installation: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, "welcome", {"name": "Hola", "document": document()})
    start = {"key": "next", "kind": "start_flow", "flow": "welcome"}
    put(tmp_path, "first", {"document": document(start)})
    of_one = ("--shop", installation.saleor_api_url)
    for _ in range(2):
        call_command("flows", "apply", str(tmp_path), "--prune", *of_one)
        assert stored(installation) == [
            ("abandoned-cart", "", True, 1, True),
            ("first", "", False, 1, False),
            ("welcome", "Hola", False, 1, False),
        ]
    assert plan(tmp_path, capsys, "--prune", *of_one)[0] == 0
    assert stored(other_installation)[0] == ("abandoned-cart", "", True, 1, False)
    assert not {"first", "welcome"} & {row[0] for row in stored(other_installation)}
    put(tmp_path, "abandoned-cart", {"document": document()})
    call_command("flows", "apply", str(tmp_path), *of_one)
    assert stored(installation)[0] == ("abandoned-cart", "", False, 2, False)


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("broken", "{", "broken.json: line 1: is no JSON: Expecting property name enclosed in double quotes"),
        ("list", "[]", "list.json: has to be an object"),
        ("none", "{}", "none.json: document: is missing"),
        ("more", '{"document": {}, "state": "on"}', "more.json: state: is not known here"),
        ("Capital", json.dumps({"document": document()}), "Capital.json: call it by the flow's key"),
        (
            "wrong",
            json.dumps({"document": document({**WAIT, "duration": "PT0S"}, {**SEND, "template": "x"})}),
            'wrong.json: document.steps[1].template: there is no message "x"',
        ),
    ],
)
def test_a_directory_with_a_fault_is_not_applied(
    installation: Installation, tmp_path: Path, key: str, text: str, said: str
) -> None:
    put(tmp_path, "welcome", {"document": document()})
    (tmp_path / f"{key}.json").write_text(text)
    before = stored(installation)
    for what in ("plan", "apply"):
        with pytest.raises(CommandError) as refused:
            call_command("flows", what, str(tmp_path))
        assert said in str(refused.value)
    assert stored(installation) == before


def test_a_directory_that_is_not_there_is_told(installation: Installation, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no directory"):
        call_command("flows", "apply", str(tmp_path / "away"))
    assert stored(installation) == [("abandoned-cart", "", True, 1, False)]


def test_of_several_shops_one_is_named(
    installation: Installation, other_installation: Installation, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="Name one of the installed shops"):
        call_command("flows", "export", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


@given(document=documents())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_generated_flow_comes_back_as_it_was(installation: Installation, now: datetime, document: Any) -> None:
    read = FLOWS.read(document)
    assert FLOWS.read(json.loads(json.dumps(written(read)))) == read
    with within(installation.pk):
        if not Flow.objects.filter(key="generated").exists():
            flow_drafts.create(installation.pk, "generated", "", None, now)
        flow = flow_drafts.locked(installation.pk, "generated")
        flow_drafts.publish_document(flow, document, People.STAY, {}, "", now)
        held = FlowVersion.objects.get(pk=flow.version_id).document
        files = {
            key: flow_files.read(json.loads(json.dumps(content))) for key, content in flow_files.export(installation.pk)
        }
        planned = flow_files.plan_all(installation.pk, files, True, People.MOVE)
        assert {(one.key, one.what) for one in planned} == {
            ("abandoned-cart", What.NOTHING),
            ("generated", What.NOTHING),
        }
        as_given = flow_files.plan_all(installation.pk, {"generated": FlowFile("", document)}, False, People.STAY)
        assert [one.what for one in as_given] == [What.NOTHING]
        assert flow_versions.shown(flow_versions.FlowVersion(document=held)) == held
