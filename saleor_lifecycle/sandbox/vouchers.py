"""Vouchers and their codes: what the staff make, and what a code takes off a checkout."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal
from typing import Any

from .actors import Actor, Refused
from .records import Checkout, Order, Voucher, VoucherCode, new_id
from .shop import Change, Shop


def create(shop: Shop, actor: Actor, given: Mapping[str, Any], codes: Sequence[str] | None) -> Voucher:
    """The new voucher. Until it is listed in the channel, nobody can use its codes."""
    with _voucher_change(shop, actor) as change:
        if not codes:
            raise Refused(None, "You must provide either code or addCodes.", "GRAPHQL_ERROR")
        voucher = Voucher(**{"id": change.next_id("Voucher"), "start_date": change.now, **given})
        change.put(voucher)
        _add_codes(change, voucher, codes)
    return voucher


def update(shop: Shop, actor: Actor, identifier: str, given: Mapping[str, Any], codes: Sequence[str] | None) -> Voucher:
    with _voucher_change(shop, actor) as change:
        voucher = replace(_find(change, identifier), **given)
        change.put(voucher)
        _add_codes(change, voucher, codes or ())
    return voucher


def set_listing(shop: Shop, actor: Actor, identifier: str, value: Decimal | None, min_spent: Decimal | None) -> Voucher:
    """The voucher listed in the channel with these terms, or taken off it where ``value`` is None."""
    with _voucher_change(shop, actor) as change:
        voucher = _find(change, identifier)
        if value is not None and voucher.discount_value_type == "PERCENTAGE" and value > 100:
            raise Refused("discountValue", "Invalid percentage value.", "INVALID")
        voucher = replace(voucher, value=value, min_spent=min_spent)
        change.put(voucher)
    return voucher


def delete(shop: Shop, actor: Actor, identifier: str) -> Voucher:
    with _voucher_change(shop, actor) as change:
        voucher = _find(change, identifier)
        for code in codes_of(shop, identifier):
            change.remove(code)
        change.remove(voucher)
    return voucher


def delete_codes(shop: Shop, actor: Actor, identifiers: Sequence[str]) -> int:
    """How many codes were deleted. None is, where one of them does not exist."""
    with _voucher_change(shop, actor) as change:
        found = [change.get(VoucherCode, one) for one in dict.fromkeys(identifiers)]
        if missing := [one for one in identifiers if change.get(VoucherCode, one) is None]:
            raise Refused("ids", "Invalid voucher code ID.", "INVALID", voucher_codes=missing)
        for code in found:
            assert code
            change.remove(code)
    return len(found)


def codes_of(shop: Shop, identifier: str) -> list[VoucherCode]:
    return [code for code in shop.all(VoucherCode) if code.voucher_id == identifier]


def usable(shop: Shop, checkout: Checkout, code: str, subtotal: Decimal) -> Voucher:
    """The voucher that a code brings to a checkout. Whose code it is, is not asked: Saleor binds none to anybody."""
    held = next((one for one in shop.all(VoucherCode) if one.code == code), None)
    voucher = shop.get(Voucher, held.voucher_id) if held and held.is_active else None
    now = shop.clock()
    if (
        voucher is None
        or voucher.value is None
        or voucher.start_date > now
        or (voucher.end_date and voucher.end_date <= now)
        or (voucher.usage_limit is not None and voucher.used >= voucher.usage_limit)
    ):
        raise Refused("promoCode", "Promo code is invalid", "INVALID")
    count = sum(line.quantity for line in checkout.lines)
    if (
        (voucher.min_spent and subtotal < voucher.min_spent)
        or count < (voucher.min_checkout_items_quantity or 0)
        or (voucher.apply_once_per_customer and _has_used(shop, voucher, checkout.email))
    ):
        raise Refused("promoCode", "Voucher is not applicable to this checkout.", "VOUCHER_NOT_APPLICABLE")
    return voucher


def taken_off(voucher: Voucher, subtotal: Decimal) -> Decimal:
    """What the voucher takes off. Delivery costs nothing here, so one for delivery takes off nothing."""
    if voucher.type == "SHIPPING" or voucher.value is None:
        return Decimal(0)
    if voucher.discount_value_type == "PERCENTAGE":
        return (subtotal * voucher.value / 100).quantize(Decimal("0.01"))
    return min(voucher.value, subtotal)


def spend(change: Change, code: str) -> None:
    """Count a use: a code of a single-use voucher is inactive from now on."""
    _count(change, code, by=1)


def release(change: Change, code: str | None) -> None:
    """Take a use back, as for a cancelled order."""
    _count(change, code, by=-1)


def _count(change: Change, code: str | None, by: int) -> None:
    held = next((one for one in change.shop.all(VoucherCode) if one.code == code), None)
    voucher = change.get(Voucher, held.voucher_id) if held else None
    if held is None or voucher is None:
        return  # deleted meanwhile
    if voucher.single_use:
        change.put(replace(held, is_active=by < 0))
    if voucher.usage_limit is not None:
        change.put(replace(voucher, used=max(voucher.used + by, 0)))


def _has_used(shop: Shop, voucher: Voucher, email: str | None) -> bool:
    codes = {one.code for one in codes_of(shop, voucher.id)}
    return any(
        order.voucher_code in codes and order.user_email == email and order.status != "CANCELED"
        for order in shop.all(Order)
    )


def _add_codes(change: Change, voucher: Voucher, codes: Sequence[str]) -> None:
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise Refused("codes", "Duplicated codes found.", "DUPLICATED_INPUT_ITEM", voucher_codes=twice)
    known = {one.code for one in change.shop.all(VoucherCode)}
    if there := [code for code in codes if code in known]:
        raise Refused("codes", "Voucher code already exists.", "ALREADY_EXISTS", voucher_codes=there)
    for code in codes:
        change.put(VoucherCode(id=new_id("VoucherCode"), voucher_id=voucher.id, code=code, created_at=change.now))


def _voucher_change(shop: Shop, actor: Actor) -> AbstractContextManager[Change]:
    actor.require("MANAGE_DISCOUNTS")
    return shop.change(actor)


def _find(change: Change, identifier: str) -> Voucher:
    voucher = change.get(Voucher, identifier)
    if voucher is None:
        raise Refused("id", f"Couldn't resolve to a node: {identifier}", "NOT_FOUND")
    return voucher
