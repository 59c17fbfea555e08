"""A worker dies on every line between the lease of a batch and the record of what became of it.

A sample of all those lines dies in every run. ``KILLS=10000`` makes that many more on the lines from the first claim to
the last record, spread over all scenarios and over all of these lines, as often as it takes.
Several workers die one after the other, each over messages of its own and counted by itself, before one comes by that
lives: a death then costs hardly more than the lines before it.
"""

import logging
import os
import smtplib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
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

SAMPLE = 90
KILLS = int(os.environ.get("KILLS", "90"))
MINUTE = timedelta(minutes=1)
IN_A_ROW = 20
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
    groups: list[list[int]]  # of customers: whom one worker writes to
    number: Iterator[int]
    kills: int = 0
    unknown: int = 0
    states: Counter[str] = field(default_factory=Counter)

    def queue(self, now: datetime, groups: Sequence[Sequence[int]]) -> None:
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
                for group in groups
                for customer_id in group
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
    names = [f"{name}.{number}" for number in range(IN_A_ROW) for name in people]
    if at_once > 1:
        sink = Sink(at_once)
        monkeypatch.setitem(known.CHANNELS, "email", sink.open)
    tell(shop, [account(now, name, f"{name}@example.com") for name in names], now)
    with within(shop.pk):
        templates.save(shop.pk, "hello", "en", ("Hello", "", "Hello {{ customer.first_name }}"), "<p>Hello</p>", now)
        held = dict(Identity.objects.filter(kind="user").values_list("value", "customer_id"))
    groups = [[held[f"{name}.{number}"] or 0 for name in people] for number in range(IN_A_ROW)]
    return Tally(sink, shop, groups, iter(range(10**9)))


def spread(deaths: int, lines: int) -> Iterator[int]:
    """Return on which lines to die: evenly spread where they are more than the deaths, else round after round."""
    return cycle(range(1, lines + 1)) if deaths > lines else iter(range(1, lines + 1, max(1, lines // deaths)))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the dead close no sockets
@pytest.mark.parametrize("tally", SCENARIOS, indirect=True)
def test_nobody_gets_two_and_none_is_lost(tally: Tally, request: pytest.FixtureRequest) -> None:
    at_once = tally.sink.batch
    now = timezone.now()

    def work() -> object:
        return tasks.run(tally.shop.pk, now)

    tally.queue(now, tally.groups[:1])
    lines = lines_of(work, FILES)
    tally.forget()
    assert lines > 200
    share = SAMPLE // len(SCENARIOS) + 1
    planned = spread(share, lines)
    while tally.kills < share and (row := list(islice(planned, IN_A_ROW))):
        deaths = 0
        for line in row:
            now = timezone.now()
            tally.queue(now, tally.groups[:1])
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
    tell_of(tally, request, lines)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the dead close no sockets
@pytest.mark.parametrize("tally", SCENARIOS, indirect=True)
def test_nobody_gets_two_whatever_line_from_claim_to_record_is_the_last(
    tally: Tally, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One batch is decided for all who die, so that nearly all that is done here is what they die in."""
    at_once, size = tally.sink.batch, len(tally.groups[0])
    leave = tasks._leave_through
    decided: list[tuple[Any, Any, Sequence[Message]]] = []

    def decide() -> Iterator[Callable[[], object]]:
        """Yield what each worker has to do; all of it is claimed, sent and recorded by the app itself."""
        decided.clear()
        tally.queue(now, tally.groups)
        with monkeypatch.context() as patch:
            patch.setattr(tasks, "_leave_through", lambda *told: decided.append(told))
            tasks.run(tally.shop.pk, now)
        [(batch, account, leaving)] = decided
        assert len(leaving) == size * IN_A_ROW
        for start in range(0, len(leaving), size):
            yield partial(leave, batch, account, leaving[start : start + size])

    now = timezone.now()
    lines = [lines_of(work, FILES) for work in decide()][-1]
    tally.forget()
    assert lines > 100
    share = KILLS // len(SCENARIOS) + 1
    planned = spread(share, lines)
    while tally.kills < share and (row := list(islice(planned, IN_A_ROW))):
        now, deaths, before = timezone.now(), 0, 0
        for work, line in zip(decide(), row, strict=False):
            died = dies_on(work, line, FILES)
            claimed = tally.claimed()
            assert claimed - before <= (at_once if died else 0)
            deaths, before = deaths + died, claimed
        tally.kills += deaths
        settle(tally.shop, now)
        judge(tally, at_once, deaths)
        tally.forget()
        if tally.kills % 500 < deaths:
            tell_of(tally, request, lines)
    assert tally.kills >= min(share, lines) * 0.9
    tell_of(tally, request, lines)


def tell_of(tally: Tally, request: pytest.FixtureRequest, lines: int) -> None:
    logger.warning(
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
    only = Tally(sink, shop, [[_customer(shop)]], iter(range(10**9)))
    only.queue(now, only.groups)
    claiming = frozenset(str(module.__file__) for module in (tasks, messages, entry))
    lines = lines_of(lambda: tasks.run(shop.pk, now), claiming)
    only.forget()
    seen: list[tuple[int, str]] = []
    for line in range(lines * 3 // 5, lines + 2):  # the claim is in the last part
        only.queue(now, only.groups)
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
