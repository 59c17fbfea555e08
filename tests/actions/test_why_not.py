from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_lifecycle.actions import ledger, why_not
from saleor_lifecycle.actions.ledger import Entry, Kind
from saleor_lifecycle.domain.obstacles import Finding, Obstacle
from saleor_lifecycle.models import (
    Brand,
    Cart,
    Customer,
    Enrollment,
    Flow,
    FlowVersion,
    Installation,
    Message,
    Occasion,
    PhaseChange,
)
from saleor_lifecycle.models.entry import within
from tests.facts import ADA, GRACE, account, cart, order, tell

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
Publish = Callable[..., Flow]
SEND = {"key": "hello", "kind": "send", "template": "hello"}
WAIT = {"key": "pause", "kind": "wait", "duration": "P1D"}


@pytest.fixture
def shop(installation: Installation, now: datetime) -> Installation:
    """A shop that may write to Ada, its customer, who has done nothing."""
    tell(installation, [account(now - 9 * DAY, consent=True, joined=now - 9 * DAY)], now - 9 * DAY)
    with within(installation.pk):
        Brand.objects.update(**dict.fromkeys(Brand.NEEDED, "something"))
    return installation


@pytest.fixture
def publish(shop: Installation, now: datetime) -> Publish:
    def publish(trigger: Mapping[str, Any], **document: Any) -> Flow:
        """Return a flow that was switched on five days ago."""
        with within(shop.pk):
            flow = Flow.objects.create(installation=shop, key="ours", switched_on_at=now - 5 * DAY)
            flow.version = FlowVersion.objects.create(
                installation=shop,
                flow=flow,
                number=1,
                published_at=now,
                document={
                    "schema_version": 2,
                    "topic": "news",
                    "trigger": trigger,
                    "steps": [WAIT, SEND],
                    "holdout": 0,
                    **document,
                },
            )
            flow.save()
        return flow

    return publish


MANUAL = {"kind": "manual"}
CARTS = {"kind": "cart_idle", "idle": "PT30M"}


def found(flow: Flow, now: datetime, user: str = ADA) -> list[Finding]:
    with within(flow.installation_id):
        customer = Customer.objects.select_related("installation", "policy").get(identities__value=user)
        held = Flow.objects.select_related("version").get(pk=flow.pk)
        return why_not.why_not(customer.installation, customer, held, now)


def obstacles(flow: Flow, now: datetime) -> list[Obstacle]:
    return [finding.obstacle for finding in found(flow, now)]


def let_in(flow: Flow, now: datetime, **columns: Any) -> Enrollment:
    with within(flow.installation_id):
        return Enrollment.objects.create(
            **{
                "installation_id": flow.installation_id,
                "flow": flow,
                "version": flow.version,
                "customer": Customer.objects.get(identities__value=ADA),
                "key": "an occasion",
                "step": "pause",
                "since": now,
                "anchor_at": now,
                "entered_at": now,
                "due_at": now + DAY,
                **columns,
            }
        )


def queue(passage: Enrollment, now: datetime, **columns: Any) -> Message:
    with within(passage.installation_id):
        return Message.objects.create(
            **{
                "installation_id": passage.installation_id,
                "enrollment": passage,
                "customer_id": passage.customer_id,
                "step": "hello",
                "template": "hello",
                "topic": "news",
                "channel": "email",
                "queued_at": now,
                "due_at": now,
                **columns,
            }
        )


@pytest.mark.parametrize(
    ("columns", "obstacle"),
    [
        ({"is_on": False}, Obstacle.FLOW_OFF),
        ({"is_shadow": True}, Obstacle.SHADOW),
        ({"version": None}, Obstacle.UNPUBLISHED),
        ({"archived_at": datetime.fromisoformat("2026-03-01T00:00:00Z")}, Obstacle.ARCHIVED),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_flow_itself_comes_first(
    columns: dict[str, Any], obstacle: Obstacle, publish: Publish, now: datetime
) -> None:
    flow = publish(MANUAL)
    with within(flow.installation_id):
        Flow.objects.filter(pk=flow.pk).update(**columns)
    assert obstacles(flow, now)[0] is obstacle


def test_a_database_that_was_restored_is_said(publish: Publish, now: datetime) -> None:
    flow = publish(MANUAL)
    with within(flow.installation_id):
        Installation.objects.update(held_at=now)
    assert found(flow, now)[0] == Finding(Obstacle.HELD, at=now)


@pytest.mark.parametrize("kind", ["manual", "api", "webhook", "flow"])
def test_somebody_has_to_name_them(kind: str, publish: Publish, now: datetime) -> None:
    assert found(publish({"kind": kind}), now) == [Finding(Obstacle.CALLED, kind)]


@pytest.mark.parametrize(
    ("age", "columns", "expected"),
    [
        (None, {}, Finding(Obstacle.NO_CART)),
        (10 * MINUTE, {"lines_hash": ""}, Finding(Obstacle.NO_CART)),
        (10 * MINUTE, {"is_being_paid": True}, Obstacle.CART_BEING_PAID),
        (10 * MINUTE, {}, Obstacle.CART_YOUNG),
        (6 * DAY, {}, Obstacle.TOO_LATE),
    ],
    ids=["no cart", "an empty one", "one that is being paid", "one that was just changed", "one from before"],
)
def test_what_a_cart_lacks(
    age: timedelta | None, columns: dict[str, Any], expected: Finding | Obstacle, publish: Publish, now: datetime
) -> None:
    flow = publish(CARTS)
    if age is not None:
        with within(flow.installation_id):
            shop = Installation.objects.get()
        tell(shop, [cart(now - age)], now - age)
        with within(shop.pk):
            Cart.objects.update(**columns)
    first = found(flow, now)[0]
    assert expected in (first, first.obstacle)


def test_a_cart_says_when_it_will_let_them_in(shop: Installation, publish: Publish, now: datetime) -> None:
    flow = publish(CARTS)
    tell(shop, [cart(now - 10 * MINUTE)], now)
    assert found(flow, now)[0].until == now + 20 * MINUTE


def test_a_cart_enters_once(shop: Installation, publish: Publish, now: datetime) -> None:
    flow = publish(CARTS)
    tell(shop, [cart(now - HOUR)], now)
    with within(shop.pk):
        held = Cart.objects.get()
    let_in(flow, now - 2 * DAY, cart=held, state="finished", due_at=None, ended_at=now)
    assert obstacles(flow, now)[0] is Obstacle.CART_SEEN


@pytest.mark.parametrize(
    ("ordered", "where", "expected"),
    [
        (None, None, [Obstacle.EVENT_MISSING]),
        (6 * DAY, None, [Obstacle.TOO_LATE]),
        (DAY, {"kind": "compare", "fact": "property.total", "op": ">", "value": 100}, [Obstacle.EVENT_UNLIKE]),
    ],
    ids=["it has not happened", "it happened before the flow was on", "it was otherwise"],
)
def test_what_has_to_happen(
    ordered: timedelta | None, where: Any, expected: list[Obstacle], shop: Installation, publish: Publish, now: datetime
) -> None:
    flow = publish({"kind": "event", "event": "order_placed", "where": where})
    if ordered is not None:
        tell(shop, [order(now - ordered)], now - ordered)
    said = found(flow, now)
    assert [one.obstacle for one in said] == expected


@pytest.mark.parametrize(
    ("kind", "phase", "expected"),
    [
        ("phase_entered", "loss", [Finding(Obstacle.PHASE_OTHER, "loss", data={"phase": "education"})]),
        ("phase_left", "education", [Finding(Obstacle.PHASE_STILL, "education")]),
        ("phase_left", "loss", [Finding(Obstacle.PHASE_NEVER, "loss")]),
    ],
)
def test_which_phase_is_asked_for(
    kind: str, phase: str, expected: list[Finding], publish: Publish, now: datetime
) -> None:
    assert found(publish({"kind": kind, "phase": phase}), now) == expected


@pytest.mark.parametrize(
    ("cause", "age", "expected"),
    [
        ("import", DAY, [Obstacle.PHASE_CAUSE]),
        ("behaviour", 6 * DAY, [Obstacle.TOO_LATE]),
        ("behaviour", DAY, []),
    ],
    ids=["an import", "before the flow was on", "nothing"],
)
def test_how_they_came_into_the_phase(
    cause: str, age: timedelta, expected: list[Obstacle], publish: Publish, now: datetime
) -> None:
    flow = publish({"kind": "phase_entered", "phase": "education"})
    with within(flow.installation_id):
        customer = Customer.objects.get(merged_into=None)
        moved = {"before": "sales", "after": "education", "reason": "no_interest_yet", "cause": cause}
        PhaseChange.objects.create(installation_id=flow.installation_id, customer=customer, at=now - age, **moved)
    assert obstacles(flow, now) == expected


def test_when_a_date_comes(publish: Publish, now: datetime) -> None:
    flow = publish({"kind": "date", "date": "loss_at", "offset": "-P7D"})
    assert found(flow, now) == [Finding(Obstacle.DATE_UNKNOWN, "loss_at")]
    with within(flow.installation_id):
        customer = Customer.objects.get(merged_into=None)
        Occasion.objects.create(
            installation_id=flow.installation_id, flow=flow, customer=customer, key="loss", at=now + 3 * DAY
        )
    assert found(flow, now) == [Finding(Obstacle.DATE_COMING, "loss_at", until=now + 3 * DAY)]


def test_a_date_that_is_over_is_not_unknown(shop: Installation, publish: Publish, now: datetime) -> None:
    tell(shop, [order(now - DAY)], now - DAY)
    flow = publish({"kind": "date", "date": "loss_at", "offset": "-P400D"})
    assert obstacles(flow, now) == [Obstacle.DATE_OVER]


def test_when_a_schedule_runs(publish: Publish, now: datetime) -> None:
    flow = publish({"kind": "schedule", "at": "09:00:00"})
    with within(flow.installation_id):
        Flow.objects.filter(pk=flow.pk).update(runs_at=now + DAY)
    assert found(flow, now) == [Finding(Obstacle.SCHEDULED, until=now + DAY)]


@pytest.mark.parametrize(
    ("again_after", "expected"),
    [(None, [Obstacle.ONCE]), ("P3D", [Obstacle.TOO_SOON]), ("P2D", [])],
    ids=["never", "not yet", "from this very moment on"],
)
def test_how_often_they_may_enter(
    again_after: str | None, expected: list[Obstacle], publish: Publish, now: datetime
) -> None:
    flow = publish(MANUAL, entry={"per": "customer", "again_after": again_after})
    let_in(flow, now - 2 * DAY, state="finished", due_at=None, ended_at=now - DAY)
    said = found(flow, now)
    assert [one.obstacle for one in said] == [*expected, Obstacle.CALLED]
    if expected == [Obstacle.TOO_SOON]:
        assert said[0].until == now + DAY


def test_which_questions_of_the_filter_say_no(publish: Publish, now: datetime) -> None:
    orders = {"kind": "compare", "fact": "orders", "op": ">=", "value": 1}
    none = {"kind": "compare", "fact": "orders", "op": "=", "value": 0}
    early = {"kind": "compare", "fact": "phase", "op": "=", "value": "education"}
    flow = publish(MANUAL, entry={"where": {"kind": "all", "rules": [early, orders, {"kind": "not", "rule": none}]}})
    said = found(flow, now)[0]
    assert said.obstacle is Obstacle.ENTRY_FILTER
    assert [type(one).__name__ for one in said.data["unmet"]] == ["Compare", "Not"]
    assert [getattr(one, "fact", "") for one in said.data["unmet"]] == ["orders", ""]


def test_where_they_stand_and_until_when(publish: Publish, now: datetime) -> None:
    flow = publish(MANUAL)
    let_in(flow, now)
    assert found(flow, now) == [
        Finding(Obstacle.WAITS, at=now, until=now + DAY, step="pause", data={"step_kind": "wait"})
    ]


@pytest.mark.parametrize(
    ("columns", "obstacle"),
    [
        ({"arm": "holdout"}, Obstacle.HELD_OUT),
        ({"arm": "everywhere"}, Obstacle.HELD_OUT_EVERYWHERE),
        ({"is_shadow": True}, Obstacle.IN_SHADOW),
    ],
    ids=["holdout", "everywhere", "shadow"],
)
def test_when_it_would_have_been_sent_without_that(
    columns: dict[str, Any], obstacle: Obstacle, publish: Publish, now: datetime
) -> None:
    flow = publish(MANUAL)
    passage = let_in(flow, now - 2 * DAY, state="finished", step="", due_at=None, ended_at=now - DAY, **columns)
    assert found(flow, now)[-1] == Finding(obstacle)
    with within(flow.installation_id):
        of = Entry(passage.customer_id, flow.pk, Kind.PASSED, "", passage.pk)
        told = [of._replace(step="pause"), of._replace(step="hello", outcome="holdout")]
        ledger.record(flow.installation_id, told, now - DAY)
    assert found(flow, now)[-1] == Finding(obstacle, at=now - DAY, step="hello")


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"reason": "shop_away", "due_at": datetime.fromisoformat("2026-03-12T00:00:00Z")}, Obstacle.MESSAGE_WAITS),
        ({}, Obstacle.MESSAGE_DUE),
        ({"state": "sent", "due_at": None}, Obstacle.MESSAGE_SENT),
        ({"state": "skipped", "reason": "no_consent", "due_at": None}, Obstacle.MESSAGE_SKIPPED),
        ({"state": "failed", "due_at": None}, Obstacle.MESSAGE_FAILED),
        ({"state": "unknown", "due_at": None}, Obstacle.MESSAGE_UNKNOWN),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_became_of_the_message(
    columns: dict[str, Any], expected: Obstacle, publish: Publish, now: datetime
) -> None:
    flow = publish(MANUAL)
    queue(let_in(flow, now - DAY, step="", due_at=None), now, **columns)
    said = found(flow, now)
    assert [one.obstacle for one in said] == [Obstacle.WAITS, expected]
    assert said[1].reason == columns.get("reason", "")


@pytest.mark.parametrize(("is_set_up", "alone"), [(True, {"alone": True}), (False, {})])
def test_that_nothing_but_quiet_hours_holds_it_is_said_where_that_is_so(
    is_set_up: bool, alone: dict[str, bool], publish: Publish, now: datetime
) -> None:
    flow = publish(MANUAL)
    if not is_set_up:
        with within(flow.installation_id):
            Brand.objects.update(sender_email="")
    queue(let_in(flow, now - DAY, step="", due_at=None), now, reason="quiet_hours", due_at=now + HOUR)
    assert found(flow, now)[-1].data == alone


@pytest.mark.parametrize(
    ("consent", "expected"),
    [(True, []), (None, [Finding(Obstacle.WOULD_BE_SKIPPED, "no_consent", step="hello")])],
    ids=["nothing", "no consent"],
)
def test_what_would_become_of_a_message_that_is_still_to_come(
    consent: bool | None, expected: list[Finding], shop: Installation, publish: Publish, now: datetime
) -> None:
    flow = publish(MANUAL)
    tell(shop, [account(now, GRACE, "grace@example.com", consent=consent, joined=now)], now)
    assert found(flow, now, GRACE) == [Finding(Obstacle.CALLED, "manual"), *expected]


def test_nothing_is_written(publish: Publish, now: datetime) -> None:
    flow = publish(CARTS)
    queue(let_in(flow, now - DAY), now, reason="quiet_hours", due_at=now + HOUR)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found(flow, now)
    written = [one["sql"] for one in asked if one["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []


def test_the_flow_that_the_app_brings_is_read_too(shop: Installation, now: datetime) -> None:
    with within(shop.pk):
        flow = Flow.objects.get(key="abandoned-cart")
    assert obstacles(flow, now) == [Obstacle.NO_CART]
