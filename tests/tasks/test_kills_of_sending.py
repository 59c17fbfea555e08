"""A worker dies on every line between the lease of a batch and the record of what became of it.

``KILLS=10000`` makes that many, spread over all scenarios and all their lines; without it a sample of the lines dies.
Several workers die one after the other, each over messages of its own and counted by itself, before one comes by that
lives: a death then costs hardly more than the lines before it.
"""

import logging
import os
import smtplib
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import Any

import pytest
from django.utils import timezone

from saleor_lifecycle.actions import consent, decisions, messages, send_facts, sending, templates
from saleor_lifecycle.channels import email, known
from saleor_lifecycle.models import (
    Customer,
    Identity,
    Installation,
    Message,
    SendingChannel,
    SendingDay,
    Suppression,
    entry,
    sets,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import contents, filling, words
from saleor_lifecycle.tasks import messages as tasks
from tests.facts import account, tell
from tests.kills import Died
from tests.shop_server import ShopServer, install_at
from tests.tasks import smtp_sink
from tests.tasks.dying import dies_on, lines_of
from tests.tasks.sink import Sink
from tests.tasks.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db(transaction=True)

logger = logging.getLogger(__name__)

KILLS = int(os.environ.get("KILLS", "90"))
MINUTE = timedelta(minutes=1)
IN_A_ROW = 10
"""So many die before one comes by that lives."""
OURS = (tasks, words, filling, messages, decisions, send_facts, sending, consent, contents, email, entry, sets)
FILES = frozenset(str(module.__file__) for module in (*OURS, smtplib))

# Whom a batch is to, and how many the provider takes at once: one over SMTP, several in memory.
SCENARIOS = {
    "one after the other": (1, ("ada", "bob", "cleo")),
    "with troubles": (1, ("later", "ada", "refused", "gone", "bob")),
    "three at once": (3, ("ada", "refused", "bob", "cleo", "dora")),
}


@dataclass
class Tally:
    """What all trials of a scenario came to."""

    sink: Sink | SmtpSink
    shop: Installation
    customers: dict[str, int]
    number: Iterator[int]
    kills: int = 0
    unknown: int = 0
    states: Counter[str] = field(default_factory=Counter)

    def queue(self, now: datetime) -> None:
        with within(self.shop.pk):
            Message.objects.bulk_create(
                Message(
                    installation=self.shop,
                    customer_id=customer_id,
                    key=f"hello:{next(self.number)}",
                    template="hello",
                    topic="cart",
                    channel="email",
                    purpose="service",
                    queued_at=now,
                    due_at=now,
                )
                for customer_id in self.customers.values()
            )

    def claimed(self) -> int:
        with within(self.shop.pk):
            return Message.objects.filter(state="sending").count()

    def calm(self) -> None:
        """Nobody is suppressed and nothing rests, as before the first death."""
        with within(self.shop.pk):
            for model in (Suppression, SendingChannel, SendingDay):
                model._default_manager.all().delete()

    def forget(self) -> None:
        """Begin the next trial with an empty house."""
        self.calm()
        with within(self.shop.pk):
            Message.objects.all().delete()
        self.sink.taken.clear()


def settle(shop: Installation, at: datetime) -> None:
    """Let workers who do not die come by until nothing is left to do; troubles end with the last attempt."""
    for step in range(40):
        at += timedelta(hours=3) if step else MINUTE
        tasks.run(shop.pk, at)
        with within(shop.pk):
            if not Message.objects.filter(due_at__isnull=False).exists():
                return
    raise AssertionError("something never ended")


def judge(tally: Tally, at_once: int, deaths: int) -> None:
    """No message twice, none lost without a trace, at most one call's worth unknown per death."""
    if isinstance(tally.sink, SmtpSink):
        tally.sink.wait()
    with within(tally.shop.pk):
        rows = list(Message.objects.values_list("public_id", "state"))
    taken = tally.sink.taken
    assert max(taken.values(), default=0) <= 1
    assert {state for _, state in rows} <= {"sent", "failed", "unknown", "skipped"}
    for public_id, state in rows:
        assert (state == "sent") <= (taken[public_id] == 1)
        assert (taken[public_id] == 1) <= (state in ("sent", "unknown"))
    unknown = [public_id for public_id, state in rows if state == "unknown"]
    assert len(unknown) <= at_once * deaths
    tally.unknown += len(unknown)
    with within(tally.shop.pk):
        for public_id in unknown:
            held = Message.objects.get(public_id=public_id)
            messages.settle_told(held, bool(taken[public_id]), "", timezone.now())
        assert not Message.objects.filter(state="unknown").exists()
    tally.states.update(state for _, state in rows)


@pytest.fixture
def mail_sink(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpSink]:
    """A mail server, to which the dead say no goodbye."""
    close = email._close

    def hang_up(backend: Any) -> None:
        if isinstance(sys.exception(), Died) and backend.connection is not None:
            backend.connection.close()
        else:
            close(backend)

    monkeypatch.setattr(email, "_close", hang_up)
    with smtp_sink.running() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 10
        yield sink


@pytest.fixture
def tally(
    shop_server: ShopServer, mail_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Tally:
    now = timezone.now()
    shop = install_at(shop_server, now)
    at_once, people = SCENARIOS[request.param]
    sink: Sink | SmtpSink = mail_sink
    if at_once > 1:
        sink = Sink(at_once)
        monkeypatch.setitem(known.CHANNELS, "email", sink.open)
    tell(shop, [account(now, name, f"{name}.x@example.com") for name in people], now)
    with within(shop.pk):
        templates.save(shop.pk, "hello", "en", ("Hello", "", "Hello {{ customer.first_name }}"), "<p>Hello</p>", now)
        held = Identity.objects.filter(kind="user").values_list("value", "customer_id")
        customers = {str(name): int(customer or 0) for name, customer in held}
    return Tally(sink, shop, customers, iter(range(10**9)))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the dead close no sockets
@pytest.mark.parametrize("tally", SCENARIOS, indirect=True)
def test_nobody_gets_two_and_none_is_lost(tally: Tally, request: pytest.FixtureRequest) -> None:
    at_once = tally.sink.batch
    now = timezone.now()

    def work() -> object:
        return tasks.run(tally.shop.pk, now)

    tally.queue(now)
    lines = lines_of(work, FILES)
    tally.forget()
    assert lines > 200
    share = KILLS // len(SCENARIOS) + 1
    # Fewer than there are lines: evenly spread. More: round after round.
    planned = cycle(range(1, lines + 1)) if share > lines else iter(range(1, lines + 1, max(1, lines // share)))
    while tally.kills < share and (row := list(islice(planned, IN_A_ROW))):
        deaths = 0
        for line in row:
            now = timezone.now()
            tally.queue(now)
            before = tally.claimed()
            died = dies_on(work, line, FILES)
            assert tally.claimed() - before <= (at_once if died else 0)
            deaths += died
            tally.calm()
        tally.kills += deaths
        settle(tally.shop, now)
        judge(tally, at_once, deaths)
        tally.forget()
    assert tally.kills >= min(share, lines) * 0.9
    assert tally.states["sent"] > tally.kills
    logger.info(
        "%s: %s deaths on %s lines, %s, unknown until told: %s",
        request.node.name,
        tally.kills,
        lines,
        dict(tally.states),
        tally.unknown,
    )


def test_a_death_on_the_line_after_the_hand_over_is_the_one_that_leaves_unknown(
    shop_server: ShopServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counting above would not see anything, if no death ever fell between."""
    now = timezone.now()
    shop = install_at(shop_server, now)
    sink = Sink()
    monkeypatch.setitem(known.CHANNELS, "email", sink.open)
    tell(shop, [account(now)], now)
    with within(shop.pk):
        templates.save(shop.pk, "hello", "en", ("Hello", "", "Hello"), "<p>Hello</p>", now)
    only = Tally(sink, shop, {"ada": _customer(shop)}, iter(range(10**9)))
    only.queue(now)
    claiming = frozenset(str(module.__file__) for module in (tasks, messages, entry))
    lines = lines_of(lambda: tasks.run(shop.pk, now), claiming)
    only.forget()
    seen: list[tuple[int, str]] = []
    for line in range(lines * 3 // 5, lines + 2):  # the claim is in the last part
        only.queue(now)
        died = dies_on(lambda: tasks.run(shop.pk, now), line, claiming)
        settle(shop, now)
        with within(shop.pk):
            seen.append((sum(sink.taken.values()), Message.objects.get().state))
        only.forget()
        if not died:
            break
    assert {(1, "sent"), (1, "unknown"), (0, "unknown")} == set(seen)


def _customer(shop: Installation) -> int:
    with within(shop.pk):
        return int(Customer.objects.get(merged_into=None).pk)
