"""What messages are about: asked of the shop right before they leave, and made into what their words may name."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from saleor_lifecycle.actions import bases, brands, installations, messages, opt_ins, send_facts
from saleor_lifecycle.channels import blocks, links
from saleor_lifecycle.domain import contents
from saleor_lifecycle.domain.carts import lines_hash
from saleor_lifecycle.domain.colors import readable_on
from saleor_lifecycle.domain.consent import Basis
from saleor_lifecycle.domain.contents import Shown
from saleor_lifecycle.domain.facts import OrderFact
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.domain.sending import CartTruth, OfferTruth
from saleor_lifecycle.models import Brand, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.carts import CartNow
from saleor_lifecycle.saleor.errors import ShopError
from saleor_lifecycle.saleor.gateway import Shop

from . import offered

CART_LINK_LASTS = timedelta(days=30)
NOTHING_SHOWN = Shown()

logger = logging.getLogger(__name__)


class Reason(StrEnum):
    """Why somebody gets a message, as its footer says it."""

    AGREED = "agreed"
    ORDERED = "ordered"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Found:
    """Whom one message goes to, in which language, and what it is about, as the shop says now."""

    address: str | None
    language: str
    truth: CartTruth | None = None
    cart: CartNow | None = None
    channel: str = ""  # Saleor's
    offer: OfferTruth | None = None
    shown: Shown = NOTHING_SHOWN
    opt_in: opt_ins.Asked | None = None


def ask(installation: Installation, candidates: Collection[messages.Candidate], now: datetime) -> Mapping[int, Found]:
    """Return what was found for each candidate; nothing for one about which the shop does not answer.

    Of the shop is asked only what the messages speak of, so the others leave while it is away.
    """
    chosen = _chosen_languages(installation, candidates)
    found = _addressed(installation, [one for one in candidates if not one.cart], chosen)
    about = [one for one in candidates if one.cart or one.carried]
    if about and installation.state == Installation.State.ACTIVE:
        found |= _asked(installation, about, found, chosen, now)
    return found


def _asked(
    installation: Installation,
    about: Collection[messages.Candidate],
    addressed: Mapping[int, Found],
    chosen: Mapping[int, str],
    now: datetime,
) -> dict[int, Found]:
    """Return what the shop answered; nothing while it is away."""
    try:
        with Shop(
            installation.saleor_api_url,
            installations.unseal(installation.token),
            settings.ALLOW_PRIVATE_ADDRESSES,
            installation.saleor_version,
        ) as shop:
            answered = {**addressed, **_carts(shop, [one for one in about if one.cart], chosen, now)}
            return answered | _offers(shop, about, answered, now)
    except ShopError as error:
        logger.warning("messages wait for their shop: %s %s", type(error).__name__, error)
        return {}


def _chosen_languages(installation: Installation, candidates: Collection[messages.Candidate]) -> dict[int, str]:
    """Return, by message, the languages that people have chosen for their messages; products are named in them too."""
    people = {one.message_id: one.customer_id for one in candidates if one.customer_id is not None}
    if not people:
        return {}
    with within(installation.pk):
        said = bases.preferences_of(set(people.values()))
    return {message: said[person].language for message, person in people.items() if person in said}


def _addressed(
    installation: Installation, candidates: Collection[messages.Candidate], chosen: Mapping[int, str]
) -> dict[int, Found]:
    """Return where and how those without a cart are written to."""
    customers = {candidate.customer_id for candidate in candidates if candidate.customer_id}
    forms = {candidate.opt_in_id for candidate in candidates if candidate.opt_in_id}
    if not customers and not forms:
        return {}
    with within(installation.pk):
        addresses = send_facts.addresses(customers)
        places = offered.places(customers)
        asked = opt_ins.asked(forms)
    found = {}
    for candidate in candidates:
        if candidate.opt_in_id in asked:
            form = asked[candidate.opt_in_id]
            language = chosen.get(candidate.message_id) or form.language
            found[candidate.message_id] = Found(form.address, language, opt_in=form)
        if candidate.customer_id in addresses:
            address, language = addresses[candidate.customer_id]
            channel, spoken = places.get(candidate.customer_id, ("", ""))
            channel = candidate.carried.channel or channel if candidate.carried else channel
            language = chosen.get(candidate.message_id) or language or spoken
            found[candidate.message_id] = Found(address, language, channel=channel)
    return found


def _carts(
    shop: Shop, candidates: Collection[messages.Candidate], chosen: Mapping[int, str], now: datetime
) -> dict[int, Found]:
    asked = {
        one.message_id: replace(one.cart, language=chosen.get(one.message_id) or one.cart.language)
        for one in candidates
        if one.cart
    }
    if not asked:
        return {}
    carts: dict[str, CartNow | None] = {}
    for language in sorted({cart.language for cart in asked.values()}):
        carts |= shop.carts_now([one.checkout_id for one in asked.values() if one.language == language], language)
    placed = shop.orders_since(
        min(cart.changed_at for cart in asked.values()),
        [cart.checkout_id for cart in asked.values()],
        sorted({user for candidate in candidates for user in candidate.user_ids}),
        sorted(
            {address for candidate in candidates for address in candidate.emails}
            | {cart.typed_email for cart in carts.values() if cart and cart.typed_email}
        ),
        now,
    )
    found = {}
    for candidate in candidates:
        cart_asked = asked[candidate.message_id]
        if cart_asked.checkout_id in carts:
            cart = carts[cart_asked.checkout_id]
            truth = _truth(candidate, cart_asked, cart, placed, now)
            language = chosen.get(candidate.message_id) or (cart.language if cart else "")
            found[candidate.message_id] = (
                Found(cart.email, language, truth, cart, cart.channel) if cart else Found(None, "", truth)
            )
    return found


def _offers(
    shop: Shop, candidates: Collection[messages.Candidate], found: Mapping[int, Found], now: datetime
) -> dict[int, Found]:
    carried = {one.message_id: one.carried for one in candidates if one.carried and one.message_id in found}
    if not carried:
        return {}
    placed = {one: (carried[one], (found[one].channel, found[one].language)) for one in carried}
    return {
        message_id: replace(found[message_id], shown=shown, offer=contents.truth(carried[message_id], shown, now))
        for message_id, shown in offered.ask(shop, placed, now).items()
    }


def _truth(
    candidate: messages.Candidate,
    asked: messages.CartAsked,
    cart: CartNow | None,
    placed: Collection[OrderFact],
    now: datetime,
) -> CartTruth:
    lines = [(line.variant_id, line.quantity) for line in cart.lines] if cart else []
    emails = candidate.emails | ({cart.email} if cart and cart.email else set())
    return CartTruth(
        asked_at=now,
        exists=cart is not None,
        is_empty=not lines,
        is_same=lines_hash(lines) == asked.lines_hash,
        is_being_paid=cart is not None and cart.is_being_paid,
        has_stock=cart is not None and any(line.available is None or line.available > 0 for line in cart.lines),
        is_ordered=any(
            order.checkout_id == asked.checkout_id
            or (order.created_at >= asked.changed_at and (order.user_id in candidate.user_ids or order.email in emails))
            for order in placed
        ),
    )


def values(
    installation: Installation,
    brand: Brand,
    message_id: UUID,
    found: Found,
    first_name: str,
    language: str,
    reason: Reason | None = Reason.AGREED,
) -> dict[str, object]:
    """Return what a message's words may name, in the language of its template; ``reason``: why somebody gets it."""
    is_commercial = reason in (Reason.AGREED, Reason.ORDERED)
    link = links.Link(installation.public_id, message_id)
    return {
        "shop": {"name": brand.sender_name, "url": brand.storefront_url, "logo": brand.logo_url},
        "brand": {"color": brand.color, "text_color": brand.text_color or readable_on(brand.color)},
        "customer": {"first_name": first_name},
        "cart": _cart(found.cart),
        **blocks.offer_values(found.shown, brand.product_url, brand.storefront_url, language, installation.time_zone),
        "links": {
            "cart": links.restore_url(settings.PUBLIC_URL, link, timezone.now() + CART_LINK_LASTS),
            "unsubscribe": links.unsubscribe_url(settings.PUBLIC_URL, link) if is_commercial else "",
            "preferences": links.preferences_url(settings.PUBLIC_URL, link) if is_commercial else "",
            "confirm": _confirm_url(installation, found.opt_in),
        },
        "footer": {
            **brands.footer(brand),
            "reason": _in_words(reason, language).format(shop=brand.sender_name),
        },
    }


def _confirm_url(installation: Installation, form: opt_ins.Asked | None) -> str:
    if form is None:
        return ""
    return links.confirm_url(settings.PUBLIC_URL, links.OptInLink(installation.public_id, form.public_id))


def reason(found: Found, purpose: Purpose, basis: Basis) -> Reason | None:
    """Return why somebody gets a message; of a service message that no form asked for nothing is said."""
    if found.opt_in is not None:
        return Reason.FORM
    if purpose is not Purpose.COMMERCIAL:
        return None
    return Reason.ORDERED if basis is Basis.SOFT_OPT_IN else Reason.AGREED


def _in_words(reason: Reason | None, language: str) -> str:
    if reason is None:
        return ""
    words = REASONS.get(language.partition("-")[0], REASONS["en"])
    return words[reason]


def _cart(cart: CartNow | None) -> dict[str, object]:
    if cart is None:
        return {}
    return {
        "lines": [
            {
                "product": blocks.plain_name(line.product_name),
                "variant": blocks.plain_name(line.variant_name),
                "quantity": line.quantity,
                "total": line.total,
                "currency": cart.currency,
                "image": blocks.web_address(line.image_url or ""),
                "image_alt": blocks.plain_name(line.image_alt or line.product_name),
            }
            for line in cart.lines
        ],
        "total": cart.total,
        "currency": cart.currency,
    }


REASONS = {
    "en": {
        Reason.AGREED: "You receive this e-mail because you agreed to hear from {shop}.",
        Reason.ORDERED: "You receive this e-mail because you ordered from {shop} and have not said no to its news.",
        Reason.FORM: "This address was entered in a form of {shop}. "
        "If it was not you, there is nothing you need to do.",
    },
    "es": {
        Reason.AGREED: "Recibes este correo porque aceptaste recibir noticias de {shop}.",
        Reason.ORDERED: "Recibes este correo porque compraste en {shop} y no has rechazado sus noticias.",
        Reason.FORM: "Alguien escribió esta dirección en un formulario de {shop}. "
        "Si no has sido tú, no tienes que hacer nada.",
    },
}
