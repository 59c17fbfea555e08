"""Messages: queued once, claimed once, settled once."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from saleor_lifecycle.domain.consent import EVERY_TOPIC, basis
from saleor_lifecycle.domain.contents import Carried
from saleor_lifecycle.domain.identity import IdentityKind
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.domain.sending import CartTruth, Defer, OfferTruth, Send, SendFacts, Skip, may_send
from saleor_lifecycle.models import (
    Account,
    Brand,
    Consent,
    Customer,
    Enrollment,
    Identity,
    Installation,
    Message,
    Suppression,
)
from saleor_lifecycle.models.sets import update

from . import consent

LEASE = timedelta(seconds=60)
"""How long a worker has a batch for itself while it asks the shop; if it dies, the messages come due again."""
LOST_AFTER = timedelta(minutes=5)
"""A message that is still being sent after this is nobody's any more: it becomes unknown, and is never sent again."""
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))


@dataclass(frozen=True, slots=True)
class CartAsked:
    """The cart that a message is about, as we know it."""

    checkout_id: str
    lines_hash: str
    changed_at: datetime
    language: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A queued message, and what the shop has to be asked about."""

    message_id: int
    customer_id: int | None
    cart: CartAsked | None
    carried: Carried | None
    user_ids: frozenset[str]
    emails: frozenset[str]


def lease(installation_id: int, limit: int, now: datetime) -> list[Candidate]:
    """Return due messages, kept from other workers for a minute; what was being sent too long becomes unknown first."""
    due = Message.objects.filter(installation_id=installation_id, due_at__lte=now)
    due.filter(state=Message.State.SENDING).update(
        state=Message.State.UNKNOWN, reason="the worker died while it was sending", due_at=None, settled_at=now
    )
    queued = due.filter(state=Message.State.QUEUED).select_related("enrollment__cart").order_by("due_at", "id")
    rows = list(queued.select_for_update(skip_locked=True, of=("self",))[:limit])
    update(Message, [{"id": row.pk, "due_at": now + LEASE} for row in rows])
    handles = _handles({row.customer_id for row in rows if row.customer_id})
    return [_candidate(row, handles.get(row.customer_id or 0, [])) for row in rows]


def _candidate(row: Message, handles: list[tuple[str, str]]) -> Candidate:
    emails = {value for kind, value in handles if kind == IdentityKind.EMAIL}
    users = {value for kind, value in handles if kind == IdentityKind.USER}
    cart, asked = row.enrollment.cart if row.enrollment else None, None
    if cart is not None:
        assert cart.changed_at is not None
        emails |= {cart.email} if cart.email else set()
        asked = CartAsked(cart.checkout_id, cart.lines_hash, cart.changed_at, cart.language)
    return Candidate(row.pk, row.customer_id, asked, row.carried(), frozenset(users), frozenset(emails))


def _handles(customer_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    handles: dict[int, list[tuple[str, str]]] = {}
    rows = Identity.objects.filter(customer_id__in=customer_ids).values_list("customer_id", "kind", "value")
    for customer_id, kind, value in rows:
        if customer_id is not None:
            handles.setdefault(customer_id, []).append((kind, value))
    return handles


def decide(
    installation: Installation,
    message_id: int,
    address: str | None,
    truth: CartTruth | None,
    now: datetime,
    offer: OfferTruth | None = None,
) -> Message | None:
    """Return the message, claimed for sending, if it may leave now; else write down why not and until when.

    Locks customer, enrollment and message in that order; a message that somebody else has settled is left alone.
    """
    customer_id = Message.objects.values_list("customer_id", flat=True).get(pk=message_id)
    list(Customer.objects.select_for_update(no_key=True).filter(pk=customer_id).values_list("id"))
    list(Enrollment.objects.select_for_update().filter(messages=message_id).values_list("id"))
    message = (
        Message.objects.select_related("enrollment__flow", "enrollment__version", "enrollment__cart", "customer")
        .select_for_update(of=("self",))
        .get(pk=message_id)
    )
    if message.state != Message.State.QUEUED:
        return None
    hashed = consent.address_hash(installation, message.channel, address) if address else ""
    match may_send(_facts(installation, message, hashed, truth, offer), now):
        case Send():
            message.state = Message.State.SENDING
            message.attempts += 1
            message.address_hash = hashed
            message.due_at = now + LOST_AFTER
        case Defer(until, reason):
            message.reason = reason.value
            message.due_at = until
        case Skip(reason):
            message.state = Message.State.SKIPPED
            message.reason = reason.value
            message.due_at = None
            message.settled_at = now
    message.save(update_fields=["state", "attempts", "address_hash", "reason", "due_at", "settled_at"])
    return message if message.state == Message.State.SENDING else None


def _facts(
    installation: Installation, message: Message, hashed: str, truth: CartTruth | None, offer: OfferTruth | None
) -> SendFacts:
    enrollment = message.enrollment
    cart = enrollment.cart if enrollment else None
    not_before = useless_from = None
    if enrollment is not None and cart is not None:
        assert cart.changed_at is not None
        document = enrollment.version.value()
        step = next(step for step in document.steps if step.key == message.step)
        not_before, useless_from = cart.changed_at + step.after, cart.changed_at + document.ends
    records = Consent.objects.filter(
        identity__customer=message.customer_id, topic__in=(EVERY_TOPIC, message.topic), channel=message.channel
    )
    suppressions = Suppression.objects.filter(installation=installation, channel=message.channel, address_hash=hashed)
    if message.purpose == Purpose.SERVICE:
        suppressions = suppressions.exclude(reason=consent.UNSUBSCRIBED)
    brand = Brand.objects.get(installation=installation)
    return SendFacts(
        purpose=Purpose(message.purpose),
        has_address=hashed != "" or (cart is not None and (truth is None or not truth.exists)),
        is_suppressed=suppressions.exists(),
        basis=basis(record.value() for record in records),
        is_flow_on=enrollment is None or enrollment.flow.is_on,
        is_enrolled=enrollment is None or enrollment.state != Enrollment.State.EXITED,
        is_app_active=installation.state == Installation.State.ACTIVE,
        is_app_removed=installation.state == Installation.State.REMOVED,
        is_sender_set_up=brand.is_set_up,
        not_before=not_before,
        useless_from=useless_from,
        is_about_cart=cart is not None,
        truth=truth,
        has_offer=message.carried() is not None,
        offer=offer,
    )


def addresses(customer_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return the e-mail and language in which each of these customers is written to, where they have an e-mail.

    An account's goes before a guest's; of several the newest, because people move on.
    """
    held: dict[int, tuple[str, str]] = {}
    guests = Identity.objects.filter(customer_id__in=customer_ids, kind=Identity.Kind.EMAIL).order_by("id")
    for customer_id, address in guests.values_list("customer_id", "value"):
        assert customer_id is not None
        held[customer_id] = (address, "")
    accounts = Account.objects.filter(identity__customer_id__in=customer_ids, deleted_at=None).exclude(email="")
    for customer_id, address, language in accounts.order_by("joined_at", "id").values_list(
        "identity__customer_id", "email", "language"
    ):
        held[customer_id] = (address, language)
    return held


def first_name(customer_id: int) -> str:
    """Return what to call a customer, or "". Anyone may register a stranger's address under a name of their choice,
    so a name that could be read as a link or a sentence is not used."""
    accounts = Account.objects.filter(identity__customer_id=customer_id, deleted_at=None)
    name = (accounts.values_list("first_name", flat=True).first() or "").strip()
    return name if re.fullmatch(r"[^\W\d_]+(?:[ '’-][^\W\d_]+){0,2}", name) and len(name) <= 30 else ""


def sent(message_id: int, provider_id: str, now: datetime) -> None:
    """Settle a message that the provider took."""
    _settle(message_id, Message.State.SENT, "", now, provider_id)


def failed(message_id: int, reason: str, now: datetime) -> None:
    """Settle a message that will never be taken."""
    _settle(message_id, Message.State.FAILED, reason, now)


def unknown(message_id: int, reason: str, now: datetime) -> None:
    """Settle a message of which nobody can say whether it left: it is not sent again on a guess."""
    _settle(message_id, Message.State.UNKNOWN, reason, now)


def try_later(message: Message, reason: str, now: datetime) -> None:
    """Queue a claimed message again after trouble in which nothing left."""
    after = RETRY_AFTER[min(message.attempts - 1, len(RETRY_AFTER) - 1)]
    Message.objects.filter(pk=message.pk, state=Message.State.SENDING).update(
        state=Message.State.QUEUED, reason=reason[:500], due_at=now + after
    )


def _settle(message_id: int, state: Message.State, reason: str, now: datetime, provider_id: str = "") -> None:
    Message.objects.filter(pk=message_id, state=Message.State.SENDING).update(
        state=state, reason=reason[:500], provider_id=provider_id, due_at=None, settled_at=now
    )
