"""Recommendations: learnt from a shop's own orders, the same however they came in."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_lifecycle.actions import recommendation_counts, recommendations
from saleor_lifecycle.domain import phases
from saleor_lifecycle.domain import recommendations as domain
from saleor_lifecycle.domain.facts import OrderFact, ProductFact, Version
from saleor_lifecycle.models import (
    CountedOrder,
    Identity,
    Installation,
    Learning,
    Order,
    Product,
    ProductCount,
    ProductPair,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import recommendations as learning
from tests.facts import account, cart, order, tell

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def product(number: int, at: datetime) -> ProductFact:
    version = Version(at, at, sha256(f"product {number}".encode()).hexdigest())
    return ProductFact(f"P{number}", f"Product {number}", f"product-{number}", "", (), (f"V{number}",), version)


def bought(number: int, at: datetime, who: int, products: Sequence[int], channel: str = "default-channel") -> OrderFact:
    fact = order(at, order_id=f"O{number}", user=f"U{who}", email=f"{who}@example.com")
    return replace(fact, channel=channel, lines=tuple((f"V{one}", 1) for one in sorted(products)))


def cancelled(fact: OrderFact, at: datetime) -> OrderFact:
    version = Version(at, at, sha256(f"cancelled {fact.order_id}".encode()).hexdigest())
    return replace(fact, status="CANCELED", version=version)


def sent_back(fact: OrderFact, at: datetime) -> OrderFact:
    version = Version(at, at, sha256(f"sent back {fact.order_id}".encode()).hexdigest())
    return replace(fact, status="RETURNED", charged=Decimal(0), refunded=fact.total, version=version)


def learn(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        recommendation_counts.ask(installation.pk, now)
    assert learning.run(installation.pk, now)


def held(installation: Installation) -> tuple[int, Counter[str], Counter[str], Counter[tuple[str, str]]]:
    """Return the counts as they lie in the database; what nobody bought any more is as if it was not there."""
    with within(installation.pk):
        names = dict(Product.objects.values_list("id", "product_id"))
        buyers, again, together = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
        for one in ProductCount.objects.all():
            buyers[names[one.product_id]], again[names[one.product_id]] = one.buyers, one.again
        for pair in ProductPair.objects.all():
            first, second = sorted((names[pair.one_id], names[pair.other_id]))
            together[first, second] = pair.customers
        assert min([*buyers.values(), *again.values(), *together.values()], default=0) >= 0
        return Learning.objects.get().customers, +buyers, +again, +together


def chosen(installation: Installation, who: int, now: datetime, kind: str = "cross_sell") -> Mapping[str, Any]:
    with within(installation.pk):
        customers = dict(Identity.objects.values_list("value", "customer_id"))
        customer_id = customers[f"U{who}"]
        assert customer_id is not None
        return recommendations.choose(installation, [customer_id], kind, now).get(customer_id, {})


def afresh(installation: Installation) -> tuple[int, Counter[str], Counter[str], Counter[tuple[str, str]]]:
    """Return what the pure rule counts in the orders as they lie in the database."""
    histories: dict[int, dict[str, set[int]]] = {}
    with within(installation.pk):
        for one in Order.objects.select_related("identity"):
            is_good = one.status not in phases.VOID and not (one.refunded > 0 and one.charged <= 0)
            if not is_good or one.identity is None or not one.lines:
                continue
            days = histories.setdefault(one.identity.customer_id or 0, {})
            for variant, _ in one.lines:
                days.setdefault(variant.replace("V", "P"), set()).add(one.created_at.date().toordinal())
    names = sorted({name for days in histories.values() for name in days})
    counts = domain.count(
        {names.index(name): sorted(when) for name, when in days.items()} for days in histories.values()
    )
    return (
        counts.customers,
        Counter({names[one]: buyers for one, buyers in counts.buyers.items()}),
        Counter({names[one]: buyers for one, buyers in counts.again.items()}),
        Counter({(names[one], names[other]): buyers for (one, other), buyers in counts.together.items()}),
    )


@pytest.fixture
def shop(installation: Installation, now: datetime) -> Installation:
    """Forty customers: of those who bought product 1 most bought 2; 3 to 6 went with nothing; 9 is what all buy."""
    tell(installation, [product(number, now - 400 * DAY) for number in range(1, 11)], now)
    facts, number = [], 0
    for who in range(40):
        basket = {1, 2} if who < 12 else {1} if who < 14 else {3 + who % 4}
        for products in (basket, {9}) if who % 2 else (basket,):
            number += 1
            facts.append(bought(number, now - (40 - number % 7) * DAY, who, sorted(products)))
    tell(installation, facts, now)
    learn(installation, now)
    return installation


def test_names_what_goes_with_what_somebody_bought_and_says_why(shop: Installation, now: datetime) -> None:
    offered = chosen(shop, 12, now)
    assert "P2" in offered["products"]
    assert "P1" not in offered["products"]
    assert offered["because"] == {"kind": "bought", "product": "P1"}


def test_names_nobody_with_whose_products_nothing_goes_beyond_chance(shop: Installation, now: datetime) -> None:
    assert chosen(shop, 20, now) == {}


def test_names_what_is_used_up_again_but_not_to_who_bought_it_lately(shop: Installation, now: datetime) -> None:
    again = [bought(100 + who, now - 32 * DAY, who, [2]) for who in range(12)]
    more = [bought(200 + who, now - (50 + 5 * (who % 2)) * DAY, 60 + who // 2, [1, 2]) for who in range(40)]
    tell(shop, [*again, *more], now)
    with within(shop.pk):
        held = ProductCount.objects.get(product__product_id="P2")
    assert (held.buyers, held.again) == (32, 32)
    offered = chosen(shop, 1, now)
    assert "P2" in offered["products"]
    tell(shop, [bought(300, now - DAY, 1, [2])], now)
    assert "P2" not in chosen(shop, 1, now).get("products", [])


def test_does_not_name_what_was_sent_back_nor_say_that_it_was_bought(shop: Installation, now: datetime) -> None:
    [mine] = [bought(500, now - 20 * DAY, 12, [2])]
    tell(shop, [mine, sent_back(mine, now - DAY)], now)
    assert "P2" not in chosen(shop, 12, now).get("products", [])
    assert chosen(shop, 12, now).get("because") != {"kind": "bought", "product": "P2"}


def test_names_what_was_cancelled_before_it_came(shop: Installation, now: datetime) -> None:
    mine = bought(500, now - 20 * DAY, 12, [2])
    tell(shop, [mine], now)
    assert "P2" not in chosen(shop, 12, now).get("products", [])
    tell(shop, [cancelled(mine, now - DAY)], now)
    assert "P2" in chosen(shop, 12, now)["products"]


def test_names_no_product_that_the_shop_has_removed(shop: Installation, now: datetime) -> None:
    with within(shop.pk):
        Product.objects.filter(product_id="P2").update(removed_at=now)
    assert "P2" not in chosen(shop, 12, now).get("products", [])


def test_favourites_are_what_most_bought_lately_and_the_customer_has_not(shop: Installation, now: datetime) -> None:
    late = [bought(600 + who, now - 200 * DAY, 100 + who, [10]) for who in range(50)]
    tell(shop, late, now)
    learn(shop, now)
    offered = chosen(shop, 12, now, "favourites")
    assert offered["products"][:2] == ["P9", "P2"]
    assert not {"P1", "P10"} & set(offered["products"])
    assert "because" not in offered


def test_looks_for_favourites_once_a_day_and_removed_products_are_none(shop: Installation, now: datetime) -> None:
    with within(shop.pk):
        Product.objects.filter(product_id="P9").update(removed_at=now)
        recommendation_counts.keep_up(shop.pk, now + 23 * DAY / 24)
    assert chosen(shop, 12, now, "favourites")["products"][0] == "P9"
    with within(shop.pk):
        recommendation_counts.keep_up(shop.pk, now + DAY)
        assert Learning.objects.get().favourites_at == now + DAY
    assert chosen(shop, 12, now, "favourites")["products"][0] == "P2"


def test_favourites_that_are_not_by_channel_yet_are_as_if_not_there(shop: Installation, now: datetime) -> None:
    expected = chosen(shop, 12, now, "favourites"), chosen(shop, 12, now)
    with within(shop.pk):
        Learning.objects.update(favourites=list(Product.objects.values_list("id", flat=True)), favourites_at=None)
    assert (chosen(shop, 12, now, "favourites"), chosen(shop, 12, now)) == ({}, expected[1])
    with within(shop.pk):
        recommendation_counts.keep_up(shop.pk, now)
    assert (chosen(shop, 12, now, "favourites"), chosen(shop, 12, now)) == expected


EU, US, NEW = 12, 39, 50
"""Who bought product 1 alone in either channel, and who bought nothing."""


@pytest.fixture
def channels(installation: Installation, now: datetime) -> Installation:
    """With product 1 goes 2 in "eu" and 3 in the smaller "us"; 5 is what most buy in the one, 6 in the other."""
    eu = [[1, 2]] * EU + [[1]] + [[5]] * 20
    us = [[1, 3]] * 6 + [[1]] + [[6]] * 10
    baskets = [*((one, "eu") for one in eu), *((one, "us") for one in us)]
    tell(installation, [product(number, now - 400 * DAY) for number in range(1, 7)], now)
    facts = [bought(who, now - 40 * DAY, who, products, where) for who, (products, where) in enumerate(baskets)]
    tell(installation, [*facts, account(now, f"U{NEW}", "new@example.com")], now)
    learn(installation, now)
    return installation


def test_favourites_are_those_of_the_customers_channel(channels: Installation, now: datetime) -> None:
    assert chosen(channels, EU, now, "favourites")["products"] == ["P5", "P2"]
    assert chosen(channels, US, now, "favourites")["products"] == ["P6", "P3"]
    assert chosen(channels, NEW, now, "favourites")["products"] == ["P5", "P6", "P1", "P2", "P3"]


def test_what_the_customers_channel_sells_comes_first(channels: Installation, now: datetime) -> None:
    because = {"most": recommendations.MOST_SHOWN, "extra": True, "because": {"kind": "bought", "product": "P1"}}
    assert chosen(channels, EU, now) == {"products": ["P2", "P5", "P6", "P3"], **because}
    assert chosen(channels, US, now) == {"products": ["P3", "P6", "P5", "P2"], **because}


def test_of_a_small_channel_what_sells_best_there_is_among_what_is_named(
    channels: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recommendations, "MOST_LIKED", 1)
    assert chosen(channels, US, now)["products"] == ["P3", "P6", "P5", "P2"]


@pytest.mark.parametrize("how", ["an order", "a cart"])
def test_the_channel_is_that_of_the_last_order_or_cart(how: str, channels: Installation, now: datetime) -> None:
    filled = replace(cart(now, user=f"U{EU}", email=f"{EU}@example.com"), channel="us")
    tell(channels, [bought(99, now, EU, [6], "us") if how == "an order" else filled], now)
    offered = chosen(channels, EU, now, "favourites")["products"]
    assert offered == (["P3"] if how == "an order" else ["P6", "P3"])


def test_a_channel_that_sold_nothing_lately_has_no_favourites(channels: Installation, now: datetime) -> None:
    tell(channels, [bought(99, now, EU, [1], "jp")], now)
    assert chosen(channels, EU, now, "favourites") == {}
    assert chosen(channels, EU, now)["products"][0] == "P2"


def test_names_nobody_before_anything_is_learnt(installation: Installation, now: datetime) -> None:
    tell(installation, [product(1, now), bought(1, now, 0, [1])], now)
    with within(installation.pk):
        assert not CountedOrder.objects.exists()
    assert chosen(installation, 0, now) == {}
    assert chosen(installation, 0, now, "favourites") == {}


def test_counts_nothing_of_another_shop(shop: Installation, other_installation: Installation, now: datetime) -> None:
    before = held(shop)
    tell(other_installation, [product(1, now), bought(1, now, 0, [1])], now)
    learn(other_installation, now)
    assert held(shop) == before
    assert held(other_installation)[1] == Counter({"P1": 1})


def test_a_walk_goes_on_where_it_was_killed(shop: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = held(shop)
    with within(shop.pk):
        CountedOrder.objects.all().delete()
        ProductPair.objects.all().delete()
        ProductCount.objects.all().delete()
        Learning.objects.update(customers=0)
        recommendation_counts.ask(shop.pk, now)
    monkeypatch.setattr(recommendation_counts, "BLOCK", 7)
    assert not learning.run(shop.pk, now, seconds=0)
    part = held(shop)
    assert 0 < part[0] < expected[0]
    while not learning.run(shop.pk, now, seconds=0):
        pass
    assert held(shop) == expected
    learn(shop, now)
    assert held(shop) == expected


STORY = st.lists(
    st.one_of(
        st.tuples(
            st.just("bought"),
            st.integers(1, 6),
            st.integers(0, 3),
            st.integers(0, 200),
            st.sets(st.integers(1, 5), min_size=1, max_size=4),
        ),
        st.tuples(st.sampled_from(["cancelled", "sent back"]), st.integers(1, 6)),
        st.tuples(st.just("joined"), st.integers(0, 3)),
    ),
    max_size=14,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=STORY, batches=st.integers(1, 4), walks=st.sampled_from(["before", "between", "after"]))
def test_what_is_kept_up_is_what_counting_afresh_finds(
    installation: Installation, now: datetime, story: list[tuple[Any, ...]], batches: int, walks: str
) -> None:
    with transaction.atomic():
        tell(installation, [product(number, now - 400 * DAY) for number in range(1, 6)], now)
        facts = [fact for place, event in enumerate(story) for fact in _facts(event, now, place)]
        if walks == "before":
            learn(installation, now)
        for place in range(0, len(facts), batches):
            tell(installation, facts[place : place + batches], now)
            if walks == "between":
                learn(installation, now)
        tell(installation, facts[::-1], now)  # repeats, and late ones
        if walks == "after":
            learn(installation, now)
        if facts or walks != "between":
            assert held(installation) == afresh(installation)
        transaction.set_rollback(True)


def _facts(event: tuple[Any, ...], now: datetime, place: int) -> list[Any]:
    """Guests' orders, which an account that confirms the e-mail takes over later."""
    at = now - DAY + place * timedelta(minutes=1)
    match event:
        case ("bought", number, who, days, products):
            fact = bought(number, now - days * DAY, who, sorted(products))
            version = Version(at, at, sha256(f"{number} {place}".encode()).hexdigest())
            return [replace(fact, user_id=None, version=version)]
        case ("joined", who):
            return [
                account(at, f"U{who}", f"{who}@example.com"),
                account(at, f"U{who}", f"{(who + 1) % 4}@example.com"),
            ]
        case (how, number):
            fact = bought(number, now - 10 * DAY, number % 4, [1, 2])
            return [(cancelled if how == "cancelled" else sent_back)(replace(fact, user_id=None), at)]
    return []
