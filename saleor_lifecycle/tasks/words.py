"""The words of a batch's messages, made from what was loaded for all of them, without the network or the database."""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from saleor_lifecycle.actions import bases, brands, decisions, send_facts, templates
from saleor_lifecycle.channels import links, utm
from saleor_lifecycle.channels.channel import Outgoing
from saleor_lifecycle.channels.faults import Fault, FaultCode, TemplateError
from saleor_lifecycle.channels.known import SHORT
from saleor_lifecycle.channels.render import render
from saleor_lifecycle.channels.templates import TemplateSource
from saleor_lifecycle.channels.tracked import track
from saleor_lifecycle.domain.consent import Basis
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.models import Brand, Installation, Message, TemplateVersion

from . import contents, filling

NOTHING = contents.Found(address=None, language="")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """What the words of a batch are made from."""

    installation: Installation
    brands: Mapping[str, Brand]
    found: Mapping[int, contents.Found]
    basis: Mapping[int, Basis]
    first_names: Mapping[int, str]
    tracked: Collection[int]
    templates: Mapping[tuple[str, str], TemplateVersion | None]


@dataclass(frozen=True, slots=True)
class Wordless:
    """Messages of a batch that do not leave: ``late`` were asked about too long ago, ``broken`` have no words."""

    late: list[Message] = field(default_factory=list)
    broken: list[tuple[Message, str]] = field(default_factory=list)


def known(
    installation: Installation,
    leaving: Collection[Message],
    basis: Mapping[int, Basis],
    found: Mapping[int, contents.Found],
) -> Known:
    """Return what the words of these messages are made from."""
    people = {message.customer_id for message in leaving if message.customer_id}
    return Known(
        installation,
        brands.by_channel(installation.pk),
        found,
        basis,
        send_facts.first_names(people),
        bases.tracked(installation.pk, people),
        templates.find_all(installation.pk, {(one.template, _of(found, one).language) for one in leaving}),
    )


def write(known: Known, messages: Iterable[Message], wordless: Wordless) -> Iterator[tuple[Message, Outgoing]]:
    """Yield the messages with what is handed over; the others go to ``wordless``."""
    for message in messages:
        if is_late(known, message, timezone.now()):
            wordless.late.append(message)
            continue
        try:
            outgoing = _outgoing(known, message)
        except TemplateError as error:
            logger.warning("message %s: %s", message.public_id, error)
            wordless.broken.append((message, f"template: {error}"))
        except Exception as error:  # a fault of ours; another message is claimed at this moment, and has to leave
            logger.exception("message %s has no words", message.public_id)
            wordless.broken.append((message, f"a fault of the app: {type(error).__name__}"))
        else:
            yield message, outgoing


def is_late(known: Known, message: Message, now: datetime) -> bool:
    """Was the shop asked about a message too long ago for it to leave?"""
    found = _of(known.found, message)
    return decisions.is_too_old(send_facts.Answer(found.address, found.truth, found.offer), now)


def _of(found: Mapping[int, contents.Found], message: Message) -> contents.Found:
    return found.get(message.pk, NOTHING)


def _outgoing(known: Known, message: Message) -> Outgoing:
    """Return a message with its words. Raises TemplateError."""
    found = _of(known.found, message)
    assert found.address is not None
    brand = brands.of(known.brands, found.channel)
    template = known.templates[message.template, found.language]
    if template is None:
        raise TemplateError([f"there is no template {message.template}"])
    if message.channel in SHORT and not template.short_text:
        raise TemplateError([Fault(FaultCode.SHORT_MISSING, "short")])
    purpose = Purpose(message.purpose)
    first_name = known.first_names.get(message.customer_id or 0, "")
    reason = filling.reason(found, purpose, known.basis[message.pk])
    values = filling.values(known.installation, brand, message.public_id, found, first_name, template.language, reason)
    source = TemplateSource(template.subject, template.html, template.text, template.language, template.short_text)
    words = utm.tag(render(source, values), _campaign(message, brand))
    link = links.Link(known.installation.public_id, message.public_id)
    words = track(words, link, settings.PUBLIC_URL, message.customer_id in known.tracked)
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
        unsubscribe_url=links.unsubscribe_url(settings.PUBLIC_URL, link) if purpose is Purpose.COMMERCIAL else "",
        tags=(message.template,),
        short=words.short,
    )


def _campaign(message: Message, brand: Brand) -> utm.Campaign:
    flow = message.enrollment.flow.key if message.enrollment else ""
    shop = (brand.storefront_url, brand.cart_url, brand.product_url)
    return utm.campaign(message.channel, flow or message.template, message.step, shop, settings.PUBLIC_URL)
