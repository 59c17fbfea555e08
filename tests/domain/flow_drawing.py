"""Drawn flows: documents of all kinds of steps, nested, each step under a key of its own."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from hypothesis import strategies as st

EVENTS = ("visited", "order_placed", "product_viewed")
durations = st.integers(1, 72).map(lambda hours: f"PT{hours}H")


def happened(may_end: bool) -> st.SearchStrategy[dict[str, Any]]:
    """A rule; one whose answer time alone may change only where ``may_end``."""
    rule = {"kind": st.just("happened"), "event": st.sampled_from(EVENTS)}
    leaf = st.fixed_dictionaries(
        rule, optional={"since_entry": st.booleans(), **({"within": durations} if may_end else {})}
    )
    return leaf | leaf.map(lambda one: {"kind": "not", "rule": one})


def _acts() -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(
        [
            {"kind": "send", "template": "hello"},
            {"kind": "send", "template": "hello", "channels": ["sms", "email"]},
            {"kind": "offer", "carries": {"products": ["UHJvZHVjdDox"]}},
            {"kind": "set_attribute", "attribute": "tier", "value": "gold"},
            {"kind": "set_attribute", "attribute": "tier", "value": None},
            {"kind": "tag", "tag": "vip"},
            {"kind": "untag", "tag": "vip"},
            {"kind": "webhook", "event": "came_by"},
            {"kind": "notify_staff", "text": "Somebody came by"},
        ]
    )


def _waits() -> st.SearchStrategy[dict[str, Any]]:
    wait = st.fixed_dictionaries(
        {
            "kind": st.just("wait"),
            "duration": durations,
            "since": st.sampled_from(["step", "anchor"]),
            "apart": durations,
        }
    )
    days = st.lists(st.integers(1, 7), max_size=2, unique=True)
    at = st.integers(0, 23).map(lambda hour: f"{hour:02}:00:00")
    return wait | st.fixed_dictionaries({"kind": st.just("wait_for_time"), "at": at, "weekdays": days})


def _holding(inner: st.SearchStrategy[list[dict[str, Any]]], may_end: bool) -> st.SearchStrategy[dict[str, Any]]:
    rule = happened(may_end)
    case = st.fixed_dictionaries({"when": rule, "then": inner})
    share = st.fixed_dictionaries({"weight": st.integers(1, 3), "then": inner})
    return st.one_of(
        st.fixed_dictionaries(
            {"kind": st.just("wait_for"), "rule": rule, "at_most": durations, "then": inner, "otherwise": inner}
        ),
        st.fixed_dictionaries(
            {"kind": st.just("branch"), "cases": st.lists(case, min_size=1, max_size=2), "otherwise": inner}
        ),
        st.fixed_dictionaries({"kind": st.just("split"), "shares": st.lists(share, min_size=2, max_size=3)}),
    )


def documents(may_end: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Flows; without ``may_end`` time alone changes nothing but waits."""
    plain = _acts() | _acts() | _waits() | _waits() | st.just({"kind": "exit", "reason": "enough"})
    steps = st.recursive(
        st.lists(plain, max_size=4),
        lambda inner: st.lists(plain | _holding(inner, may_end), max_size=4),
        max_leaves=8,
    )
    more: dict[str, Any] = {"exits_on_order": st.booleans()}
    if may_end:
        exits = st.fixed_dictionaries({"reason": st.just("seen"), "when": happened(may_end)})
        more |= {"ends": durations, "exits": st.lists(exits, max_size=1)}
    return st.fixed_dictionaries({"steps": steps}, optional=more).map(_whole)


def _whole(drawn: dict[str, Any]) -> dict[str, Any]:
    numbers = count(1)
    head = {"schema_version": 2, "topic": "news", "trigger": {"kind": "manual"}, "holdout": 0.0}
    return head | drawn | {"steps": list(_named(drawn["steps"], numbers))}


def _named(steps: list[dict[str, Any]], numbers: Iterator[int]) -> Iterator[dict[str, Any]]:
    """Yield the steps with keys; drawn ones may be the same object in two places."""
    for step in steps:
        own = step | {"key": f"step-{next(numbers)}"}
        for name in ("then", "otherwise"):
            if name in own:
                own[name] = list(_named(own[name], numbers))
        for name in ("cases", "shares"):
            if name in own:
                own[name] = [one | {"then": list(_named(one["then"], numbers))} for one in own[name]]
        yield own
