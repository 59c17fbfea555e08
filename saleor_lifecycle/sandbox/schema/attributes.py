# mypy: disable-error-code="import-untyped,misc"
# (graphene ships no types, so its classes are Any)
"""Attributes of customers and the types of customers that have them."""

from typing import Any

import graphene

from .. import attributes
from ..records import Attribute as AttributeRecord
from ..records import CustomerType as CustomerTypeRecord
from .context import context
from .enums import AssignErrorCode, AttributeErrorCode, AttributeInputType, AttributeType
from .mutations import mutation
from .shared import PAGING, Node, connection, page


class Attribute(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    external_reference = graphene.String()


class CustomerType(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    name = graphene.String(required=True)
    slug = graphene.String(required=True)
    attributes = graphene.List(graphene.NonNull(Attribute))

    @staticmethod
    def resolve_attributes(root: CustomerTypeRecord, info: Any) -> list[AttributeRecord | None]:
        return [context(info).shop.get(AttributeRecord, one) for one in root.attribute_ids]


CustomerTypeConnection = connection(CustomerType)


class AttributeQueries(graphene.ObjectType):
    attribute = graphene.Field(Attribute, external_reference=graphene.String())
    customer_types = graphene.Field(CustomerTypeConnection, **PAGING)

    @staticmethod
    def resolve_attribute(root: Any, info: Any, external_reference: str | None = None) -> AttributeRecord | None:
        return attributes.by_reference(context(info).shop, external_reference)

    @staticmethod
    def resolve_customer_types(
        root: Any, info: Any, first: int | None = None, after: str | None = None
    ) -> dict[str, Any]:
        asking = context(info)
        asking.actor.require(attributes.PERMISSION, "MANAGE_USERS")
        return page(attributes.customer_types(asking.shop), "customerTypes", first, after)


class AttributeValueCreateInput(graphene.InputObjectType):
    external_reference = graphene.String()
    name = graphene.String(required=True)


class AttributeCreateInput(graphene.InputObjectType):
    input_type = AttributeInputType()
    name = graphene.String(required=True)
    slug = graphene.String()
    type = AttributeType(required=True)
    values = graphene.List(graphene.NonNull(AttributeValueCreateInput))
    value_required = graphene.Boolean()
    visible_in_storefront = graphene.Boolean()
    external_reference = graphene.String()


class AttributeValueSelectableTypeInput(graphene.InputObjectType):
    external_reference = graphene.String()


class AttributeValueInput(graphene.InputObjectType):
    external_reference = graphene.String()
    dropdown = AttributeValueSelectableTypeInput()


class AttributeError(graphene.ObjectType):
    field = graphene.String()
    message = graphene.String()
    code = AttributeErrorCode(required=True)


class CustomerTypeAssignAttributesError(graphene.ObjectType):
    field = graphene.String()
    message = graphene.String()
    code = AssignErrorCode(required=True)


def _create(info: Any, input: Any) -> dict[str, Any]:
    asking = context(info)
    values = {value.get("external_reference") or "": value.name for value in input.get("values") or ()}
    attribute = attributes.create(
        asking.shop,
        asking.actor,
        input.name,
        input.get("slug") or input.name.lower(),
        input.get("external_reference") or "",
        values,
        bool(input.get("visible_in_storefront", True)),
    )
    return {"attribute": attribute}


def _assign(info: Any, attribute_ids: list[str], customer_type_id: str) -> dict[str, Any]:
    asking = context(info)
    return {"customer_type": attributes.assign(asking.shop, asking.actor, customer_type_id, attribute_ids)}


class AttributeMutations(graphene.ObjectType):
    attribute_create = mutation(
        "AttributeCreate",
        _create,
        AttributeError,
        {"attribute": graphene.Field(Attribute)},
        input=AttributeCreateInput(required=True),
    )
    customer_type_assign_attributes = mutation(
        "CustomerTypeAssignAttributes",
        _assign,
        CustomerTypeAssignAttributesError,
        {"customer_type": graphene.Field(CustomerType)},
        attribute_ids=graphene.List(graphene.NonNull(graphene.ID), required=True),
        customer_type_id=graphene.ID(required=True),
    )
