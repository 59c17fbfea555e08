from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.actions import deliveries, rule_facts, second_orders
from saleor_lifecycle.domain.facts import Fact, ProductFact, Version
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import Customer, Installation, SecondOrderDays
from saleor_lifecycle.models.entry import within
from tests.facts import order, tell

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
FACT = "second_order_usual_at"


def product(name: str, category: str, now: datetime) -> ProductFact:
    return ProductFact(name, name, name, category, (), (f"variant of {name}",), Version(now, now, name))


def bought(number: int, at: datetime, *names: str, place: int = 1) -> Fact:
    made = order(at, f"order {number}.{place}", None, f"guest.{number}@example.com")
    return replace(made, lines=tuple((f"variant of {name}", 1 + index) for index, name in enumerate(names)))


@pytest.fixture
def shop(installation: Installation, now: datetime) -> Installation:
    """A shop that sells shoes, tea and what is in no category."""
    catalogue: Sequence[Fact] = [
        product("boot", "shoes/boots", now),
        product("sneaker", "shoes", now),
        product("tea", "tea", now),
        product("thing", "", now),
    ]
    tell(installation, catalogue, now)
    return installation


def learn(shop: Installation, now: datetime) -> dict[str, tuple[float | None, int]]:
    with within(shop.pk):
        second_orders.learn(shop.pk, now)
        return {row.category: (row.days, row.customers) for row in SecondOrderDays.objects.all()}


def repeaters(first: int, gaps: Sequence[int], at: datetime, *names: str) -> list[Fact]:
    """Customers who ordered again after so many days, and once more."""
    return [
        bought(first + index, at + when * DAY, *names, place=place)
        for index, gap in enumerate(gaps)
        for place, when in enumerate((0, gap, gap + 1))
    ]


def test_is_the_median_by_what_was_bought_most_of_first(shop: Installation, now: datetime) -> None:
    past = now - 100 * DAY
    facts = [
        *repeaters(100, [10] * 10 + [20] * 11, past, "boot"),
        *repeaters(200, [40] * 20, past, "boot", "tea"),  # two of the tea
        *repeaters(300, [60] * 19, past, "thing"),
        bought(400, past, "boot"),
    ]
    tell(shop, facts, now, Cause.IMPORT)
    assert learn(shop, now) == {"shoes": (20.0, 21), "tea": (40.0, 20), "": (40.0, 60)}


@pytest.mark.parametrize(("count", "days"), [(19, None), (20, 30.0)])
def test_few_say_nothing(count: int, days: float | None, shop: Installation, now: datetime) -> None:
    tell(shop, repeaters(1, [30] * count, now - 50 * DAY, "boot"), now, Cause.IMPORT)
    assert learn(shop, now)[""] == (days, count)
    assert ("shoes" in learn(shop, now + 8 * DAY)) is (days is not None)


def test_the_same_day_the_year_after_and_the_other_shop_do_not_count(
    shop: Installation, other_installation: Installation, now: datetime
) -> None:
    past = now - 400 * DAY
    tell(shop, [bought(1, past), bought(1, past + DAY / 2, place=2), bought(1, past + 366 * DAY, place=3)], now)
    tell(other_installation, repeaters(1, [30] * 20, now - 50 * DAY), now, Cause.IMPORT)
    assert learn(shop, now) == {"": (None, 0)}


def test_is_learnt_once_a_week(shop: Installation, now: datetime) -> None:
    assert learn(shop, now) == {"": (None, 0)}
    tell(shop, repeaters(1, [30] * 20, now - 50 * DAY, "tea"), now, Cause.IMPORT)
    assert learn(shop, now + 7 * DAY - DAY / 24) == {"": (None, 0)}
    assert learn(shop, now + 7 * DAY) == {"": (30.0, 20), "tea": (30.0, 20)}


@pytest.mark.parametrize(
    ("names", "days"), [(("boot",), 20), (("sneaker", "boot"), 20), (("tea",), 35), (("thing",), 35), ((), 35)]
)
def test_is_told_of_who_has_had_their_first_order(
    names: tuple[str, ...], days: int, shop: Installation, now: datetime
) -> None:
    past = now - 100 * DAY
    facts = [*repeaters(100, [20] * 20, past, "boot"), *repeaters(200, [35] * 25, past, "thing")]
    tell(shop, facts, now, Cause.IMPORT)
    learn(shop, now)
    tell(shop, [bought(1, now - 9 * DAY, *names), bought(1, now, "tea", place=2)], now)
    with within(shop.pk):
        deliveries.tell(shop, {"order 1.1": now - 5 * DAY}, now)
        ada = Customer.objects.get(identities__value="guest.1@example.com").pk
        found = rule_facts.load(shop, [ada], [FACT], now)[ada].values
    assert found == {FACT: now + (days - 5) * DAY}


def test_without_any_figure_it_is_three_weeks(shop: Installation, now: datetime) -> None:
    tell(shop, [bought(1, now)], now)
    with within(shop.pk):
        (ada,) = Customer.objects.values_list("id", flat=True)
        assert rule_facts.load(shop, [ada], [FACT], now)[ada].values == {}
        deliveries.tell(shop, {"order 1.0": now, "order 1.1": now + DAY}, now)
        assert rule_facts.load(shop, [ada], [FACT], now)[ada].values == {FACT: now + 22 * DAY}
