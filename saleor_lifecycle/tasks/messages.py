"""The task send: the guarded read, the decision, the claim, the words, the channel, the record."""

import logging
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from saleor_lifecycle.actions import brands, consent, messages, templates
from saleor_lifecycle.channels import links, utm
from saleor_lifecycle.channels.channel import Connection, Outgoing, ProviderAccount
from saleor_lifecycle.channels.faults import TemplateError
from saleor_lifecycle.channels.known import CHANNELS
from saleor_lifecycle.channels.outcomes import Refused, Sent, Trouble, Unsure
from saleor_lifecycle.channels.render import render
from saleor_lifecycle.channels.templates import TemplateSource
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.models import Brand, Installation, Message
from saleor_lifecycle.models.entry import within

from . import contents

BATCH = 100
NOTHING = contents.Found(address=None, language="")

logger = logging.getLogger(__name__)


@shared_task
def send(installation_id: int) -> None:
    """Send whatever may leave, batch after batch."""
    while run(installation_id, timezone.now()) == BATCH:
        pass


def run(installation_id: int, now: datetime) -> int:
    """Take one batch of due messages to their end, or to their next moment; return how many there were."""
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        known = brands.by_channel(installation_id)
        candidates = messages.lease(installation_id, BATCH, now)
    if not candidates:
        return 0
    found = contents.ask(installation, candidates, now)
    with CHANNELS["email"](ProviderAccount()) as connection:
        for candidate in candidates:
            one = found.get(candidate.message_id, NOTHING)
            with within(installation_id):
                message = messages.decide(
                    installation, candidate.message_id, one.address, one.truth, timezone.now(), one.offer
                )
            if message is not None:
                brand = brands.of(known, one.cart.channel if one.cart else "")
                _send(installation, brand, message, one, connection)
    return len(candidates)


def _send(
    installation: Installation, brand: Brand, message: Message, found: contents.Found, connection: Connection
) -> None:
    """Send a claimed message and record what became of it."""
    assert found.address is not None
    with within(installation.pk):
        template = templates.find(installation.pk, message.template, found.language)
        first_name = messages.first_name(message.customer_id) if message.customer_id else ""
    try:
        if template is None:
            raise TemplateError([f"there is no template {message.template}"])
        words = render(
            TemplateSource(template.subject, template.html, template.text, template.language),
            contents.values(
                installation, brand, message.public_id, found, first_name, template.language, Purpose(message.purpose)
            ),
        )
        words = utm.tag(words, _campaign(message, brand))
    except TemplateError as error:
        logger.warning("message %s: %s", message.public_id, error)
        with within(installation.pk):
            messages.failed(message.pk, f"template: {error}", timezone.now())
        return
    is_commercial = message.purpose == Purpose.COMMERCIAL
    link = links.Link(installation.public_id, message.public_id)
    (outcome,) = connection.send(
        [
            Outgoing(
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
            )
        ]
    )
    now = timezone.now()
    with within(installation.pk):
        match outcome:
            case Sent(provider_id):
                messages.sent(message.pk, provider_id, now)
            case Refused(reason, is_address_bad):
                messages.failed(message.pk, reason, now)
                if is_address_bad:
                    consent.suppress(message, "bounced", now)
            case Trouble(reason):
                messages.try_later(message, reason, now)
            case Unsure(reason):
                messages.unknown(message.pk, reason, now)


def _campaign(message: Message, brand: Brand) -> utm.Campaign:
    flow = message.enrollment.flow.key if message.enrollment else ""
    shop = (brand.storefront_url, brand.cart_url, brand.product_url)
    return utm.campaign(message.channel, flow or message.template, message.step, shop, settings.PUBLIC_URL)
