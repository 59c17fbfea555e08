from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from saleor_lifecycle.actions import entries, flow_acts, flows, templates, webhook_deliveries
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.models import (
    Consent,
    Customer,
    Decision,
    Enrollment,
    Flow,
    FlowEntry,
    Identity,
    Installation,
    Message,
    Outbox,
    Tag,
    WebhookEndpoint,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages
from saleor_lifecycle.tasks import sweep
from tests.entering import CALLED, flow
from tests.facts import ADA, GRACE, account, deletion, order, tell

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SEND = {"key": "hello", "kind": "send", "template": "hello"}
PAUSE = {"key": "pause", "kind": "wait", "duration": "P1D"}
ACTS = [
    {"key": "offer", "kind": "offer", "carries": {"products": ["UHJvZHVjdDox"]}},
    SEND,
    {"key": "gold", "kind": "set_attribute", "attribute": "tier", "value": "gold"},
    {"key": "vip", "kind": "tag", "tag": "vip"},
    {"key": "call", "kind": "webhook", "event": "came_by"},
    {"key": "staff", "kind": "notify_staff", "text": "Say hello"},
    {"key": "next", "kind": "start_flow", "flow": "other"},
]


@pytest.fixture
def shop(installation: Installation, now: datetime) -> Installation:
    """A shop with two people."""
    tell(installation, [account(now - HOUR), account(now - HOUR, GRACE, "grace@example.com")], now - HOUR)
    return installation


def who(user: str = ADA) -> int:
    customer_id = Identity.objects.get(value=user).customer_id
    assert customer_id is not None
    return customer_id


def let_in(shop: Installation, steps: list[dict[str, Any]], now: datetime, user: str = ADA, **more: Any) -> Flow:
    """Let somebody into a new flow of those steps, and let them go as far as it goes."""
    made = flow(shop, CALLED, now, steps=steps, **more)
    call(shop, now, user)
    return made


def call(shop: Installation, now: datetime, user: str = ADA) -> None:
    with within(shop.pk):
        entries.call(shop, "hello", [who(user)], now)
        flows.advance(shop, [who(user)], now)


def standing(shop: Installation, key: str = "hello") -> tuple[str, str, str]:
    with within(shop.pk):
        held = Enrollment.objects.get(flow__key=key)
        return held.state, held.reason, held.step


def passed(shop: Installation) -> list[tuple[str, str]]:
    with within(shop.pk):
        rows = Decision.objects.filter(kind=Decision.Kind.PASSED, flow_id=Flow.objects.get(key="hello").pk)
        return sorted(rows.values_list("step", "outcome"))


def effects(shop: Installation) -> dict[str, int]:
    with within(shop.pk):
        return {
            "messages": Message.objects.count(),
            "attributes": FlowEntry.objects.count(),
            "tags": Tag.objects.count(),
            "outbox": Outbox.objects.filter(kind__in=["webhook", "staff"]).count(),
            "other flows": Enrollment.objects.filter(flow__key="other").count(),
        }


def test_each_act_has_its_effect_and_a_row_in_the_ledger(shop: Installation, now: datetime) -> None:
    flow(shop, {"kind": "flow"}, now, "other")
    let_in(shop, [*ACTS, PAUSE], now)
    assert set(effects(shop).values()) == {1, 2}
    assert effects(shop)["outbox"] == 2
    assert passed(shop) == sorted((act["key"], "") for act in ACTS)
    with within(shop.pk):
        message, enrollment = Message.objects.get(), Enrollment.objects.get(flow__key="hello")
        assert (message.step, message.template, message.topic, message.channel) == ("hello", "hello", "news", "email")
        assert (message.state, message.queued_at, message.due_at) == ("queued", now, now)
        assert (message.offer, enrollment.carries) == (ACTS[0]["carries"], ACTS[0]["carries"])
        assert Customer.objects.get(pk=who()).attributes["tier"]["value"] == "gold"
        assert Tag.objects.get().name == "vip"
        started = Enrollment.objects.get(flow__key="other")
        assert (started.customer_id, started.depth, started.state) == (who(), 1, "waiting")
        assert started.due_at == now + timedelta(days=30), "it went on at once"
        told = dict(Outbox.objects.values_list("kind", "written"))
    assert told["webhook"] | {"enrollment": ""} == {
        "event": "flow.step",
        "name": "came_by",
        "flow": "hello",
        "step": "call",
        "enrollment": "",
        "customer": told["staff"]["customer"],
        "users": [ADA],
        "properties": {},
        "at": now.isoformat(),
    }
    assert (told["staff"]["text"], told["staff"]["flow"]) == ("Say hello", "hello")


@pytest.mark.parametrize(
    ("case", "values", "outcome"),
    [("held out", {"arm": "holdout"}, "holdout"), ("in a shadow", {"is_shadow": True}, "shadow")],
)
def test_some_pass_all_acts_without_effect(
    shop: Installation, now: datetime, case: str, values: dict[str, Any], outcome: str
) -> None:
    flow(shop, {"kind": "flow"}, now, "other")
    flow(shop, CALLED, now, steps=[*ACTS, PAUSE])
    with within(shop.pk):
        entries.call(shop, "hello", [who()], now)
        Enrollment.objects.update(**values)
        flows.advance(shop, [who()], now)
    assert set(effects(shop).values()) == {0}, case
    assert passed(shop) == sorted((act["key"], outcome) for act in ACTS), case
    assert standing(shop) == ("waiting", "", "pause")
    with within(shop.pk):
        assert Enrollment.objects.get().carries is None


@pytest.mark.parametrize(
    ("case", "purpose", "topic", "carries", "said"),
    [
        ("a service message of a service flow", "service", "service", None, "service"),
        ("a service message of another", "service", "news", None, "commercial"),
        ("a commercial message", "commercial", "news", None, "commercial"),
        ("with an offer", "service", "service", {"products": ["UHJvZHVjdDox"]}, "commercial"),
    ],
)
def test_only_what_says_so_itself_and_whose_flow_does_goes_out_as_service(
    shop: Installation, now: datetime, case: str, purpose: str, topic: str, carries: Any, said: str
) -> None:
    with within(shop.pk):
        templates.save(shop.pk, "hello", "en", ("Hi", "", "Hi"), "<p>Hi</p>", now, purpose=Purpose(purpose))
    before = [] if carries is None else [{"key": "offer", "kind": "offer", "carries": carries}]
    let_in(shop, [*before, SEND], now, topic=topic)
    with within(shop.pk):
        assert Message.objects.get().purpose == said, case


@pytest.mark.parametrize(
    ("case", "granted", "channel"),
    [
        ("both are permitted: the first", ["on_site", "email"], "on_site"),
        ("the first is not permitted", ["email"], "email"),
        ("nobody can be reached on the first by a number", ["sms", "email"], "email"),
        ("none is permitted: the first says why", [], "sms"),
    ],
)
def test_goes_out_on_the_first_channel_that_is_permitted_and_reaches_them(
    shop: Installation, now: datetime, case: str, granted: list[str], channel: str
) -> None:
    with within(shop.pk):
        Consent.objects.bulk_create(
            Consent(
                installation=shop,
                identity=Identity.objects.get(value=ADA),
                topic="",
                channel=one,
                source="storefront",
                is_granted=True,
                at=now,
            )
            for one in granted
        )
    channels = ["sms", "on_site", "email"] if "on_site" not in granted else ["on_site", "email"]
    let_in(shop, [SEND | {"channels": channels}], now)
    with within(shop.pk):
        assert Message.objects.get().channel == channel, case


def test_a_value_that_a_flow_sets_stands_until_a_newer_word_and_goes_with_the_person(
    shop: Installation, now: datetime
) -> None:
    steps = [ACTS[2], PAUSE, {"key": "none", "kind": "set_attribute", "attribute": "tier", "value": None}]
    let_in(shop, steps, now)
    tell(shop, [account(now + HOUR, first_name="Augusta")], now + HOUR)
    with within(shop.pk):
        held = Customer.objects.get(pk=who()).attributes
        assert held["tier"] == {"value": "gold", "origin": "flow", "at": now.isoformat()}
    passages.run(shop.pk, now + 25 * HOUR)
    with within(shop.pk):
        assert Customer.objects.get(pk=who()).attributes == {}


def test_what_flows_said_of_somebody_is_forgotten_with_them(shop: Installation, now: datetime) -> None:
    let_in(shop, [ACTS[2], ACTS[3], PAUSE], now)
    tell(shop, [deletion(now + HOUR)], now + HOUR)
    assert effects(shop)["attributes"] == effects(shop)["tags"] == 0
    assert standing(shop)[:2] == ("exited", "customer_gone")


def test_what_an_act_changes_is_asked_for_at_once_in_other_flows_too(shop: Installation, now: datetime) -> None:
    gold = {"kind": "compare", "fact": "attribute.tier", "op": "=", "value": "gold"}
    steps = [{"key": "until", "kind": "wait_for", "rule": gold, "at_most": "P9D"}, SEND, PAUSE]
    flow(shop, CALLED, now, "other", steps=steps)
    with within(shop.pk):
        entries.call(shop, "other", [who()], now)
        flows.advance(shop, [who()], now)
    assert standing(shop, "other") == ("waiting", "", "until")
    branch = {"key": "which", "kind": "branch", "cases": [{"when": gold, "then": [ACTS[3]]}]}
    let_in(shop, [ACTS[2], branch, PAUSE], now + HOUR)
    assert standing(shop, "other") == ("waiting", "", "pause")
    assert effects(shop)["tags"] == 1, "and in the same one"


def test_a_circle_of_flows_comes_to_an_end(shop: Installation, now: datetime) -> None:
    again = {"key": "again", "kind": "start_flow", "flow": "hello"}
    let_in(shop, [again, PAUSE], now)
    with within(shop.pk):
        assert sorted(Enrollment.objects.values_list("depth", flat=True)) == [0, 1, 2, 3, 4, 5]
        refused = Decision.objects.get(kind=Decision.Kind.REFUSED)
        assert refused.outcome == "too_deep"


def test_a_flow_that_is_not_there_starts_nothing(shop: Installation, now: datetime) -> None:
    let_in(shop, [ACTS[-1], PAUSE], now)
    with within(shop.pk):
        refused = Decision.objects.get(kind=Decision.Kind.REFUSED)
        assert (refused.outcome, refused.step) == (flow_acts.NO_SUCH_FLOW, "next")
        assert Enrollment.objects.count() == 1


def test_a_step_that_ends_a_flow_lets_what_it_sent_leave(shop: Installation, now: datetime) -> None:
    let_in(shop, [SEND, {"key": "out", "kind": "exit", "reason": "enough"}, ACTS[3]], now)
    assert standing(shop)[:2] == ("finished", "enough")
    assert effects(shop)["tags"] == 0
    with within(shop.pk):
        assert Message.objects.get().state == "queued"


def test_a_rule_lets_somebody_out_as_soon_as_it_holds(shop: Installation, now: datetime) -> None:
    bought = {"reason": "bought", "when": {"kind": "happened", "event": "order_placed", "since_entry": True}}
    let_in(shop, [SEND, PAUSE], now, exits=[bought])
    tell(shop, [order(now + HOUR)], now + HOUR)
    assert standing(shop)[:2] == ("exited", "bought")
    with within(shop.pk):
        assert Message.objects.get().state == "skipped"


@pytest.mark.parametrize("fault", ["in deciding", "in acting"])
def test_one_that_fails_is_set_aside_and_the_others_go_on(
    shop: Installation, now: datetime, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow(shop, CALLED, now, steps=[PAUSE, SEND, ACTS[3], PAUSE | {"key": "later"}])
    for user in (ADA, GRACE):
        call(shop, now, user)
    at = now + 25 * HOUR
    with within(shop.pk):
        bad = Enrollment.objects.get(customer=who(GRACE))
        if fault == "in deciding":
            Enrollment.objects.filter(pk=bad.pk).update(step="no such step")
        else:
            usual = flow_acts.insert

            def insert(model: Any, rows: Any, **more: Any) -> Any:
                if any(row["customer_id"] == bad.customer_id for row in rows if model is Tag):
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT 1 / 0")
                return usual(model, rows, **more)

            monkeypatch.setattr(flow_acts, "insert", insert)
    passages.run(shop.pk, at)
    with within(shop.pk):
        bad.refresh_from_db()
        good = Enrollment.objects.get(customer=who(ADA))
        assert (good.state, good.step) == ("waiting", "later")
        assert (bad.state, bad.due_at, bad.ended_at) == ("failed", None, at)
        assert bad.reason.startswith("KeyError at flows.py" if fault == "in deciding" else "DataError at")
        assert list(Message.objects.values_list("customer", flat=True)) == [good.customer_id]
        failed = Decision.objects.get(kind=Decision.Kind.FAILED)
        assert (failed.enrollment_id, failed.outcome) == (bad.pk, bad.reason)
    assert (passages.advance.name, shop.pk) not in sweep.due(at)


def test_a_failure_skips_what_waited_to_be_sent(shop: Installation, now: datetime) -> None:
    let_in(shop, [SEND, PAUSE], now)
    with within(shop.pk):
        Enrollment.objects.update(step="no such step")
    passages.run(shop.pk, now + 25 * HOUR)
    with within(shop.pk):
        assert Enrollment.objects.get().state == "failed"
        assert (Message.objects.get().state, Message.objects.get().reason) == ("skipped", "enrollment_over")


def test_a_pause_loses_nothing_and_repeats_nothing(shop: Installation, now: datetime) -> None:
    bought = {"kind": "happened", "event": "order_placed", "since_entry": True}
    steps = [
        {"key": "until", "kind": "wait_for", "rule": bought, "at_most": "P9D", "then": [SEND], "otherwise": [ACTS[3]]},
        PAUSE,
    ]
    made = let_in(shop, steps, now)
    with within(shop.pk):
        Flow.objects.filter(pk=made.pk).update(is_on=False)
    tell(shop, [order(now + HOUR)], now + HOUR)
    assert passages.run(shop.pk, now + 2 * HOUR) == 0
    assert (standing(shop)[2], effects(shop)["messages"]) == ("until", 0)
    assert (passages.advance.name, shop.pk) not in sweep.due(now + 2 * HOUR)
    with within(shop.pk):
        Flow.objects.filter(pk=made.pk).update(is_on=True)
    assert (passages.advance.name, shop.pk) in sweep.due(now + 3 * HOUR)
    for _ in range(2):
        passages.run(shop.pk, now + 3 * HOUR)
    assert (standing(shop)[2], effects(shop)["messages"], effects(shop)["tags"]) == ("pause", 1, 0)


def test_endpoints_are_told_only_what_they_asked_for(shop: Installation, now: datetime) -> None:
    with within(shop.pk):
        for number, events in enumerate((["flow.step"], ["consent.given"])):
            WebhookEndpoint.objects.create(
                installation=shop, url=f"https://{number}.example.com", events=events, secret=b"", created_at=now
            )
    let_in(shop, [ACTS[4], PAUSE], now)
    with within(shop.pk):
        webhook_deliveries.share(shop.pk, now)
        assert Outbox.objects.get(kind="webhook").endpoint == WebhookEndpoint.objects.get(events=["flow.step"])
