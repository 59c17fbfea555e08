"""Personal codes come to the shop: each once, whatever line a worker dies on, and whatever staff do meanwhile.

``KILLS=2000`` makes that many deaths; without it a sample of the lines dies.
"""

import logging
import os
from collections import Counter
from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.actions import code_pools, outbox
from saleor_lifecycle.domain.incentives import ends_at
from saleor_lifecycle.models import CodePool, Installation, Outbox, PersonalCode, sets
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor import vouchers
from saleor_lifecycle.tasks import incentives as tasks
from tests.shop_server import ShopServer, install_at, shop_server
from tests.tasks.dying import dies_on, lines_of

__all__ = ["shop_server"]

pytestmark = pytest.mark.django_db(transaction=True)

logger = logging.getLogger(__name__)

KILLS = int(os.environ.get("KILLS", "60"))
FILES = frozenset(str(module.__file__) for module in (tasks, code_pools, outbox, vouchers, sets))
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
State = PersonalCode.State


@pytest.fixture
def shop(shop_server: ShopServer, now: datetime) -> Installation:
    return install_at(shop_server, now)


def thinks_up(shop: Installation, count: int, now: datetime, percent: int = 10) -> int:
    """Have a pool of so many codes that the shop is to be told of; return it."""
    day = (now + 2 * DAY).date()
    with within(shop.pk):
        pool = CodePool.objects.create(
            installation=shop, percent=percent, expires_on=day, ends_at=ends_at(day, now.tzinfo), numbered=count
        )
        PersonalCode.objects.bulk_create(
            PersonalCode(
                installation=shop,
                pool=pool,
                number=number,
                code=code_pools.code_of(shop, percent, day, number),
                state=State.MAKING,
            )
            for number in range(count)
        )
        outbox.ask_voucher(shop.pk, [pool.pk], now)
    return pool.pk


def works(shop: Installation, now: datetime) -> None:
    while tasks.run(shop.pk, now):
        pass


def in_the_shop(shop_server: ShopServer) -> Counter[str]:
    return Counter(edge["node"]["code"] for one in shop_server.vouchers.values() for edge in one["codes"]["edges"])


def held(shop: Installation, state: PersonalCode.State) -> set[str]:
    with within(shop.pk):
        return set(PersonalCode.objects.filter(state=state).values_list("code", flat=True))


def is_at_rest(shop: Installation) -> bool:
    with within(shop.pk):
        return not Outbox.objects.filter(kind="voucher", due_at__isnull=False).exists()


def begin(shop: Installation, shop_server: ShopServer, now: datetime) -> None:
    """Three codes are to be made, of a voucher to come; of another one, of five, two are to be taken back."""
    with within(shop.pk):
        PersonalCode.objects.all().delete()
        CodePool.objects.all().delete()
        Outbox.objects.filter(kind="voucher").delete()
    shop_server.vouchers.clear()
    older = thinks_up(shop, 5, now, percent=15)
    works(shop, now)
    with within(shop.pk):
        PersonalCode.objects.filter(pool=older, number__lt=2).update(state=State.WITHDRAWING)
        outbox.ask_voucher(shop.pk, [older], now)
    thinks_up(shop, 3, now)


def test_died_on_any_line_each_code_is_there_once(shop: Installation, shop_server: ShopServer, now: datetime) -> None:
    for _ in range(2):  # the first time fills what is kept, such as the texts of statements
        begin(shop, shop_server, now)
        lines = lines_of(lambda: works(shop, now), FILES)
    assert lines > 100
    kills = 0
    for line in range(1, lines + 1, max(1, lines // KILLS)):
        begin(shop, shop_server, now)
        kills += dies_on(lambda: works(shop, now), line, FILES)
        works(shop, now + 2 * MINUTE)
        where = f"died on line {line} of {lines}"
        assert len(shop_server.vouchers) == 2, where
        assert in_the_shop(shop_server) == Counter(held(shop, State.READY)), where
        assert (len(held(shop, State.READY)), len(held(shop, State.WITHDRAWN))) == (6, 2), where
        assert is_at_rest(shop), where
    assert kills >= min(KILLS, lines) * 0.9
    logger.info("%s deaths on %s lines", kills, lines)


def test_more_than_the_shop_takes_at_once_come_in_several_calls(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    thinks_up(shop, 250, now)
    works(shop, now)
    assert shop_server.asked.count("CreateVoucher") == 1
    assert shop_server.asked.count("AddCodes") == 4  # the first code makes the voucher, and is asked for again
    assert in_the_shop(shop_server) == Counter(held(shop, State.READY))
    assert len(held(shop, State.READY)) == 250
    assert is_at_rest(shop)


def test_what_staff_deleted_is_made_anew_and_what_was_given_of_it_is_not(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    pool = thinks_up(shop, 4, now)
    works(shop, now)
    with within(shop.pk):
        given = PersonalCode.objects.get(pool=pool, number=0)
        PersonalCode.objects.filter(pk=given.pk).update(state=State.GIVEN, given_at=now)
        PersonalCode.objects.create(installation=shop, pool_id=pool, number=4, code="NEW", state=State.MAKING)
        outbox.ask_voucher(shop.pk, [pool], now)
    shop_server.vouchers.clear()
    works(shop, now + MINUTE)
    assert len(shop_server.vouchers) == 1
    assert in_the_shop(shop_server) == Counter(held(shop, State.READY))
    assert len(held(shop, State.READY)) == 4
    assert held(shop, State.GIVEN) == {given.code}
    assert is_at_rest(shop)


def test_codes_of_a_voucher_that_is_gone_are_taken_back_without_a_word(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    pool = thinks_up(shop, 2, now)
    works(shop, now)
    shop_server.vouchers.clear()
    with within(shop.pk):
        PersonalCode.objects.update(state=State.WITHDRAWING)
        outbox.ask_voucher(shop.pk, [pool], now)
    works(shop, now + MINUTE)
    assert len(held(shop, State.WITHDRAWN)) == 2
    assert is_at_rest(shop)
