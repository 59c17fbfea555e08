"""Who enters a flow: everything that lets somebody in comes through here, and every refusal is written down."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from saleor_lifecycle.domain.entries import TOLD, Door, Past, Refusal, refusal
from saleor_lifecycle.domain.flow_documents import FlowDocument
from saleor_lifecycle.domain.rule_facts import Facts
from saleor_lifecycle.domain.rules import Rule, facts_needed, matches
from saleor_lifecycle.models import Customer, Decision, Enrollment, Flow, Installation
from saleor_lifecycle.models.sets import insert

from . import holdouts, identities, ledger, restores, rule_facts, triggers

ENTERED = "entered"
FACTS_AT_ONCE = 1000
PROPERTY = "property."
"""Begins the names of what a candidate brings along, among facts."""
Properties = Mapping[str, str | int | float | bool]
NOTHING: Properties = MappingProxyType({})


class Candidate(NamedTuple):
    """Somebody whom something would let in. ``flow`` was read with its version."""

    flow: Flow
    customer_id: int
    key: str
    at: datetime  # from when the flow counts
    properties: Properties = NOTHING
    cart_id: int | None = None
    depth: int = 0
    happened_at: datetime | None = None  # what lets them in, where that is not ``at``


class _Verdict(NamedTuple):
    candidate: Candidate
    refusal: Refusal | None


class NoSuchFlow(LookupError):
    """There is no flow of that name into which this one may let people."""


def enter(
    installation: Installation,
    candidates: Sequence[Candidate],
    now: datetime,
    at_most: int | None = None,
    tells_refusals: bool = True,
) -> list[Enrollment]:
    """Let those in whom nothing stands against; return their enrollments, due at once. The caller has locked them.

    ``at_most``: of those that may, in the order given. Each refusal is written down, unless ``tells_refusals`` is not
    set: who was merely looked at was never about to enter.
    """
    made: list[Enrollment] = []
    told: list[ledger.Entry] = []
    for some in _by_flow(candidates):
        left = None if at_most is None else at_most - len(made)
        verdicts = _judge(installation, some, now, left)
        made += _let_in(installation, [one.candidate for one in verdicts if one.refusal is None], now)
        told += [
            ledger.Entry(one.candidate.customer_id, some[0].flow.pk, Decision.Kind.REFUSED, one.refusal.value)
            for one in verdicts
            if tells_refusals and one.refusal in TOLD
        ]
    told += [
        ledger.Entry(one.customer_id, one.flow_id, Decision.Kind.ENTERED, one.arm, one.pk, data=_said_of(one))
        for one in made
    ]
    ledger.record(installation.pk, told, now)
    return made


def call(
    installation: Installation,
    flow_key: str,
    customer_ids: Collection[int],
    now: datetime,
    kind: str = "manual",
    key: str = "",
    properties: Properties = NOTHING,
) -> dict[int, str]:
    """Let customers in by name, and lock them; return for each "entered" or why not.

    Without a key it is a new occasion. Staff may let people into every flow but those of carts, another system only
    where the flow is started so. Raises NoSuchFlow.
    """
    flow = triggers.published(installation.pk).filter(key=flow_key).first()
    if flow is None or flow.version is None:
        raise NoSuchFlow(flow_key)
    trigger = flow.version.value().document.trigger
    if trigger.kind == "cart_idle" or (kind != "manual" and trigger.kind != kind):
        raise NoSuchFlow(flow_key)
    if not customer_ids:
        return {}
    identities.lock(customer_ids)
    named = key or f"{kind}:{now.isoformat()}"
    wanted = [Candidate(flow, customer_id, named, now, properties) for customer_id in sorted(set(customer_ids))]
    verdicts = _judge(installation, wanted, now, None)
    answers = {one.candidate.customer_id: one.refusal.value if one.refusal else ENTERED for one in verdicts}
    if not flow.is_on:
        off = [
            ledger.Entry(customer_id, flow.pk, Decision.Kind.REFUSED, answer) for customer_id, answer in answers.items()
        ]
        ledger.record(installation.pk, off, now)
        return answers
    enter(installation, wanted, now)
    return answers


def _by_flow(candidates: Iterable[Candidate]) -> Iterable[list[Candidate]]:
    by_flow: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_flow[candidate.flow.pk].append(candidate)
    return by_flow.values()


def _judge(
    installation: Installation, candidates: list[Candidate], now: datetime, at_most: int | None
) -> list[_Verdict]:
    """Return what is decided about the candidates of one flow, in their order, until ``at_most`` may enter."""
    flow = candidates[0].flow
    assert flow.version is not None
    document = flow.version.value().document
    entry, door = document.entry, _door(installation, flow, now)
    pasts = _pasts(flow.pk, candidates)
    living = Customer.objects.filter(id__in=pasts, merged_into=None)
    known = set(living.values_list("id", flat=True))
    facts = _Filter(installation, document, now)
    verdicts: list[_Verdict] = []
    first = {
        index: refusal(entry, door, pasts[one.customer_id], one.key, one.happened_at or one.at, one.depth, now)
        for index, one in enumerate(candidates)
        if one.customer_id in known
    }
    facts.load({candidates[index].customer_id for index, because in first.items() if because is None})
    entering = 0
    for index in first:
        one = candidates[index]
        past = pasts[one.customer_id]
        because = refusal(entry, door, past, one.key, one.happened_at or one.at, one.depth, now)
        if because is None and not facts.let_in(one):
            because = Refusal.ENTRY_FILTER
        verdicts.append(_Verdict(one, because))
        if because is None:
            pasts[one.customer_id] = Past({*past.keys, one.key}, True, now)
            entering += 1
            if entering == at_most:
                break
    return verdicts


class _Filter:
    """What a flow's filter asks for, of its candidates."""

    def __init__(self, installation: Installation, document: FlowDocument, now: datetime) -> None:
        self._installation, self._now = installation, now
        self._rule: Rule | None = document.entry.where
        self._held: Mapping[int, Facts] = {}

    def load(self, customer_ids: Collection[int]) -> None:
        if self._rule is not None and customer_ids:
            needed = {name for name in facts_needed(self._rule) if not name.startswith(PROPERTY)}
            self._held = load_facts(self._installation, customer_ids, needed, self._now)

    def let_in(self, candidate: Candidate) -> bool:
        """Does the filter take the candidate, with what lets them in?"""
        if self._rule is None:
            return True
        held = self._held[candidate.customer_id]
        return matches(self._rule, with_properties(held, candidate.properties), self._now)


def load_facts(
    installation: Installation, customer_ids: Collection[int], needed: Collection[str], now: datetime
) -> dict[int, Facts]:
    """Return facts of any number of customers."""
    found: dict[int, Facts] = {}
    people = sorted(customer_ids)
    for begins in range(0, len(people), FACTS_AT_ONCE):
        found |= rule_facts.load(installation, people[begins : begins + FACTS_AT_ONCE], needed, now)
    return found


def with_properties(facts: Facts, properties: Properties) -> Facts:
    """Return the facts with what an event brought along, under ``property.<name>``."""
    named = {f"{PROPERTY}{name}": value for name, value in properties.items()}
    return replace(facts, values={**facts.values, **named})


def _door(installation: Installation, flow: Flow, now: datetime) -> Door:
    since = [at for at in (flow.switched_on_at, installation.restored_at) if at is not None]
    return Door(
        is_open=flow.is_on and flow.archived_at is None,
        is_held=restores.is_held(installation, now),
        opened_at=max(since, default=None),
    )


def _pasts(flow_id: int, candidates: Collection[Candidate]) -> dict[int, Past]:
    """Return what each candidate has behind them in the flow."""
    keys: dict[int, set[str]] = {one.customer_id: set() for one in candidates}
    inside: set[int] = set()
    last: dict[int, datetime] = {}
    rows = Enrollment.objects.filter(flow_id=flow_id, customer_id__in=keys)
    for customer_id, key, state, entered_at in rows.values_list("customer_id", "key", "state", "entered_at"):
        keys[customer_id].add(key)
        if state == Enrollment.State.WAITING:
            inside.add(customer_id)
        last[customer_id] = max(last.get(customer_id, entered_at), entered_at)
    return {one: Past(held, one in inside, last.get(one)) for one, held in keys.items()}


def _let_in(installation: Installation, candidates: Sequence[Candidate], now: datetime) -> list[Enrollment]:
    if not candidates:
        return []
    flow = candidates[0].flow
    assert flow.version is not None
    program = flow.version.value()
    sides = holdouts.assigned(installation, flow.key, program.document, {one.customer_id for one in candidates})
    rows = [
        {
            "installation_id": installation.pk,
            "flow_id": flow.pk,
            "version_id": flow.version.pk,
            "customer_id": one.customer_id,
            "public_id": uuid.uuid4(),
            "key": one.key,
            "cart_id": one.cart_id,
            "state": Enrollment.State.WAITING.value,
            "reason": "",
            "arm": sides[one.customer_id].arm.value,
            "is_shadow": flow.is_shadow,
            "step": program.first,
            "since": now,
            "anchor_at": one.at,
            "properties": dict(one.properties),
            "depth": one.depth,
            "entered_at": now,
            "due_at": now,
        }
        for one in candidates
    ]
    made = insert(Enrollment, rows, skips_held=True)
    return list(Enrollment.objects.select_related("flow", "version").filter(id__in=made).order_by("id"))


def _said_of(enrollment: Enrollment) -> dict[str, bool]:
    return {"shadow": True} if enrollment.is_shadow else {}
