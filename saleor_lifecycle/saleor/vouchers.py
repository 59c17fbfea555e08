"""Vouchers of the app's own: made, listed in every channel, filled with codes and relieved of them.

Every call may be repeated: what an answer that was lost had done is found, and not done again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from saleor_lifecycle.saleor import client, snapshots
from saleor_lifecycle.saleor.errors import Gone, Refused, ShopAway

CODES_AT_ONCE = 100
"""Each code costs the shop two queries."""
_THERE = "ALREADY_EXISTS"
_MOST_PAGES = 100


@dataclass(frozen=True, slots=True)
class WantedVoucher:
    """``percent`` off the order, or free delivery where that is 0; each code once, and one of them per customer."""

    name: str  # which no other has
    percent: int
    starts_at: datetime
    ends_at: datetime


def fill(asked: client.SaleorClient, wanted: WantedVoucher, voucher_id: str, codes: Sequence[str]) -> str:
    """Have a voucher with these codes, of which the shop takes each from then on; return its id."""
    voucher_id = voucher_id or _make(asked, wanted, codes[0])
    _add(asked, voucher_id, codes)
    _list_everywhere(asked, voucher_id, wanted.percent)
    return voucher_id


def _make(asked: client.SaleorClient, wanted: WantedVoucher, code: str) -> str:
    """Make a voucher with its first code, unless it is there; return its id.

    No two vouchers share a code, so this one tells whether an earlier call came through.
    """
    done = asked.create_voucher(
        client.VoucherInput(
            name=wanted.name,
            type=client.VoucherTypeEnum("ENTIRE_ORDER" if wanted.percent else "SHIPPING"),
            discountValueType=client.DiscountValueTypeEnum("PERCENTAGE"),
            startDate=wanted.starts_at,
            endDate=wanted.ends_at,
            singleUse=True,
            applyOncePerCustomer=True,
            addCodes=[code],
        )
    ).voucher_create
    if done is None:
        raise ShopAway("CreateVoucher: a part of the answer is missing")
    if done.voucher is not None and not done.errors:
        return done.voucher.id
    if any(error.code.value == _THERE for error in done.errors):
        return _find(asked, wanted.name, code)
    raise Refused(f"CreateVoucher: {_codes(done.errors)}")


def _find(asked: client.SaleorClient, name: str, code: str) -> str:
    for words in (code, name):
        found = asked.vouchers_found(words).vouchers
        for edge in found.edges if found else ():
            if edge.node.name == name:
                return edge.node.id
    raise Refused("VouchersFound: a code of ours is another voucher's")


def _list_everywhere(asked: client.SaleorClient, voucher_id: str, percent: int) -> None:
    """Make the voucher worth as much in every channel: until then the shop takes no code of it."""
    channels = asked.voucher_places().channels or []
    done = asked.list_voucher(
        voucher_id,
        [client.VoucherChannelListingAddInput(channelId=one.id, discountValue=percent or 100) for one in channels],
    ).voucher_channel_listing_update
    if done is None:
        raise ShopAway("ListVoucher: a part of the answer is missing")
    if done.errors:
        raise Refused(f"ListVoucher: {_codes(done.errors)}")


def _add(asked: client.SaleorClient, voucher_id: str, codes: Sequence[str]) -> None:
    """Add codes, but for those that are there already: Saleor takes all of them, or none."""
    left = list(codes)
    while left:
        done = asked.add_codes(voucher_id, left).voucher_update
        if done is None:
            raise ShopAway("AddCodes: a part of the answer is missing")
        if not done.errors:
            return
        if any(error.code.value == "NOT_FOUND" for error in done.errors):
            raise Gone("AddCodes: the voucher is not there")
        there = {code for error in done.errors if error.code.value == _THERE for code in error.voucher_codes or ()}
        if not there & set(left):
            raise Refused(f"AddCodes: {_codes(done.errors)}")
        left = [code for code in left if code not in there]


def take_back(asked: client.SaleorClient, voucher_id: str, codes: Collection[str]) -> None:
    """Delete codes that are there still; a voucher that is gone has none."""
    wanted, after = set(codes), None
    ids: list[str] = []
    for _ in range(_MOST_PAGES):
        voucher = asked.voucher_codes(voucher_id, after).voucher
        if voucher is None or voucher.codes is None:
            break
        ids += [edge.node.id for edge in voucher.codes.edges if edge.node.code in wanted]
        if len(ids) == len(wanted) or not voucher.codes.page_info.has_next_page:
            break
        after = voucher.codes.page_info.end_cursor
    for begin in range(0, len(ids), CODES_AT_ONCE):
        done = asked.delete_codes(ids[begin : begin + CODES_AT_ONCE]).voucher_code_bulk_delete
        if done is None:
            raise ShopAway("DeleteCodes: a part of the answer is missing")
        if any(error.code.value != "NOT_FOUND" for error in done.errors):
            raise Refused(f"DeleteCodes: {', '.join(sorted({error.code.value for error in done.errors}))}")


def read_costs(asked: client.SaleorClient, channel: str, ids: Sequence[str]) -> Mapping[str, Decimal]:
    """What variants cost the shop in a channel, of those of which it knows; at most a hundred."""
    answer = asked.variant_costs(channel, list(ids)).product_variants
    if answer is None:
        raise ShopAway("VariantCosts: a part of the answer is missing")
    return {
        edge.node.id: snapshots.money(listing.cost_price.amount)
        for edge in answer.edges
        for listing in edge.node.channel_listings or ()
        if listing.channel.slug == channel and listing.cost_price is not None
    }


class _Error(Protocol):
    """What the errors of vouchers have; each mutation's have a generated class of their own."""

    field: str | None

    @property
    def code(self) -> client.DiscountErrorCode: ...


def _codes(errors: Iterable[_Error]) -> str:
    return ", ".join(f"{error.field}: {error.code.value}" for error in errors)
