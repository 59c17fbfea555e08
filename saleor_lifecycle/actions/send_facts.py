"""What the decisions of a batch rest on, loaded for all of it at once; and what its words say of people."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from saleor_lifecycle.domain.flow_programs import Program, useful
from saleor_lifecycle.domain.holdout import Arm
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.domain.provider_accounts import ProviderAccount
from saleor_lifecycle.domain.sending import CartTruth, OfferTruth, SendFacts
from saleor_lifecycle.domain.suppressions import NO_GOOD
from saleor_lifecycle.domain.values import Attribute, Type
from saleor_lifecycle.models import (
    Account,
    Brand,
    Customer,
    Enrollment,
    Identity,
    Installation,
    Message,
    Suppression,
)

from . import attributes, bases, brands, circumstances, mail_accounts, senders, sunset, webhook_endpoints

OVER = (Enrollment.State.EXITED, Enrollment.State.FAILED)


class Answer(NamedTuple):
    """Whom a message would go to, and what the shop said of what it is about and of what it offers."""

    address: str | None
    truth: CartTruth | None = None
    offer: OfferTruth | None = None
    channel: str = ""  # Saleor's


def load(
    installation: Installation, messages: Sequence[Message], answers: Mapping[int, Answer], now: datetime
) -> Iterator[tuple[Message, SendFacts]]:
    """Yield each message, whose address's hash is set, with what its decision rests on."""
    if not messages:
        return
    found = bases.bases(messages, now)
    quiet = _quiet(messages)
    asleep = sunset.asleep(installation, {one.customer_id for one in messages if one.customer_id}, now)
    suppressed = _suppressed(installation, messages)
    mail = _Mail(installation.pk)
    set_up = {
        channel: mail.is_set_up if channel == "email" else is_set_up(installation, channel)
        for channel in {message.channel for message in messages}
    }
    now_is = Installation.objects.values_list("state", flat=True).get(pk=installation.pk)
    flows: dict[int, Program] = {}
    around = circumstances.Circumstances(installation, messages, flows, now)
    for message in messages:
        enrollment, answer = message.enrollment, answers[message.pk]
        truth = answer.truth
        cart = enrollment.cart if enrollment else None
        not_before, useless_from = _usefulness(message, flows)
        yield (
            message,
            SendFacts(
                purpose=Purpose(message.purpose),
                has_address=message.address_hash != "" or (cart is not None and (truth is None or not truth.exists)),
                is_suppressed=(message.channel, message.address_hash, message.purpose) in suppressed,
                basis=found[message.pk],
                is_flow_on=enrollment is None or enrollment.flow.is_on,
                is_enrolled=enrollment is None or enrollment.state not in OVER,
                is_app_active=now_is == Installation.State.ACTIVE,
                is_app_removed=now_is == Installation.State.REMOVED,
                is_sender_set_up=set_up[message.channel],
                not_before=not_before,
                useless_from=useless_from,
                is_about_cart=cart is not None,
                truth=truth,
                has_offer=message.carried() is not None,
                offer=answer.offer,
                quiet_until=quiet.get((message.customer_id, message.channel)),
                is_sender_verified=message.channel != "email" or mail.is_sender_verified(answer.channel),
                is_account_held=message.channel == "email" and mail.account(answer.channel).is_held,
                is_held_out=enrollment is not None and Arm(enrollment.arm).is_held_out,
                is_shadow=enrollment is not None and enrollment.is_shadow,
                is_sunset=message.customer_id in asleep,
                last_reason=message.reason,
                **around.of(message, answer.address),
            ),
        )


class _Mail:
    """Who speaks in an installation's mails, and through whom they leave, by the shop's channel."""

    def __init__(self, installation_id: int) -> None:
        self._accounts = mail_accounts.by_channel(installation_id)
        self._brands = brands.by_channel(installation_id)
        self._verified = senders.verified(installation_id)
        self.is_set_up = brands.of(self._brands, "").is_set_up

    def account(self, channel: str) -> ProviderAccount:
        return mail_accounts.of(self._accounts, channel)

    def is_sender_verified(self, channel: str) -> bool:
        address = brands.of(self._brands, channel).sender_email
        return self.account(channel).id is not None or senders.may_share(address, self._verified)


def _usefulness(message: Message, flows: dict[int, Program]) -> tuple[datetime | None, datetime | None]:
    """Return from when until when a message is of use; ``flows`` keeps the versions that were read."""
    enrollment = message.enrollment
    if enrollment is None:
        return None, None
    flow, anchor_at = circumstances.flow_of(enrollment, flows), circumstances.anchor_of(enrollment)
    begins, ends = useful(flow, message.step, anchor_at, message.queued_at)
    return (begins if enrollment.cart is not None else None), ends


def _quiet(messages: Collection[Message]) -> dict[tuple[int | None, str], datetime]:
    """Return, by customer and channel, the moment before which somebody wants to hear nothing."""
    return {
        (customer_id, channel): until
        for channel in {message.channel for message in messages}
        for customer_id, until in bases.quiet_until(
            {one.customer_id for one in messages if one.customer_id and one.channel == channel}, channel
        ).items()
    }


def _suppressed(installation: Installation, messages: Collection[Message]) -> set[tuple[str, str, str]]:
    """Return the (channel, address hash, purpose) that are never written to: an unsubscription allows service."""
    hashes = {message.address_hash for message in messages} - {""}
    rows = Suppression.objects.filter(installation=installation, address_hash__in=hashes)
    return {
        (channel, hashed, purpose.value)
        for channel, hashed, reason in rows.values_list("channel", "address_hash", "reason")
        for purpose in Purpose
        if purpose is Purpose.COMMERCIAL or reason in NO_GOOD
    }


def is_set_up(installation: Installation, channel: str) -> bool:
    """Is there all that an installation needs to be heard on a channel?"""
    match channel:
        case "email":
            return Brand.objects.get(installation=installation).is_set_up
        case "webhook":
            return webhook_endpoints.receiver(installation.pk) is not None
        case "sms":
            return bool(settings.TWILIO_ACCOUNT_SID)
    return True


def addresses(customer_ids: Collection[int], channel: str = "email") -> dict[int, tuple[str, str]]:
    """Return where on a channel and in which language each of these customers is written to, where they can be.

    On the site, and for the merchant's other systems, that is their account; of several the newest, because people
    move on.
    """
    match channel:
        case "email":
            return _emails(customer_ids)
        case "sms":
            return _phones(customer_ids)
    return {customer: (user_id, language) for customer, user_id, language in _accounts(customer_ids, "user_id")}


def _accounts(customer_ids: Collection[int], handle: str) -> Iterator[tuple[int, str, str]]:
    """Yield (customer, handle, language) of living accounts, the newest last."""
    rows = Account.objects.filter(identity__customer_id__in=customer_ids, deleted_at=None).exclude(**{handle: ""})
    yield from rows.order_by("joined_at", "id").values_list("identity__customer_id", handle, "language")


def _phones(customer_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return the number of each customer who has one, by the first attribute that is of this type."""
    people = list(Customer.objects.filter(pk__in=customer_ids).values_list("id", "installation_id", "attributes"))
    if not people:
        return {}
    mapped = [each.target for each in attributes.mappings(people[0][1]) if isinstance(each.target, Attribute)]
    names = sorted({each.name for each in mapped if each.type is Type.PHONE})
    spoken = {customer: language for customer, _, language in _accounts(customer_ids, "user_id")}
    numbers = ((pk, [held[name]["value"] for name in names if name in held]) for pk, _, held in people)
    return {pk: (found[0], spoken.get(pk, "")) for pk, found in numbers if found}


def _emails(customer_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    held: dict[int, tuple[str, str]] = {}
    guests = Identity.objects.filter(customer_id__in=customer_ids, kind=Identity.Kind.EMAIL).order_by("id")
    for customer_id, address in guests.values_list("customer_id", "value"):
        assert customer_id is not None
        held[customer_id] = (address, "")
    # An account's goes before a guest's.
    return held | {customer: (address, language) for customer, address, language in _accounts(customer_ids, "email")}


def language_of(message: Message) -> str:
    """Return the language in which whom a message went to is spoken to, "" where nothing is known of it."""
    if message.customer_id is not None:
        wants = bases.preferences_of([message.customer_id]).get(message.customer_id)
        if wants is not None and wants.language:
            return wants.language
    cart = message.enrollment.cart if message.enrollment else None
    if cart is not None:
        return cart.language
    return addresses([message.customer_id]).get(message.customer_id, ("", ""))[1] if message.customer_id else ""


def first_names(customer_ids: Collection[int]) -> dict[int, str]:
    """Return what to call each customer who can be called something.

    Anyone may register a stranger's address under a name of their choice, so a name that could be read as a link or a
    sentence is not used.
    """
    accounts = Account.objects.filter(identity__customer_id__in=customer_ids, deleted_at=None).order_by("-id")
    named = accounts.values_list("identity__customer_id", "first_name")
    # Of several accounts the oldest: it comes last here.
    return {customer_id: name for customer_id, said in named if (name := _callable_by(said))}


def _callable_by(said: str) -> str:
    name = said.strip()
    return name if re.fullmatch(r"[^\W\d_]+(?:[ '’-][^\W\d_]+){0,2}", name) and len(name) <= 30 else ""
