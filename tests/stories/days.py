"""A shop in which a test lets days pass: whatever comes due is done at its moment, by the real workers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from saleor_lifecycle.actions import admissions, entries, flow_drafts, flow_switches, templates
from saleor_lifecycle.actions.flow_switches import State
from saleor_lifecycle.channels import known
from saleor_lifecycle.channels.channel import Outgoing
from saleor_lifecycle.channels.outcomes import SendOutcome
from saleor_lifecycle.domain.facts import Fact
from saleor_lifecycle.domain.flow_moves import Choices, People
from saleor_lifecycle.domain.flow_places import walk
from saleor_lifecycle.domain.flow_steps import Send
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import AttentionSettings, Customer, Decision, Enrollment, Flow, Installation, Message
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.models.flow_documents import FLOWS
from saleor_lifecycle.tasks import customers, deliveries, events, flow_moves, flows, messages
from saleor_lifecycle.tasks import entries as admitting
from tests import facts
from tests.tasks.sink import Sink

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
JOINED = {"kind": "event", "event": "account_created"}
CALLED = {"kind": "manual"}
NO_CAPS = {"per_day": None, "per_week": None, "per_month": None}


def send(key: str, **more: Any) -> dict[str, Any]:
    """A message whose template has the name of its step."""
    return {"key": key, "kind": "send", "template": key, **more}


def wait(key: str, duration: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": "wait", "duration": duration, **more}


def tag(key: str, name: str, kind: str = "tag") -> dict[str, Any]:
    return {"key": key, "kind": kind, "tag": name}


def tagged(name: str) -> dict[str, Any]:
    """The rule that a customer has a tag."""
    return {"kind": "compare", "fact": f"tag.{name}", "op": "=", "value": True}


def document(*steps: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A flow that begins with a new account, in which nobody is held out."""
    return {"schema_version": 2, "topic": "cart", "trigger": JOINED, "steps": list(steps), "holdout": 0, **more}


def person(number: int, at: datetime, consent: bool | None = True, name: str = "ada") -> facts.AccountFact:
    """Somebody who has just opened an account."""
    return facts.account(at, f"VXNlcjo{number}", f"{name}.{number}@example.com", consent=consent, joined=at)


@dataclass
class Days:
    """``mails``: (when, to whom, which step) of all that has left; ``handed``: the same in full.

    ``links``: where each unsubscribes, by address.
    """

    shop: Installation
    at: datetime
    sink: Sink = field(default_factory=Sink)
    mails: list[tuple[datetime, str, str]] = field(default_factory=list)
    handed: list[Outgoing] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)

    def flow(
        self,
        *steps: Mapping[str, Any],
        key: str = "hello",
        people: People = People.STAY,
        choices: Choices | None = None,
        state: State = State.ON,
        purpose: Purpose = Purpose.COMMERCIAL,
        **more: Any,
    ) -> Flow:
        """Publish a flow as staff do, with a message for each of its steps that sends, and switch it."""
        written = document(*steps, **more)
        with within(self.shop.pk):
            read = FLOWS.read(written)
            for step in walk(read.steps):
                if isinstance(step, Send):
                    self._template(step.template, purpose)
            if not Flow.objects.filter(key=key).exists():
                flow_drafts.create(self.shop.pk, key, key, None, self.at)
            flow = flow_drafts.locked(self.shop.pk, key)
            flow_drafts.publish_document(flow, written, people, choices or {}, "VXNlcjoyMQ==", self.at)
        return self.switch(state, key)

    def _template(self, key: str, purpose: Purpose) -> None:
        words = (key, "", "Hello {{ links.unsubscribe }}" if purpose is Purpose.COMMERCIAL else "Hello")
        if templates.find(self.shop.pk, key, "en") is None:
            templates.save(self.shop.pk, key, "en", words, "<p>Hello</p>", self.at, purpose=purpose, short="Hello")

    def switch(self, state: State, key: str = "hello") -> Flow:
        with within(self.shop.pk):
            flow = flow_drafts.locked(self.shop.pk, key)
            flow_switches.switch(flow, state, self.at)
            admissions.changed(self.shop, flow, self.at)
        return flow

    def call(self, key: str, *, occasion: str = "") -> None:
        """Let everybody into a flow by name."""
        with within(self.shop.pk):
            people = list(Customer.objects.filter(merged_into=None).values_list("id", flat=True))
            entries.call(self.shop, key, people, self.at, key=occasion)

    def tell(self, *told: Fact, cause: Cause = Cause.BEHAVIOUR) -> None:
        facts.tell(self.shop, told, self.at, cause)

    def join(self, *numbers: int, **more: Any) -> None:
        self.tell(*[person(number, self.at, **more) for number in numbers])

    def unsubscribe(self, address: str) -> None:
        """Follow the link of the last mail to an address, and say yes there."""
        assert Client().get(self.links[address]).status_code == 200
        assert Client().post(self.links[address]).status_code == 200

    def settings(self, **columns: Any) -> None:
        with within(self.shop.pk):
            AttentionSettings.objects.update_or_create(pk=self.shop.pk, defaults=columns)

    def go(self, how_long: timedelta = timedelta(), *, sends: bool = True) -> None:
        """Let time pass; without ``sends`` nobody hands messages over."""
        until = self.at + how_long
        self.work(sends)
        while (due := self._next(sends)) is not None and due <= until:
            self.at = due
            self.work(sends)
        self.at = until
        self.work(sends)

    def work(self, sends: bool = True) -> None:
        """Have the workers do all that is due now."""
        for _ in range(50):
            done = [
                events.run(self.shop.pk, self.at),
                deliveries.run(self.shop.pk, self.at),
                admitting.run(self.shop.pk, self.at),
                customers.run(self.shop.pk, self.at),
                flows.run(self.shop.pk, self.at),
                flow_moves.run(self.shop.pk, lambda: self.at),
                sends and messages.run(self.shop.pk, self.at),
            ]
            if not any(done):
                return
        raise AssertionError("the workers come to no end")

    def _next(self, sends: bool) -> datetime | None:
        with within(self.shop.pk), connection.cursor() as cursor:
            cursor.execute(_NEXT, {"now": self.at, "sends": sends})
            row = cursor.fetchone()
        found: datetime | None = row[0] if row else None
        return found

    def sent(self) -> list[tuple[str, str]]:
        """To whom which step's message has left, in the order of leaving."""
        return [(to, step) for _, to, step in self.mails]

    def states(self) -> list[tuple[str, str]]:
        """How each passage stands, and why, in the order of entry."""
        with within(self.shop.pk):
            return list(Enrollment.objects.order_by("id").values_list("state", "reason"))

    def messages(self) -> list[tuple[str, str, str]]:
        with within(self.shop.pk):
            return list(Message.objects.order_by("id").values_list("step", "state", "reason"))

    def told(self, *kinds: Decision.Kind) -> list[tuple[str, str, str]]:
        """What the ledger holds of these kinds: kind, step, outcome."""
        with within(self.shop.pk):
            rows = Decision.objects.filter(kind__in=kinds).order_by("occurred_at", "key")
            return list(rows.values_list("kind", "step", "outcome"))


_NEXT = """
    SELECT min(at) FROM (
        SELECT one.due_at FROM lifecycle_enrollment one JOIN lifecycle_flow flow ON flow.id = one.flow_id AND flow.is_on
        UNION ALL SELECT due_at FROM lifecycle_message WHERE %(sends)s
        UNION ALL SELECT free_at FROM lifecycle_sendingchannel WHERE %(sends)s
        UNION ALL SELECT idle_at FROM lifecycle_cart
        UNION ALL SELECT at FROM lifecycle_orderdelivery WHERE came_at IS NULL
        UNION ALL SELECT due_at FROM lifecycle_customer
        UNION ALL SELECT at FROM lifecycle_occasion
        UNION ALL SELECT due_at FROM lifecycle_admission
        UNION ALL SELECT due_at FROM lifecycle_flowmove
        UNION ALL SELECT runs_at FROM lifecycle_flow
    ) AS due(at) WHERE at > %(now)s
"""


def passing(shop: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Days:
    """Return a shop whose clock is the test's; what it sends goes to its sink, on whatever channel."""
    days = Days(shop, now)

    class Noting(Sink):
        def send(self, messages: Sequence[Outgoing]) -> list[SendOutcome]:
            before = self.taken.copy()
            answers = super().send(messages)
            taken = [one for one in messages if self.taken[one.message_id] > before[one.message_id]]
            days.mails += [(days.at, one.to_address, one.tags[0]) for one in taken]
            days.handed += taken
            days.links |= {one.to_address: urlsplit(one.unsubscribe_url).path for one in taken}
            return answers

    days.sink = Noting()
    monkeypatch.setattr(timezone, "now", lambda: days.at)
    for channel in ("email", "sms"):
        monkeypatch.setitem(known.CHANNELS, channel, days.sink.open)
    return days
