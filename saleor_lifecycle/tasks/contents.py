"""What messages are about: asked of the shop right before they leave."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from saleor_lifecycle.actions import bases, installations, messages, opt_ins, send_facts
from saleor_lifecycle.domain import contents
from saleor_lifecycle.domain.carts import lines_hash
from saleor_lifecycle.domain.contents import Shown
from saleor_lifecycle.domain.facts import OrderFact
from saleor_lifecycle.domain.sending import CartTruth, OfferTruth
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.carts import CartNow
from saleor_lifecycle.saleor.errors import ShopError
from saleor_lifecycle.saleor.gateway import Shop

from . import left_out, offered

NOTHING_SHOWN = Shown()

logger = logging.getLogger(__name__)


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


def ask(
    installation: Installation, candidates: Collection[messages.Candidate], now: datetime, by: str = "email"
) -> Mapping[int, Found]:
    """Return what was found for each candidate; nothing for one about which the shop does not answer. ``by``: channel.

    Of the shop is asked only what the messages speak of, so the others leave while it is away.
    """
    with within(installation.pk):
        chosen = _chosen_languages(candidates)
        found = _addressed([one for one in candidates if not one.cart], chosen, by)
    about = [one for one in candidates if one.cart or one.carried]
    if about and installation.state == Installation.State.ACTIVE:
        found |= _asked(installation, about, found, chosen, now)
    return found if by == "email" else _reached(installation, candidates, found, by)


def _reached(
    installation: Installation, candidates: Collection[messages.Candidate], found: Mapping[int, Found], by: str
) -> dict[int, Found]:
    """Return what was found, with where people are reached on another channel: a cart knows only its e-mail."""
    people = {one.message_id: one.customer_id for one in candidates if one.customer_id is not None}
    with within(installation.pk):
        reached = send_facts.addresses(set(people.values()), by)
    nowhere = ("", "")
    return {
        one: replace(held, address=reached.get(people.get(one, 0), nowhere)[0] or None) for one, held in found.items()
    }


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
            return answered | _offers(shop, installation, about, answered, now)
    except ShopError as error:
        logger.warning("messages wait for their shop: %s %s", type(error).__name__, error)
        return {}


def _chosen_languages(candidates: Collection[messages.Candidate]) -> dict[int, str]:
    """Return, by message, the languages that people have chosen for their messages; products are named in them too."""
    people = {one.message_id: one.customer_id for one in candidates if one.customer_id is not None}
    if not people:
        return {}
    said = bases.preferences_of(set(people.values()))
    return {message: said[person].language for message, person in people.items() if person in said}


def _addressed(candidates: Collection[messages.Candidate], chosen: Mapping[int, str], by: str) -> dict[int, Found]:
    """Return where and how those without a cart are written to."""
    customers = {candidate.customer_id for candidate in candidates if candidate.customer_id}
    forms = {candidate.opt_in_id for candidate in candidates if candidate.opt_in_id}
    if not customers and not forms:
        return {}
    addresses = send_facts.addresses(customers, by)
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
    shop: Shop,
    installation: Installation,
    candidates: Collection[messages.Candidate],
    found: Mapping[int, Found],
    now: datetime,
) -> dict[int, Found]:
    carried = {one.message_id: one.carried for one in candidates if one.carried and one.message_id in found}
    if not carried:
        return {}
    placed = {one: (carried[one], (found[one].channel, found[one].language)) for one in carried}
    answered = {
        message_id: replace(found[message_id], shown=shown, offer=contents.truth(carried[message_id], shown, now))
        for message_id, shown in offered.ask(shop, placed, now).items()
    }
    told = {key: (one.cart, one.shown) for key, one in answered.items() if one.cart and carried[key].code}
    less = left_out.leave_out(shop, installation, told, now)
    return answered | {key: replace(answered[key], shown=shown) for key, shown in less.items()}


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
