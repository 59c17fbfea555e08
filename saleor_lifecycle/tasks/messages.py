"""The task send: the guarded read, the decision, the claim, the words, the channel, the record."""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from saleor_lifecycle.actions import consent, installations, messages, templates
from saleor_lifecycle.channels import email, links
from saleor_lifecycle.channels.outcomes import Refused, Sent, Trouble, Unsure
from saleor_lifecycle.channels.render import render
from saleor_lifecycle.channels.templates import TemplateError, TemplateSource
from saleor_lifecycle.domain.carts import lines_hash
from saleor_lifecycle.domain.facts import OrderFact
from saleor_lifecycle.domain.sending import CartTruth
from saleor_lifecycle.models import Brand, Installation, Message
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.carts import CartNow
from saleor_lifecycle.saleor.errors import ShopError
from saleor_lifecycle.saleor.gateway import Shop

BATCH = 100
CART_LINK_LASTS = timedelta(days=30)

logger = logging.getLogger(__name__)

Truths = Mapping[int, tuple[CartTruth, CartNow | None]]


@shared_task
def send(installation_id: int) -> None:
    """Send whatever may leave, batch after batch."""
    while run(installation_id, timezone.now()) == BATCH:
        pass


def run(installation_id: int, now: datetime) -> int:
    """Take one batch of due messages to their end, or to their next moment; return how many there were."""
    with within(installation_id):
        installation = Installation.objects.get(pk=installation_id)
        brand = Brand.objects.get(pk=installation_id)
        candidates = messages.lease(installation_id, BATCH, now)
    if not candidates:
        return 0
    truths = ask(installation, candidates, now)
    with email.open_connection() as connection:
        for candidate in candidates:
            truth, cart = truths.get(candidate.message_id, (None, None))
            address = cart.email if cart else None
            with within(installation_id):
                message = messages.decide(installation, candidate.message_id, address, truth, timezone.now())
            if message is not None and cart is not None:
                _send(installation, brand, message, cart, connection)
    return len(candidates)


def ask(installation: Installation, candidates: Collection[messages.Candidate], now: datetime) -> Truths:
    """Return what the shop says now of each candidate's cart and person; nobody's, when it does not answer."""
    if installation.state != Installation.State.ACTIVE:
        return {}
    try:
        with Shop(
            installation.saleor_api_url,
            installations.unseal(installation.token),
            settings.ALLOW_PRIVATE_ADDRESSES,
            installation.saleor_version,
        ) as shop:
            carts = shop.carts_now([candidate.checkout_id for candidate in candidates])
            placed = shop.orders_since(
                min(candidate.anchor_at for candidate in candidates),
                [candidate.checkout_id for candidate in candidates],
                sorted({user for candidate in candidates for user in candidate.user_ids}),
                sorted(
                    {address for candidate in candidates for address in candidate.emails}
                    | {cart.typed_email for cart in carts.values() if cart and cart.typed_email}
                ),
                now,
            )
    except ShopError as error:
        logger.warning("messages wait for their shop: %s %s", type(error).__name__, error)
        return {}
    return {
        candidate.message_id: (
            _truth(candidate, carts[candidate.checkout_id], placed, now),
            carts[candidate.checkout_id],
        )
        for candidate in candidates
        if candidate.checkout_id in carts
    }


def _truth(
    candidate: messages.Candidate, cart: CartNow | None, placed: Collection[OrderFact], now: datetime
) -> CartTruth:
    lines = [(line.variant_id, line.quantity) for line in cart.lines] if cart else []
    emails = candidate.emails | ({cart.email} if cart and cart.email else set())
    return CartTruth(
        asked_at=now,
        exists=cart is not None,
        is_empty=not lines,
        is_same=lines_hash(lines) == candidate.lines_hash,
        is_being_paid=cart is not None and cart.is_being_paid,
        has_stock=cart is not None and any(line.available is None or line.available > 0 for line in cart.lines),
        is_ordered=any(
            order.checkout_id == candidate.checkout_id
            or (
                order.created_at >= candidate.anchor_at
                and (order.user_id in candidate.user_ids or order.email in emails)
            )
            for order in placed
        ),
    )


def _send(
    installation: Installation, brand: Brand, message: Message, cart: CartNow, connection: BaseEmailBackend
) -> None:
    """Send a claimed message and record what became of it."""
    with within(installation.pk):
        template = templates.find(installation.pk, message.template, cart.language)
        first_name = messages.first_name(message.customer_id)
    assert cart.email is not None
    link = links.Link(installation.public_id, message.public_id)
    unsubscribe = links.unsubscribe_url(settings.PUBLIC_URL, link)
    try:
        if template is None:
            raise TemplateError([f"there is no template {message.template}"])
        words = render(
            TemplateSource(template.subject, template.html, template.text, template.language),
            _values(brand, cart, first_name, template.language, link, unsubscribe),
        )
    except TemplateError as error:
        logger.warning("message %s: %s", message.public_id, error)
        with within(installation.pk):
            messages.failed(message.pk, f"template: {error}", timezone.now())
        return
    outcome = email.send(
        email.EmailMessageValues(
            message_id=message.public_id,
            sender_name=brand.sender_name,
            sender_address=brand.sender_email,
            reply_to=brand.reply_to,
            to_address=cart.email,
            subject=words.subject,
            html=words.html,
            text=words.text,
            language=template.language,
            unsubscribe_url=unsubscribe,
            tags=(message.template,),
        ),
        connection,
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


def _values(
    brand: Brand, cart: CartNow, first_name: str, language: str, link: links.Link, unsubscribe: str
) -> dict[str, object]:
    """Return what a cart template may name."""
    return {
        "shop": {"name": brand.sender_name, "url": brand.storefront_url, "logo": brand.logo_url},
        "customer": {"first_name": first_name},
        "cart": {
            "lines": [
                {
                    "product": line.product_name,
                    "variant": line.variant_name,
                    "quantity": line.quantity,
                    "total": line.total,
                    "currency": cart.currency,
                    "image": line.image_url or "",
                    "image_alt": line.image_alt or line.product_name,
                }
                for line in cart.lines
            ],
            "total": cart.total,
            "currency": cart.currency,
        },
        "links": {
            "cart": links.restore_url(settings.PUBLIC_URL, link, timezone.now() + CART_LINK_LASTS),
            "unsubscribe": unsubscribe,
        },
        "footer": {
            "company": brand.company,
            "tax_id": brand.tax_id,
            "address": brand.postal_address,
            "email": brand.contact_email,
            "privacy_url": brand.privacy_url,
            "reason": REASONS.get(language.partition("-")[0], REASONS["en"]).format(shop=brand.sender_name),
        },
    }


REASONS = {
    "en": "You receive this e-mail because you agreed to hear from {shop}.",
    "es": "Recibes este correo porque aceptaste recibir noticias de {shop}.",
}
