"""Attributes: what metadata keys mean, and what stands for a customer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from saleor_lifecycle.domain.attributes import (
    LONGEST_RAW,
    KeyMapping,
    Origin,
    Stated,
    fold,
    mapping_document,
    values_of,
)
from saleor_lifecycle.domain.facts import AccountFact, CartFact, Fact, OrderFact, Version
from saleor_lifecycle.models import (
    Account,
    AttributeMap,
    Cart,
    Customer,
    FileEntry,
    FlowEntry,
    Identity,
    Installation,
    Order,
)
from saleor_lifecycle.models.sets import ids, update, upsert

from . import identities, occasions

LEASE = timedelta(seconds=60)
BLOCK = 1000
"""Customers that are folded in one transaction."""

AnyFact = TypeVar("AnyFact", bound=Fact)
_ROWS: Sequence[tuple[Origin, type[Account] | type[Cart] | type[Order]]] = (
    (Origin.USER, Account),
    (Origin.CHECKOUT, Cart),
    (Origin.ORDER, Order),
)
_ORIGIN_OF = {AccountFact: Origin.USER, CartFact: Origin.CHECKOUT, OrderFact: Origin.ORDER}


def mappings(installation_id: int) -> tuple[KeyMapping, ...]:
    """Return what the installation's metadata keys mean."""
    row = AttributeMap.objects.filter(pk=installation_id).first()
    return row.value() if row else ()


def set_mappings(installation_id: int, wanted: Sequence[KeyMapping], now: datetime) -> None:
    """Say what the keys mean from now on; everybody whose attributes may differ is folded anew, in blocks.

    Rows hold only what was mapped when they were read: of a new key nothing stands there until the shop is read again.
    """
    values = {"mappings": [mapping_document(mapping) for mapping in wanted], "changed_at": now}
    AttributeMap.objects.update_or_create(
        installation_id=installation_id, defaults={**values, "cursor": 0, "due_at": now}
    )


def keep_mapped(fact: AnyFact, mapped: Sequence[KeyMapping]) -> AnyFact:
    """Return the fact with no more of its metadata than the mapped keys, cut to a length."""
    if not isinstance(fact, AccountFact | CartFact | OrderFact) or not fact.metadata:
        return fact
    keys = {mapping.key for mapping in mapped if mapping.origin is _ORIGIN_OF[type(fact)]}
    # PostgreSQL's texts hold every character but NUL.
    kept = tuple((key, text.replace("\0", "")[:LONGEST_RAW]) for key, text in fact.metadata if key in keys)
    return replace(fact, metadata=kept)


def say(rows: Sequence[Mapping[str, Any]]) -> None:
    """Store what flows say of attributes, each about a handle of its own; it stands once it is folded."""
    upsert(FlowEntry, rows, ("identity_id", "name"), guard=("at",))


def refold(installation_id: int, customer_ids: Iterable[int]) -> None:
    """Write what stands for each attribute of these customers, who are locked already, where it differs."""
    held = dict(Customer.objects.filter(id__in=set(customer_ids)).values_list("id", "attributes"))
    # The identities first: where much is new, the planner knows too little of the tables to join them well.
    customer_of = dict(Identity.objects.filter(customer_id__in=held).values_list("id", "customer_id"))
    refold_held(held, customer_of, mappings(installation_id))


def refold_held(
    held: Mapping[int, Mapping[str, Any]], customer_of: Mapping[int, int], mapped: Sequence[KeyMapping]
) -> None:
    """Do as ``refold`` for customers of whom the attributes and the identities were read; ``mapped`` under the locks.

    A mapping that was read before them may be one that a walk through everybody has left behind.
    """
    stated = _stated(customer_of, mapped)
    rows = []
    for customer_id, before in held.items():
        after = {
            name: {"value": one.value, "origin": one.origin.value, "at": one.at.isoformat()}
            for name, one in fold(stated[customer_id]).items()
        }
        if after != before:
            rows.append({"id": customer_id, "attributes": after})
    update(Customer, rows)


def _stated(customer_of: Mapping[int, int], mapped: Sequence[KeyMapping]) -> dict[int, list[Stated]]:
    found: dict[int, list[Stated]] = defaultdict(list)
    entries = FileEntry.objects.raw(
        "SELECT * FROM lifecycle_fileentry WHERE identity_id = ANY(%s::bigint[]) AND attributes <> '{}'",
        [ids(customer_of)],
    )
    for entry in entries:
        version = Version(entry.at, entry.at, f"{entry.file_name}:{entry.line}")
        found[customer_of[entry.identity_id]].append(Stated(Origin.FILE, version, entry.attributes))
    words = FlowEntry.objects.raw(
        "SELECT * FROM lifecycle_flowentry WHERE identity_id = ANY(%s::bigint[])", [ids(customer_of)]
    )
    for word in words:
        stated = Stated(Origin.FLOW, Version(word.at, word.at, ""), {word.name: word.value})
        found[customer_of[word.identity_id]].append(stated)
    origins = {mapping.origin for mapping in mapped}
    for origin, model in _ROWS:
        if origin not in origins:
            continue
        rows: Any = model.objects.filter(identity_id__in=customer_of).exclude(metadata={})
        for identity_id, texts, *version in rows.values_list(
            "identity_id", "metadata", "updated_at", "issued_at", "digest"
        ):
            values = values_of(mapped, origin, texts)
            found[customer_of[identity_id]].append(Stated(origin, Version(*version), values))
    return found


def claim(installation_id: int, now: datetime) -> AttributeMap | None:
    """Return the map of an installation whose customers are to be folded anew, leased; None if there is none."""
    due = AttributeMap.objects.filter(pk=installation_id, due_at__lte=now)
    row = due.select_for_update(skip_locked=True).first()
    if row is not None:
        row.due_at = now + LEASE
        row.save(update_fields=["due_at"])
    return row


def fold_block(held: AttributeMap, now: datetime) -> AttributeMap | None:
    """Fold the next customers anew; return the map to go on with, or None when all are done or another goes on."""
    row = AttributeMap.objects.select_for_update().filter(pk=held.pk, due_at=held.due_at).first()
    if row is None:
        return None
    people = Customer.objects.filter(installation_id=row.pk, id__gt=row.cursor, merged_into=None).order_by("id")
    block = list(people.values_list("id", flat=True)[:BLOCK])
    identities.lock(block)
    refold(row.pk, block)
    occasions.refresh(Installation.objects.get(pk=row.pk), block, now)
    row.cursor = block[-1] if block else row.cursor
    row.due_at = now + LEASE if len(block) == BLOCK else None
    row.save(update_fields=["cursor", "due_at"])
    return row if row.due_at else None
