"""Everything that is held about one customer, for whoever asks for it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from saleor_lifecycle.domain import explanation
from saleor_lifecycle.domain.phases import stand
from saleor_lifecycle.models import (
    Account,
    Activity,
    Cart,
    Consent,
    ConsentText,
    CountedOrder,
    Customer,
    Decision,
    DeliveryEvent,
    EmailClaim,
    Enrollment,
    FileEntry,
    FlowEntry,
    Fulfillment,
    Identity,
    Installation,
    Message,
    Occasion,
    OptIn,
    Order,
    OrderDelivery,
    Outbox,
    PersonalCode,
    PhaseChange,
    Preference,
    Separation,
    Suppression,
    Tag,
)

from . import consent, send_facts
from .identities import with_merged

LEFT_OUT: Mapping[str, str] = {
    "id": "a number of ours",
    **dict.fromkeys(("identity_id", "customer_id", "flow_id", "enrollment_id", "message_id"), "the same"),
    "checkout_id": "a secret: whoever holds it opens the cart",
    "key": "the same, in enrollments and occasions; of decisions what is there itself",
    "address_hash": "of an address that is there itself",
    "digest": "of the shop's message, to tell snapshots apart",
    "owner_digest": "the same",
    "lines_hash": "of lines that are there themselves",
    "sightings": "the same",
    "network_hash": "keyed: nobody can tell the network address from it",
    "confirmed_network_hash": "the same",
    "text_hash": "of a text that is there itself, in consent_texts",
    "separated_by": "who of the staff it was",
    "rejoined_by": "the same",
}
"""Columns that are in no export, and why; those that point to other rows are not either."""


def find(installation: Installation, who: str) -> Customer | None:
    """Return the customer with that Saleor user id or e-mail; None of an unconfirmed e-mail of several accounts."""
    match = Q(kind=Identity.Kind.USER, value=who) | Q(kind=Identity.Kind.EMAIL, value=who.strip().lower())
    held = Identity.objects.filter(match, installation=installation).select_related("customer__policy").first()
    if held is not None:
        return held.customer
    # A shop that asks nobody to confirm their address leaves every account's unconfirmed.
    typed = Account.objects.filter(installation=installation, email=who.strip().lower(), deleted_at=None)
    accounts = list(typed.select_related("identity__customer__policy")[:2])
    return accounts[0].identity.customer if len(accounts) == 1 and accounts[0].identity else None


def export(installation: Installation, customer: Customer, now: datetime) -> dict[str, Any]:
    """Return all that is held about a customer, ready for JSON: tables by name, their columns as they are stored.

    Events that wait and stored bodies are not in it: what they say of the customer is in these rows.
    """
    people = with_merged(customer.pk)
    of = {section: _rows(rows) for section, rows in _sections(people).items()}
    identities = Identity.objects.filter(customer__in=people)
    addresses = set(identities.filter(kind=Identity.Kind.EMAIL).values_list("value", flat=True))
    addresses |= set(Account.objects.filter(identity__in=identities).values_list("email", flat=True))
    carts = Cart.objects.filter(identity__in=identities).values_list("email", flat=True)
    addresses |= {address for address in carts if address}
    return {
        "exported_at": _plain(now),
        "shop": installation.saleor_api_url,
        "standing": _standing(customer, now),
        **of,
        "forms": _rows(_forms(installation, addresses)),
        "consent_texts": _texts(people, _forms(installation, addresses)),
        "suppressions": [
            *(_suppression(installation, address, "email") for address in sorted(addresses - {""})),
            *(_suppression(installation, number, "sms") for number, _ in send_facts.addresses(people, "sms").values()),
        ],
    }


def _sections(people: list[int]) -> dict[str, QuerySet[Any]]:
    identities = Identity.objects.filter(customer__in=people)
    orders = Order.objects.filter(identity__in=identities)
    accounts = identities.filter(kind=Identity.Kind.USER).values("value")
    claims = EmailClaim.objects.filter(Q(identity__in=identities) | Q(user_id__in=accounts))
    return {
        "customer": Customer.objects.filter(pk__in=people),
        "identities": identities,
        "accounts": Account.objects.filter(identity__in=identities),
        "email_claims": claims,
        "separations": Separation.objects.filter(claim__in=claims),
        "orders": orders,
        "deliveries": OrderDelivery.objects.filter(order__in=orders),
        "counted_orders": CountedOrder.objects.filter(order__in=orders),
        "fulfillments": Fulfillment.objects.filter(order_id__in=orders.values("order_id")),
        "carts": Cart.objects.filter(identity__in=identities),
        "activities": Activity.objects.filter(identity_id__in=identities.values("id")),
        "phase_changes": PhaseChange.objects.filter(customer__in=people),
        "consent": Consent.objects.filter(identity__in=identities),
        "preferences": Preference.objects.filter(identity__in=identities),
        "flow_entries": FlowEntry.objects.filter(identity__in=identities),
        "file_entries": FileEntry.objects.filter(identity__in=identities),
        "tags": Tag.objects.filter(customer__in=people),
        "occasions": Occasion.objects.filter(customer__in=people),
        "enrollments": Enrollment.objects.filter(customer__in=people),
        "decisions": Decision.objects.filter(customer_id__in=people),
        "personal_codes": PersonalCode.objects.filter(customer__in=people),
        "messages": Message.objects.filter(customer__in=people),
        "delivery_events": DeliveryEvent.objects.filter(message__customer__in=people),
        "written_to_saleor": Outbox.objects.filter(
            kind=Outbox.Kind.PROJECTION, key__in=[str(person) for person in people]
        ),
        "to_be_told_to_other_systems": Outbox.objects.filter(
            kind=Outbox.Kind.WEBHOOK,
            written__customer__in=[
                str(named) for named in Customer.objects.filter(pk__in=people).values_list("public_id", flat=True)
            ],
        ),
    }


def _forms(installation: Installation, addresses: Iterable[str]) -> QuerySet[OptIn]:
    hashes = [consent.address_hash(installation, "email", address) for address in addresses if address]
    return OptIn.objects.filter(installation=installation, channel="email", address_hash__in=hashes)


def _texts(people: list[int], forms: QuerySet[OptIn]) -> list[str]:
    """Return the words that the customer had before them, each once."""
    hashes = set(forms.values_list("text_hash", flat=True))
    for model in (Consent, Preference):
        hashes |= set(model._default_manager.filter(identity__customer__in=people).values_list("text_hash", flat=True))
    return sorted(ConsentText.objects.filter(hash__in=hashes).values_list("text", flat=True))


def _standing(customer: Customer, now: datetime) -> dict[str, Any] | None:
    """Return where the customer stands and why, with the score and its shares; None before they stand anywhere."""
    if customer.policy is None or customer.phase_since is None:
        return None
    profile, policy = customer.profile(), customer.policy.value()
    standing = stand(profile, policy, now)
    score = explanation.score(profile, standing, policy, now)
    return {
        "phase": standing.phase.value,
        "reason": standing.reason.value,
        "phase_until": _plain(standing.phase_until),
        "policy": customer.policy.number,
        "score": {
            "value": score.value,
            "basis": score.basis.value,
            "band": score.band.value,
            "shares": {kind.value: share for kind, share in score.shares},
        },
        "next": [
            {"trigger": move.trigger.value, "phase": move.phase.value, "at": _plain(move.at)}
            for move in explanation.foreseen(profile, policy, now)
        ],
    }


def _suppression(installation: Installation, address: str, channel: str) -> dict[str, Any]:
    held = Suppression.objects.filter(
        channel=channel, address_hash=consent.address_hash(installation, channel, address)
    ).first()
    return {
        "address": address,
        "channel": channel,
        "is_suppressed": held is not None,
        "reason": held.reason if held else None,
        "at": _plain(held.at) if held else None,
    }


def _rows(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    return [_row(row) for row in rows.order_by("pk")]


def _row(row: Model) -> dict[str, Any]:
    return {
        str(field.column): _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.column not in LEFT_OUT and not field.is_relation
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # or a moment
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value
