"""A dump that is restored in mid-flow, and a copy for staging: nobody hears anything twice, or from the wrong place."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from saleor_lifecycle.actions import consent, restores
from saleor_lifecycle.channels import known
from saleor_lifecycle.models import Customer, Enrollment, Installation, Message, Suppression
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages
from saleor_lifecycle.tasks import messages as tasks
from saleor_lifecycle.tasks import sweep
from saleor_lifecycle.tasks.nudge import SEND
from tests.facts import account, cart, deletion, tell
from tests.shop_server import ShopServer, cart_node, install_at
from tests.tasks.sink import Sink

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
# How long before the dump each cart was left; the last one's idle time ends after it.
LEFT = (25 * HOUR, 24.5 * HOUR, 70 * HOUR, 50 * MINUTE, 40 * MINUTE, 10 * MINUTE)


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    held = Clock(datetime.now(tz=timezone.get_default_timezone()))
    monkeypatch.setattr(timezone, "now", lambda: held.at)
    return held


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Sink:
    made = Sink()
    monkeypatch.setitem(known.CHANNELS, "email", made.open)
    return made


@pytest.fixture
def shop(shop_server: ShopServer, clock: Clock) -> Installation:
    return install_at(shop_server, clock.at)


def leave(shop: Installation, server: ShopServer, number: int, at: datetime, now: datetime) -> None:
    """Somebody leaves a cart."""
    who = f"p{number}@example.com"
    server.carts[f"cart {number}"] = cart_node(f"cart {number}", email=who)
    tell(
        shop,
        [account(at, f"user {number}", who, consent=True), cart(at, f"cart {number}", f"user {number}", who)],
        now,
    )


def live(shop: Installation, clock: Clock, until: datetime) -> None:
    """Let beat and workers do what is due, every half an hour."""
    while clock.at <= until:
        passages.run(shop.pk, clock.at)
        tasks.run(shop.pk, clock.at)
        clock.at += 30 * MINUTE


@contextmanager
def copied() -> Iterator[Callable[[], None]]:
    """Copy the database as it is now; gives what goes over to the copy. In the end all is as before."""
    usual = connection.settings_dict["NAME"]
    copy = f"copy_of_{usual}"  # not by the prefix under which those of runs that were killed are dropped
    connection.close()
    _say(f'CREATE DATABASE "{copy}" TEMPLATE "{usual}" STRATEGY FILE_COPY')

    def go_over() -> None:
        connection.close()
        connection.settings_dict["NAME"] = copy

    try:
        yield go_over
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
        _say(f'DROP DATABASE "{copy}"')


def _say(sql: str) -> None:
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # as Django makes its test databases
        cursor.execute(sql)


def test_a_dump_of_six_hours_ago_repeats_nothing(
    shop: Installation, shop_server: ShopServer, clock: Clock, sink: Sink
) -> None:
    dumped_at = clock.at
    clock.at = dumped_at - max(LEFT)
    for number, left in sorted(enumerate(LEFT), key=lambda one: -one[1]):
        live(shop, clock, dumped_at - left)
        leave(shop, shop_server, number, dumped_at - left, dumped_at - left)
    live(shop, clock, dumped_at)
    before = sink.said.total()
    with copied() as go_over:
        leave(shop, shop_server, 6, dumped_at + HOUR, clock.at)
        live(shop, clock, dumped_at + 6 * HOUR)
        first_life = sink.said.copy()
        assert first_life.total() >= before + 5, "much was sent that the dump does not know of"

        go_over()
        live(shop, clock, clock.at + HOUR)
        assert sink.said == first_life, "nothing until somebody says so"
        assert (SEND, shop.pk) not in sweep.due(clock.at)
        call_command("resume_sending", "https://app.example.com", stdout=StringIO())
        # The one cart that the dump did not know changes again: for us it is new.
        clock.at += 10 * MINUTE
        who = "p6@example.com"
        lines = (("VmFyaWFudDox", 3),)
        shop_server.carts["cart 6"] = cart_node("cart 6", lines, who)
        late = replace(cart(clock.at, "cart 6", "user 6", who, lines=lines), created_at=dumped_at + HOUR)
        created = cart(dumped_at + HOUR, "cart 6", "user 6", who)
        tell(shop, [account(clock.at, "user 6", who, consent=True), created, late], clock.at)
        live(shop, clock, clock.at + 80 * HOUR)

        assert max(sink.said.values()) == 1
        later = sink.said - first_life
        assert later.total() >= 5, "later steps went on"
        assert {tag for _, tag in later} <= {"abandoned-cart-2", "abandoned-cart-3"}
        with within(shop.pk):
            left = Message.objects.filter(due_at__isnull=False)
            assert list(left.values_list("state", "reason", "step", "queued_at", "due_at")) == []
            assert Message.objects.filter(state="skipped", reason="restored").exists()
            assert not Enrollment.objects.filter(key="cart 6").exists()


def test_a_copy_for_staging_sends_nothing(
    shop: Installation, shop_server: ShopServer, clock: Clock, sink: Sink, settings: Any
) -> None:
    leave(shop, shop_server, 0, clock.at - 2 * HOUR, clock.at)
    passages.run(shop.pk, clock.at)
    with copied() as go_over:
        go_over()
        live(shop, clock, clock.at + 80 * HOUR)
        assert sink.said.total() == 0
        with within(shop.pk):
            assert Message.objects.get().state == "queued"


def test_another_address_holds_it_too(
    shop: Installation, shop_server: ShopServer, clock: Clock, sink: Sink, settings: Any
) -> None:
    leave(shop, shop_server, 0, clock.at - 2 * HOUR, clock.at)
    passages.run(shop.pk, clock.at)
    settings.PUBLIC_URL = "https://staging.example.com"
    assert tasks.run(shop.pk, clock.at) == 0
    assert sink.said.total() == 0
    with pytest.raises(CommandError, match="reached at https://staging"):
        call_command("resume_sending", "https://lifecycle.example.com")
    with within(shop.pk):
        assert Installation.objects.get().held_at == clock.at


def test_what_is_marked_by_hand_is_held(shop: Installation, shop_server: ShopServer, clock: Clock, sink: Sink) -> None:
    leave(shop, shop_server, 0, clock.at - 2 * HOUR, clock.at)
    passages.run(shop.pk, clock.at)
    call_command("hold_sending", stdout=StringIO())
    assert tasks.run(shop.pk, clock.at) == 0
    assert sink.said.total() == 0


def test_refusals_of_the_log_are_said_again(
    shop: Installation, shop_server: ShopServer, clock: Clock, sink: Sink, tmp_path: Path, caplog: Any
) -> None:
    for number in range(3):
        leave(shop, shop_server, number, clock.at - 2 * HOUR, clock.at)
    passages.run(shop.pk, clock.at)
    with copied() as go_over:
        with caplog.at_level(logging.INFO, "saleor_lifecycle.refusals"):
            tasks.run(shop.pk, clock.at)
            with within(shop.pk):
                consent.unsubscribe(Message.objects.get(customer__identities__value="p0@example.com"), clock.at)
            tell(shop, [deletion(clock.at, "user 1", "p1@example.com")], clock.at)
        assert "example.com" not in "".join(caplog.messages)
        log = tmp_path / "app.log"
        log.write_text("\n".join(f"2026-03-11 INFO x {line}" for line in caplog.messages))
        provider = tmp_path / "provider.csv"
        provider.write_text("email,created\nP2@example.com,2026-03-11\n")

        go_over()
        passages.run(shop.pk, clock.at)
        call_command(
            *("resume_sending", "https://app.example.com"),
            *("--refusals", str(log), "--refusals", str(provider)),
            stdout=StringIO(),
        )
        with within(shop.pk):
            hashes = {consent.address_hash(shop, "email", f"p{number}@example.com") for number in (0, 2)}
            assert hashes <= set(Suppression.objects.values_list("address_hash", flat=True))
            assert not Customer.objects.filter(identities__value="p1@example.com").exists()


def test_the_own_home_is_no_other_one(shop: Installation, clock: Clock) -> None:
    with within(shop.pk):
        held = Installation.objects.get()
        assert held.home
        assert not restores.is_held(held, clock.at)
