# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""The mutations on checkouts."""

from collections.abc import Callable
from typing import Any

import graphene

from .. import catalogue, checkouts
from ..actors import Refused
from ..records import Checkout as CheckoutRecord
from .checkouts import Checkout
from .context import context
from .enums import CheckoutErrorCode, LanguageCode, plain
from .mutations import mutation
from .orders import Order
from .shared import (
    MetadataInput,
    items,
)


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
    checkout_add_promo_code = mutation(
        "CheckoutAddPromoCode",
        _on_checkout(checkouts.add_code),
        CheckoutError,
        _CHECKOUT,
        id=_ID(),
        promo_code=graphene.String(required=True),
    )
    checkout_remove_promo_code = mutation(
        "CheckoutRemovePromoCode",
        _on_checkout(checkouts.remove_code),
        CheckoutError,
        _CHECKOUT,
        id=_ID(),
        promo_code=graphene.String(),
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
