"""Attributes of customers, as far as an app needs them: made with their values, given to the one customer type."""

from collections.abc import Mapping
from dataclasses import replace

from .actors import Actor, Refused
from .records import Attribute, CustomerType, global_id
from .shop import Shop

PERMISSION = "MANAGE_CUSTOMER_TYPES_AND_ATTRIBUTES"


def customer_types(shop: Shop) -> list[CustomerType]:
    """Every shop has the default one."""
    return shop.all(CustomerType) or [CustomerType(id=global_id("CustomerType", 1), name="Default", slug="default")]


def by_reference(shop: Shop, reference: str | None) -> Attribute | None:
    return next((one for one in shop.all(Attribute) if one.external_reference == reference), None)


def create(
    shop: Shop, actor: Actor, name: str, slug: str, reference: str, values: Mapping[str, str], is_visible: bool
) -> Attribute:
    """The new attribute; ``values`` are names by external reference."""
    actor.require(PERMISSION)
    with shop.change(actor) as change:
        if any(reference == one.external_reference or slug == one.slug for one in shop.all(Attribute)):
            raise Refused("externalReference", "Attribute with this External reference already exists.", "UNIQUE")
        attribute = Attribute(
            id=change.next_id("Attribute"),
            name=name,
            slug=slug,
            external_reference=reference,
            values=dict(values),
            visible_in_storefront=is_visible,
        )
        change.put(attribute)
    return attribute


def assign(shop: Shop, actor: Actor, type_id: str, attribute_ids: list[str]) -> CustomerType:
    actor.require(PERMISSION)
    with shop.change(actor) as change:
        kind = next((one for one in customer_types(shop) if one.id == type_id), None)
        if kind is None or any(change.get(Attribute, one) is None for one in attribute_ids):
            raise Refused("customerTypeId", "Couldn't resolve to a node.", "NOT_FOUND")
        if set(attribute_ids) & set(kind.attribute_ids):
            raise Refused("attributeIds", "Attributes already assigned.", "ATTRIBUTE_ALREADY_ASSIGNED")
        kind = replace(kind, attribute_ids=(*kind.attribute_ids, *attribute_ids))
        change.put(kind)
    return kind


def chosen(shop: Shop, given: Mapping[str, str]) -> dict[str, str]:
    """The values that a customer gets, by their attribute's reference; refused where the customer type has none."""
    held = {one for kind in customer_types(shop) for one in kind.attribute_ids}
    for reference, value in given.items():
        attribute = by_reference(shop, reference)
        if attribute is None or attribute.id not in held or value not in attribute.values:
            raise Refused("attributes", "Given attributes are not assigned to the customer type.", "INVALID")
    return dict(given)
