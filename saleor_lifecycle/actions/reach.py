"""On which of several channels a customer may be written to, and can be."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from saleor_lifecycle.domain.consent import PERMITTING
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.domain.suppressions import NO_GOOD
from saleor_lifecycle.models import Installation, Suppression

from . import bases, send_facts
from .addresses import address_hash

PREFERRED = "preferred"
"""A channel of the customer's own choice; nobody is asked for one yet, so the next in the list is taken."""


def permitted(
    installation: Installation, wants: Mapping[int, Sequence[str]], topic: str, purpose: Purpose, now: datetime
) -> dict[int, str | None]:
    """Return, of the channels that each customer's message may take, the first that it can; None for none.

    It can where the customer has an address that is not suppressed, and a commercial message has a basis. One whose
    sender is set up goes before one that would wait for that. A few queries for all of them. Whether the message leaves
    is decided anew when it does.
    """
    wants = {one: [channel for channel in channels if channel != PREFERRED] for one, channels in wants.items()}
    said, held = bases.said_by(installation.pk, wants.keys())
    open_to: dict[str, set[int]] = {}
    for channel in dict.fromkeys(channel for channels in wants.values() for channel in channels):
        people = [one for one, channels in wants.items() if channel in channels]
        if purpose is Purpose.COMMERCIAL:
            people = [one for one in people if bases.judged(said[one], held, topic, channel, now).basis in PERMITTING]
        open_to[channel] = _reachable(installation, people, channel, purpose) if people else set()
    is_set_up = {channel: send_facts.is_set_up(installation, channel) for channel in open_to}
    found: dict[int, str | None] = {}
    for one, channels in wants.items():
        can = [channel for channel in channels if one in open_to[channel]]
        found[one] = next((channel for channel in can if is_set_up[channel]), can[0] if can else None)
    return found


def _reachable(installation: Installation, customer_ids: Collection[int], channel: str, purpose: Purpose) -> set[int]:
    """Return those of these customers who have an address on a channel to which nothing forbids to write."""
    hashes = {
        customer: address_hash(installation, channel, address)
        for customer, (address, _) in send_facts.addresses(customer_ids, channel).items()
    }
    rows = Suppression.objects.filter(
        installation=installation, channel=channel, address_hash__in=list(hashes.values())
    )
    if purpose is Purpose.SERVICE:
        rows = rows.filter(reason__in=NO_GOOD)
    suppressed = set(rows.values_list("address_hash", flat=True))
    return {customer for customer, hashed in hashes.items() if hashed not in suppressed}
