"""On which of several channels somebody is written to: the first that they permit and can be reached on."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from saleor_lifecycle.domain.consent import PERMITTING
from saleor_lifecycle.domain.messages import SERVICE_TOPICS
from saleor_lifecycle.models import Installation, Suppression

from . import bases, send_facts
from .addresses import address_hash


class Wish(NamedTuple):
    """That somebody be written to about a topic, on the best of these channels."""

    customer_id: int
    topic: str
    channels: tuple[str, ...]


def channels(installation: Installation, wishes: Sequence[Wish], now: datetime) -> dict[Wish, str]:
    """Return the channel of each wish.

    Where none will do it is the first: why nothing leaves is then decided, and written down, as for every message.
    """
    chosen = {wish: wish.channels[0] for wish in wishes}
    open_ones = [wish for wish in chosen if len(wish.channels) > 1]
    if not open_ones:
        return chosen
    said, held = bases.said_by(installation.pk, {wish.customer_id for wish in open_ones})
    reached = _reached(installation, open_ones)
    for wish in open_ones:
        for channel in wish.channels:
            permits = wish.topic in SERVICE_TOPICS or (
                bases.judged(said[wish.customer_id], held, wish.topic, channel, now).basis in PERMITTING
            )
            if permits and wish.customer_id in reached[channel]:
                chosen[wish] = channel
                break
    return chosen


def _reached(installation: Installation, wishes: Collection[Wish]) -> dict[str, set[int]]:
    """Return by channel who has an address there that is not on the suppression list."""
    people: dict[str, set[int]] = defaultdict(set)
    for wish in wishes:
        for channel in wish.channels:
            people[channel].add(wish.customer_id)
    reached = {}
    for channel, customer_ids in people.items():
        hashes = {
            customer_id: address_hash(installation, channel, address)
            for customer_id, (address, _) in send_facts.addresses(customer_ids, channel).items()
        }
        refused = Suppression.objects.filter(
            installation=installation, channel=channel, address_hash__in=set(hashes.values())
        )
        never = set(refused.values_list("address_hash", flat=True))
        reached[channel] = {customer_id for customer_id, hashed in hashes.items() if hashed not in never}
    return reached
