# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""Apollo Federation 1 as Saleor speaks it: a gateway reads the SDL and resolves entities by their keys."""

from collections.abc import Callable
from typing import Any

import graphene
from graphql import GraphQLError, GraphQLSchema, print_schema, value_from_ast_untyped

from .. import accounts, catalogue
from ..records import User as UserRecord
from ..records import Variant, kind_of
from .accounts import User
from .context import context
from .products import Product, ProductVariant
from .shared import type_of

KEYS = {
    "User": ("id", "email"),
    "Product": ("id channel",),
    "ProductVariant": ("id channel",),
}
_MOST = 100


class AnyRepresentation(graphene.Scalar):
    """_Any value scalar as defined by Federation spec."""

    class Meta:
        name = "_Any"

    parse_value = staticmethod(lambda value: value)
    parse_literal = staticmethod(value_from_ast_untyped)


class Entity(graphene.Union):
    """_Entity union as defined by Federation spec."""

    class Meta:
        name = "_Entity"
        types = (User, Product, ProductVariant)

    @classmethod
    def resolve_type(cls, root: Any, info: Any) -> Any:
        return ProductVariant if isinstance(root, Variant) else type_of(root, info)


class Service(graphene.ObjectType):
    """_Service manifest as defined by Federation spec."""

    class Meta:
        name = "_Service"

    sdl = graphene.String()

    @staticmethod
    def resolve_sdl(root: Any, info: Any) -> str:
        return sdl(info.schema)


class FederationQueries(graphene.ObjectType):
    entities = graphene.Field(
        graphene.List(Entity),
        name="_entities",
        representations=graphene.List(graphene.NonNull(AnyRepresentation), required=True),
    )
    service = graphene.Field(Service, name="_service")

    @staticmethod
    def resolve_service(root: Any, info: Any) -> dict[str, Any]:
        return {}

    @staticmethod
    def resolve_entities(root: Any, info: Any, representations: list[dict[str, Any]]) -> list[Any]:
        """The entities, grouped by type: as in Saleor, a mixed call answers in another order than it asked."""
        if len(representations) > _MOST:
            count = len(representations)
            raise GraphQLError(f"Federated query exceeded entity limit: {count} items requested over {_MOST}.")
        batches: dict[str, list[Any]] = {}
        for representation in representations:
            typename = representation.get("__typename", "")
            if typename not in KEYS:
                raise GraphQLError(f"{typename} is no entity of this shop")
            allowed = {"__typename", *(field for key in KEYS[typename] for field in key.split())}
            if unknown := sorted(set(representation) - allowed):
                raise GraphQLError(f"'{unknown[0]}' is an invalid keyword argument for {typename}")
            batches.setdefault(typename, []).append(_FINDERS[typename](info, representation))
        return [entity for batch in batches.values() for entity in batch]


def sdl(schema: GraphQLSchema) -> str:
    """The schema in Federation 1's style: ``@key`` on entities, no ``@link``, no subscriptions."""
    config = schema.to_kwargs()
    config["subscription"] = None
    config["types"] = tuple(one for one in config["types"] or () if one is not schema.subscription_type)
    text = print_schema(GraphQLSchema(**config))
    for name, keys in KEYS.items():
        head = next(line for line in text.splitlines() if line.startswith(f"type {name} "))
        directives = " ".join(f'@key(fields: "{key}")' for key in keys)
        text = text.replace(f"{head}\n", f"{head.removesuffix(' {')} {directives} {{\n", 1)
    return text


def _user(info: Any, key: dict[str, Any]) -> UserRecord | None:
    """Any customer for who manages users; oneself for a customer; nobody for anyone else."""
    asking = context(info)
    if key.get("id"):
        _check_id(key["id"], "User")
        found = asking.shop.get(UserRecord, key["id"])
    else:
        found = accounts.by_email(asking.shop, key.get("email"))
    own = asking.actor.user
    if found is None or (asking.actor.may("MANAGE_USERS") and not found.is_staff):
        return found
    return found if own and own.id == found.id else None


def _product(info: Any, key: dict[str, Any]) -> catalogue.Product | None:
    _check_id(key.get("id"), "Product")
    return catalogue.product(key["id"]) if _is_shown_in(info, key.get("channel")) else None


def _variant(info: Any, key: dict[str, Any]) -> Variant | None:
    _check_id(key.get("id"), "ProductVariant")
    return context(info).shop.get(Variant, key["id"]) if _is_shown_in(info, key.get("channel")) else None


def _is_shown_in(info: Any, channel: str | None) -> bool:
    """Whether the asker sees products there: shoppers in a channel only, staff and apps also without one."""
    return channel == catalogue.CHANNEL.slug or (channel is None and context(info).actor.is_staff_or_app)


def _check_id(identifier: Any, kind: str) -> None:
    if not isinstance(identifier, str) or kind_of(identifier) != kind:
        raise GraphQLError(f"Invalid ID: {identifier}. Expected: {kind}.")


_FINDERS: dict[str, Callable[[Any, dict[str, Any]], Any]] = {
    "User": _user,
    "Product": _product,
    "ProductVariant": _variant,
}
