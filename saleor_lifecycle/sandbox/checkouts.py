"""Checkouts, from the first line to the order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from . import vouchers
from .actors import Actor, PermissionDenied, Refused
from .catalogue import product_of
from .records import Checkout, CheckoutLine, Order, OrderLine, User, Variant, new_id
from .shop import Change, Shop

# Saleor pays through payment apps; here a completion that carries this key has been paid.
PAID_KEY = "sandbox.paid"
SHIPPING_METHOD = "Standard"


def subtotal(shop: Shop, checkout: Checkout) -> Decimal:
    return sum((_variant(shop, line.variant_id).price * line.quantity for line in checkout.lines), Decimal(0))


def discount(shop: Shop, checkout: Checkout) -> Decimal:
    """What the checkout's code takes off; nothing once it cannot be used any more."""
    if checkout.voucher_code is None:
        return Decimal(0)
    amount = subtotal(shop, checkout)
    try:
        return vouchers.taken_off(vouchers.usable(shop, checkout, checkout.voucher_code, amount), amount)
    except Refused:
        return Decimal(0)


def total(shop: Shop, checkout: Checkout) -> Decimal:
    return subtotal(shop, checkout) - discount(shop, checkout)


def is_paid(shop: Shop, checkout: Checkout) -> bool:
    return bool(checkout.lines) and checkout.charged >= total(shop, checkout) > 0


def create(
    shop: Shop,
    actor: Actor,
    lines: Sequence[tuple[str, int]],
    email: str | None = None,
    language_code: str = "EN",
    metadata: Mapping[str, str] | None = None,
    private_metadata: Mapping[str, str] | None = None,
) -> Checkout:
    with shop.change(actor) as change:
        own_email = actor.user.email if actor.user else None
        checkout = Checkout(
            id=new_id("Checkout"),
            created=change.now,
            updated_at=change.now,
            email=_clean(email) or own_email,
            user_id=actor.user.id if actor.user else None,
            language_code=language_code,
            lines=_added(shop, (), lines),
            metadata=dict(metadata or {}),
            private_metadata=dict(private_metadata or {}),
        )
        change.put(checkout)
        change.emit("CHECKOUT_CREATED", checkout)
    return checkout


def add_lines(shop: Shop, actor: Actor, identifier: str, lines: Sequence[tuple[str, int]]) -> Checkout:
    with shop.change(actor) as change:
        checkout = _find(change, identifier)
        return _updated(change, replace(checkout, lines=_added(shop, checkout.lines, lines)))


def update_lines(shop: Shop, actor: Actor, identifier: str, lines: Sequence[tuple[str, int]]) -> Checkout:
    """The checkout with these quantities; the key is a line's or a variant's id, and zero takes it out."""
    with shop.change(actor) as change:
        checkout = _find(change, identifier)
        kept = {line.id: line for line in checkout.lines}
        for key, quantity in lines:
            line = next((line for line in checkout.lines if key in (line.id, line.variant_id)), None)
            if line is None:
                raise Refused("lines", "Could not find the line to update.", "NOT_FOUND")
            _require_stock(shop, line.variant_id, quantity)
            kept[line.id] = replace(line, quantity=quantity)
        return _updated(change, replace(checkout, lines=tuple(k for k in kept.values() if k.quantity > 0)))


def delete_lines(shop: Shop, actor: Actor, identifier: str, line_ids: Sequence[str]) -> Checkout:
    with shop.change(actor) as change:
        checkout = _find(change, identifier)
        if set(line_ids) - {line.id for line in checkout.lines}:
            raise Refused("lineId", "Provided line_ids aren't part of checkout.", "INVALID")
        lines = tuple(line for line in checkout.lines if line.id not in line_ids)
        return _updated(change, replace(checkout, lines=lines))


def set_email(shop: Shop, actor: Actor, identifier: str, email: str) -> Checkout:
    if "@" not in email:
        raise Refused("email", "Enter a valid email address.", "INVALID")
    with shop.change(actor) as change:
        return _updated(change, replace(_find(change, identifier), email=_clean(email)))


def set_language(shop: Shop, actor: Actor, identifier: str, language_code: str) -> Checkout:
    with shop.change(actor) as change:
        return _updated(change, replace(_find(change, identifier), language_code=language_code))


def attach_customer(shop: Shop, actor: Actor, identifier: str, customer_id: str | None = None) -> Checkout:
    """The checkout of the signed-in customer, or of another one for whoever may impersonate."""
    if customer_id and not (actor.user and actor.user.id == customer_id):
        actor.require("IMPERSONATE_USER")
    with shop.change(actor) as change:
        user = change.get(User, customer_id or (actor.user.id if actor.user else None))
        if user is None:
            raise PermissionDenied("AUTHENTICATED_USER")
        return _updated(change, replace(_find(change, identifier), user_id=user.id, email=user.email))


def detach_customer(shop: Shop, actor: Actor, identifier: str) -> Checkout:
    with shop.change(actor) as change:
        checkout = _find(change, identifier)
        if not (actor.user and actor.user.id == checkout.user_id):
            actor.require("IMPERSONATE_USER")
        return _updated(change, replace(checkout, user_id=None))


def add_code(shop: Shop, actor: Actor, identifier: str, code: str) -> Checkout:
    """The checkout with a voucher's code, in place of another that it had."""
    with shop.change(actor) as change:
        checkout = _find(change, identifier)
        vouchers.usable(shop, checkout, code, subtotal(shop, checkout))
        return _updated(change, replace(checkout, voucher_code=code))


def remove_code(shop: Shop, actor: Actor, identifier: str, code: str | None = None) -> Checkout:
    with shop.change(actor) as change:
        checkout = _find(change, identifier)
        if code is None or code != checkout.voucher_code:
            raise Refused("promoCode", "Promo code does not exist.", "NOT_FOUND")
        return _updated(change, replace(checkout, voucher_code=None))


def pay(shop: Shop, actor: Actor, identifier: str) -> Checkout:
    """The checkout fully charged, as after a payment app's report."""
    with shop.change(actor) as change:
        checkout = _find(change, identifier)
        checkout = replace(checkout, charged=total(shop, checkout), updated_at=change.now)
        change.put(checkout)
        change.emit("CHECKOUT_FULLY_PAID", checkout)
        change.emit("CHECKOUT_FULLY_AUTHORIZED", checkout)
    return checkout


def complete(shop: Shop, actor: Actor, identifier: str, metadata: Mapping[str, str] | None = None) -> Order:
    """The order that the checkout becomes. The channel allows unpaid orders; the checkout is gone."""
    extra = dict(metadata or {})
    if extra.pop(PAID_KEY, "") == "true":
        pay(shop, actor, identifier)
    with shop.change(actor) as change:
        checkout = _find(change, identifier)
        if not checkout.email:
            raise Refused("email", "Checkout email must be set.", "EMAIL_NOT_SET")
        if not checkout.lines:
            raise Refused("lines", "Cannot complete checkout without lines.", "NO_LINES")
        for line in checkout.lines:
            _require_stock(shop, line.variant_id, line.quantity)
        if checkout.voucher_code:
            vouchers.usable(shop, checkout, checkout.voucher_code, subtotal(shop, checkout))
            vouchers.spend(change, checkout.voucher_code)
        order = _order(change, checkout, extra)
        change.put(order)
        change.remove(checkout)
        for line in checkout.lines:
            variant = _variant(shop, line.variant_id)
            change.put(replace(variant, stock=variant.stock - line.quantity))
        paid = ("ORDER_PAID", "ORDER_FULLY_PAID", "ORDER_UPDATED") if order.charged else ()
        for event in ("ORDER_CREATED", *paid, "ORDER_CONFIRMED"):
            change.emit(event, order)
    return order


def delete(shop: Shop, actor: Actor, identifier: str) -> None:
    """Remove a checkout. Saleor tells nobody."""
    actor.require("MANAGE_CHECKOUTS")
    with shop.change(actor) as change:
        change.remove(_find(change, identifier))


def _order(change: Change, checkout: Checkout, extra: Mapping[str, str]) -> Order:
    shop = change.shop
    # A guest's order goes to the account that has the e-mail.
    owner = next((user for user in shop.all(User) if user.email == checkout.email), None)
    paid = is_paid(shop, checkout)
    amount = total(shop, checkout)
    return Order(
        id=new_id("Order"),
        number=str(change.next_number("order number")),
        created=change.now,
        updated_at=change.now,
        # Without payment the order is confirmed by event and unconfirmed by status: so seen in Saleor.
        status="UNFULFILLED" if paid else "UNCONFIRMED",
        checkout_id=checkout.id,
        user_id=checkout.user_id or (owner.id if owner else None),
        user_email=checkout.email,
        language_code=checkout.language_code,
        lines=tuple(_order_line(_variant(shop, line.variant_id), line.quantity) for line in checkout.lines),
        total=amount,
        charged=amount if paid else Decimal(0),
        voucher_code=checkout.voucher_code,
        shipping_method_name=SHIPPING_METHOD,
        metadata={**checkout.metadata, **extra},
        private_metadata=checkout.private_metadata,
    )


def _order_line(variant: Variant, quantity: int) -> OrderLine:
    return OrderLine(
        id=new_id("OrderLine"),
        variant_id=variant.id,
        product_name=product_of(variant).name,
        variant_name=variant.name,
        sku=variant.sku,
        price=variant.price,
        quantity=quantity,
    )


def _find(change: Change, identifier: str) -> Checkout:
    checkout = change.get(Checkout, identifier)
    if checkout is None:
        raise Refused("id", f"Couldn't resolve to a node: {identifier}", "NOT_FOUND")
    return checkout


def _updated(change: Change, checkout: Checkout) -> Checkout:
    checkout = replace(checkout, updated_at=change.now)
    change.put(checkout)
    change.emit("CHECKOUT_UPDATED", checkout)
    return checkout


def _added(shop: Shop, lines: tuple[CheckoutLine, ...], new: Sequence[tuple[str, int]]) -> tuple[CheckoutLine, ...]:
    found = {line.variant_id: line for line in lines}
    for variant_id, quantity in new:
        if quantity < 1:
            raise Refused("quantity", "The quantity should be higher than zero.", "ZERO_QUANTITY")
        line = found.get(variant_id) or CheckoutLine(id=new_id("CheckoutLine"), variant_id=variant_id, quantity=0)
        _require_stock(shop, variant_id, line.quantity + quantity)
        found[variant_id] = replace(line, quantity=line.quantity + quantity)
    return tuple(found.values())


def _require_stock(shop: Shop, variant_id: str, quantity: int) -> None:
    variant = _variant(shop, variant_id)
    if quantity > variant.stock:
        message = f"Could not add items {variant.sku}. Only {variant.stock} remaining in stock."
        raise Refused("quantity", message, "INSUFFICIENT_STOCK")


def _variant(shop: Shop, identifier: str) -> Variant:
    variant = shop.get(Variant, identifier)
    if variant is None:
        raise Refused("variantId", f"Couldn't resolve to a node: {identifier}", "NOT_FOUND")
    return variant


def _clean(email: str | None) -> str | None:
    return (email or "").strip().lower() or None
