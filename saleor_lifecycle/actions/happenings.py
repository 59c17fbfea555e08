"""Flows that an event starts: what happened to whom, and whom it lets in."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from saleor_lifecycle.domain.flow_triggers import EventTrigger
from saleor_lifecycle.domain.happenings import EVENTS
from saleor_lifecycle.domain.rule_facts import Facts
from saleor_lifecycle.domain.rules import facts_needed, matches
from saleor_lifecycle.models import Flow, Installation

from . import entries, triggers
from .entries import NOTHING, PROPERTY, Candidate, Properties


class Happening(NamedTuple):
    """Something that happened to a customer. ``key``: to which thing, so that it starts a flow once."""

    event: str
    customer_id: int
    key: str
    at: datetime
    properties: Properties = NOTHING
    cart_id: int | None = None
    since: datetime | None = None  # it may have happened as long ago as that


def wanted(installation_id: int, events: Collection[str] = EVENTS) -> list[Flow]:
    """Return the running flows that any of these events starts."""
    return triggers.running(installation_id, ["event"], events)


def enter(
    installation: Installation, happenings: Sequence[Happening], now: datetime, flows: Sequence[Flow] | None = None
) -> None:
    """Let in whom these let in; their customers are locked. ``flows``: those that want such, if that is known."""
    if not happenings:
        return
    if flows is None:
        flows = wanted(installation.pk, {one.event for one in happenings})
    candidates: list[Candidate] = []
    for flow in flows:
        trigger = triggers.trigger_of(flow, EventTrigger)
        meant = [one for one in happenings if one.event == trigger.event]
        candidates += [
            Candidate(
                flow, one.customer_id, one.key, one.at, one.properties, cart_id=one.cart_id, happened_at=one.since
            )
            for one in sorted(_matching(installation, trigger, meant, now), key=lambda one: (one.at, one.key))
        ]
    entries.enter(installation, candidates, now)


def _matching(
    installation: Installation, trigger: EventTrigger, happenings: Sequence[Happening], now: datetime
) -> Iterable[Happening]:
    """Return those of which the trigger's own rule holds: others are not what it waits for, and nobody is refused."""
    rule = trigger.where
    if rule is None or not happenings:
        return happenings
    needed = {name for name in facts_needed(rule) if not name.startswith(PROPERTY)}
    held: Mapping[int, Facts] = {}
    if needed:
        held = entries.load_facts(installation, {one.customer_id for one in happenings}, needed, now)
    return [
        one
        for one in happenings
        if matches(rule, entries.with_properties(held.get(one.customer_id, Facts()), one.properties), now)
    ]
