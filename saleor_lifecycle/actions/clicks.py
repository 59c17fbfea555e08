"""Links followed and pictures loaded: written down, judged a moment later, taken back when they were no person's."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from saleor_lifecycle.domain.delivery_events import EventKind, Verdict
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.domain.scanners import SETTLES_AFTER, Request, Trait, judge
from saleor_lifecycle.models import DeliveryEvent, Installation, Message
from saleor_lifecycle.models.delivery_events import CLICK
from saleor_lifecycle.models.sets import update

from . import consent, customers, happenings, identities
from .happenings import Happening

MOST_REQUESTS = 200
"""Of one message that are written down: whoever has its link may follow it for ever."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A link of a message that was followed, by its place among those that are; or its picture, without a place."""

    message_id: UUID
    traits: frozenset[Trait]
    link: int | None = None
    links: int | None = None


def record(installation_id: int, followed: Followed, now: datetime) -> bool:
    """Write down that a message was followed or opened, if that may be known; return whether it is one of ours.

    The same within a second is one. An opening is judged by what it shows alone, because it weighs nothing.
    """
    message = Message.objects.filter(public_id=followed.message_id, installation_id=installation_id).first()
    if message is None:
        return False
    if message.customer_id is None or not consent.is_tracked(message.customer_id):
        return True
    if DeliveryEvent.objects.filter(message=message).count() >= MOST_REQUESTS:
        return True
    is_click = followed.link is not None
    shown = sorted(trait.value for trait in followed.traits)
    verdict = Verdict.PROVISIONAL if is_click else Verdict.SCANNER if shown else Verdict.HUMAN
    kind = EventKind.CLICKED if is_click else EventKind.OPENED
    row = DeliveryEvent(
        installation_id=installation_id,
        message=message,
        provider="",
        key=_key(message.public_id, followed.link, *shown, now.replace(microsecond=0)),
        kind=kind.value,
        link=followed.link,
        links=followed.links,
        traits=shown,
        verdict=verdict.value,
        occurred_at=now,
        received_at=now,
        due_at=now + SETTLES_AFTER if is_click else None,
    )
    DeliveryEvent.objects.bulk_create([row], ignore_conflicts=True)
    return True


def claim(installation_id: int, limit: int, now: datetime) -> list[int]:
    """Return the messages of which links were followed that are to be judged now, their people locked."""
    due = DeliveryEvent.objects.filter(installation_id=installation_id, due_at__lte=now).order_by("due_at", "id")
    found = dict(due.values_list("message_id", "message__customer_id")[:limit])
    identities.lock(person for person in found.values() if person)
    return sorted(found)


def judge_due(installation: Installation, message_ids: Collection[int], now: datetime) -> None:
    """Judge all that was followed of these messages anew; who turns out to have clicked, or not, is folded again."""
    before = verified(message_ids)
    rows = DeliveryEvent.objects.filter(message__in=message_ids, provider="", kind=EventKind.CLICKED.value)
    by_message: dict[int, list[DeliveryEvent]] = defaultdict(list)
    for row in rows.select_for_update(of=("self",)).order_by("occurred_at", "id"):
        by_message[row.message_id].append(row)
    delivered = _delivered(by_message)
    changes = [
        change for message_id, held in by_message.items() for change in _changes(held, delivered.get(message_id))
    ]
    update(DeliveryEvent, changes)
    after = verified(message_ids)
    moved = {message_id for message_id in message_ids if before.get(message_id) != after.get(message_id)}
    people = Message.objects.filter(pk__in=moved, customer__isnull=False).in_bulk()
    customers.refold(
        installation, {one.customer_id for one in people.values() if one.customer_id}, now, Cause.BEHAVIOUR
    )
    clicked = [
        Happening(
            "message_clicked",
            one.customer_id,
            str(one.public_id),
            after[pk],
            {"template": one.template, "topic": one.topic, "channel": one.channel},
        )
        for pk, one in sorted(people.items())
        if one.customer_id and pk in after and pk not in before
    ]
    happenings.enter(installation, clicked, now)


def verified(message_ids: Iterable[int]) -> dict[int, datetime]:
    """Return when each of these messages was first followed by its person, where it was."""
    rows = DeliveryEvent.objects.filter(message__in=list(message_ids), **CLICK)
    return dict(rows.values("message_id").annotate(first=Min("occurred_at")).values_list("message_id", "first"))


def _delivered(message_ids: Iterable[int]) -> dict[int, datetime]:
    ids = list(message_ids)
    known = Message.objects.filter(pk__in=ids, settled_at__isnull=False).values_list("id", "settled_at")
    told = DeliveryEvent.objects.filter(message__in=ids, kind=EventKind.DELIVERED.value)
    reported = told.values("message_id").annotate(first=Min("occurred_at")).values_list("message_id", "first")
    return {pk: at for pk, at in known if at} | dict(reported)


def _changes(held: list[DeliveryEvent], delivered_at: datetime | None) -> Iterable[dict[str, object]]:
    requests = [
        Request(row.link or 0, row.occurred_at, frozenset(Trait(trait) for trait in row.traits)) for row in held
    ]
    links = max((row.links or 0 for row in held), default=0)
    for row, judged in zip(held, judge(requests, links, delivered_at), strict=True):
        because = judged.because.value if judged.because else ""
        if (row.verdict, row.reason, row.due_at) != (judged.verdict, because, None):
            yield {"id": row.pk, "verdict": judged.verdict.value, "reason": because, "due_at": None}


def _key(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32]
