"""What facts lead to, whatever the order in which they came."""

from typing import Any

from django.db import models

from saleor_lifecycle.models import Account, Cart, Consent, Customer, Fulfillment, Identity, Order


def end_state() -> dict[str, Any]:
    """Return facts, profiles, phases and scores, without keys that only tell the order of arrival."""
    people = {
        frozenset(customer.identities.values_list("kind", "value")): {
            "orders": customer.orders,
            "first_order_at": customer.first_order_at,
            "last_order_at": customer.last_order_at,
            "last_placed_at": customer.last_placed_at,
            "spent": customer.spent,
            "cart_open_until": customer.cart_open_until,
            "before_u": customer.before_u,
            "customer_u": customer.customer_u,
            "sums": customer.sums,
            "loss_at": customer.loss_at,
            "loss_rung": customer.loss_rung,
            "phase": customer.phase,
            "phase_reason": customer.phase_reason,
            "band": customer.band,
            "due_at": customer.due_at,
        }
        for customer in Customer.objects.filter(merged_into=None)
    }
    rows = {model.__name__: _rows(model) for model in (Account, Cart, Order, Fulfillment, Consent, Identity)}
    return {"people": people, **rows}


# Keys of rows tell the order of arrival; when a cart will have been idle is the flow's matter.
LEFT_OUT = {"id", "public_id", "identity_id", "customer_id", "began_as_id", "idle_at"}


def _rows(model: type[models.Model]) -> list[str]:
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in LEFT_OUT]
    if any(field.name == "identity" for field in model._meta.concrete_fields):
        names.append("identity__value")
    return sorted(str(sorted(row.items())) for row in model.objects.values(*names))
