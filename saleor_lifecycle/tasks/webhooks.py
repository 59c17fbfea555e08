"""The task that tells merchants' endpoints what has happened: at least once each, by an id that stays the same."""

import json
import logging
import time
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

import httpx
from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.utils import timezone

from saleor_lifecycle import outbound
from saleor_lifecycle.actions import restores, webhook_deliveries, webhook_endpoints
from saleor_lifecycle.actions.webhook_deliveries import Batch, Delivery, Failure
from saleor_lifecycle.channels import webhook
from saleor_lifecycle.channels.webhook import Answer
from saleor_lifecycle.domain import webhooks
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within

logger = logging.getLogger(__name__)


SECONDS = 60
"""How long one task goes on taking batches; the sweep comes back for the rest."""


# Each piece of an answer has its own time, so one in endless pieces is ended from outside; a lease is longer.
@shared_task(soft_time_limit=540)
def deliver(installation_id: int) -> None:
    """Tell what is due, batch after batch; the sweep comes back for what has to wait."""
    end = time.monotonic() + SECONDS
    while run(installation_id, timezone.now(), end):
        pass


def run(installation_id: int, now: datetime, end: float = float("inf")) -> int:
    """Tell each endpoint one batch, none after ``end`` by the monotonic clock; return how much was looked at."""
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        if restores.is_held(installation, now):
            return 0  # a copy of the database: what it holds was told, or will be, by the one at home
        count = webhook_deliveries.share(installation_id, now)
        waiting = webhook_deliveries.endpoints(installation_id, now)
    for endpoint_id in waiting:
        if time.monotonic() > end:
            return 0
        with within(installation_id):
            batch = webhook_deliveries.lease(installation, endpoint_id, timezone.now())
        if batch:
            _tell(installation_id, batch)
            count += len(batch.deliveries)
    return count


def _tell(installation_id: int, batch: Batch) -> None:
    taken: list[Delivery] = []
    failed: list[Failure] = []
    in_trouble, waiting = 0, iter(batch.deliveries)
    with outbound.client(settings.ALLOW_PRIVATE_ADDRESSES) as client:
        for one in waiting:
            try:
                failure = _failure(one, _post(client, batch, one))
            except SoftTimeLimitExceeded:
                failure = Failure(one, "its answer took too long", asked_rest=webhooks.LONGEST_REST)
            if failure is None:
                taken.append(one)
                in_trouble = 0
                continue
            failed.append(failure)
            in_trouble += 1
            if in_trouble >= webhook_deliveries.PATIENCE or failure.is_gone or failure.asked_rest is not None:
                break
    if failed:
        logger.info("an endpoint of installation %s did not take %s", installation_id, len(failed))
    with within(installation_id):
        webhook_deliveries.settle(batch.endpoint_id, taken, failed, list(waiting), in_trouble, timezone.now())


def _post(client: httpx.Client, batch: Batch, one: Delivery) -> Answer:
    if not batch.secrets:
        return Answer(0, "the secret cannot be read: its key is missing from TOKEN_KEYS")
    body = _body(one.event, str(one.said.get("at") or one.asked_at.isoformat()), one.said)
    # Each attempt at its own moment: a receiver refuses what was signed some minutes ago.
    return webhook.post(client, batch.url, one.webhook_id, body, batch.secrets, timezone.now())


def _body(event: str, at: str, said: Mapping[str, object]) -> str:
    data = {name: value for name, value in said.items() if name != "at"}
    return json.dumps({"type": event, "timestamp": at, "data": data}, ensure_ascii=False, separators=(",", ":"))


def _failure(one: Delivery, answer: Answer) -> Failure | None:
    if answer.is_taken:
        return None
    wanted = webhooks.asked_rest(answer.retry_after, timezone.now()) if answer.status in (429, 503) else None
    return Failure(one, answer.told, answer.status == webhooks.GONE, wanted)


def test(installation_id: int, public_id: UUID, now: datetime) -> Answer | None:
    """Return what an endpoint answers to a trial, which is signed like the rest and says nothing; None for no such."""
    with within(installation_id):
        endpoint = webhook_endpoints.locked(public_id)
        if endpoint is None:
            return None
        url, secrets = endpoint.url, webhook_endpoints.secrets_of(endpoint, now)
    with outbound.client(settings.ALLOW_PRIVATE_ADDRESSES) as client:
        return webhook.post(client, url, f"msg_{uuid4().hex}", _body("test", now.isoformat(), {}), secrets, now)
