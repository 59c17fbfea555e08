from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import templates
from saleor_lifecycle.domain.named_flows import KEYS
from saleor_lifecycle.models import Enrollment, Flow, FlowMove, FlowVersion, Installation
from saleor_lifecycle.models.entry import within
from tests.api.conftest import Ask
from tests.facts import account, tell
from tests.flow_documents import SEND, WAIT, document

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
ERRORS = "errors { field message code }"
FLOW = "flow { key name state version trigger waiting entered draftAt draft document }"
CREATE = f"""mutation ($key: String!, $name: String! = "", $document: JSON) {{
    done: flowCreate(key: $key, name: $name, document: $document) {{ {FLOW} {ERRORS} }} }}"""
SAVE = f"""mutation ($key: String!, $document: JSON, $draftAt: DateTime) {{
    done: flowDraftSave(key: $key, document: $document, draftAt: $draftAt) {{ {FLOW} {ERRORS} }} }}"""
PUBLISH = f"""mutation (
    $key: String!, $draftAt: DateTime!, $people: FlowPeople! = STAY, $choices: [FlowChoiceInput!]
) {{
    done: flowPublish(key: $key, draftAt: $draftAt, people: $people, choices: $choices) {{
        {FLOW} walk {{ moved exited stayed isOver }} {ERRORS} }} }}"""
SWITCH = f"""mutation ($key: String!, $state: FlowState!) {{ done: flowSwitch(key: $key, state: $state) {{
    {FLOW} holdout {{ people conversions revenue {{ amount currency }} }} {ERRORS} }} }}"""
HISTORY = """query ($key: String!) { flow(key: $key) { versions { number publishedAt publishedBy document
    changes { path how before after } } } }"""


@pytest.fixture(autouse=True)
def _templates(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        for number in (1, 2, 3):
            templates.save(installation.pk, f"abandoned-cart-{number}", "en", ("", "", ""), "", now)


def inside(installation: Installation, key: str, step: str, at: datetime) -> None:
    """Let somebody stand at a step of what a flow has published."""
    tell(installation, [account(at)], at)
    with within(installation.pk):
        flow = Flow.objects.select_related("version").get(key=key)
        Enrollment.objects.create(
            installation=installation,
            flow=flow,
            version=flow.version,
            customer=installation.customer_set.get(merged_into=None),
            key="x",
            step=step,
            since=at,
            anchor_at=at,
            entered_at=at,
        )


def refused(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    assert answer["done"]["flow"] is None
    return [(one["field"], one["message"], one["code"]) for one in answer["done"]["errors"]]


def test_a_flow_is_written_published_and_switched_on(ask: Ask, installation: Installation, now: datetime) -> None:
    made = ask(CREATE, key="welcome", name="Hola", document={"half": ["written"]})["done"]["flow"]
    assert (made["state"], made["version"], made["draft"]) == ("OFF", None, {"half": ["written"]})
    faults = ask("""{ flow(key: "welcome") { faults { path message } } }""")["flow"]["faults"]
    assert {"path": "trigger", "message": "is missing"} in faults
    saved = ask(SAVE, at=now + HOUR, key="welcome", document=document(), draftAt=now.isoformat())["done"]["flow"]
    assert ask("""{ flow(key: "welcome") { faults { path } } }""")["flow"]["faults"] == []
    published = ask(PUBLISH, key="welcome", draftAt=saved["draftAt"])["done"]
    assert published["errors"] == []
    assert published["walk"] is None
    assert published["flow"] == made | {
        "version": 1,
        "trigger": "cart_idle",
        "draft": None,
        "draftAt": None,
        "document": document(),
    }
    answer = ask(SWITCH, at=now + 2 * HOUR, key="welcome", state="ON")["done"]
    assert (answer["flow"]["state"], answer["holdout"]) == ("ON", {"people": 0, "conversions": None, "revenue": []})
    with within(installation.pk):
        assert Flow.objects.get(key="welcome").switched_on_at == now + 2 * HOUR


def test_a_draft_that_somebody_changed_meanwhile_is_not_overwritten_nor_published(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    ask(CREATE, key="welcome", document=document())
    ask(SAVE, at=now + HOUR, key="welcome", document=document(priority=1), draftAt=now.isoformat())
    words = [("draftAt", "Somebody has changed the draft meanwhile.", "CHANGED")]
    assert refused(ask(SAVE, key="welcome", document={}, draftAt=now.isoformat())) == words
    assert refused(ask(PUBLISH, key="welcome", draftAt=now.isoformat())) == words
    with within(installation.pk):
        flow = Flow.objects.get(key="welcome")
        assert (flow.draft, flow.version) == (document(priority=1), None)


def test_a_draft_with_faults_is_not_published(ask: Ask, installation: Installation, now: datetime) -> None:
    ask(CREATE, key="welcome", document=document(WAIT, {**SEND, "template": "x"}))
    assert refused(ask(PUBLISH, key="welcome", draftAt=now.isoformat())) == [
        ("steps[1].template", 'there is no message "x"', "INVALID")
    ]
    with within(installation.pk):
        assert FlowVersion.objects.filter(flow__key="welcome").count() == 0


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"key": "abandoned-cart"}, "key", "TAKEN"),
        ({"key": "Welcome"}, "key", "INVALID"),
        ({"key": ""}, "key", "INVALID"),
        ({"key": "x", "name": "n" * 101}, "name", "INVALID"),
        ({"key": "x", "document": {"text": "x" * 256 * 1024}}, "document", "INVALID"),
        ({"key": "x", "document": "nul \0"}, "document", "INVALID"),
        ({"key": "x", "document": "half \ud800"}, "document", "INVALID"),
        ({"key": "x", "document": {"n": float("inf")}}, "document", "INVALID"),
    ],
)
def test_what_cannot_be_a_flow_is_not_stored(
    ask: Ask, installation: Installation, values: dict[str, Any], field: str, code: str
) -> None:
    assert [(one, said) for one, _, said in refused(ask(CREATE, **values))] == [(field, code)]
    with within(installation.pk):
        assert {flow.key for flow in Flow.objects.all()} == set(KEYS)


def test_history_tells_who_changed_what_and_an_old_version_comes_back_as_a_draft(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    ask(CREATE, key="welcome", document=document())
    ask(PUBLISH, key="welcome", draftAt=now.isoformat())
    ask(SAVE, at=now + HOUR, key="welcome", document=document({**WAIT, "duration": "PT2H"}, SEND), draftAt=None)
    ask(PUBLISH, at=now + HOUR, key="welcome", draftAt=(now + HOUR).isoformat())
    second, first = ask(HISTORY, key="welcome")["flow"]["versions"]
    assert (second["number"], second["publishedBy"], second["publishedAt"]) == (
        2,
        "VXNlcjoyMQ==",
        (now + HOUR).isoformat(),
    )
    assert second["changes"] == [{"path": "steps[wait].duration", "how": "CHANGED", "before": "PT1H", "after": "PT2H"}]
    assert (first["number"], first["document"]) == (1, document())
    restore = f'mutation ($number: Int!) {{ done: flowRestore(key: "welcome", number: $number) {{ {FLOW} {ERRORS} }} }}'
    assert ask(restore, number=1)["done"]["flow"]["draft"] == document()
    assert ask(HISTORY, key="welcome")["flow"]["versions"] == [second, first]
    assert refused(ask(restore, number=9)) == [("version", "There is no such version.", "NOT_FOUND")]


def test_who_is_inside_is_counted_before_they_are_moved(ask: Ask, installation: Installation, now: datetime) -> None:
    ask(CREATE, key="welcome", document=document())
    ask(PUBLISH, key="welcome", draftAt=now.isoformat())
    inside(installation, "welcome", "wait", now)
    ask(SAVE, key="welcome", document=document({**WAIT, "key": "other"}, SEND))
    query = f"""query ($choices: [FlowChoiceInput!]) {{ flowMovePlan(key: "welcome", choices: $choices) {{
        moves {{ version step people to }} {ERRORS} }} }}"""
    nowhere = {"field": "choices[1][wait]", "message": "say where they go", "code": "INVALID"}
    assert ask(query)["flowMovePlan"] == {"moves": [], "errors": [nowhere]}
    chosen = [{"version": 1, "step": "wait", "to": "other"}]
    assert ask(query, choices=chosen)["flowMovePlan"] == {
        "moves": [{"version": 1, "step": "wait", "people": 1, "to": "other"}],
        "errors": [],
    }
    assert ask("""{ flow(key: "welcome") { waiting entered standing { version step people } } }""")["flow"] == {
        "waiting": 1,
        "entered": 1,
        "standing": [{"version": 1, "step": "wait", "people": 1}],
    }
    moving = {"key": "welcome", "draftAt": now.isoformat(), "people": "MOVE"}
    assert refused(ask(PUBLISH, **moving)) == [("choices[1][wait]", "say where they go", "INVALID")]
    with within(installation.pk):
        assert not FlowMove.objects.exists()
    done = ask(PUBLISH, **moving, choices=chosen)["done"]
    assert done["walk"] == {"moved": 0, "exited": 0, "stayed": 0, "isOver": False}


def test_a_flow_is_copied_renamed_put_away_and_brought_back(ask: Ask, installation: Installation) -> None:
    copy = f'mutation {{ done: flowCopy(key: "abandoned-cart", newKey: "mine", name: "Mío") {{ {FLOW} {ERRORS} }} }}'
    copied = ask(copy)["done"]["flow"]
    assert (copied["name"], copied["state"], copied["version"]) == ("Mío", "OFF", None)
    assert copied["draft"] == ask('{ flow(key: "abandoned-cart") { document } }')["flow"]["document"]
    assert refused(ask(copy)) == [("key", "There is a flow with this key.", "TAKEN")]
    rename = f'mutation {{ done: flowRename(key: "mine", name: "Otro") {{ {FLOW} {ERRORS} }} }}'
    assert ask(rename)["done"]["flow"]["name"] == "Otro"
    archive = f'mutation {{ done: flowArchive(key: "mine", exits: false) {{ {FLOW} {ERRORS} }} }}'
    assert ask(archive)["done"]["flow"]["state"] == "ARCHIVED"
    assert [one["key"] for one in ask("{ flows { key } }")["flows"]] == sorted(KEYS)
    assert [one["key"] for one in ask("{ flows(isArchived: true) { key } }")["flows"]] == ["mine"]
    assert [field for field, *_ in refused(ask(SWITCH, key="mine", state="OFF"))] == ["state"]
    back = f'mutation {{ done: flowUnarchive(key: "mine") {{ {FLOW} {ERRORS} }} }}'
    assert ask(back)["done"]["flow"]["state"] == "OFF"
    assert refused(ask(SWITCH, key="mine", state="ON")) == [("state", "Publish the flow first.", "INVALID")]


@pytest.mark.parametrize(("state", "is_on", "is_shadow"), [("OFF", False, False), ("SHADOW", True, True)])
def test_a_flow_is_switched(
    ask: Ask, installation: Installation, now: datetime, state: str, is_on: bool, is_shadow: bool
) -> None:
    answer = ask(SWITCH, key="abandoned-cart", state=state)["done"]
    assert (answer["flow"]["state"], answer["holdout"], answer["errors"]) == (state, None, [])
    with within(installation.pk):
        flow = Flow.objects.get(key="abandoned-cart")
    assert (flow.is_on, flow.is_shadow) == (is_on, is_shadow)


def test_no_shop_sees_or_changes_the_flows_of_another(
    ask: Ask, installation: Installation, other_installation: Installation, now: datetime
) -> None:
    ask(CREATE, key="welcome", document=document())
    assert ask('{ flow(key: "welcome") { key } }', of=other_installation) == {"flow": None}
    assert [one["key"] for one in ask("{ flows { key } }", of=other_installation)["flows"]] == sorted(KEYS)
    assert refused(ask(SAVE, of=other_installation, key="welcome", document={}, draftAt=now.isoformat())) == [
        ("key", "There is no such flow.", "NOT_FOUND")
    ]
    assert ask('{ flow(key: "welcome") { draft } }') == {"flow": {"draft": document()}}
