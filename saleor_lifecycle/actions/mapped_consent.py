"""Consent that the shop's own records hold under mapped metadata keys."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from saleor_lifecycle.domain.attributes import ConsentWords, KeyMapping, Origin
from saleor_lifecycle.domain.consent import EVERY_TOPIC, Source
from saleor_lifecycle.domain.facts import AccountFact, CartFact, OrderFact
from saleor_lifecycle.domain.identity import IdentityKind, Key, key_of
from saleor_lifecycle.models import Consent, Identity, Installation
from saleor_lifecycle.models.sets import upsert

from . import consent, sunset


def save_of_accounts(
    installation: Installation,
    newer: Mapping[str, AccountFact],
    found: Mapping[Key, Identity],
    mappings: Sequence[KeyMapping] = (),
) -> bool:
    """Store what the mapped metadata keys of newer accounts say; return whether any of it is a no.

    Where they say nothing any more, nothing is left.
    """
    if not newer:
        return False
    rows: dict[tuple[int, str, str], dict[str, Any]] = {}
    identity_ids = []
    for user, fact in newer.items():
        identity = found[Key(IdentityKind.USER, user)]
        identity_ids.append(identity.pk)
        for row in _said(installation, identity, Source.ACCOUNT, fact, mappings):
            rows[identity.pk, row["topic"], row["channel"]] = row
    held = Consent.objects.filter(identity_id__in=identity_ids, source=Source.ACCOUNT.value)
    silent = [
        pk for pk, *place in held.values_list("id", "identity_id", "topic", "channel") if tuple(place) not in rows
    ]
    if silent:
        Consent.objects.filter(id__in=silent).delete()
    return _save(list(rows.values()))


def save_of_carts(
    installation: Installation,
    facts: Iterable[CartFact],
    found: Mapping[Key, Identity],
    mappings: Sequence[KeyMapping] = (),
) -> bool:
    """Store what the mapped metadata keys of checkouts say: a person's newest that says anything counts; is it a no?"""
    return _save_newest(installation, Source.CHECKOUT, facts, found, mappings)


def save_of_orders(
    installation: Installation,
    facts: Iterable[OrderFact],
    found: Mapping[Key, Identity],
    mappings: Sequence[KeyMapping],
) -> bool:
    """Store what the mapped metadata keys of orders say: a person's newest that says anything counts; is it a no?"""
    return _save_newest(installation, Source.ORDER, facts, found, mappings)


def _save_newest(
    installation: Installation,
    source: Source,
    facts: Iterable[CartFact | OrderFact],
    found: Mapping[Key, Identity],
    mappings: Sequence[KeyMapping],
) -> bool:
    newest: dict[tuple[int, str, str], dict[str, Any]] = {}
    for fact in facts:
        key = key_of(fact.user_id, fact.email, fact.erased)
        if key is None:
            continue
        for row in _said(installation, found[key], source, fact, mappings):
            place = (row["identity_id"], row["topic"], row["channel"])
            held = newest.get(place)
            if held is None or (held["at"], held["evidence"]) < (row["at"], row["evidence"]):
                newest[place] = row
    return _save(list(newest.values()))


def _save(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Store the rows that are newer than ours; return whether any is a no."""
    written = upsert(Consent, rows, consent.KEY, guard=("at", "evidence"), returning="identity_id")
    sunset.wake({row["identity_id"] for row in rows if row["is_granted"]} & written)
    return any(not row["is_granted"] for row in rows)


_ORIGINS = {Source.ACCOUNT: Origin.USER, Source.CHECKOUT: Origin.CHECKOUT, Source.ORDER: Origin.ORDER}


def _said(
    installation: Installation,
    identity: Identity,
    source: Source,
    fact: AccountFact | CartFact | OrderFact,
    mappings: Sequence[KeyMapping],
) -> list[dict[str, Any]]:
    """Return a row for each topic and channel of which a fact says anything; of several keys one no outweighs."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    at = fact.version.updated_at
    if not isinstance(fact, OrderFact) and fact.consent is not None:
        rows[EVERY_TOPIC, "email"] = consent.row_of(installation, identity, source, fact.consent, at)
    texts = dict(fact.metadata)
    for mapping in mappings:
        words = mapping.target
        if mapping.origin is not _ORIGINS[source] or not isinstance(words, ConsentWords) or mapping.key not in texts:
            continue
        says = words.says(texts[mapping.key])
        held = rows.get((words.topic, words.channel))
        if says is None or (held is not None and (says or not held["is_granted"])):
            continue
        rows[words.topic, words.channel] = consent.row_of(installation, identity, source, says, at) | {
            "topic": words.topic,
            "channel": words.channel,
            "evidence": f"{mapping.key}={'yes' if says else 'no'}",
        }
    return list(rows.values())
