from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_lifecycle.actions import consent, consent_settings, rule_facts
from saleor_lifecycle.domain.facts import FulfillmentFact
from saleor_lifecycle.domain.legal_basis import SoftOptIn
from saleor_lifecycle.domain.rule_facts import EVENTS, NAMED, Facts, read
from saleor_lifecycle.domain.rules import Compare, Happened, Moment, facts_needed, matches, next_flip
from saleor_lifecycle.models import Customer, DeliveryEvent, Identity, Installation, Message, Preference, Tag
from saleor_lifecycle.models.entry import within
from tests.facts import ADA, GRACE, account, cart, order, tell
from tests.visits import visit

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
EVERYTHING = {
    *NAMED,
    *(f"event.{event}" for event in EVENTS),
    *("spent.EUR", "last_order.total.EUR", "consent.news.email", "attribute.size"),
}


def person(shop: Installation, value: str = ADA) -> int:
    with within(shop.pk):
        found = Identity.objects.get(value=value).customer_id
    assert found is not None
    return found


def facts_of(shop: Installation, now: datetime, *needed: str, user: str = ADA) -> Facts:
    one = person(shop, user)
    with within(shop.pk):
        found = rule_facts.load(Installation.objects.get(), [one], needed, now)
    assert set(found) == {one}
    return found[one]


def value(shop: Installation, now: datetime, name: str, user: str = ADA) -> Any:
    return read(facts_of(shop, now, name, user=user), name, now)


def say(shop: Installation, is_granted: bool, at: datetime) -> None:
    with within(shop.pk):
        consent.say(shop, ADA, consent.Word(is_granted, ("news",), "email", "told", "the words"), at)


def shipment(at: datetime, status: str, order_id: str = "T3JkZXI6MQ==") -> FulfillmentFact:
    return FulfillmentFact(f"{status} {at}", order_id, status, at, replace(order(at)).version)


def test_the_row_of_a_customer_says_most(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - 50 * DAY), order(now - 40 * DAY), order(now - DAY, "T3JkZXI6Mg==")], now)
    expected = {
        "orders": 2,
        "order_days": 2,
        "first_order_at": now - 40 * DAY,
        "last_order_at": now - DAY,
        "last_placed_at": now - DAY,
        "spent.EUR": Decimal("40.000"),
        "spent.USD": Decimal(0),
        "phase": "retention",
        "channel": "default-channel",
        "next_order_at": None,
    }
    facts = facts_of(installation, now, *expected)
    assert {name: read(facts, name, now) for name in expected} == expected
    with within(installation.pk):
        row = Customer.objects.select_related("policy").get(merged_into=None)
    assert row.policy
    assert read(facts, "loss_at", now) == row.loss_at
    assert read(facts, "band", now) == row.band
    assert read(facts, "phase_since", now) == row.phase_since
    assert facts.policy == row.policy.value()


def test_the_last_order_is_the_last_that_counts(installation: Installation, now: datetime) -> None:
    counts = replace(order(now - 9 * DAY), lines=(("VmFyaWFudDox", 2), ("VmFyaWFudDoy", 3)), channel="b2b")
    unpaid = replace(order(now - DAY, "T3JkZXI6Mg==", paid=False), channel="web")
    tell(installation, [account(now - 50 * DAY), counts, unpaid], now)
    assert value(installation, now, "last_order.items") == 5
    assert value(installation, now, "last_order.channel") == "b2b"
    assert value(installation, now, "last_order.total.EUR") == 20
    assert value(installation, now, "last_order.total.USD") is None


def test_of_nobody_s_order_nothing_is_known(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - 50 * DAY)], now)
    for name in ("last_order.items", "last_order.channel", "last_order.total.EUR", "channel", "last_order_at"):
        assert value(installation, now, name) is None, name
    assert value(installation, now, "orders") == 0
    assert value(installation, now, "cart.items") == 0


def test_a_cart_is_the_newest_that_is_filled_and_was_not_ordered(installation: Installation, now: datetime) -> None:
    tell(
        installation,
        [
            cart(now - 5 * DAY, "Q2hlY2tvdXQ6MQ==", lines=(("VmFyaWFudDox", 2), ("VmFyaWFudDoy", 1))),
            cart(now - 9 * DAY, "Q2hlY2tvdXQ6Mg=="),
            cart(now - 3 * DAY, "Q2hlY2tvdXQ6Mw=="),
            order(now - 2 * DAY, checkout="Q2hlY2tvdXQ6Mw=="),
            cart(now - DAY, "Q2hlY2tvdXQ6NA==", lines=()),
        ],
        now,
    )
    assert value(installation, now, "cart.items") == 3
    assert value(installation, now, "cart_changed_at") == now - 5 * DAY
    assert value(installation, now, "cart_open_until") == now + 25 * DAY
    facts = facts_of(installation, now, "event.cart_changed")
    assert facts.events == {"cart_changed": now - DAY}


def test_languages_are_asked_for_where_people_say_them_first(installation: Installation, now: datetime) -> None:
    tell(installation, [replace(cart(now - DAY, user=None, email="ada@example.com"), language="fr")], now)
    assert value(installation, now, "language", "ada@example.com") == "fr"
    tell(installation, [replace(account(now - 2 * DAY), language="es-MX")], now)
    assert value(installation, now, "language") == "es-MX"
    with within(installation.pk):
        identity = Identity.objects.get(value=ADA)
        Preference.objects.create(installation=installation, identity=identity, language="de", at=now)
    assert value(installation, now, "language") == "de"


def test_a_country_is_that_of_the_newest_order_or_cart(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now), replace(order(now - 2 * DAY), country="ES")], now)
    assert value(installation, now, "country") == "ES"
    tell(installation, [replace(cart(now - DAY), country="PT")], now)
    assert value(installation, now, "country") == "PT"


def test_attributes_are_as_they_were_folded(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now)], now)
    held = {"size": {"value": "M", "origin": "user", "at": now.isoformat()}}
    held |= {"born": {"value": "1990-03-12", "origin": "user", "at": now.isoformat()}}
    with within(installation.pk):
        Customer.objects.update(attributes=held)
        Installation.objects.update(time_zone="Europe/Madrid")
    assert value(installation, now, "attribute.size") == "M"
    assert value(installation, now, "attribute.shoes") is None
    facts = facts_of(installation, now, "attribute.born")
    assert facts.values == {"attribute.born": "1990-03-12"}
    assert facts.zone == ZoneInfo("Europe/Madrid")
    assert next_flip(
        Moment("attribute.born", "longer_ago_than", DAY), facts, datetime(1990, 1, 1, tzinfo=UTC)
    ) == datetime(1990, 3, 12, 23, tzinfo=UTC)


def test_each_event_is_dated_by_its_last(installation: Installation, now: datetime) -> None:
    tell(
        installation,
        [
            account(now - 50 * DAY, joined=now - 60 * DAY),
            order(now - 40 * DAY),
            replace(order(now - 30 * DAY, "T3JkZXI6Mg==", paid=False), status="CANCELED"),
            shipment(now - 39 * DAY, "FULFILLED"),
            shipment(now - 38 * DAY, "FULFILLED"),
            shipment(now - 37 * DAY, "CANCELED"),
            shipment(now - 20 * DAY, "RETURNED"),
            cart(now - 10 * DAY),
        ],
        now,
    )
    visit(installation, now - 8 * DAY, user_id=ADA, products=("UHJvZHVjdDox",))
    visit(installation, now - 7 * DAY, user_id=ADA)
    say(installation, True, now - 6 * DAY)
    with within(installation.pk):
        for hours, verdict in ((5, "human"), (3, "human"), (1, "machine")):
            sent = Message.objects.create(
                installation=installation, customer_id=person_within(), key=str(hours), template="x", topic="news",
                channel="email", state="sent", queued_at=now, settled_at=now,
            )  # fmt: skip
            DeliveryEvent.objects.create(
                installation=installation, message=sent, provider="", key=str(hours), kind="clicked", verdict=verdict,
                occurred_at=now - hours * HOUR, received_at=now,
            )  # fmt: skip
    found = facts_of(installation, now, *(f"event.{event}" for event in EVENTS)).events
    assert found == {
        "account_created": now - 60 * DAY,
        "order_placed": now - 30 * DAY,
        "order_cancelled": now - 30 * DAY,
        "order_fulfilled": now - 38 * DAY,
        "order_returned": now - 20 * DAY,
        "cart_changed": now - 10 * DAY,
        "product_viewed": now - 8 * DAY,
        "visited": now - 7 * DAY,
        "subscribed": now - 6 * DAY,
        "message_clicked": now - 3 * HOUR,
    }
    say(installation, False, now - DAY)
    assert facts_of(installation, now, "event.unsubscribed").events == {"unsubscribed": now - DAY}


def person_within() -> int:
    found = Identity.objects.get(value=ADA).customer_id
    assert found is not None
    return found


def test_an_order_that_was_wholly_refunded_came_back(installation: Installation, now: datetime) -> None:
    refunded = replace(order(now - DAY), charge_status="NONE", charged=Decimal(0), refunded=Decimal(20))
    tell(installation, [refunded], now)
    assert facts_of(installation, now, "event.order_returned").events == {"order_returned": now - DAY}


def test_consent_is_a_flag_per_topic_and_channel(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now)], now)
    assert value(installation, now, "consent.news.email") is False
    say(installation, True, now - DAY)
    assert value(installation, now, "consent.news.email") is True
    assert value(installation, now, "consent.news.sms") is False
    assert value(installation, now, "consent.offers.email") is False
    say(installation, False, now)
    assert value(installation, now, "consent.news.email") is False


def test_consent_by_an_order_ends_when_the_order_is_too_old(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now), replace(order(now - DAY), country="ES")], now)
    with within(installation.pk):
        rules = {"ES": SoftOptIn(date(2026, 1, 1), timedelta(days=30))}
        assert consent_settings.set_soft_opt_in(installation.pk, rules, now) == ()
    facts = facts_of(installation, now, "consent.news.email")
    rule = Compare("consent.news.email", "=", True)
    assert matches(rule, facts, now)
    assert next_flip(rule, facts, now) == now + 29 * DAY
    assert not matches(rule, facts, now + 29 * DAY)


def test_whoever_is_not_on_a_tag_s_list_is_not_tagged(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now), account(now, GRACE, "grace@example.com")], now)
    one, other = person(installation), person(installation, GRACE)
    with within(installation.pk):
        Tag.objects.create(installation=installation, customer_id=one, name="vip", at=now)
        Tag.objects.create(installation=installation, customer_id=other, name="b2b", at=now)
        found = rule_facts.load(Installation.objects.get(), [one, other], {"tag.vip"}, now)
    assert {key: facts.values for key, facts in found.items()} == {one: {"tag.vip": True}, other: {"tag.vip": False}}


def test_what_nobody_asks_for_is_not_read(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now), order(now - DAY)], now)
    people = [person(installation)]
    with within(installation.pk):
        shop = Installation.objects.get()
        for needed, queries in (
            (frozenset(), 0),
            (facts_needed(Happened("visited")), 1),
            ({"event.visited", "event.order_placed"}, 1),
            ({"attribute.size", "orders", "spent.EUR", "phase"}, 2),
            ({"country"}, 1),
            ({"property.anything"}, 0),
        ):
            with CaptureQueriesContext(connection) as asked:
                found = rule_facts.load(shop, people, needed, now)
            assert len(asked) == queries, needed
            assert set(found) == set(people)


def test_a_thousand_cost_as_many_questions_as_one(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now), account(now, GRACE, "grace@example.com"), order(now)], now)
    people = [person(installation), person(installation, GRACE)]
    counted = []
    with within(installation.pk):
        shop = Installation.objects.get()
        for several in (people[:1], people):
            with CaptureQueriesContext(connection) as asked:
                rule_facts.load(shop, several, EVERYTHING, now)
            counted.append(len(asked))
    assert counted[0] == counted[1] <= 11


def test_customers_of_another_shop_are_nobody(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    tell(other_installation, [account(now), order(now - DAY), cart(now)], now)
    visit(other_installation, now, user_id=ADA)
    stranger = person(other_installation)
    with within(installation.pk):
        found = rule_facts.load(Installation.objects.get(), [stranger], EVERYTHING, now)
    assert found[stranger].profile is None
    assert found[stranger].events == {}
    assert found[stranger].values == {"cart.items": 0, "consent.news.email": False}


def test_what_stands_on_the_row_and_what_comes_of_it_agree(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - 50 * DAY), cart(now - DAY)], now)
    with within(installation.pk):
        row = Customer.objects.get(merged_into=None)
    facts = facts_of(installation, now, "phase", "band")
    assert matches(Compare("phase", "=", row.phase), facts, now)
    assert matches(Compare("band", "=", row.band), facts, now)
    assert row.due_at is not None
    flips = [next_flip(Compare(name, "known"), facts, now) for name in ("phase", "band")]
    assert min(flip for flip in flips if flip) == row.due_at
