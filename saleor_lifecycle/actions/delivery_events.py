"""What providers report of messages: stored once each, and what follows from it in the same transaction.

However often and in whatever order the same reports come, the end is the same: a message's state and an address's
suppression are folds of the rows; only a person's word, which they may take back, is taken once, when it is new.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from saleor_lifecycle.domain.deliverability import Harm
from saleor_lifecycle.domain.delivery_events import (
    BouncePolicy,
    Ending,
    EventKind,
    Report,
    ending,
    has_left,
    is_given_up,
)
from saleor_lifecycle.domain.suppressions import REASONS
from saleor_lifecycle.models import DeliveryEvent, Installation, Message, Suppression

from . import bases, consent, deliverability, flows, identities, messages, send_facts

BOUNCES = BouncePolicy()
SOFT_BOUNCE = {"kind": EventKind.BOUNCED.value, "is_permanent": False}
_FOLLOWED = (EventKind.OPENED, EventKind.CLICKED)


def apply(installation: Installation, provider: str, reports: Iterable[Report], now: datetime) -> int:
    """Store a provider's reports and do what follows from those that are new; return how many those are.

    What is not about a message of the installation is left out, and so is what was opened or followed by somebody who
    did not agree to that being known.
    """
    told = {report.key: report for report in reports}
    found = _find(told.values())
    identities.lock(row.customer_id for row in found.values() if row.customer_id)
    rows = Message.objects.select_related("installation", "enrollment__cart__identity").order_by("id")
    held = {row.pk: row for row in rows.select_for_update(of=("self",)).filter(pk__in=_ids(found))}
    known = set(DeliveryEvent.objects.filter(provider=provider, key__in=found).values_list("key", flat=True))
    new = [_row(provider, told[key], held[row.pk], now) for key, row in found.items() if key not in known]
    following = (row.message.customer_id for row in new if row.kind in _FOLLOWED)
    tracked = bases.tracked(installation.pk, {person for person in following if person is not None})
    new = [row for row in new if row.kind not in _FOLLOWED or row.message.customer_id in tracked]
    DeliveryEvent.objects.bulk_create(new)
    _settle({row.message_id: held[row.message_id] for row in new}, told, found, now)
    _end(installation, new, now)
    _count(installation, new, now)
    return len(new)


def forget(customer_ids: Iterable[int], address_hash: str = "") -> None:
    """Forget what erased people followed and what their servers said, of one address if it is named.

    That something came of a message, and when, stays; what is not judged yet goes whole.
    """
    rows = DeliveryEvent.objects.filter(message__customer__in=list(customer_ids))
    if address_hash:
        rows = rows.filter(message__address_hash=address_hash)
    rows.filter(due_at__isnull=False).delete()
    rows.update(detail="", link=None, links=None, traits=[])


def expire(before: datetime, limit: int) -> int:
    """Delete the oldest events that are too old, at most so many at once; return how many."""
    old = DeliveryEvent.objects.filter(occurred_at__lt=before).order_by("occurred_at").values("id")[:limit]
    return DeliveryEvent.objects.filter(id__in=list(old.values_list("id", flat=True))).delete()[0]


def _find(reports: Collection[Report]) -> dict[str, Message]:
    """Return the message of each report that is about one, by the report's key: our own id goes before theirs."""
    own = {report.message_id for report in reports if report.message_id}
    theirs = {report.provider_id for report in reports if report.provider_id and not report.message_id}
    by_own: dict[UUID, Message] = (
        {row.public_id: row for row in Message.objects.filter(public_id__in=own)} if own else {}
    )
    named = Message.objects.exclude(provider_id="").filter(provider_id__in=theirs)
    by_theirs = {row.provider_id: row for row in named} if theirs else {}
    pairs = (
        (report.key, by_own.get(report.message_id) if report.message_id else by_theirs.get(report.provider_id))
        for report in reports
    )
    return {key: row for key, row in pairs if row is not None}


def _ids(found: Mapping[str, Message]) -> set[int]:
    return {row.pk for row in found.values()}


def _row(provider: str, report: Report, message: Message, now: datetime) -> DeliveryEvent:
    return DeliveryEvent(
        installation_id=message.installation_id,
        message=message,
        provider=provider,
        key=report.key,
        kind=report.kind.value,
        reason=report.reason,
        detail=report.detail,
        is_permanent=report.is_permanent,
        # What is told of has happened.
        occurred_at=min(report.occurred_at or now, now),
        received_at=now,
    )


def _settle(
    held: Mapping[int, Message], told: Mapping[str, Report], found: Mapping[str, Message], now: datetime
) -> None:
    """Give each message the state that all its events tell: what went out was sent, whatever we had thought."""
    kinds: dict[int, set[str]] = defaultdict(set)
    for message_id, kind in DeliveryEvent.objects.filter(message__in=held).values_list("message_id", "kind"):
        kinds[message_id].add(kind)
    names = {found[key].pk: report.provider_id for key, report in told.items() if key in found and report.provider_id}
    for pk, message in held.items():
        messages.settle_told(message, has_left(kinds[pk]), names.get(pk, ""), now)


def _count(installation: Installation, new: Sequence[DeliveryEvent], now: datetime) -> None:
    """Count each message that bounced for good or was complained of, once, on the day of the first that tells so."""
    told = [(row, harm) for row in new if (harm := _harm(row.kind, row.is_permanent)) is not None]
    if not told:
        return
    before = DeliveryEvent.objects.filter(message__in={row.message_id for row, _ in told})
    rows = before.exclude(pk__in=[row.pk for row in new]).values_list("message_id", "kind", "is_permanent")
    known = {(message_id, _harm(kind, is_permanent)) for message_id, kind, is_permanent in rows}
    harmed = {
        (row.message_id, harm): (row.message.channel, row.occurred_at, harm)
        for row, harm in sorted(told, key=lambda one: one[0].occurred_at, reverse=True)
        if (row.message_id, harm) not in known
    }
    if harmed:
        deliverability.note_events(installation, list(harmed.values()), now)


def _harm(kind: str, is_permanent: bool | None) -> Harm | None:
    if kind == EventKind.COMPLAINED:
        return Harm.COMPLAINTS
    return Harm.BOUNCES if kind == EventKind.BOUNCED and is_permanent else None


def _end(installation: Installation, new: Sequence[DeliveryEvent], now: datetime) -> None:
    """End the writing to addresses and people because of new events."""
    endings: dict[int, set[Ending]] = defaultdict(set)
    about = {row.message_id: row.message for row in new}
    for row in new:
        if one := ending(row.kind, row.reason, row.is_permanent):
            endings[row.message_id].add(one)
    counted = {row.message_id for row in new if row.kind in (EventKind.BOUNCED, EventKind.DELIVERED)}
    # Of nearly all that is delivered nothing ever bounced.
    people = {about[pk].customer_id for pk in counted}
    bounced = DeliveryEvent.objects.filter(message__customer__in=people, **SOFT_BOUNCE).values_list("message__customer")
    shaky = {person for (person,) in bounced.distinct()}
    for message in (about[pk] for pk in sorted(counted) if about[pk].customer_id in shaky):
        if _has_taken_none(message):
            endings[message.pk].add(Ending.SOFT_BOUNCES)
    for pk in sorted(endings):
        _stop(installation, about[pk], endings[pk], now)


def _stop(installation: Installation, message: Message, endings: set[Ending], now: datetime) -> None:
    people = [message.customer_id] if message.customer_id is not None else []
    # Whoever complains said no, and more than that.
    is_word = bool(endings & {Ending.UNSUBSCRIBED, Ending.COMPLAINED})
    if is_word:
        consent.unsubscribe(message, now)
    reason = max((one.value for one in endings), key=REASONS.index)
    consent.suppress(message, reason, now)
    # A bounce is the address's, and its person may have another.
    if _is_current(installation, message):
        messages.end_queued(installation.pk, people, [message.address_hash], message.channel, reason, now)
    if is_word:
        flows.advance(installation, people, now)


def _is_current(installation: Installation, message: Message) -> bool:
    if message.customer_id is None:
        return False
    held = send_facts.addresses([message.customer_id], message.channel).get(message.customer_id)
    return held is not None and consent.address_hash(installation, message.channel, held[0]) == message.address_hash


def _has_taken_none(message: Message) -> bool:
    """Return whether the address of a message has taken none of its last ones; what said so too early is lifted.

    Each message counts once, however often its provider tried. Asked by customer: nothing finds messages by address.
    """
    same = DeliveryEvent.objects.filter(
        message__customer=message.customer_id,
        message__address_hash=message.address_hash,
        message__channel=message.channel,
    )
    bounced: dict[int, datetime] = {}
    for message_id, at in same.filter(**SOFT_BOUNCE).order_by("occurred_at").values_list("message_id", "occurred_at"):
        bounced.setdefault(message_id, at)
    delivered = same.filter(kind=EventKind.DELIVERED.value).values_list("occurred_at", flat=True)
    if is_given_up(bounced.values(), delivered, BOUNCES):
        return True
    Suppression.objects.filter(
        channel=message.channel, address_hash=message.address_hash, reason=Ending.SOFT_BOUNCES.value
    ).delete()
    return False
