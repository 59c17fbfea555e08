from typing import Any

import pytest

from saleor_lifecycle.api.dashboard.problem_words import spoken
from saleor_lifecycle.channels.known import CHANNELS as KNOWN_CHANNELS
from saleor_lifecycle.domain.flow_checks import faults
from saleor_lifecycle.domain.step_checks import CHANNELS
from saleor_lifecycle.models.documents import DocumentError
from saleor_lifecycle.models.flow_documents import FLOWS
from tests.flow_documents import CART, SEND, VISITED, WAIT, anchored, document, nested, step

DURATION = "give whole seconds, more than 0 and at most 400 days, such as PT30M or P2D"
KEY = "use 1 to 60 small letters, digits and hyphens"
CODE = "use 1 to 60 small letters, digits, points, hyphens and underscores"
WEEKDAY = "give each weekday once, Monday is 1 and Sunday 7"
EVENTS = (
    "is not one of order_placed, order_fulfilled, order_delivered, order_cancelled, order_returned, cart_changed, "
    "visited, product_viewed, message_clicked, subscribed, unsubscribed, account_created"
)


def deep(levels: int) -> dict[str, Any]:
    rule: dict[str, Any] = VISITED
    for _ in range(levels - 1):
        rule = {"kind": "not", "rule": rule}
    return rule


WRONG: list[tuple[str, Any, str, str]] = [
    ("no object", [], "", "has to be an object"),
    ("of version 1", document(schema_version=1), "schema_version", "is not one of 2"),
    ("a name too much", document(note="x"), "note", "is not known here"),
    ("no trigger", {name: value for name, value in document().items() if name != "trigger"}, "trigger", "is missing"),
    ("an unknown trigger", document(trigger={"kind": "moon"}), "trigger.kind", "is not one of cart_idle, event, "
     "phase_entered, phase_left, date, schedule, manual, api, webhook, flow"),
    ("a number for a duration", document({**WAIT, "duration": 60}, SEND), "steps[0].duration",
     "has to be a duration such as P2D or PT30M"),
    ("a flag for a text", document({**SEND, "template": True}), "steps[0].template", "has to be a text"),
    ("no step", document(steps=[]), "steps", "a flow has 1 to 200 steps"),
    ("201 steps", document(*({**SEND, "key": f"s{n}"} for n in range(201))), "steps", "a flow has 1 to 200 steps"),
    ("eleven deep", nested(11), ".".join(["steps[0]"] + ["cases[0].then[0]"] * 10),
     "steps stand in one another at most 10 deep"),
    ("a capital key", document({**SEND, "key": "Send"}), "steps[0].key", KEY),
    ("an empty key", document({**SEND, "key": ""}), "steps[0].key", KEY),
    ("a key of 61", document({**SEND, "key": "k" * 61}), "steps[0].key", KEY),
    ("a key twice", document(WAIT, {**SEND, "key": "wait"}), "steps[1].key", "steps[0] has the same key"),
    ("a key twice, one inside", step("wait_for", rule=VISITED, at_most="P1D", then=[SEND]), "steps[1].key",
     "steps[0].then[0] has the same key"),
    ("nothing done", document(WAIT), "steps", "a flow needs a step that does something, such as a message"),
    ("idle for no time", document(trigger={**CART, "idle": "PT0S"}), "trigger.idle", DURATION),
    ("idle for 401 days", document(trigger={**CART, "idle": "P401D"}), "trigger.idle", DURATION),
    ("a wait of no time", document({**WAIT, "duration": "PT0S"}, SEND), "steps[0].duration", DURATION),
    ("a wait backwards", document({**WAIT, "duration": "-P1D"}, SEND), "steps[0].duration", DURATION),
    ("never useful", document({**SEND, "useful_for": "PT0S"}), "steps[0].useful_for", DURATION),
    ("a goal of no time", document(goal={"within": "PT0S"}), "goal.within", DURATION),
    ("an unknown goal", document(goal={"event": "joy"}), "goal.event",
     "has to be order_placed: nothing else is counted yet"),
    ("an unknown event", document(trigger={"kind": "event", "event": "joy"}), "trigger.event",
     "is not one of order_placed, order_paid, order_fulfilled, order_cancelled, order_returned, account_created, "
     "cart_changed, subscribed, order_delivered, visited, product_viewed, message_clicked"),
    ("an unknown date", document(trigger={"kind": "date", "date": "doom"}), "trigger.date",
     "is not one of loss_at, next_order_at, attribute.<name>"),
    ("401 days before a date", document(trigger={"kind": "date", "date": "loss_at", "offset": "-P401D"}),
     "trigger.offset", "give whole seconds, at most 400 days before or after"),
    ("the eighth day of the week", document(trigger={"kind": "schedule", "at": "08:00", "weekdays": [8]}),
     "trigger.weekdays[0]", WEEKDAY),
    ("the 32nd of the month", document(trigger={"kind": "schedule", "at": "08:00", "days_of_month": [1, 32]}),
     "trigger.days_of_month[1]", "give a day of the month, 1 to 31"),
    ("a weekday twice", step("wait_for_time", at="09:00", weekdays=[1, 1]), "steps[0].weekdays[1]", WEEKDAY),
    ("again, but per cart", document(entry={"again_after": "P1D"}), "entry.again_after",
     "counts only where the flow is entered per customer"),
    ("a pace of none", document(entry={"existing_per_hour": 0}), "entry.existing_per_hour", "give 1 to 100000"),
    ("waiting for ever", step("wait_for", rule=VISITED, at_most="P500D"), "steps[0].at_most", DURATION),
    ("no case", step("branch", cases=[]), "steps[0].cases", "a branch has 1 to 20 cases"),
    ("one share", step("split", shares=[{"weight": 1}]), "steps[0].shares", "a split has 2 to 20 shares"),
    ("a weight of none", step("split", shares=[{"weight": 0}, {"weight": 1}]), "steps[0].shares[0].weight",
     "has to be more than 0"),
    ("weights of 1001", step("split", shares=[{"weight": 1000}, {"weight": 1}]), "steps[0].shares",
     "all weights together are 1000 at most"),
    ("no channel", document({**SEND, "channels": []}), "steps[0].channels", "name one channel at least"),
    ("a channel twice", document({**SEND, "channels": ["sms", "sms"]}), "steps[0].channels[1]", "is named already"),
    ("a channel that is none", document({**SEND, "channels": ["fax"]}), "steps[0].channels[0]",
     "is not one of email, on_site, sms, webhook"),
    ("an empty offer", step("offer", carries={}), "steps[0].carries", "needs products or a voucher"),
    ("an offer of something else", step("offer", carries={"products": ["a"], "gift": 1}), "steps[0].carries.gift",
     "is not known here"),
    ("a voucher without its id", step("offer", carries={"voucher": {"code": "X"}}), "steps[0].carries.voucher.id",
     "is missing"),
    ("an empty tag", step("tag", tag=""), "steps[0].tag", "has to be a text of 1 to 100 characters"),
    ("words over two lines", step("notify_staff", text="a\nb"), "steps[0].text",
     "has to be a text of 1 to 1000 characters"),
    ("an event with spaces", step("webhook", event="my event"), "steps[0].event", CODE),
    ("a reason with capitals", step("exit", reason="Why"), "steps[0].reason", CODE),
    ("it starts itself", step("start_flow", flow="mine"), "steps[0].flow", "a flow cannot start itself"),
    ("waits that go back", document(anchored("a", "P2D"), anchored("b", "P1D"), SEND), "steps[1].duration",
     "each has to come later than the one before"),
    ("waits that go back behind a branch", document(
        {"key": "x", "kind": "branch", "cases": [{"when": VISITED, "then": [anchored("a", "P2D")]}]},
        anchored("b", "P1D"), SEND), "steps[1].duration", "each has to come later than the one before"),
    ("over before its last wait", document(anchored("a", "P2D"), SEND, ends="P2D"), "ends",
     "has to come later than the last step"),
    ("over before it begins", document(ends="PT30M"), "trigger.idle", "has to be over before the flow is"),
    ("more than half held out", document(holdout=0.51), "holdout", "give a share of 0 to 0.5"),
    ("less than nobody held out", document(holdout=-0.1), "holdout", "give a share of 0 to 0.5"),
    ("a priority of 101", document(priority=101), "priority", "give 0 to 100"),
    ("a rule about an unknown fact", document(entry={"where": {"kind": "compare", "fact": "luck", "op": "known"}}),
     "entry.where.fact", "is not known"),
    ("a rule in a case", step("branch", cases=[{"when": {"kind": "happened", "event": "joy"}}]),
     "steps[0].cases[0].when.event", EVENTS),
    ("a rule nested too deeply", document(entry={"where": deep(11)}), "entry.where", "is nested deeper than 10 levels"),
]  # fmt: skip


def found(written: Any, key: str = "mine") -> list[tuple[str, str]]:
    try:
        return faults(FLOWS.read(written), key)
    except DocumentError as error:
        return [tuple(fault) for fault in error.faults]


@pytest.mark.parametrize(("case", "written", "path", "reason"), WRONG, ids=[case for case, *_ in WRONG])
def test_what_is_wrong_is_told_by_place_and_reason_in_both_languages(
    case: str, written: Any, path: str, reason: str
) -> None:
    assert found(written) == [(path, reason)]
    assert spoken(reason, "es") != reason


def test_all_that_is_wrong_is_told_at_once() -> None:
    written = document({**WAIT, "duration": "PT0S"}, {**SEND, "key": "wait"}, priority=-1)
    assert [path for path, _ in found(written)] == ["steps[1].key", "steps[0].duration", "priority"]


@pytest.mark.parametrize(
    "written",
    [
        document(),
        nested(10),
        document(*({**SEND, "key": f"s{n}"} for n in range(200))),
        document({**SEND, "key": "k" * 60, "channels": ["sms", "email", "on_site", "webhook"]}),
        document(anchored("a", "P1D"), SEND, anchored("b", "P2D"), ends="P2DT1S"),
        document(trigger={"kind": "date", "date": "attribute.birthday", "offset": "-P400D", "is_yearly": True}),
        document(holdout=0.5, priority=100),
        step("split", shares=[{"weight": 999}, {"weight": 1}]),
        step("set_attribute", attribute="size", value=3),
        step("set_attribute", attribute="size", value=None),
        step("start_flow", flow="abandoned-cart"),
        step("offer", carries={"products": ["UHJvZHVjdDox"], "channel": "default-channel"}),
        document({"key": "t", "kind": "tag", "tag": "vip"}, SEND, exits=[
            {"reason": "vip", "when": {"kind": "compare", "fact": "tag.vip", "op": "=", "value": True}}]),
    ],
)  # fmt: skip
def test_the_last_that_is_right_is_taken(written: Any) -> None:
    assert found(written) == []


def test_every_channel_may_be_named() -> None:
    assert set(CHANNELS) == set(KNOWN_CHANNELS)
