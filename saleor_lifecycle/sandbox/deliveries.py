"""Webhooks on their way: to whom an event goes, when it is tried again, and in which disorder."""

import heapq
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import httpx

from . import outbound
from .actors import NOBODY
from .events import EVENTS, OWN_EVENTS, EventKind
from .records import SCHEMA_VERSION, App, Attempt, Delivery, Webhook
from .shop import Change, Occurrence, Shop
from .signing import Signer

RETRY_WAITS = (10.0, 20.0, 40.0, 80.0, 160.0)  # seconds after the first failed attempt, the second ...
_WORKERS = 8


@dataclass(frozen=True, slots=True)
class Disorder:
    """How often a delivery is sent twice, swapped with its neighbours or comes long after them (0 to 1)."""

    repeat: float = 0.0
    shuffle: float = 0.0
    late: float = 0.0
    seed: int = 0


# The last two: the subject and the principal as they were; None to look them up.
Render = Callable[[Webhook, Delivery, Any, Any], str | None]


class Deliveries:
    """The queue. ``render`` builds a payload; it answers None when the subject is gone."""

    def __init__(
        self,
        shop: Shop,
        signer: Signer,
        render: Render,
        retry_scale: float = 1.0,
        disorder: Disorder = Disorder(),  # noqa: B008  (frozen)
    ) -> None:
        self._shop, self._signer, self._render = shop, signer, render
        self._retry_scale, self._disorder = retry_scale, disorder
        self._chance = random.Random(disorder.seed)
        self._client = outbound.client()
        self._due: list[tuple[float, int, str]] = []
        self._sequence = itertools.count()
        self._wake = threading.Condition()
        self._is_closing = False
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(_WORKERS)]

    def start(self) -> None:
        """Begin with what an earlier run left undone."""
        self.hand_over([d for d in self._shop.all(Delivery) if d.status == "PENDING"])
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        with self._wake:
            self._is_closing = True
            self._wake.notify_all()
        for thread in self._threads:
            thread.join()
        self._client.close()

    def announce(self, change: Change) -> list[Delivery]:
        """One delivery for each webhook that listens to an event of the change, may hear it and is on."""
        return [
            self._delivery(change, occurrence, webhook, kind)
            for occurrence in change.occurrences
            if (kind := EVENTS.get(occurrence.event))
            for webhook in self._shop.all(Webhook)
            if _listens(self._shop.get(App, webhook.app_id), webhook, occurrence, kind)
        ]

    def _delivery(self, change: Change, occurrence: Occurrence, webhook: Webhook, kind: EventKind) -> Delivery:
        delivery = Delivery(
            id=change.next_id("EventDelivery"),
            event=occurrence.event,
            webhook_id=webhook.id,
            issued_at=occurrence.issued_at,
            principal_id=change.actor.id,
            subject_id=occurrence.subject.id,
            token=occurrence.token,
            repeats=int(self._chance.random() < self._disorder.repeat),
        )
        if kind.is_deferred:
            return delivery
        principal = change.actor.app or change.actor.user
        return replace(delivery, body=self._render(webhook, delivery, occurrence.subject, principal))

    def hand_over(self, deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            self._schedule(delivery.id, self._disordered_wait())

    def _disordered_wait(self) -> float:
        if self._chance.random() < self._disorder.late:
            return self._chance.uniform(2, 20) * self._retry_scale
        return self._chance.uniform(0, 1) if self._chance.random() < self._disorder.shuffle else 0.0

    def _schedule(self, identifier: str, wait: float) -> None:
        with self._wake:
            heapq.heappush(self._due, (time.monotonic() + wait, next(self._sequence), identifier))
            self._wake.notify()

    def _work(self) -> None:
        while (identifier := self._next_due()) is not None:
            self._attempt(identifier)

    def _next_due(self) -> str | None:
        """Waits for the next delivery that is due; None when closing."""
        with self._wake:
            while not self._is_closing:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._wake.wait(wait)
        return None

    def _attempt(self, identifier: str) -> None:
        delivery = self._shop.get(Delivery, identifier)
        webhook = self._shop.get(Webhook, delivery.webhook_id) if delivery else None
        app = self._shop.get(App, webhook.app_id) if webhook else None
        if delivery is None:
            return
        if webhook is None or app is None or not (_is_on(app, webhook) or delivery.event in OWN_EVENTS):
            self._record(replace(delivery, status="FAILED", note="the app is gone or switched off"))
            return
        if delivery.body is None:
            delivery = replace(delivery, body=self._render(webhook, delivery, None, None))
            if delivery.body is None:
                self._record(replace(delivery, status="FAILED", note="the subject was gone at delivery"))
                return
            self._record(delivery)  # before it is sent: a retry must carry the same bytes
        self._settle(delivery, self._post(webhook, delivery))

    def _settle(self, delivery: Delivery, attempt: Attempt) -> None:
        delivery = replace(delivery, attempts=(*delivery.attempts, attempt))
        if attempt.is_success and delivery.repeats:
            self._record(replace(delivery, repeats=delivery.repeats - 1))
            self._schedule(delivery.id, self._chance.uniform(0, 2))
        elif any(each.is_success for each in delivery.attempts):
            self._record(replace(delivery, status="SUCCESS", body=None))
        elif attempt.status and attempt.status < 500:
            self._record(replace(delivery, status="FAILED", note="3xx and 4xx are final"))
        elif delivery.failures < len(RETRY_WAITS):
            wait = RETRY_WAITS[delivery.failures] * self._retry_scale
            self._record(replace(delivery, failures=delivery.failures + 1))
            self._schedule(delivery.id, wait)
        else:
            self._record(replace(delivery, status="FAILED", note="all attempts failed"))

    def _post(self, webhook: Webhook, delivery: Delivery) -> Attempt:
        body = (delivery.body or "").encode()
        at = self._shop.clock()
        try:
            headers = self._headers(webhook, delivery, body)
            answer = self._client.post(webhook.target_url, content=body, headers=headers)
        except httpx.HTTPError as error:
            return Attempt(at=at, status=None, error=type(error).__name__)
        return Attempt(at=at, status=answer.status_code)

    def _headers(self, webhook: Webhook, delivery: Delivery, body: bytes) -> dict[str, str]:
        signed = {
            "Saleor-Event": delivery.event.lower(),
            "Saleor-Domain": urlsplit(self._shop.url).netloc,
            "Saleor-Signature": self._signer.sign(body),
        }
        return {
            **webhook.headers,
            "User-Agent": f"Saleor/{SCHEMA_VERSION}",
            "Content-Type": "application/json",
            **{f"X-{name}": value for name, value in signed.items()},
            **signed,
            "Saleor-Api-Url": self._shop.api_url,
        }

    def _record(self, delivery: Delivery) -> None:
        with self._shop.change(NOBODY) as change:
            change.put(delivery)

    def report(self, first: int | None = None) -> dict[str, Any]:
        """Totals by status, and the deliveries (or the newest of them) with the newest first."""
        every = self._shop.all(Delivery)
        shown = [_row(self._shop, delivery) for delivery in every[::-1][:first]]
        return {"totals": dict(Counter(delivery.status for delivery in every)), "deliveries": shown}


def _is_on(app: App, webhook: Webhook) -> bool:
    return webhook.is_active and app.is_active and not app.is_removed


def _listens(app: App | None, webhook: Webhook, occurrence: Occurrence, kind: EventKind) -> bool:
    if app is None or kind.name not in webhook.events:
        return False
    if kind.name in OWN_EVENTS:
        return bool(occurrence.subject.id == app.id)
    return _is_on(app, webhook) and (kind.permission is None or kind.permission in app.permissions)


def _row(shop: Shop, delivery: Delivery) -> dict[str, Any]:
    webhook = shop.get(Webhook, delivery.webhook_id)
    return {
        "id": delivery.id,
        "event": delivery.event,
        "webhook": webhook.name if webhook else None,
        "issued_at": delivery.issued_at.isoformat(),
        "status": delivery.status,
        "note": delivery.note,
        "attempts": [
            {"at": attempt.at.isoformat(), "status": attempt.status, "error": attempt.error}
            for attempt in delivery.attempts
        ],
    }
