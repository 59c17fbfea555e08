"""Messages: queued once, leased in batches, claimed once, settled once. ``decisions`` says which may be claimed."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Q, QuerySet

from saleor_lifecycle.domain.contents import Carried
from saleor_lifecycle.domain.identity import IdentityKind
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.domain.pacing import retry_at
from saleor_lifecycle.domain.sending import LOOK_AGAIN, DeferReason
from saleor_lifecycle.domain.suppressions import NO_GOOD
from saleor_lifecycle.models import Identity, Message
from saleor_lifecycle.models.entry import call
from saleor_lifecycle.models.sets import ids, update

LEASE = timedelta(seconds=60)
"""How long a worker has a batch for itself while it asks the shop; if it dies, the messages come due again."""
LOST_AFTER = timedelta(minutes=5)
"""A message that is still being sent after this is nobody's any more: it becomes unknown, and is never sent again."""
LOST = "the worker died while it was sending"


@dataclass(frozen=True, slots=True)
class CartAsked:
    """The cart that a message is about, as we know it."""

    checkout_id: str
    lines_hash: str
    changed_at: datetime
    language: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A queued message that a worker has for a minute, and what the shop has to be asked about."""

    message_id: int
    lease: UUID
    customer_id: int | None
    opt_in_id: int | None
    cart: CartAsked | None
    carried: Carried | None
    user_ids: frozenset[str]
    emails: frozenset[str]


def give_up_lost(installation_id: int, now: datetime) -> None:
    """What has been sending for too long becomes unknown."""
    Message.objects.filter(installation_id=installation_id, due_at__lte=now, state=Message.State.SENDING).update(
        state=Message.State.UNKNOWN, reason=LOST, lease=None, due_at=None, settled_at=now
    )


def channels_due(installation_id: int, channels: Collection[str], now: datetime) -> list[str]:
    """Return those of these channels on which a message is due; most installations use one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT channel FROM unnest(%s::text[]) WITH ORDINALITY AS known(channel, place) WHERE EXISTS (
                SELECT FROM lifecycle_message due WHERE due.installation_id = %s AND due.channel = known.channel
                    AND due.state = 'queued' AND due.due_at <= %s) ORDER BY place
            """,
            [list(channels), installation_id, now],
        )
        return [channel for (channel,) in cursor.fetchall()]


def lease(
    installation_id: int, channel: str, limit: int, now: datetime, is_service_only: bool = False
) -> list[Candidate]:
    """Return due messages of a channel, kept from other workers for a minute; all share one lease."""
    queued = Message.objects.filter(
        installation_id=installation_id, channel=channel, due_at__lte=now, state=Message.State.QUEUED
    )
    if is_service_only:
        queued = queued.filter(purpose=Purpose.SERVICE.value)
    ordered = queued.select_related("enrollment__cart").order_by("due_at", "id")
    rows = list(ordered.select_for_update(skip_locked=True, of=("self",))[:limit])
    ours = uuid4()
    update(Message, [{"id": row.pk, "due_at": now + LEASE, "lease": ours} for row in rows])
    return candidates(rows, ours)


def candidates(rows: Sequence[Message], ours: UUID | None = None) -> list[Candidate]:
    """Return what the shop has to be asked about messages, under a lease; without one they are only to be looked at."""
    handles = _handles({row.customer_id for row in rows if row.customer_id})
    return [_candidate(row, ours or uuid4(), handles.get(row.customer_id or 0, [])) for row in rows]


def _candidate(row: Message, ours: UUID, handles: list[tuple[str, str]]) -> Candidate:
    emails = {value for kind, value in handles if kind == IdentityKind.EMAIL}
    users = {value for kind, value in handles if kind == IdentityKind.USER}
    cart, asked = row.enrollment.cart if row.enrollment else None, None
    if cart is not None:
        assert cart.changed_at is not None
        emails |= {cart.email} if cart.email else set()
        asked = CartAsked(cart.checkout_id, cart.lines_hash, cart.changed_at, cart.language)
    return Candidate(
        row.pk, ours, row.customer_id, row.opt_in_id, asked, row.carried(), frozenset(users), frozenset(emails)
    )


def _handles(customer_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    handles: dict[int, list[tuple[str, str]]] = {}
    rows = Identity.objects.filter(customer_id__in=customer_ids).values_list("customer_id", "kind", "value")
    for customer_id, kind, value in rows:
        if customer_id is not None:
            handles.setdefault(customer_id, []).append((kind, value))
    return handles


class Settled(NamedTuple):
    """What became of a claimed message. ``due_at`` only where it is queued again."""

    message_id: int
    state: Message.State
    reason: str = ""
    provider_id: str = ""
    due_at: datetime | None = None


def turn(
    installation_id: int,
    settled: Sequence[Settled],
    wanted: Sequence[Message],
    now: datetime,
    meanwhile: Callable[[], object] | None = None,
) -> set[int]:
    """Write down what became of claimed messages, claim others, and return which of these are claimed.

    One whose lease is gone, or that something forbids meanwhile, is not. It enters the database by itself, in one round
    trip; outside of any transaction of the caller's, it is durable when this returns. ``meanwhile``: as of ``call``.
    """
    if not settled and not wanted:
        if meanwhile:
            meanwhile()
        return set()
    told = {
        "now": now.isoformat(),
        "lost": (now + LOST_AFTER).isoformat(),
        "settled": [
            {**one._asdict(), "reason": one.reason[:500], "due_at": one.due_at and one.due_at.isoformat()}
            for one in settled
        ],
        "wanted": [{"message_id": one.pk, "lease": str(one.lease)} for one in wanted],
    }
    answer = call("lifecycle_turn", (str(installation_id), json.dumps(told)), meanwhile)
    return {int(number) for number in answer.strip("{}").split(",") if number}


def after_trouble(message: Message, reason: str, wait: timedelta | None, now: datetime) -> Settled:
    """Return what becomes of a message after an attempt at which nothing left: queued for later, or failed.

    Not before ``wait`` is over, where the provider asked for it.
    """
    attempts = message.attempts + 1  # as the claim has counted it
    until = retry_at(attempts, message.public_id.bytes, now)
    if until is None:
        return Settled(message.pk, Message.State.FAILED, f"given up after {attempts} attempts: {reason}")
    return Settled(message.pk, Message.State.QUEUED, reason, due_at=max(until, now + (wait or timedelta())))


def put_back(message: Message, now: datetime) -> Settled:
    """Return what becomes of a message whose account was refused: queued, however often that happens to it."""
    return Settled(message.pk, Message.State.QUEUED, DeferReason.ACCOUNT_HELD.value, due_at=now + LOOK_AGAIN)


def release(messages: Collection[Message], now: datetime) -> None:
    """Give back what a worker has decided and will not send: it comes due again at once."""
    _leased(messages).update(lease=None, due_at=now, reason=DeferReason.TRUTH_TOO_OLD.value)


def refuse(message: Message, reason: str, now: datetime) -> None:
    """Settle a message of which no words can be made; it was not claimed."""
    _leased([message]).update(state=Message.State.FAILED, reason=reason[:500], due_at=None, settled_at=now, lease=None)


def _leased(messages: Collection[Message]) -> QuerySet[Message]:
    leases = {message.lease for message in messages}
    return Message.objects.filter(pk__in=[one.pk for one in messages], lease__in=leases, state=Message.State.QUEUED)


def unlease(customer_ids: Collection[int]) -> None:
    """Take from workers what they have decided about these customers, who are locked: what it rests on has changed.

    Such a message is looked at anew once its minute is over.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE lifecycle_message SET lease = NULL
            WHERE customer_id = ANY(%s::bigint[]) AND state = 'queued' AND lease IS NOT NULL
            """,
            [ids(customer_ids)],
        )


def settle_told(message: Message, has_left: bool | None, provider_id: str, now: datetime) -> None:
    """Settle a locked message by what its provider tells: it went out, or (False) never will; None settles nothing.

    Whatever we had thought of it: one that waits for another attempt went out all the same, and is not sent again.
    """
    open_ends = {Message.State.UNKNOWN, Message.State.SENDING}
    if has_left:
        is_news, state = message.state in open_ends | {Message.State.QUEUED, Message.State.FAILED}, Message.State.SENT
    else:
        is_news, state = has_left is False and message.state in open_ends, Message.State.FAILED
    if is_news and message.attempts:
        message.state = state
        message.reason = "" if has_left else "the provider will not send it"
        message.provider_id = message.provider_id or provider_id
        message.due_at = None
        message.settled_at = message.settled_at or now
        message.lease = None
        message.save(update_fields=["state", "reason", "provider_id", "due_at", "settled_at", "lease"])


def end_queued(
    installation_id: int,
    customer_ids: Collection[int],
    address_hashes: Collection[str],
    channel: str,
    reason: str,
    now: datetime,
) -> int:
    """Skip what waits for these customers and addresses on a channel; return how many.

    Commercial messages only; after a bounce or a complaint service ones too, because the address is no good.

    Their customers are locked, and the no is stored in the same transaction: what is claimed already may still leave.
    """
    waiting = Message.objects.filter(installation_id=installation_id, channel=channel, state=Message.State.QUEUED)
    if reason not in NO_GOOD:
        waiting = waiting.filter(purpose=Purpose.COMMERCIAL.value)
    hashes = [one for one in address_hashes if one]
    to_whom = Q(customer_id__in=list(customer_ids)) | (Q(address_hash__in=hashes) & ~Q(address_hash=""))
    return waiting.filter(to_whom).update(
        state=Message.State.SKIPPED, reason=reason, due_at=None, settled_at=now, lease=None
    )
