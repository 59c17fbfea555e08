"""Where an order may stand in for consent: soft opt-in, by the customer's country."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

KNOWING = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU"),
        *("LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "IS", "LI", "NO", "GB", "CH"),
    }
)
"""Countries whose law lets a shop write about its own similar products to whoever has bought there, if opting out was
offered at the order and is in every message: the European Union and the EEA (Directive 2002/58/EC, article 13(2); in
Spain LSSI, article 21.2), the United Kingdom (PECR, regulation 22(3)), Switzerland (UCA, article 3(1)(o)).

Knowing it is not enough: consent is asked for everywhere until the merchant says that opting out is offered at orders.
"""
CHANNELS = frozenset({"email", "sms"})
"""What those laws call electronic mail."""
LASTS = timedelta(days=730)
"""How long an order stands in for consent, unless the merchant says less."""


@dataclass(frozen=True, slots=True)
class SoftOptIn:
    """That orders from a country, placed from that day on, offered opting out, and for how long each of them counts."""

    offered_from: date
    lasts: timedelta = LASTS


def standing_order(
    rules: Mapping[str, SoftOptIn], country: str, channel: str, last_order_at: datetime | None, now: datetime
) -> datetime | None:
    """Return the moment of the order that stands in for consent, None where none does.

    ``country``: the customer's, "" where it is not known; ``last_order_at``: of their newest qualifying order.
    """
    rule = rules.get(country)
    if rule is None or country not in KNOWING or channel not in CHANNELS or last_order_at is None:
        return None
    return last_order_at if last_order_at.date() >= rule.offered_from and now < last_order_at + rule.lasts else None


def read_rules(document: Mapping[str, Any]) -> dict[str, SoftOptIn]:
    """Return the rules by country as they were stored."""
    return {
        country: SoftOptIn(date.fromisoformat(rule["offered_from"]), timedelta(days=rule["lasts_days"]))
        for country, rule in document.items()
    }


def rules_document(rules: Mapping[str, SoftOptIn]) -> dict[str, Any]:
    """Return the rules by country as they are stored."""
    return {
        country: {"offered_from": rule.offered_from.isoformat(), "lasts_days": rule.lasts.days}
        for country, rule in sorted(rules.items())
    }
