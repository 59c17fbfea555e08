from datetime import datetime
from typing import Any

import pytest

from saleor_lifecycle.actions import attributes as actions
from saleor_lifecycle.domain.attributes import Origin
from saleor_lifecycle.models import Customer, Identity, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.errors import ShopAway
from saleor_lifecycle.tasks.nudge import ATTRIBUTES
from tests.api.conftest import Ask
from tests.facts import ADA, account, tell

pytestmark = pytest.mark.django_db

SHOWN = "origin key attribute { name type choices isDayFirst } consent { topic channel yes no }"
UPDATE = f"""mutation ($mappings: [AttributeMappingInput!]!) {{ attributeMappingsUpdate(mappings: $mappings) {{
    mappings {{ {SHOWN} }} isShopToBeReadAgain errors {{ field message code }} }} }}"""
PREVIEW = """query ($input: AttributeMappingInput!) { attributeMappingPreview(input: $input) {
    rows { text value fault } fit unfit yes no } }"""
TIER = {"origin": "USER", "key": "tier", "attribute": {"name": "tier", "type": "CHOICE", "choices": ["gold"]}}
NEWS = {"origin": "ORDER", "key": "news", "consent": {"yes": ["ja"], "no": ["nein"]}}


@pytest.fixture(autouse=True)
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    told: list[tuple[str, int]] = []
    monkeypatch.setattr("saleor_lifecycle.api.dashboard.attributes.nudge", lambda *one: told.append(one))
    return told


def test_says_what_keys_mean(
    ask: Ask, installation: Installation, other_installation: Installation, nudged: list[tuple[str, int]]
) -> None:
    answer = ask(UPDATE, mappings=[TIER, NEWS])["attributeMappingsUpdate"]
    assert (answer["errors"], answer["isShopToBeReadAgain"]) == ([], True)
    assert answer["mappings"] == ask(f"{{ attributeMappings {{ {SHOWN} }} }}")["attributeMappings"]
    assert [(one["key"], one["consent"]) for one in answer["mappings"]] == [
        ("tier", None),
        ("news", {"topic": "", "channel": "email", "yes": ["ja"], "no": ["nein"]}),
    ]
    assert nudged == [(ATTRIBUTES, installation.pk)]
    assert not ask(UPDATE, mappings=[TIER])["attributeMappingsUpdate"]["isShopToBeReadAgain"]
    assert ask("{ attributeMappings { key } }", of=other_installation)["attributeMappings"] == []


@pytest.mark.parametrize(
    ("mapping", "field"),
    [
        (TIER | {"key": ""}, "key"),
        (TIER | {"key": "x" * 256}, "key"),
        (TIER | {"origin": "FILE"}, "origin"),
        (TIER | {"attribute": {"name": " ", "type": "TEXT"}}, "name"),
        (TIER | {"attribute": {"name": "tier", "type": "CHOICE"}}, "choices"),
        (TIER | {"attribute": {"name": "club", "type": "TEXT"}, "key": "club"}, None),
        (NEWS | {"consent": {"yes": ["ja"], "no": ["JA "]}}, "yes"),
        (NEWS | {"consent": {"yes": [], "no": ["no"]}}, "yes"),
        (NEWS | {"consent": {"yes": ["ja"], "no": ["no"], "topic": "shoes"}}, "topic"),
        (NEWS | {"consent": {"yes": ["ja"], "no": ["no"], "channel": "fax"}}, "channel"),
        (TIER, "key"),
        (TIER | {"key": "other", "attribute": {"name": "tier", "type": "TEXT"}}, "type"),
    ],
)
def test_a_mapping_that_is_wrong_changes_nothing(
    ask: Ask, installation: Installation, nudged: list[tuple[str, int]], mapping: dict[str, Any], field: str | None
) -> None:
    answer = ask(UPDATE, mappings=[TIER, mapping])["attributeMappingsUpdate"]
    assert [error["field"] for error in answer["errors"]][:1] == ([field] if field else [])
    with within(installation.pk):
        assert len(actions.mappings(installation.pk)) == (0 if field else 2)
    assert bool(nudged) is (field is None)


def test_fifty_are_enough(ask: Ask, installation: Installation) -> None:
    many = [NEWS | {"key": str(number)} for number in range(51)]
    assert ask(UPDATE, mappings=many)["attributeMappingsUpdate"]["errors"][0]["field"] == "mappings"
    assert ask(UPDATE, mappings=many[:50])["attributeMappingsUpdate"]["errors"] == []


def test_shows_on_real_rows_what_a_mapping_would_give(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Origin, str, int]] = []

    def texts(installation: Installation, *question: Any) -> list[str]:
        asked.append(question)
        return ["Gold", "lead", ""]

    monkeypatch.setattr("saleor_lifecycle.api.dashboard.attributes.texts_under", texts)
    assert ask(PREVIEW, input=TIER)["attributeMappingPreview"] == {
        "rows": [
            {"text": "Gold", "value": "gold", "fault": None},
            {"text": "lead", "value": None, "fault": "NOT_A_CHOICE"},
            {"text": "", "value": None, "fault": None},
        ],
        "fit": 1,
        "unfit": 1,
        "yes": 0,
        "no": 0,
    }
    assert asked == [(Origin.USER, "tier", 20)]
    monkeypatch.setattr(
        "saleor_lifecycle.api.dashboard.attributes.texts_under", lambda *_: ["ja", "JA", "nein", "vielleicht"]
    )
    found = ask(PREVIEW, input=NEWS)["attributeMappingPreview"]
    assert (found["yes"], found["no"], found["unfit"]) == (2, 1, 1)


def test_a_shop_that_does_not_answer_is_told(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> list[str]:
        raise ShopAway("TextsUnderKey: HTTP 503")

    monkeypatch.setattr("saleor_lifecycle.api.dashboard.attributes.texts_under", away)
    with pytest.raises(AssertionError, match="SHOP_AWAY"):
        ask(PREVIEW, input=TIER)


def test_a_customer_shows_their_attributes(ask: Ask, installation: Installation, now: datetime) -> None:
    tell(installation, [account(now)], now)
    with within(installation.pk):
        person = Identity.objects.get(value=ADA).customer_id
        held = {"vip": {"value": True, "origin": "order", "at": now.isoformat()}}
        Customer.objects.filter(pk=person).update(attributes=held)
    shown = ask("query ($id: ID!) { customer(userId: $id) { attributes { name value origin at } } }", id=ADA)
    assert shown["customer"]["attributes"] == [
        {"name": "vip", "value": "true", "origin": "ORDER", "at": now.isoformat()}
    ]
