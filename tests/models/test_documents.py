import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from typing import Any, Literal

import pytest
from hypothesis import given

from saleor_lifecycle.domain.rule_checks import faults
from saleor_lifecycle.domain.rules import AllOf, AnyOf, Compare, Happened, Moment, Not, Rule
from saleor_lifecycle.models.documents import DocumentError, Fault, Reader, duration_text
from tests.domain.test_rules import rules

DAY = timedelta(days=1)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Wait:
    kind: Literal["wait"] = field(default="wait", kw_only=True)
    key: str
    duration: timedelta


@dataclass(frozen=True, slots=True)
class Branch:
    """Goes one way or the other."""

    kind: Literal["branch"] = field(default="branch", kw_only=True)
    key: str
    when: Rule
    yes: "tuple[Step, ...]" = ()
    no: "tuple[Step, ...]" = ()


@dataclass(frozen=True, slots=True)
class Tagging:
    key: str
    kind: Literal["tag", "untag"]
    tag: str


Step = Wait | Branch | Tagging


@dataclass(frozen=True, slots=True)
class Plan:
    steps: tuple[Step, ...] = ()
    goal: Rule | None = None
    at: time | None = None
    colour: Colour = Colour.RED
    weights: Mapping[str, int] = field(default_factory=dict)


RULES: Reader[Rule] = Reader(Rule)
PLANS: Reader[Plan] = Reader(Plan)
KINDS = "is not one of all, any, not, compare, moment, happened"
MOMENTS = "within_last, longer_ago_than, within_next or further_than"
VALUES = "has to be a text or a number or true or false or a list"
VISITED = {"kind": "happened", "event": "visited"}
LOST = {"kind": "moment", "fact": "loss_at", "op": "within_next", "duration": "P7D"}
ORDERED = {"kind": "compare", "fact": "orders", "op": ">", "value": 2}

WRONG = [{**ORDERED, "op": "~"}, 7, {"kind": "x"}]
NESTED = {"kind": "any", "rules": [ORDERED, {"kind": "not", "rule": {"kind": "all", "rules": WRONG}}]}


def refused(reader: Reader[Any], document: Any) -> list[tuple[str, str]]:
    with pytest.raises(DocumentError) as caught:
        reader.read(document)
    return [tuple(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        (ORDERED, Compare("orders", ">", 2)),
        (
            {"kind": "compare", "fact": "country", "op": "in", "value": ["ES", "PT"]},
            Compare("country", "in", ("ES", "PT")),
        ),
        ({"kind": "compare", "fact": "country", "op": "unknown"}, Compare("country", "unknown")),
        ({"kind": "compare", "fact": "tag.vip", "op": "=", "value": True}, Compare("tag.vip", "=", True)),
        ({"kind": "compare", "fact": "spent.EUR", "op": "<", "value": 0.5}, Compare("spent.EUR", "<", 0.5)),
        (
            {"kind": "moment", "fact": "loss_at", "op": "within_next", "duration": "P7D"},
            Moment("loss_at", "within_next", 7 * DAY),
        ),
        ({"kind": "happened", "event": "visited"}, Happened("visited")),
        (
            {"kind": "happened", "event": "visited", "within": "PT30M", "since_entry": True},
            Happened("visited", timedelta(minutes=30), True),
        ),
        ({"kind": "all", "rules": []}, AllOf(())),
        ({"kind": "any", "rules": [ORDERED]}, AnyOf((Compare("orders", ">", 2),))),
        ({"kind": "not", "rule": {"kind": "not", "rule": ORDERED}}, Not(Not(Compare("orders", ">", 2)))),
    ],
)
def test_a_rule_is_read_and_written_as_it_was(document: Any, rule: Rule) -> None:
    read = RULES.read(document)
    assert read == rule
    assert type(getattr(read, "value", None)) is type(getattr(rule, "value", None))
    assert RULES.write(rule) == document


@given(rules)
def test_what_was_written_is_read_again(rule: Rule) -> None:
    assert RULES.read(json.loads(json.dumps(RULES.write(rule)))) == rule


def test_dataclasses_hold_themselves() -> None:
    document = {
        "steps": [
            {"kind": "wait", "key": "a", "duration": "P1D"},
            {
                "kind": "branch",
                "key": "b",
                "when": ORDERED,
                "yes": [
                    {
                        "kind": "branch",
                        "key": "c",
                        "when": ORDERED,
                        "no": [{"kind": "wait", "key": "d", "duration": "PT5S"}],
                    }
                ],
            },
        ],
        "goal": {"kind": "happened", "event": "order_placed"},
        "at": "09:30:00",
        "colour": "blue",
        "weights": {"a": 1},
    }
    plan = PLANS.read(document)
    branch = plan.steps[1]
    assert isinstance(branch, Branch)
    inner = branch.yes[0]
    assert isinstance(inner, Branch)
    assert inner.no == (Wait("d", timedelta(seconds=5)),)
    assert (plan.at, plan.colour, plan.weights) == (time(9, 30), Colour.BLUE, {"a": 1})
    assert PLANS.write(plan) == document


@pytest.mark.parametrize("kind", ["tag", "untag"])
def test_one_member_may_have_several_kinds(kind: Any) -> None:
    document = {"steps": [{"key": "a", "kind": kind, "tag": "vip"}]}
    assert PLANS.read(document) == Plan((Tagging("a", kind, "vip"),))
    assert PLANS.write(PLANS.read(document)) == document
    assert refused(PLANS, {"steps": [{"key": "a", "kind": kind, "tag": 7}]}) == [("steps[0].tag", "has to be a text")]


def test_what_is_as_by_default_is_left_out() -> None:
    assert PLANS.read({}) == Plan()
    assert PLANS.write(Plan()) == {}
    said = {"steps": [], "goal": None, "at": None, "colour": "red", "weights": {}}
    assert PLANS.write(PLANS.read(said)) == {}


@pytest.mark.parametrize(
    ("case", "document", "found"),
    [
        ("no object", [], [("", "has to be an object")]),
        ("nothing", None, [("", "has to be an object")]),
        ("no kind", {"fact": "orders"}, [("kind", "is missing")]),
        (
            "a kind that is none",
            {"kind": "maybe"},
            [("kind", KINDS)],
        ),
        ("a kind that is no text", {"kind": ["all"]}, [("kind", KINDS)]),
        ("a field that is missing", {"kind": "not"}, [("rule", "is missing")]),
        ("a field too many", {**ORDERED, "colour": 1}, [("colour", "is not known here")]),
        ("a field of another kind", {**ORDERED, "rules": []}, [("rules", "is not known here")]),
        ("a number that is a text", {**ORDERED, "fact": 1}, [("fact", "has to be a text")]),
        ("a flag that is a text", {**VISITED, "since_entry": "yes"}, [("since_entry", "has to be true or false")]),
        ("an op that is none", {**LOST, "op": "="}, [("op", f"is not one of {MOMENTS}")]),
        ("a value that is none", {**ORDERED, "value": {}}, [("value", VALUES)]),
        ("no list", {"kind": "all", "rules": ORDERED}, [("rules", "has to be a list")]),
        ("an infinite number", {**ORDERED, "value": float("inf")}, [("", "is no JSON: its numbers have to be finite")]),
        ("half a character", {**ORDERED, "value": "\ud800"}, [("", "is no JSON")]),
        ("NUL", {**ORDERED, "value": "a\0"}, [("", "holds the character NUL, which cannot be stored")]),
        (
            "all that is wrong, each at its place, and nothing of other kinds",
            NESTED,
            [
                ("rules[1].rule.rules[0].op", "is not one of =, !=, <, <=, >, >=, in, contains, known or unknown"),
                ("rules[1].rule.rules[1]", "has to be an object"),
                ("rules[1].rule.rules[2].kind", KINDS),
            ],
        ),
    ],
)  # fmt: skip
def test_a_fault_names_its_place_and_reason(case: str, document: Any, found: list[tuple[str, str]]) -> None:
    assert refused(RULES, document) == found, case


def test_places_are_named_below_other_dataclasses() -> None:
    later = [{"kind": "wait", "key": "k"}]
    document = {
        "steps": [{"kind": "branch", "key": "wait", "when": {"kind": "not", "rule": {}}, "yes": later}],
        "goal": {"kind": "compare"},
        "colour": "green",
        "weights": {"a": "b"},
    }  # fmt: skip
    assert sorted(refused(PLANS, document)) == [
        ("colour", "is not one of red or blue"),
        ("goal.fact", "is missing"),
        ("goal.op", "is missing"),
        ("steps[0].when.rule.kind", "is missing"),
        ("steps[0].yes[0].duration", "is missing"),
        ("weights.a", "has to be a number"),
    ]


@pytest.mark.parametrize("duration", ["P2D", "PT30M", "P1DT2H3M4S", "PT45S", "PT0S", "-P7D", "-P1DT30M"])
def test_durations_are_written_by_iso_8601(duration: str) -> None:
    read = PLANS.read({"steps": [{"kind": "wait", "key": "a", "duration": duration}]}).steps[0]
    assert isinstance(read, Wait)
    assert duration_text(read.duration) == duration


@pytest.mark.parametrize(
    "duration",
    [
        "P1M",
        "P1Y",
        "P",
        "PT",
        "P1DT",
        "2 days",
        "1 day",
        "00:30:00",
        "PT1.5H",
        "+P1D",
        "p1d",
        "P999999D",
        "",
        5,
        5.0,
        True,
    ],
)
def test_what_is_no_length_of_time_is_refused(duration: Any) -> None:
    document = {"steps": [{"kind": "wait", "key": "a", "duration": duration}]}
    assert refused(PLANS, document) == [("steps[0].duration", "has to be a duration such as P2D or PT30M")]


def test_weeks_are_written_as_days() -> None:
    document = {"kind": "happened", "event": "visited", "within": "P2W"}
    assert RULES.write(RULES.read(document)) == {"kind": "happened", "event": "visited", "within": "P14D"}


@pytest.mark.parametrize("levels", [150, 5000])
def test_no_depth_is_too_much_to_refuse(levels: int) -> None:
    document: dict[str, Any] = {"kind": "any", "rules": []}
    for _ in range(levels):
        document = {"kind": "any", "rules": [document]}
    assert refused(RULES, document) == [("", "is nested too deeply")]


def test_what_the_domain_refuses_is_a_fault_as_well() -> None:
    checked: Reader[Rule] = Reader(Rule, lambda rule: faults(rule))
    assert checked.read(ORDERED) == Compare("orders", ">", 2)
    assert refused(checked, {"kind": "all", "rules": [{**ORDERED, "fact": "shoes"}]}) == [
        ("rules[0].fact", "is not known")
    ]


def test_an_error_says_all_its_faults() -> None:
    error = DocumentError([Fault("", "is odd"), Fault("steps[0]", "is missing")])
    assert str(error) == "is odd; steps[0]: is missing"


def test_the_schema_closes_each_object_and_tells_kinds_apart() -> None:
    schema = PLANS.json_schema()
    objects = [schema, *schema["$defs"].values()]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert all(each["additionalProperties"] is False for each in objects if each.get("type") == "object")
    assert schema["$defs"]["Branch"]["required"] == ["key", "when", "kind"]
    assert schema["$defs"]["Wait"]["properties"]["duration"] == {
        "format": "duration",
        "title": "Duration",
        "type": "string",
    }
    assert schema["properties"]["steps"]["items"]["discriminator"]["mapping"] == {
        "wait": "#/$defs/Wait",
        "branch": "#/$defs/Branch",
        "tag": "#/$defs/Tagging",
        "untag": "#/$defs/Tagging",
    }
    assert schema["$defs"]["Branch"]["description"] == "Goes one way or the other."
