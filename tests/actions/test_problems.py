"""What staff are told of, and what is taken back."""

from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.actions import problems, sending
from saleor_lifecycle.actions.sending import GIVEN_UP_AFTER
from saleor_lifecycle.domain.problems import ProblemKey, words
from saleor_lifecycle.models import Installation, Outbox
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.errors import ShopError
from saleor_lifecycle.saleor.gateway import Shop
from saleor_lifecycle.tasks import problems as tasks
from saleor_lifecycle.tasks import sweep
from saleor_lifecycle.tasks.nudge import DELIVER
from tests.shop_server import ShopServer, install_at, shop_server

pytestmark = pytest.mark.django_db

__all__ = ["shop_server"]

KEY = "lifecycle.test"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(shop_server: ShopServer, now: datetime) -> Installation:
    return install_at(shop_server, now)


def put(shop: Installation, message: str, now: datetime, key: str = KEY) -> None:
    with within(shop.pk):
        if message:
            problems.raise_problem(shop.pk, key, message, now)
        else:
            problems.clear(shop.pk, key, now)


def is_waiting(shop: Installation, now: datetime) -> bool:
    return (DELIVER, shop.pk) in sweep.due(now)


def test_is_told_once_and_taken_back_once(shop: Installation, shop_server: ShopServer, now: datetime) -> None:
    put(shop, "It is broken.", now)
    assert is_waiting(shop, now)
    assert tasks.run(shop.pk, now) == 1
    assert shop_server.problems == {KEY: ("It is broken.", None)}
    put(shop, "It is broken.", now + MINUTE)
    assert (is_waiting(shop, now + MINUTE), tasks.run(shop.pk, now + MINUTE)) == (False, 0)
    put(shop, "", now + MINUTE)
    put(shop, "", now + MINUTE)
    assert (tasks.run(shop.pk, now + MINUTE), tasks.run(shop.pk, now + MINUTE)) == (1, 0)
    assert shop_server.problems == {}
    assert shop_server.asked == ["CreateProblem", "DismissProblem"]


def test_what_staff_dismissed_is_told_again_only_when_it_begins_again(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    put(shop, "It is broken.", now)
    tasks.run(shop.pk, now)
    shop_server.problems.clear()
    for message, told in (("It is broken.", False), ("", False), ("It is broken.", True)):
        put(shop, message, now)
        tasks.run(shop.pk, now)
        assert bool(shop_server.problems) == told
    with within(shop.pk):
        assert list(Outbox.objects.values_list("attempts", "error", "due_at")) == [(0, "", None)]


def test_one_that_nobody_was_told_of_is_not_taken_back(shop: Installation, now: datetime) -> None:
    put(shop, "", now)
    assert tasks.run(shop.pk, now) == 0
    with within(shop.pk):
        assert not Outbox.objects.exists()


@pytest.mark.parametrize(
    ("version", "is_told"), [("3.21.40", False), ("3.22.35", False), ("3.22.36", True), ("3.24.0-a.0", True)]
)
def test_a_saleor_that_knows_no_problems_is_told_none(
    version: str, is_told: bool, shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    with within(shop.pk):
        Installation.objects.update(saleor_version=version)
    put(shop, "It is broken.", now)
    assert tasks.run(shop.pk, now) == 1
    assert shop_server.asked == (["CreateProblem"] if is_told else [])
    assert not is_waiting(shop, now + 10 * MINUTE)


def test_a_shop_that_is_away_is_told_later(shop: Installation, shop_server: ShopServer, now: datetime) -> None:
    shop_server.trouble = 503
    put(shop, "It is broken.", now)
    tasks.run(shop.pk, now)
    with within(shop.pk):
        (row,) = Outbox.objects.all()
        assert (row.attempts, row.error) == (1, "ShopAway: CreateProblem: HTTP 503")
    shop_server.trouble = None
    assert tasks.run(shop.pk, now + 10 * MINUTE) == 1
    assert set(shop_server.problems) == {KEY}


def test_what_changes_while_it_is_told_is_told_as_well(
    shop: Installation, shop_server: ShopServer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(shop, "It is broken.", now)
    create = Shop.create_problem

    def create_and_mend(self: Shop, key: str, message: str, is_critical: bool) -> None:
        create(self, key, message, is_critical)
        put(shop, "", now)

    monkeypatch.setattr(Shop, "create_problem", create_and_mend)
    tasks.run(shop.pk, now)
    tasks.run(shop.pk, now)
    assert shop_server.asked == ["CreateProblem", "DismissProblem"]
    assert not is_waiting(shop, now + 10 * MINUTE)


def test_nothing_that_a_shop_answers_is_raised(shop: Installation, shop_server: ShopServer, now: datetime) -> None:
    shop_server.trouble = 401
    put(shop, "It is broken.", now)
    try:
        tasks.run(shop.pk, now)
    except ShopError:
        pytest.fail("raised")
    assert shop_server.problems == {}


def test_a_provider_that_takes_nothing_for_long_is_a_problem_until_it_does(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    for attempt in range(GIVEN_UP_AFTER):
        assert (attempt, tasks.run(shop.pk, now)) == (attempt, 0)
        with within(shop.pk):
            sending.troubled(shop, "email", "401 no", now)
    tasks.run(shop.pk, now)
    assert shop_server.problems == {"lifecycle.mail-provider": (words(ProblemKey.MAIL_PROVIDER, "en"), 1)}
    with within(shop.pk):
        sending.served(shop, "email", now)
    tasks.run(shop.pk, now)
    assert shop_server.problems == {}


@pytest.mark.parametrize("key", list(ProblemKey))
def test_every_problem_is_worded_in_both_languages_within_saleors_bounds(key: ProblemKey) -> None:
    english, spanish = words(key, "en"), words(key, "es-MX")
    assert english != spanish
    assert words(key, "fr") == english
    assert 3 <= len(key) <= 128
    assert all(3 <= len(text) <= 2048 for text in (english, spanish))
