import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import consent, visitors
from saleor_lifecycle.domain.facts import Fact, OrderFact
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.domain.touches import Touch
from saleor_lifecycle.models import DeliveryEvent, Enrollment, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import clicks as judging
from tests.delivered import customer, message
from tests.entering import SOLD, entered, flow, told
from tests.facts import ADA, CHECKOUT, LINES, account, cart, in_every_order, order, tell

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ORDER = "T3JkZXI6MQ=="


def event(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "event", "event": name, **more}


def changed(fact: OrderFact, at: datetime, **columns: Any) -> OrderFact:
    """The order as it stood later."""
    version = dataclasses.replace(fact.version, updated_at=at, issued_at=at)
    return dataclasses.replace(fact, version=version, **columns)


def test_an_order_starts_a_flow_with_what_it_is(installation: Installation, now: datetime) -> None:
    flow(installation, SOLD, now)
    fact = dataclasses.replace(order(now), lines=LINES, country="ES")
    tell(installation, [account(now - DAY), fact], now + HOUR)
    (found,) = entered(installation)
    assert (found.key, found.anchor_at, found.entered_at) == (ORDER, now, now + HOUR)
    assert found.properties == {
        "number": "1",
        "total": 20.0,
        "currency": "EUR",
        "channel": "default-channel",
        "language": "en",
        "country": "ES",
        "products": 1,
        "items": 2,
        "is_first_order": True,
    }
    # It went on in the same transaction.
    assert (found.step, found.due_at) == ("wait", now + HOUR + 30 * DAY)


def test_a_second_order_is_another_occasion_and_not_the_first(installation: Installation, now: datetime) -> None:
    flow(installation, SOLD, now)
    tell(installation, [order(now), order(now + HOUR, "T3JkZXI6Mg==")], now + HOUR)
    assert [one.properties["is_first_order"] for one in entered(installation)] == [True, False]


@pytest.mark.parametrize("status", ["CANCELED", "EXPIRED"])
def test_an_order_that_was_called_off_was_not_the_first(status: str, installation: Installation, now: datetime) -> None:
    flow(installation, SOLD, now)
    tell(installation, [dataclasses.replace(order(now), status=status), order(now + HOUR, "T3JkZXI6Mg==")], now + HOUR)
    assert [(one.key, one.properties["is_first_order"]) for one in entered(installation)] == [
        (ORDER, True),
        ("T3JkZXI6Mg==", True),
    ]


@pytest.mark.parametrize("name", ["order_placed", "order_paid", "order_fulfilled"])
def test_repeats_and_shuffles_start_a_flow_once(name: str, installation: Installation, now: datetime) -> None:
    flow(installation, event(name), now)
    placed = order(now, paid=False)
    paid = changed(placed, now + HOUR, charge_status="FULL", charged=placed.total)
    sent = changed(paid, now + 2 * HOUR, status="FULFILLED")
    count = 0
    for _ in in_every_order(installation, [placed, paid, sent, sent], now + DAY):
        assert [one.key for one in entered(installation)] == [ORDER]
        count += 1
    assert count == 24


@pytest.mark.parametrize(
    ("case", "name", "facts"),
    [
        ("before it was switched on", "order_placed", lambda at: [order(at - timedelta(seconds=1))]),
        ("long sent, when we hear of it", "order_fulfilled", lambda at: [_sent(at - DAY, at + HOUR)]),
        ("an old account, seen first", "account_created", lambda at: [account(at, joined=at - DAY)]),
        ("nobody's cart", "cart_changed", lambda at: [cart(at, user=None, email=None)]),
        ("another event", "order_cancelled", lambda at: [order(at)]),
    ],
)
def test_some_events_start_nothing(
    case: str, name: str, facts: Callable[[datetime], list[Fact]], installation: Installation, now: datetime
) -> None:
    flow(installation, event(name), now)
    tell(installation, facts(now), now + HOUR)
    assert (entered(installation), told(installation)) == ([], [])


def _sent(placed_at: datetime, at: datetime) -> OrderFact:
    return changed(order(placed_at), at, status="FULFILLED")


def test_an_import_starts_nothing(installation: Installation, now: datetime) -> None:
    flow(installation, SOLD, now)
    tell(installation, [order(now)], now, Cause.IMPORT)
    assert entered(installation) == []
    tell(installation, [order(now)], now)
    assert entered(installation) == []


def test_an_account_starts_a_flow_once(installation: Installation, now: datetime) -> None:
    flow(installation, event("account_created"), now)
    tell(installation, [account(now, joined=now)], now)
    tell(installation, [account(now + HOUR, joined=now, first_name="A.")], now + HOUR)
    assert [(one.key, one.properties) for one in entered(installation)] == [(ADA, {"language": "en"})]


def test_a_cart_that_changes_starts_a_flow_about_it(installation: Installation, now: datetime) -> None:
    flow(installation, event("cart_changed"), now)
    tell(installation, [cart(now)], now)
    (found,) = entered(installation)
    assert (found.key, found.cart is not None, found.properties["items"]) == (CHECKOUT, True, 2)
    with within(installation.pk):
        Enrollment.objects.all().delete()
    tell(installation, [cart(now + HOUR, language="es")], now + HOUR)
    assert entered(installation) == []


def test_the_triggers_rule_asks_what_came_along_and_who_it_is(installation: Installation, now: datetime) -> None:
    rule = {
        "kind": "all",
        "rules": [
            {"kind": "compare", "fact": "property.total", "op": ">=", "value": 20},
            {"kind": "compare", "fact": "orders", "op": "=", "value": 2},
        ],
    }
    flow(installation, event("order_placed", where=rule), now)
    tell(installation, [order(now)], now)
    assert entered(installation) == []
    tell(installation, [order(now + HOUR, "T3JkZXI6Mg==")], now + HOUR)
    assert len(entered(installation)) == 1
    # What a trigger does not mean is no refusal.
    assert told(installation) == [("entered", "")]


@pytest.mark.parametrize("way", ["metadata", "storefront"])
def test_agreeing_starts_a_flow_once(way: str, installation: Installation, now: datetime) -> None:
    flow(installation, event("subscribed"), now)
    tell(installation, [account(now - DAY)], now)
    for hours in (1, 2):
        at = now + hours * HOUR
        if way == "metadata":
            tell(installation, [account(at, consent=True)], at)
        else:
            with within(installation.pk):
                consent.say(installation, ADA, consent.Word(True, ("",), "email", "test"), at)
    (found,) = entered(installation)
    assert (found.key, found.anchor_at, found.properties["channel"]) == ("email:", now + HOUR, "email")


def test_refusing_starts_nothing(installation: Installation, now: datetime) -> None:
    flow(installation, event("subscribed"), now)
    tell(installation, [account(now, consent=False)], now)
    assert entered(installation) == []


def visit(installation: Installation, at: datetime, user: str | None = None) -> None:
    told_of = visitors.Visit("a-visitor-of-the-shop", Touch(at), "/", ("UHJvZHVjdDox",))
    with within(installation.pk):
        visitors.record(installation, told_of, user, at)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("visited", ["2026-03-11", "2026-03-12"]),
        ("product_viewed", ["UHJvZHVjdDox:2026-03-11", "UHJvZHVjdDox:2026-03-12"]),
    ],
)
def test_a_visit_starts_a_flow_once_a_day(
    name: str, keys: list[str], installation: Installation, now: datetime
) -> None:
    flow(installation, event(name), now)
    visit(installation, now)
    assert entered(installation) == []  # nobody's yet
    tell(installation, [account(now)], now)
    visit(installation, now + HOUR, ADA)
    visit(installation, now + 2 * HOUR)  # the browser is known by now
    visit(installation, now + DAY)
    assert [one.key for one in entered(installation)] == keys


@pytest.mark.parametrize(("traits", "count"), [([], 1), (["tool"], 0)])
def test_a_click_starts_a_flow_once_it_is_known_to_be_a_persons(
    traits: list[str], count: int, installation: Installation, now: datetime
) -> None:
    flow(installation, event("message_clicked"), now)
    about = message(installation, customer(installation, now), now)
    for seconds in (0, 5):
        at = now + timedelta(seconds=seconds)
        with within(installation.pk):
            DeliveryEvent.objects.create(
                installation=installation,
                message=about,
                provider="",
                key=str(seconds),
                kind="clicked",
                verdict="provisional",
                link=0,
                links=3,
                traits=traits,
                occurred_at=at,
                received_at=at,
                due_at=at,
            )
        judging.run(installation.pk, at)
    found = entered(installation)
    assert [(one.key, one.anchor_at) for one in found] == [(str(about.public_id), now)] * count
    assert [one.properties["template"] for one in found] == [about.template] * count


def test_two_installations_do_not_start_each_others_flows(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    flow(installation, SOLD, now)
    tell(other_installation, [order(now)], now)
    assert entered(installation) == []


def test_batches_are_not_looked_into_while_no_flow_waits_for_events(
    installation: Installation, now: datetime, django_assert_num_queries: Any
) -> None:
    from saleor_lifecycle.actions import fact_happenings

    with within(installation.pk), django_assert_num_queries(1):
        assert fact_happenings.look(installation.pk, [order(now)], [], Cause.BEHAVIOUR) is None
