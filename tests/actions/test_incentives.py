from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from saleor_lifecycle.actions import incentive_settings, incentives
from saleor_lifecycle.actions.code_pools import code_of
from saleor_lifecycle.actions.incentives import Wanted
from saleor_lifecycle.domain.incentives import Incentive, ends_at, expires_on
from saleor_lifecycle.models import CodePool, Customer, IncentiveSettings, Installation, Outbox, PersonalCode
from saleor_lifecycle.models.entry import within
from tests.facts import ADA, account, order, tell

pytestmark = pytest.mark.django_db(transaction=True)

CODE = Incentive(percent=10, lasts=timedelta(days=2))
State = PersonalCode.State


def permit(installation: Installation) -> Installation:
    with within(installation.pk):
        Installation.objects.update(permissions=["MANAGE_DISCOUNTS"])
        return Installation.objects.get()


def fill(installation: Installation, count: int, now: datetime) -> None:
    """Have so many codes ready, as if the shop had made them."""
    zone = now.tzinfo
    assert zone is not None
    day = expires_on(CODE, now, zone)
    with within(installation.pk):
        pool = CodePool.objects.create(
            installation=installation,
            percent=10,
            expires_on=day,
            ends_at=ends_at(day, zone),
            numbered=count,
            voucher_id="voucher",
        )
        for number in range(count):
            code = code_of(installation, 10, day, number)
            PersonalCode.objects.create(
                installation=installation, pool=pool, number=number, code=code, state=State.READY
            )


def people(installation: Installation, count: int, now: datetime) -> list[int]:
    with within(installation.pk):
        made = [Customer.objects.create(installation=installation, created_at=now) for _ in range(count)]
        return [one.pk for one in made]


def take(installation: Installation, customer_id: int, now: datetime, key: str = "", is_reached: bool = True) -> str:
    """Ask for a code for a passage of nobody's; return the code or ""."""
    key = key or f"flow:{customer_id}:offer"
    wanted = Wanted(customer_id, None, key, CODE, is_reached)  # type: ignore[arg-type]
    with within(installation.pk):
        found = incentives.take(installation, [wanted], now)
    return str(found[None]["code"]) if found else ""  # type: ignore[index]


def states(installation: Installation) -> list[str]:
    with within(installation.pk):
        return sorted(PersonalCode.objects.values_list("state", flat=True))


@pytest.mark.parametrize(("budget", "ready"), [(50, 200), (1000, 50)])
def test_of_two_hundred_takers_at_once_as_many_get_one_as_there_are(
    budget: int, ready: int, installation: Installation, now: datetime
) -> None:
    installation = permit(installation)
    fill(installation, ready, now)
    takers = people(installation, 200, now)
    with within(installation.pk):
        IncentiveSettings.objects.create(installation=installation, per_month=budget)

    def taking(some: list[int]) -> list[str]:
        try:
            return [take(installation, one, now) for one in some]
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        got = [code for some in pool.map(taking, [takers[begin::20] for begin in range(20)]) for code in some if code]
    assert len(got) == len(set(got)) == 50
    assert states(installation).count("given") == 50
    with within(installation.pk):
        assert IncentiveSettings.objects.get().taken == 50


def test_asked_twice_for_the_same_it_gives_the_same(installation: Installation, now: datetime) -> None:
    installation = permit(installation)
    fill(installation, 3, now)
    (one,) = people(installation, 1, now)
    first = take(installation, one, now, "the passage")
    assert first
    assert take(installation, one, now, "the passage") == first
    assert states(installation) == ["given", "ready", "ready"]


def test_a_new_month_has_a_budget_of_its_own(installation: Installation, now: datetime) -> None:
    installation = permit(installation)
    fill(installation, 3, now)
    with within(installation.pk):
        IncentiveSettings.objects.create(
            installation=installation, per_month=1, taken=1, month=(now - timedelta(days=31)).date().replace(day=1)
        )
    one, another = people(installation, 2, now)
    assert take(installation, one, now)
    assert take(installation, another, now) == ""
    assert states(installation) == ["given", "ready", "ready"]


def test_without_the_permission_nobody_gets_one(installation: Installation, now: datetime) -> None:
    fill(installation, 1, now)
    (one,) = people(installation, 1, now)
    assert take(installation, one, now) == ""
    assert states(installation) == ["ready"]


def test_whom_no_message_may_reach_gets_none(installation: Installation, now: datetime) -> None:
    installation = permit(installation)
    fill(installation, 1, now)
    (one,) = people(installation, 1, now)
    assert take(installation, one, now, is_reached=False) == ""
    assert states(installation) == ["ready"]
    assert take(installation, one, now)


@pytest.mark.parametrize(("uses_it", "after"), [(True, "used"), (False, "withdrawing")])
def test_an_order_uses_the_code_or_ends_it(
    uses_it: bool, after: str, installation: Installation, now: datetime
) -> None:
    installation = permit(installation)
    fill(installation, 1, now)
    tell(installation, [account(now, ADA)], now)
    with within(installation.pk):
        ada = Customer.objects.get(merged_into=None, identities__kind="user").pk
    code = take(installation, ada, now)
    placed = order(now + timedelta(hours=1), voucher=code if uses_it else "")
    tell(installation, [placed], now + timedelta(hours=1))
    assert states(installation) == [after]
    with within(installation.pk):
        assert Outbox.objects.filter(kind="voucher", due_at__isnull=False).exists() is not uses_it
        standing = incentive_settings.standing(installation, now)
    assert (standing.given, standing.used, standing.withdrawn) == (1, int(uses_it), int(not uses_it))


def test_an_order_from_before_ends_nothing(installation: Installation, now: datetime) -> None:
    installation = permit(installation)
    fill(installation, 1, now)
    tell(installation, [account(now, ADA)], now)
    with within(installation.pk):
        ada = Customer.objects.get(merged_into=None, identities__kind="user").pk
    assert take(installation, ada, now)
    tell(installation, [order(now - timedelta(days=1))], now + timedelta(hours=1))
    assert states(installation) == ["given"]
