"""Sunset: who was silent to the last is left alone until they show themselves again."""

from collections.abc import Collection
from datetime import datetime

from saleor_lifecycle.domain.named_documents import SUNSET
from saleor_lifecycle.models import Installation, Tag

from . import rule_facts

WAKING = ("order_placed", "visited", "product_viewed", "cart_changed", "message_clicked", "subscribed")


def asleep(installation: Installation, customer_ids: Collection[int], now: datetime) -> set[int]:
    """Return those of these customers who are in sunset; who has shown themselves since has the tag taken off."""
    tagged = Tag.objects.filter(customer_id__in=customer_ids, name=SUNSET)
    since = dict(tagged.values_list("customer_id", "at"))
    if not since:
        return set()
    held = rule_facts.load(installation, since, {f"event.{event}" for event in WAKING}, now)
    awake = {one for one, at in since.items() if any(seen > at for seen in held[one].events.values())}
    tagged.filter(customer_id__in=awake).delete()
    return since.keys() - awake


def wake(identity_ids: Collection[int]) -> None:
    """Take the tag off whom these belong to: they have just said yes, or we have just heard of it.

    ``asleep`` cannot see that where the yes itself is older than the tag.
    """
    if identity_ids:
        Tag.objects.filter(customer__identities__in=identity_ids, name=SUNSET).delete()
