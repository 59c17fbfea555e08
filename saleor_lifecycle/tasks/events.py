"""The task process: from stored deliveries to rows, profiles, phases, enrollments and queued messages."""

import logging
import traceback
from datetime import datetime

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from psycopg.errors import DeadlockDetected, SerializationFailure

from saleor_lifecycle.actions import deliveries, events
from saleor_lifecycle.actions.identities import CustomersMoved
from saleor_lifecycle.domain.facts import Fact, OrderFact
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import Installation, Message, Outbox
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.readings import UNUSED, UnreadableBody, read

from . import nudge

BATCH = 200
ATTEMPTS = 5
"""How often a batch is run again after a deadlock or a join of the same people elsewhere, before one by one."""

logger = logging.getLogger(__name__)


@shared_task
def process(installation_id: int) -> None:
    """Process what waits for an installation, batch after batch."""
    while run(installation_id, timezone.now()):
        pass
    _pass_on(installation_id, timezone.now())


def run(installation_id: int, now: datetime) -> int:
    """Process one batch; return how many events were settled. A batch that fails is run again one by one."""
    for _ in range(ATTEMPTS):
        try:
            return _batch(installation_id, BATCH, now)
        except Exception as error:
            if is_away(error):
                raise  # the sweep comes back
            logger.info("a batch failed (%s) and runs again", type(error).__name__)
            if not is_collision(error):
                break
    settled = 0
    while _one(installation_id, now):
        settled += 1
    return settled


def _batch(installation_id: int, limit: int, now: datetime) -> int:
    with within(installation_id):
        received = events.claim(installation_id, limit, now)
        if received:
            _apply(installation_id, received, now)
        return len(received)


def _one(installation_id: int, now: datetime) -> bool:
    """Process the oldest waiting event alone; one that fails is set aside. Return whether there was one."""
    for _ in range(ATTEMPTS):
        failing: list[events.Received] = []
        try:
            with within(installation_id):
                failing = events.claim(installation_id, 1, now)
                if failing:
                    _apply(installation_id, failing, now)
            return bool(failing)
        except Exception as error:
            if not failing or is_away(error):
                raise
            trouble = error
            if not is_collision(error):
                break
    # Where it happened and of what kind; the text of an error may hold what people told the shop.
    where = "".join(traceback.format_tb(trouble.__traceback__))
    logger.error("event %s is set aside: %s\n%s", failing[0].id, type(trouble).__name__, where)
    with within(installation_id):
        events.set_aside(failing[0].id, type(trouble).__name__, now)
    return True


def is_collision(error: Exception) -> bool:
    """Did another worker come between, so that the same may do a moment later?"""
    return isinstance(error, CustomersMoved) or isinstance(error.__cause__, DeadlockDetected | SerializationFailure)


def is_away(error: Exception) -> bool:
    """Did the database itself fail, whatever it was asked? Then no event is to blame."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    # Connections, resources, operators (shut down, cancelled); without a state the connection is gone.
    return state is None or state[:2] in ("08", "53", "57")


def _apply(installation_id: int, received: list[events.Received], now: datetime) -> None:
    installation = Installation.objects.select_related("policy").get(pk=installation_id)
    notes: dict[int, str] = {}
    by_cause: dict[Cause, list[Fact]] = {Cause.IMPORT: [], Cause.BEHAVIOUR: []}
    for event in received:
        try:
            reading = read(event.body, event.digest, installation.consent_key, event.name)
        except UnreadableBody as error:
            logger.warning("event %s cannot be read and is set aside: %s", event.id, error)
            events.set_aside(event.id, str(error), now)
            continue
        notes[event.id] = reading.note or ""
        if reading.note == UNUSED:
            logger.info("event %s is %s: %s", event.id, UNUSED, reading.typename[:60])
        for fact in reading.facts:
            is_import = isinstance(fact, OrderFact) and fact.is_import
            by_cause[Cause.IMPORT if is_import else Cause.BEHAVIOUR].append(fact)
    for cause, facts in by_cause.items():
        if facts:
            events.apply(installation, facts, now, cause)
    events.finish(notes)


def _pass_on(installation_id: int, now: datetime) -> None:
    """Nudge the workers of what processing has queued."""
    with within(installation_id):
        has_messages = Message.objects.filter(installation_id=installation_id, due_at__lte=now).exists()
        has_outbox = Outbox.objects.filter(
            installation_id=installation_id, kind=Outbox.Kind.PROJECTION, due_at__lte=now
        ).exists()
        has_come = deliveries.is_due(installation_id, now)
    if has_come:
        nudge.nudge(nudge.DELIVERIES, installation_id)
    if has_messages:
        nudge.nudge(nudge.SEND, installation_id)
    if has_outbox:
        nudge.nudge(nudge.DELIVER, installation_id)
