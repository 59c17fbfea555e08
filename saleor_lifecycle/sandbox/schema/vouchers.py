# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""Vouchers, their codes, and the mutations with which staff and apps make them."""

from collections.abc import Callable, Mapping
from typing import Any

import graphene

from .. import catalogue, vouchers
from ..actors import Refused
from ..records import Voucher as VoucherRecord
from .context import context
from .enums import DiscountErrorCode, DiscountValueType, VoucherCodeBulkDeleteErrorCode, VoucherType, plain
from .filters import MetadataFilter, filtered
from .mutations import mutation
from .products import Channel
from .shared import (
    PAGING,
    CountryDisplay,
    Money,
    Node,
    ObjectWithMetadata,
    PositiveDecimal,
    connection,
    money,
    page,
)

_SETTINGS = (
    "name",
    "type",
    "discount_value_type",
    "start_date",
    "end_date",
    "usage_limit",
    "min_checkout_items_quantity",
    "apply_once_per_order",
    "apply_once_per_customer",
    "only_for_staff",
    "single_use",
)


class VoucherCode(graphene.ObjectType):
    id = graphene.ID(required=True)
    code = graphene.String()
    is_active = graphene.Boolean()
    created_at = graphene.DateTime(required=True)


class VoucherChannelListing(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    channel = graphene.Field(Channel, required=True)
    discount_value = graphene.Float(required=True)
    currency = graphene.String(required=True)
    min_spent = graphene.Field(Money)


class Voucher(graphene.ObjectType):
    class Meta:
        interfaces = (Node, ObjectWithMetadata)

    name = graphene.String()
    type = VoucherType(required=True)
    discount_value_type = DiscountValueType(required=True)
    discount_value = graphene.Float()
    currency = graphene.String()
    min_spent = graphene.Field(Money)
    min_checkout_items_quantity = graphene.Int()
    start_date = graphene.DateTime(required=True)
    end_date = graphene.DateTime()
    usage_limit = graphene.Int()
    used = graphene.Int(required=True)
    apply_once_per_order = graphene.Boolean(required=True)
    apply_once_per_customer = graphene.Boolean(required=True)
    single_use = graphene.Boolean(required=True)
    only_for_staff = graphene.Boolean(required=True)
    countries = graphene.List(graphene.NonNull(CountryDisplay))
    codes = graphene.Field(connection(VoucherCode), **PAGING)
    channel_listings = graphene.List(graphene.NonNull(VoucherChannelListing))

    @staticmethod
    def resolve_discount_value(root: VoucherRecord, info: Any) -> Any:
        return root.value

    @staticmethod
    def resolve_currency(root: VoucherRecord, info: Any) -> str | None:
        return None if root.value is None else catalogue.CURRENCY

    @staticmethod
    def resolve_min_spent(root: VoucherRecord, info: Any) -> dict[str, Any] | None:
        return None if root.min_spent is None else money(root.min_spent)

    @staticmethod
    def resolve_countries(root: VoucherRecord, info: Any) -> list[Any]:
        return []

    @staticmethod
    def resolve_codes(
        root: VoucherRecord, info: Any, first: int | None = None, after: str | None = None
    ) -> dict[str, Any]:
        return page(vouchers.codes_of(context(info).shop, root.id), "codes", first, after)

    @staticmethod
    def resolve_channel_listings(root: VoucherRecord, info: Any) -> list[dict[str, Any]]:
        if root.value is None:
            return []
        listing = {
            "id": f"{root.id}-listing",
            "channel": catalogue.CHANNEL,
            "discount_value": root.value,
            "currency": catalogue.CURRENCY,
            "min_spent": None if root.min_spent is None else money(root.min_spent),
        }
        return [listing]


class VoucherFilterInput(graphene.InputObjectType):
    ids = graphene.List(graphene.NonNull(graphene.ID))
    search = graphene.String()
    metadata = graphene.List(graphene.NonNull(MetadataFilter))


class VoucherQueries(graphene.ObjectType):
    voucher = graphene.Field(Voucher, id=graphene.ID(required=True), channel=graphene.String())
    vouchers = graphene.Field(connection(Voucher), filter=VoucherFilterInput(), channel=graphene.String(), **PAGING)

    @staticmethod
    def resolve_voucher(root: Any, info: Any, id: str, channel: str | None = None) -> VoucherRecord | None:
        asking = context(info)
        asking.actor.require("MANAGE_DISCOUNTS")
        found = asking.shop.get(VoucherRecord, id)
        return found if found and _is_in(found, channel) else None

    @staticmethod
    def resolve_vouchers(
        root: Any, info: Any, filter: Any = None, channel: str | None = None, **paging: Any
    ) -> dict[str, Any]:
        """Of a channel, those that are listed in it."""
        asking = context(info)
        asking.actor.require("MANAGE_DISCOUNTS")
        wanted = filter or {}
        ids, words = wanted.get("ids"), wanted.get("search") or ""
        found = [
            one
            for one in filtered(asking.shop.all(VoucherRecord), wanted)
            if _is_in(one, channel) and (ids is None or one.id in ids) and _is_found(asking.shop, one, words)
        ]
        return page(found, "vouchers", paging.get("first"), paging.get("after"))


def _is_in(voucher: VoucherRecord, channel: str | None) -> bool:
    return channel is None or (channel == catalogue.CHANNEL.slug and voucher.value is not None)


def _is_found(shop: Any, voucher: VoucherRecord, words: str) -> bool:
    held = [voucher.name or "", *(one.code for one in vouchers.codes_of(shop, voucher.id))] if words else [""]
    return any(words.lower() in text.lower() for text in held)


class DiscountError(graphene.ObjectType):
    field = graphene.String()
    message = graphene.String()
    code = DiscountErrorCode(required=True)
    voucher_codes = graphene.List(graphene.NonNull(graphene.String))


class VoucherCodeBulkDeleteError(graphene.ObjectType):
    path = graphene.String()
    message = graphene.String()
    code = VoucherCodeBulkDeleteErrorCode(required=True)
    voucher_codes = graphene.List(graphene.NonNull(graphene.ID))


class VoucherInput(graphene.InputObjectType):
    type = VoucherType()
    name = graphene.String()
    code = graphene.String()
    add_codes = graphene.List(graphene.NonNull(graphene.String))
    start_date = graphene.DateTime()
    end_date = graphene.DateTime()
    discount_value_type = DiscountValueType()
    min_checkout_items_quantity = graphene.Int()
    apply_once_per_order = graphene.Boolean()
    apply_once_per_customer = graphene.Boolean()
    only_for_staff = graphene.Boolean()
    single_use = graphene.Boolean()
    usage_limit = graphene.Int()


class VoucherChannelListingAddInput(graphene.InputObjectType):
    channel_id = graphene.ID(required=True)
    discount_value = PositiveDecimal()
    min_amount_spent = PositiveDecimal()


class VoucherChannelListingInput(graphene.InputObjectType):
    add_channels = graphene.List(graphene.NonNull(VoucherChannelListingAddInput))
    remove_channels = graphene.List(graphene.NonNull(graphene.ID))


def _given(input: Mapping[str, Any]) -> tuple[dict[str, Any], list[str] | None]:
    """The settings that were given, and the codes."""
    codes = input.get("add_codes") or ([input["code"]] if input.get("code") else None)
    return {name: plain(input[name]) for name in _SETTINGS if name in input}, codes


def _create(info: Any, input: Any) -> dict[str, Any]:
    asking = context(info)
    return {"voucher": vouchers.create(asking.shop, asking.actor, *_given(input))}


def _update(info: Any, id: str, input: Any) -> dict[str, Any]:
    asking = context(info)
    return {"voucher": vouchers.update(asking.shop, asking.actor, id, *_given(input))}


def _list(info: Any, id: str, input: Any) -> dict[str, Any]:
    asking = context(info)
    added, removed = input.get("add_channels") or [], input.get("remove_channels") or []
    if any(channel != catalogue.CHANNEL.id for channel in (*(one["channel_id"] for one in added), *removed)):
        raise Refused("addChannels", "Channel was not found.", "NOT_FOUND")
    terms = (added[0].get("discount_value"), added[0].get("min_amount_spent")) if added else (None, None)
    if added and terms[0] is None:
        raise Refused("discountValue", "Value is required for voucher.", "REQUIRED")
    return {"voucher": vouchers.set_listing(asking.shop, asking.actor, id, *terms)}


def _delete(info: Any, id: str) -> dict[str, Any]:
    asking = context(info)
    return {"voucher": vouchers.delete(asking.shop, asking.actor, id)}


def _delete_codes(info: Any, ids: list[str]) -> dict[str, Any]:
    asking = context(info)
    return {"count": vouchers.delete_codes(asking.shop, asking.actor, ids)}


def _on_voucher(name: str, act: Callable[..., dict[str, Any]], **arguments: Any) -> Any:
    return mutation(name, act, DiscountError, {"voucher": graphene.Field(Voucher)}, **arguments)


_ID = graphene.ID(required=True)
_INPUT = VoucherInput(required=True)


class VoucherMutations(graphene.ObjectType):
    voucher_create = _on_voucher("VoucherCreate", _create, input=_INPUT)
    voucher_update = _on_voucher("VoucherUpdate", _update, id=_ID, input=_INPUT)
    voucher_delete = _on_voucher("VoucherDelete", _delete, id=_ID)
    voucher_channel_listing_update = _on_voucher(
        "VoucherChannelListingUpdate", _list, id=_ID, input=VoucherChannelListingInput(required=True)
    )
    voucher_code_bulk_delete = mutation(
        "VoucherCodeBulkDelete",
        _delete_codes,
        VoucherCodeBulkDeleteError,
        {"count": graphene.Int(required=True)},
        ids=graphene.List(graphene.NonNull(graphene.ID), required=True),
    )
