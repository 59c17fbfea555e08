"""The task send: the guarded read, the decisions; for each message the words, the claim, the channel, the record."""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from celery import shared_task
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from saleor_lifecycle.actions import (
    bases,
    brands,
    consent,
    decisions,
    deliverability,
    mail_accounts,
    messages,
    restores,
    send_facts,
    sending,
    templates,
)
from saleor_lifecycle.channels import links, utm
from saleor_lifecycle.channels.channel import Connection, Outgoing
from saleor_lifecycle.channels.faults import Fault, FaultCode, TemplateError
from saleor_lifecycle.channels.known import CHANNELS, SHORT
from saleor_lifecycle.channels.outcomes import Refused, SendOutcome, Sent, Trouble, Unsure
from saleor_lifecycle.channels.render import render
from saleor_lifecycle.channels.templates import TemplateSource
from saleor_lifecycle.channels.tracked import track
from saleor_lifecycle.domain.consent import Basis
from saleor_lifecycle.domain.deliverability import Counts
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.domain.provider_accounts import ProviderAccount
from saleor_lifecycle.models import Brand, Installation, Message, TemplateVersion
from saleor_lifecycle.models.entry import within

from . import accounts, contents, filling

BATCH = 100
PATIENCE = 3
"""After so many messages in a row of which the provider took none, it is left alone for a while."""
NOTHING = contents.Found(address=None, language="")

logger = logging.getLogger(__name__)


@shared_task
def send(installation_id: int) -> None:
    """Send whatever may leave, batch after batch."""
    while run(installation_id, timezone.now()):
        pass


def run(installation_id: int, now: datetime) -> int:
    """Take one batch of each channel's due messages to their end, or to their next moment; return how many."""
    with within(installation_id):
        messages.give_up_lost(installation_id, now)
        waiting = messages.channels_due(installation_id, CHANNELS, now)
    return sum(_run(installation_id, channel, now) for channel in waiting)


def _run(installation_id: int, channel: str, now: datetime) -> int:
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        if restores.is_held(installation, now):
            return 0
        through = accounts.of_channel(installation, channel)
        if all(account.is_held for account in through.values()):
            return 0
        turns = sending.take_turns(installation, channel, BATCH, now)
        candidates = messages.lease(installation_id, channel, turns.count, now, turns.is_service_only)
        if len(candidates) < turns.count:
            sending.give_back(installation, channel, turns, turns.count - len(candidates))
    if not candidates:
        return 0
    found = contents.ask(installation, candidates, now, channel)
    answers = {key: send_facts.Answer(one.address, one.truth, one.offer, one.channel) for key, one in found.items()}
    with within(installation_id):
        leaving, basis = decisions.decide(installation, candidates, answers, timezone.now())
        batch = _Batch(
            installation,
            channel,
            turns,
            brands.by_channel(installation_id),
            found,
            basis,
            send_facts.first_names({one.customer_id for one in leaving if one.customer_id}),
            bases.tracked(installation_id, {one.customer_id for one in leaving if one.customer_id}),
        )
        if len(leaving) < len(candidates):
            sending.give_back(installation, channel, turns, len(candidates) - len(leaving))
    for account, some in accounts.share(leaving, found, through):
        _leave_through(batch, account, some)
    return len(candidates)


@dataclass(slots=True)
class _Batch:
    """What the messages of a batch share."""

    installation: Installation
    channel: str
    turns: sending.Turns
    brands: Mapping[str, Brand]
    found: Mapping[int, contents.Found]
    basis: Mapping[int, Basis]
    first_names: Mapping[int, str]
    tracked: Collection[int]
    templates: dict[tuple[str, str], TemplateVersion | None] = field(default_factory=dict)


def _leave_through(batch: _Batch, account: ProviderAccount, leaving: Sequence[Message]) -> None:
    """Send decided messages; an account with which nothing can be sent is held until somebody mends it."""
    try:
        with CHANNELS[batch.channel](account) as connection:
            _deliver(batch, account, leaving, connection)
    except ImproperlyConfigured as error:
        if account.id is None:
            raise
        with within(batch.installation.pk):
            mail_accounts.hold(account, str(error), timezone.now())
            messages.release(leaving, timezone.now())
            sending.give_back(batch.installation, batch.channel, batch.turns, len(leaving))


def _deliver(batch: _Batch, account: ProviderAccount, leaving: Sequence[Message], connection: Connection) -> None:
    """Send decided messages, as many at once as the connection takes.

    What became of some is written down with the claim of the next, so over SMTP a mail costs one commit, and a worker
    that dies leaves one unknown. The words are made before the claim: what dies in them is still queued.
    """
    came: list[tuple[Message, SendOutcome]] = []
    in_trouble, counts, refused, left = 0, Counts(), None, iter(leaving)
    while ready := list(_with_words(batch, islice(left, connection.batch))):
        claimed = _turn(batch, came, [message for message, _ in ready])
        going = [(message, outgoing) for message, outgoing in ready if message.pk in claimed]
        came = _hand_over(going, connection)
        for _, outcome in came:
            in_trouble = in_trouble + 1 if isinstance(outcome, Trouble) else 0
            counts = _counted(counts, outcome)
            if isinstance(outcome, Trouble) and (outcome.is_of_account or outcome.wait or in_trouble >= PATIENCE):
                refused = outcome
        if refused:
            break
    _turn(batch, came, [])
    rest = list(left)
    with within(batch.installation.pk):
        now = timezone.now()
        # Messages before what counts them: reports of the provider take them in this order.
        messages.release(rest, now)
        deliverability.note(batch.installation, batch.channel, counts, now)
        if refused and refused.is_of_account and account.id is not None:
            mail_accounts.hold(account, refused.reason, now)
        elif refused:
            sending.troubled(batch.installation, batch.channel, refused.reason, now, refused.wait)
        elif counts.sent:
            sending.served(batch.installation, batch.channel, now)
        if rest:
            sending.give_back(batch.installation, batch.channel, batch.turns, len(rest))


def _counted(counts: Counts, outcome: SendOutcome) -> Counts:
    """Return the counts with one more message: an address that is refused when it is handed over has bounced."""
    match outcome:
        case Sent() | Unsure():
            return replace(counts, sent=counts.sent + 1)
        case Refused(is_address_bad=True):
            return replace(counts, sent=counts.sent + 1, bounced=counts.bounced + 1)
    return counts


def _hand_over(going: Sequence[tuple[Message, Outgoing]], connection: Connection) -> list[tuple[Message, SendOutcome]]:
    if not going:
        return []
    try:
        outcomes = connection.send([outgoing for _, outgoing in going])
    except Exception as error:  # by contract a fault of ours, and nothing has left
        logger.exception("nothing could be handed over")
        outcomes = [Trouble(f"a fault of the app: {type(error).__name__}")] * len(going)
    return [(message, outcome) for (message, _), outcome in zip(going, outcomes, strict=True)]


def _turn(batch: _Batch, came: Sequence[tuple[Message, SendOutcome]], wanted: Sequence[Message]) -> set[int]:
    """Write down what became of messages, and return which of the wanted are claimed."""
    now = timezone.now()
    for message, outcome in came:
        if isinstance(outcome, Refused) and outcome.is_address_bad:
            with within(batch.installation.pk):
                consent.suppress(message, "bounced", now)
    settled = [_settled(message, outcome, now) for message, outcome in came]
    return messages.turn(batch.installation.pk, settled, wanted, now)


def _settled(message: Message, outcome: SendOutcome, now: datetime) -> messages.Settled:
    match outcome:
        case Sent(provider_id):
            return messages.Settled(message.pk, Message.State.SENT, provider_id=provider_id)
        case Refused(reason):
            return messages.Settled(message.pk, Message.State.FAILED, reason)
        case Trouble(is_of_account=True):
            return messages.put_back(message, now)
        case Trouble(reason, wait=wait):
            return messages.after_trouble(message, reason, wait, now)
        case Unsure(reason):
            return messages.Settled(message.pk, Message.State.UNKNOWN, reason)


def _with_words(batch: _Batch, some: Iterator[Message]) -> Iterator[tuple[Message, Outgoing]]:
    """Yield the messages with what is handed over; one whose words cannot be made has failed.

    One whose shop was asked too long ago is left: its lease ends soon, and it is asked about again.
    """
    for message in some:
        one = batch.found.get(message.pk, NOTHING)
        answer = send_facts.Answer(one.address, one.truth, one.offer)
        if decisions.is_too_old(answer, timezone.now()):
            with within(batch.installation.pk):
                messages.release([message], timezone.now())
            continue
        try:
            yield message, _outgoing(batch, message, one)
        except TemplateError as error:
            logger.warning("message %s: %s", message.public_id, error)
            with within(batch.installation.pk):
                messages.refuse(message, f"template: {error}", timezone.now())


def _outgoing(batch: _Batch, message: Message, found: contents.Found) -> Outgoing:
    """Return a message with its words. Raises TemplateError."""
    assert found.address is not None
    brand = brands.of(batch.brands, found.channel)
    template = _template(batch, message.template, found.language)
    purpose = Purpose(message.purpose)
    first_name = batch.first_names.get(message.customer_id or 0, "")
    reason = filling.reason(found, purpose, batch.basis[message.pk])
    if message.channel in SHORT and not template.short_text:
        raise TemplateError([Fault(FaultCode.SHORT_MISSING, "short")])
    words = render(
        TemplateSource(template.subject, template.html, template.text, template.language, template.short_text),
        filling.values(batch.installation, brand, message.public_id, found, first_name, template.language, reason),
    )
    words = utm.tag(words, _campaign(message, brand))
    is_commercial = purpose is Purpose.COMMERCIAL
    link = links.Link(batch.installation.public_id, message.public_id)
    words = track(words, link, settings.PUBLIC_URL, message.customer_id in batch.tracked)
    return Outgoing(
        message_id=message.public_id,
        sender_name=brand.sender_name,
        sender_address=brand.sender_email,
        reply_to=brand.reply_to,
        to_address=found.address,
        subject=words.subject,
        html=words.html,
        text=words.text,
        language=template.language,
        unsubscribe_url=links.unsubscribe_url(settings.PUBLIC_URL, link) if is_commercial else "",
        tags=(message.template,),
        short=words.short,
    )


def _campaign(message: Message, brand: Brand) -> utm.Campaign:
    flow = message.enrollment.flow.key if message.enrollment else ""
    shop = (brand.storefront_url, brand.cart_url, brand.product_url)
    return utm.campaign(message.channel, flow or message.template, message.step, shop, settings.PUBLIC_URL)


def _template(batch: _Batch, key: str, language: str) -> TemplateVersion:
    if (key, language) not in batch.templates:
        with within(batch.installation.pk):
            batch.templates[key, language] = templates.find(batch.installation.pk, key, language)
    found = batch.templates[key, language]
    if found is None:
        raise TemplateError([f"there is no template {key}"])
    return found
