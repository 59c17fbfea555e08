from datetime import timedelta

import pytest

from saleor_lifecycle.domain.rule_checks import MOST_VALUES, OPS, faults
from saleor_lifecycle.domain.rule_facts import EVENTS, NAMED, FactType, spec
from saleor_lifecycle.domain.rules import AllOf, AnyOf, Compare, Happened, Moment, Not, Rule
from saleor_lifecycle.domain.values import Attribute, Type

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
SECONDS = "has to be whole seconds, at least one and at most 3650 days"
FINE = Compare("orders", ">", 2)
SHOP = {
    each.name: each
    for each in (
        Attribute("birthday", Type.DATE),
        Attribute("size", Type.CHOICE, ("S", "M")),
        Attribute("points", Type.NUMBER),
        Attribute("is_b2b", Type.BOOLEAN),
        Attribute("nickname", Type.TEXT),
        Attribute("mobile", Type.PHONE),
    )
}


@pytest.mark.parametrize(
    "rule",
    [
        FINE,
        Compare("spent.EUR", ">=", 49.9),
        Compare("last_order.total.USD", "<", 5),
        Compare("phase", "in", ("loss", "Retention")),
        Compare("band", "!=", "hot"),
        Compare("score", ">=", 55.5),
        Compare("country", "in", ("ES", "PT")),
        Compare("channel", "contains", "web"),
        Compare("language", "=", "es-MX"),
        Compare("last_order_at", "<", "2026-01-31"),
        Compare("loss_at", "known"),
        Compare("tag.very important", "=", True),
        Compare("consent.news.email", "!=", True),
        Compare("property.anything.at all", ">", "x"),
        Compare("attribute.anything", "<", 5),
        Moment("loss_at", "within_next", SECOND),
        Moment("property.when", "within_next", 3650 * DAY),
        Moment("attribute.anything", "further_than", DAY),
        *(Happened(event, DAY) for event in EVENTS),
        AllOf((Not(AnyOf(())), FINE)),
    ],
)
def test_what_makes_sense_has_no_faults(rule: Rule) -> None:
    assert faults(rule) == []


@pytest.mark.parametrize(
    ("rule", "path", "reason"),
    [
        (Compare("shoes", "=", 1), "fact", "is not known"),
        (Compare("spent", ">", 1), "fact", "is not known"),
        (Compare("spent.eur", ">", 1), "fact", "is not known"),
        (Compare("spent.EURO", ">", 1), "fact", "is not known"),
        (Compare("cart.value.EUR", ">", 1), "fact", "is not known"),
        (Compare("tag.", "=", True), "fact", "is not known"),
        (Compare("consent.news", "=", True), "fact", "is not known"),
        (Compare("", "known"), "fact", "is not known"),
        (Compare("orders", "contains", "1"), "op", "does not fit a number"),
        (Compare("country", "<", "ES"), "op", "does not fit a text"),
        (Compare("tag.vip", "in", (True,)), "op", "does not fit a flag"),
        (Compare("phase", "contains", "l"), "op", "does not fit a choice"),
        (Compare("loss_at", "contains", "2026"), "op", "does not fit a moment"),
        (Compare("orders", ">", "2"), "value", "has to be a number"),
        (Compare("orders", "=", True), "value", "has to be a number"),
        (Compare("orders", "=", None), "value", "has to be one value"),
        (Compare("orders", "=", (1,)), "value", "has to be one value"),
        (Compare("spent.EUR", "<", float("inf")), "value", "has to be finite"),
        (Compare("property.x", "<", float("nan")), "value", "has to be finite"),
        (Compare("orders", "in", 1), "value", f'has to be a list of 1 to {MOST_VALUES} with "in"'),
        (Compare("orders", "in", ()), "value", f'has to be a list of 1 to {MOST_VALUES} with "in"'),
        (Compare("orders", "in", (1,) * 501), "value", f'has to be a list of 1 to {MOST_VALUES} with "in"'),
        (Compare("orders", "in", (1, "2")), "value[1]", "has to be a number"),
        (Compare("orders", "known", 1), "value", 'is not wanted with "known"'),
        (Compare("tag.vip", "=", 1), "value", "has to be true or false"),
        (Compare("phase", "=", "lost"), "value", "is not one of education, sales, retention, loss"),
        (Compare("country", "=", ""), "value", "has to be a text of 1 to 500 characters"),
        (Compare("country", "=", "x" * 501), "value", "has to be a text of 1 to 500 characters"),
        (Compare("country", "contains", ""), "value", "has to be a text of 1 to 500 characters"),
        (Compare("loss_at", "<", "soon"), "value", "has to be a day such as 2026-03-11"),
        (Compare("loss_at", "<", "2026-02-30"), "value", "has to be a day such as 2026-03-11"),
        (Compare("loss_at", "<", "2026-W10-1"), "value", "has to be a day such as 2026-03-11"),
        (Moment("shoes", "within_last", DAY), "fact", "is not known"),
        (Moment("orders", "within_last", DAY), "fact", "is no moment but a number"),
        (Moment("loss_at", "within_last", 0 * DAY), "duration", SECONDS),
        (Moment("loss_at", "within_last", -DAY), "duration", SECONDS),
        (Moment("loss_at", "within_last", 1.5 * SECOND), "duration", SECONDS),
        (Moment("loss_at", "within_last", 3650 * DAY + SECOND), "duration", SECONDS),
        (Happened("slept"), "event", f"is not one of {', '.join(EVENTS)}"),
        (Happened("visited", 0 * DAY), "within", SECONDS),
    ],
)  # fmt: skip
def test_what_makes_none_is_told_with_its_place(rule: Rule, path: str, reason: str) -> None:
    assert faults(rule) == [(path, reason)]
    tree = AllOf((FINE, AnyOf((Not(rule),))))
    assert faults(tree, "steps[2].when") == [(f"steps[2].when.rules[1].rules[0].rule.{path}", reason)]


def test_each_fault_is_told() -> None:
    found = faults(AllOf((Compare("shoes", "=", 1), Moment("orders", "within_last", 0 * DAY))))
    assert [path for path, _ in found] == ["rules[0].fact", "rules[1].fact", "rules[1].duration"]


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        (Compare("attribute.birthday", "<", "2000-01-01"), None),
        (Compare("attribute.birthday", "<", 5), "value"),
        (Moment("attribute.birthday", "within_next", DAY), None),
        (Compare("attribute.size", "=", "m"), None),
        (Compare("attribute.size", "=", "XL"), "value"),
        (Compare("attribute.points", ">", 5), None),
        (Compare("attribute.points", "contains", "5"), "op"),
        (Moment("attribute.points", "within_next", DAY), "fact"),
        (Compare("attribute.is_b2b", "=", True), None),
        (Compare("attribute.is_b2b", "=", "yes"), "value"),
        (Compare("attribute.nickname", "contains", "a"), None),
        (Compare("attribute.mobile", "known"), None),
        (Compare("attribute.shoes", "known"), "fact"),
        (Moment("attribute.shoes", "within_next", DAY), "fact"),
        (FINE, None),
    ],
)
def test_attributes_are_of_the_types_that_the_shop_gave_them(rule: Rule, path: str | None) -> None:
    assert [place for place, _ in faults(rule, attributes=SHOP)] == ([path] if path else [])


def nested(levels: int) -> Rule:
    rule: Rule = FINE
    for _ in range(levels - 1):
        rule = Not(rule)
    return rule


@pytest.mark.parametrize(("levels", "found"), [(10, []), (11, [("when", "is nested deeper than 10 levels")])])
def test_rules_are_ten_levels_deep_at_most(levels: int, found: list[tuple[str, str]]) -> None:
    assert faults(nested(levels), "when") == found


def test_a_rule_that_nobody_could_walk_through_is_refused() -> None:
    assert faults(nested(100_000)) == [("", "is nested deeper than 10 levels")]


@pytest.mark.parametrize(("leaves", "found"), [(100, []), (101, [("", "asks more than 100 questions")])])
def test_rules_ask_a_hundred_questions_at_most(leaves: int, found: list[tuple[str, str]]) -> None:
    half = leaves // 2
    assert faults(AllOf((AnyOf((FINE,) * half), AllOf((FINE,) * (leaves - half))))) == found


def test_each_type_may_be_compared_and_each_name_has_one() -> None:
    assert set(OPS) == set(FactType)
    assert all(spec(name) == found for name, found in NAMED.items())
    assert all(found.choices for found in NAMED.values() if found.type is FactType.CHOICE)
