# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""Checkouts and the mutations on them."""

from collections.abc import Callable
from datetime import UTC
from typing import Any

import graphene

from .. import catalogue, checkouts
from ..actors import Refused
from ..records import Checkout as CheckoutRecord
from ..records import CheckoutLine as LineRecord
from ..records import User as UserRecord
from ..records import Variant
from .accounts import User
from .context import context
from .enums import CheckoutAuthorize, CheckoutCharge, CheckoutErrorCode, LanguageCode, plain
from .filters import CheckoutFilterInput, filtered
from .mutations import mutation
from .orders import Order
from .products import Channel, ProductVariant
from .shared import (
    PAGING,
    Addressed,
    MetadataInput,
    Node,
    ObjectWithMetadata,
    TaxedMoney,
    connection,
    items,
    page,
    taxed,
    within,
)
from .sorting import CheckoutSortingInput, sort_of


class CheckoutLine(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    variant = graphene.Field(ProductVariant, required=True)
    quantity = graphene.Int(required=True)
    unit_price = graphene.Field(TaxedMoney, required=True)
    total_price = graphene.Field(TaxedMoney, required=True)

    @staticmethod
    def resolve_variant(root: LineRecord, info: Any) -> Variant | None:
        return context(info).shop.get(Variant, root.variant_id)

    @staticmethod
    def resolve_unit_price(root: LineRecord, info: Any) -> dict[str, Any]:
        variant = context(info).shop.get(Variant, root.variant_id)
        assert variant
        return taxed(variant.price)

    @staticmethod
    def resolve_total_price(root: LineRecord, info: Any) -> dict[str, Any]:
        variant = context(info).shop.get(Variant, root.variant_id)
        assert variant
        return taxed(variant.price * root.quantity)


class Checkout(Addressed, graphene.ObjectType):
    class Meta:
        interfaces = (Node, ObjectWithMetadata)

    created = graphene.DateTime(required=True)
    updated_at = graphene.DateTime(required=True)
    email = graphene.String()
    user = graphene.Field(User)
    channel = graphene.Field(Channel, required=True)
    language_code = LanguageCode(required=True)
    lines = graphene.List(graphene.NonNull(CheckoutLine), required=True)
    quantity = graphene.Int(required=True)
    subtotal_price = graphene.Field(TaxedMoney, required=True)
    total_price = graphene.Field(TaxedMoney, required=True)
    authorize_status = CheckoutAuthorize(required=True)
    charge_status = CheckoutCharge(required=True)

    @staticmethod
    def resolve_user(root: CheckoutRecord, info: Any) -> UserRecord | None:
        asking = context(info)
        if root.user_id and not (asking.actor.user and asking.actor.user.id == root.user_id):
            asking.actor.require("MANAGE_USERS")
        return asking.shop.get(UserRecord, root.user_id)

    @staticmethod
    def resolve_channel(root: CheckoutRecord, info: Any) -> catalogue.Channel:
        return catalogue.CHANNEL

    @staticmethod
    def resolve_quantity(root: CheckoutRecord, info: Any) -> int:
        return sum(line.quantity for line in root.lines)

    @staticmethod
    def resolve_subtotal_price(root: CheckoutRecord, info: Any) -> dict[str, Any]:
        return taxed(checkouts.total(context(info).shop, root))

    @staticmethod
    def resolve_total_price(root: CheckoutRecord, info: Any) -> dict[str, Any]:
        return taxed(checkouts.total(context(info).shop, root))

    @staticmethod
    def resolve_authorize_status(root: CheckoutRecord, info: Any) -> str:
        return _paid(root, info)

    @staticmethod
    def resolve_charge_status(root: CheckoutRecord, info: Any) -> str:
        return _paid(root, info)


def _paid(checkout: CheckoutRecord, info: Any) -> str:
    if checkouts.is_paid(context(info).shop, checkout):
        return "FULL"
    return "PARTIAL" if checkout.charged else "NONE"


CheckoutConnection = connection(Checkout)


class CheckoutQueries(graphene.ObjectType):
    checkout = graphene.Field(Checkout, id=graphene.ID())
    checkouts = graphene.Field(
        CheckoutConnection, filter=CheckoutFilterInput(), sort_by=CheckoutSortingInput(), **PAGING
    )

    @staticmethod
    def resolve_checkout(root: Any, info: Any, id: str | None = None) -> CheckoutRecord | None:
        return context(info).shop.get(CheckoutRecord, id)  # the id is the secret: no permission is asked

    @staticmethod
    def resolve_checkouts(
        root: Any, info: Any, filter: Any = None, sort_by: Any = None, **paging: Any
    ) -> dict[str, Any]:
        """Of those that changed only whole days can be asked for, as in Saleor."""
        asking = context(info)
        asking.actor.require("MANAGE_CHECKOUTS", "HANDLE_PAYMENTS")
        days = (filter or {}).get("updated_at")
        found = [one for one in asking.shop.all(CheckoutRecord) if within(one.updated_at.astimezone(UTC).date(), days)]
        sort = sort_of(sort_by, {"CREATION_DATE": "created"})
        return page(filtered(found, filter), "checkouts", paging.get("first"), paging.get("after"), sort)


class CheckoutError(graphene.ObjectType):
    field = graphene.String()
    message = graphene.String()
    code = CheckoutErrorCode(required=True)


class CheckoutDeleteError(graphene.ObjectType):
    field = graphene.String()
    message = graphene.String()
    code = CheckoutErrorCode(required=True)


class CheckoutLineInput(graphene.InputObjectType):
    quantity = graphene.Int(required=True)
    variant_id = graphene.ID(required=True)


class CheckoutLineUpdateInput(graphene.InputObjectType):
    variant_id = graphene.ID()
    quantity = graphene.Int()
    line_id = graphene.ID()


class CheckoutCreateInput(graphene.InputObjectType):
    channel = graphene.String()
    lines = graphene.List(graphene.NonNull(CheckoutLineInput), required=True)
    email = graphene.String()
    language_code = LanguageCode()
    metadata = graphene.List(graphene.NonNull(MetadataInput))
    private_metadata = graphene.List(graphene.NonNull(MetadataInput))


def _create(info: Any, input: Any) -> dict[str, Any]:
    asking = context(info)
    if input.get("channel") not in (None, catalogue.CHANNEL.slug):
        raise Refused("channel", f"Channel with '{input.channel}' slug does not exist.", "NOT_FOUND")
    checkout = checkouts.create(
        asking.shop,
        asking.actor,
        [(line.variant_id, line.quantity) for line in input.lines],
        email=input.get("email"),
        language_code=plain(input.get("language_code")) or "EN",
        metadata=items(input.get("metadata")),
        private_metadata=items(input.get("private_metadata")),
    )
    return {"checkout": checkout}


def _on_checkout(act: Callable[..., CheckoutRecord]) -> Callable[..., dict[str, Any]]:
    """A mutation out of a function of shop, actor, checkout id and one more argument."""

    def run(info: Any, id: str | None = None, **rest: Any) -> dict[str, Any]:
        asking = context(info)
        return {"checkout": act(asking.shop, asking.actor, id or "", *map(plain, rest.values()))}

    return run


def _add_lines(info: Any, lines: list[Any], id: str = "") -> dict[str, Any]:
    asking = context(info)
    pairs = [(line.variant_id, line.quantity) for line in lines]
    return {"checkout": checkouts.add_lines(asking.shop, asking.actor, id, pairs)}


def _update_lines(info: Any, lines: list[Any], id: str = "") -> dict[str, Any]:
    asking = context(info)
    pairs = [(line.get("line_id") or line.get("variant_id"), line.get("quantity") or 0) for line in lines]
    return {"checkout": checkouts.update_lines(asking.shop, asking.actor, id, pairs)}


def _complete(info: Any, id: str = "", metadata: Any = None) -> dict[str, Any]:
    asking = context(info)
    order = checkouts.complete(asking.shop, asking.actor, id, items(metadata))
    return {"order": order, "confirmation_needed": False}


def _delete(info: Any, id: str) -> dict[str, Any]:
    asking = context(info)
    checkouts.delete(asking.shop, asking.actor, id)
    return {}


_CHECKOUT = {"checkout": graphene.Field(Checkout)}
_ID = graphene.ID


class CheckoutMutations(graphene.ObjectType):
    checkout_create = mutation(
        "CheckoutCreate", _create, CheckoutError, _CHECKOUT, input=CheckoutCreateInput(required=True)
    )
    checkout_lines_add = mutation(
        "CheckoutLinesAdd",
        _add_lines,
        CheckoutError,
        _CHECKOUT,
        id=_ID(),
        lines=graphene.List(graphene.NonNull(CheckoutLineInput), required=True),
    )
    checkout_lines_update = mutation(
        "CheckoutLinesUpdate",
        _update_lines,
        CheckoutError,
        _CHECKOUT,
        id=_ID(),
        lines=graphene.List(graphene.NonNull(CheckoutLineUpdateInput), required=True),
    )
    checkout_lines_delete = mutation(
        "CheckoutLinesDelete",
        _on_checkout(checkouts.delete_lines),
        CheckoutError,
        _CHECKOUT,
        id=_ID(),
        lines_ids=graphene.List(graphene.NonNull(_ID), required=True),
    )
    checkout_email_update = mutation(
        "CheckoutEmailUpdate",
        _on_checkout(checkouts.set_email),
        CheckoutError,
        _CHECKOUT,
        id=_ID(),
        email=graphene.String(required=True),
    )
    checkout_language_code_update = mutation(
        "CheckoutLanguageCodeUpdate",
        _on_checkout(checkouts.set_language),
        CheckoutError,
        _CHECKOUT,
        id=_ID(),
        language_code=LanguageCode(required=True),
    )
    checkout_customer_attach = mutation(
        "CheckoutCustomerAttach",
        _on_checkout(checkouts.attach_customer),
        CheckoutError,
        _CHECKOUT,
        id=_ID(),
        customer_id=_ID(),
    )
    checkout_customer_detach = mutation(
        "CheckoutCustomerDetach",
        _on_checkout(checkouts.detach_customer),
        CheckoutError,
        _CHECKOUT,
        id=_ID(),
    )
    checkout_complete = mutation(
        "CheckoutComplete",
        _complete,
        CheckoutError,
        {"order": graphene.Field(Order), "confirmation_needed": graphene.Boolean(required=True)},
        id=_ID(),
        metadata=graphene.List(graphene.NonNull(MetadataInput)),
    )
    checkout_delete = mutation("CheckoutDelete", _delete, CheckoutDeleteError, {}, id=_ID(required=True))
