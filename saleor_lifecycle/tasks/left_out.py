"""Codes that a message leaves without: a cart is its point, and the shop has been asked."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from saleor_lifecycle.actions import incentive_settings, incentives
from saleor_lifecycle.domain.contents import Shown, VoucherKind
from saleor_lifecycle.domain.incentives import CostedLine, NoCode, keeps_margin
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.carts import CartNow
from saleor_lifecycle.saleor.errors import PermissionMissing, Refused
from saleor_lifecycle.saleor.gateway import MOST_AT_ONCE, Shop


def leave_out(
    shop: Shop, installation: Installation, told: Mapping[int, tuple[CartNow, Shown]], now: datetime
) -> dict[int, Shown]:
    """Return what messages about carts show that may not tell their code, without it, and write down why.

    ``told``: by message its cart and what it would show, of those that carry a code.
    """
    if not told:
        return {}
    with within(installation.pk):
        floor = incentive_settings.settings_of(installation).margin_percent
    costs = _costs(shop, installation, [cart for cart, shown in told.values() if shown.code])
    found = {key: _reason(cart, shown, costs.get(cart.channel, {}), floor) for key, (cart, shown) in told.items()}
    reasons = {key: reason for key, reason in found.items() if reason is not None}
    with within(installation.pk):
        incentives.left_out(installation, reasons, now)
    return {key: replace(told[key][1], voucher=None, code="") for key in reasons}


def _reason(cart: CartNow, shown: Shown, costs: Mapping[str, Decimal], floor: int) -> NoCode | None:
    if shown.voucher is None or not shown.code:
        return NoCode.GONE
    if cart.voucher_code and cart.voucher_code != shown.code:
        return NoCode.VOUCHER_IN_CART
    lines = [
        CostedLine(line.net, costs[line.variant_id] * line.quantity if line.variant_id in costs else None)
        for line in cart.lines
    ]
    # A code of free delivery takes nothing off what the lines bring.
    percent = int(shown.voucher.value) if shown.voucher.kind is VoucherKind.ORDER else 0
    return None if keeps_margin(lines, percent, floor) else NoCode.BELOW_MARGIN


def _costs(shop: Shop, installation: Installation, carts: Iterable[CartNow]) -> dict[str, Mapping[str, Decimal]]:
    """Return what the variants in carts cost the shop, by channel; nothing where it does not let us know."""
    if incentive_settings.KNOWING_COSTS not in installation.permissions:
        return {}
    wanted: dict[str, set[str]] = {}
    for cart in carts:
        wanted.setdefault(cart.channel, set()).update(line.variant_id for line in cart.lines)
    found: dict[str, Mapping[str, Decimal]] = {}
    for channel, variants in wanted.items():
        ids, known = sorted(variants), dict[str, Decimal]()
        try:
            for begin in range(0, len(ids), MOST_AT_ONCE):
                known |= shop.variant_costs(channel, ids[begin : begin + MOST_AT_ONCE])
        except (PermissionMissing, Refused):
            return {}
        found[channel] = known
    return found
