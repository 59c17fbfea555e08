"""What is decided on about people in flows, read for a batch of them at once."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, NamedTuple

from django.db import connection

from saleor_lifecycle.domain.flow_documents import FlowDocument
from saleor_lifecycle.domain.flow_places import walk
from saleor_lifecycle.domain.flow_programs import Program
from saleor_lifecycle.domain.flow_steps import Act, Branch, Send, WaitFor, WaitForTime
from saleor_lifecycle.domain.flows import FlowFacts, LastMessage
from saleor_lifecycle.domain.holdout import Arm
from saleor_lifecycle.domain.incentives import Incentive
from saleor_lifecycle.domain.messages import SERVICE_TOPICS
from saleor_lifecycle.domain.rule_facts import WRITTEN_TO, Facts
from saleor_lifecycle.domain.rules import Rule, facts_needed
from saleor_lifecycle.models import FlowVersion, Installation
from saleor_lifecycle.models.sets import ids

from . import code_pools, consent, incentives, leavers, rule_facts, whereabouts


class Row(NamedTuple):
    """A waiting enrollment, locked, and what stands beside it."""

    since: datetime
    anchor_at: datetime
    entered_at: datetime
    due_at: datetime | None
    last_placed_at: datetime | None
    cart_changed_at: datetime | None
    message_settled_at: datetime | None
    message_due_at: datetime | None
    id: int
    installation_id: int
    flow_id: int
    version_id: int
    customer_id: int
    public_id: str
    arm: str
    is_shadow: bool
    step: str
    properties: dict[str, Any]
    carries: dict[str, Any] | None
    depth: int
    is_flow_on: bool
    flow_key: str
    customer: str
    split_key: str
    is_cart_empty: bool | None
    is_cart_ordered: bool | None
    message_state: str | None
    is_message_restored: bool | None
    is_written_to: bool | None  # by any of its messages

    @property
    def is_loud(self) -> bool:
        """Is anything carried out for it?"""
        return not self.is_shadow and not Arm(self.arm).is_held_out

    @property
    def has_code(self) -> bool:
        return "voucher" in (self.carries or {})


MOMENTS = 8
"""How many of its first columns are moments."""


class Enrolled(NamedTuple):
    """An enrollment with the version that it runs by, and what is decided on."""

    row: Row
    program: Program
    facts: FlowFacts


class Done(NamedTuple):
    """An act that an enrollment has passed. ``carries``: what its messages offer from here on."""

    enrolled: Enrolled
    step: Act
    carries: Mapping[str, Any] | None = None

    def key(self) -> str:
        """Return what makes its effect one of a kind."""
        return f"flow:{self.enrolled.row.public_id}:{self.step.key}"


class _Version(NamedTuple):
    """What a version asks for, worked out once for all who run by it."""

    program: Program
    channels: frozenset[str]  # on which it writes; none where nobody can end it so
    needed: frozenset[str]  # facts of its rules
    waits_for_time: bool
    incentives: Mapping[str, Incentive]  # of offers, by the steps at which somebody stands at them or right before


def read(
    installation: Installation, customer_ids: Collection[int], now: datetime, enrollment_id: int | None = None
) -> list[Enrolled]:
    """Lock the waiting enrollments of customers, who are locked, in the order of their ids, and return them.

    ``enrollment_id``: that one alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(_READ, {"customers": ids(customer_ids), "only": enrollment_id})
        rows = [_row(values) for values in json.loads(cursor.fetchone()[0] or "[]")]
    versions = _versions({row.version_id for row in rows})
    people = {row.customer_id for row in rows}
    gone = leavers.gone(people)
    unsubscribed = _unsubscribed(rows, versions)
    known = _known(installation, rows, versions, now)
    clocks = _clocks(installation, rows, versions, now)
    codeless = _codeless(installation, rows, versions, now)
    return [
        Enrolled(
            row,
            versions[row.version_id].program,
            _facts(
                row,
                is_gone=row.customer_id in gone,
                is_unsubscribed=row.id in unsubscribed,
                customer=known.get(row.id, _NOTHING),
                clock=clocks.get(row.customer_id, _NO_CLOCK),
                is_code_awaited=row.id in codeless,
            ),
        )
        for row in rows
    ]


class _Clock(NamedTuple):
    """Where a customer is, and the hour of their day at which they act."""

    zone: tzinfo = UTC
    usual_hour: int | None = None


_NOTHING, _NO_CLOCK = Facts(), _Clock()
# The newest message of each: what comes after it counts from when it left. As one text: value by value, to make moments
# of what PostgreSQL answers takes longer than to decide. OFFSET 0: one by one, or the planner would read all customers
# and carts of a small shop for a batch. Messages are not looked up so: while their table is new, the planner knows
# nothing of it and would read all of them for each.
_READ = """
    WITH enrollment AS MATERIALIZED (
        SELECT * FROM lifecycle_enrollment
        WHERE customer_id = ANY(%(customers)s::bigint[]) AND state = 'waiting'
            AND (%(only)s::bigint IS NULL OR id = %(only)s)
        ORDER BY id FOR NO KEY UPDATE
    ), message AS (
        SELECT DISTINCT ON (one.enrollment_id) one.*,
            bool_or(one.state IN ('sent', 'unknown') OR one.reason = 'restored') OVER (PARTITION BY one.enrollment_id)
                AS is_any_sent
        FROM enrollment JOIN lifecycle_message one ON one.enrollment_id = enrollment.id
        ORDER BY one.enrollment_id, one.id DESC
    )
    SELECT json_agg(json_build_array(
        enrollment.since, enrollment.anchor_at, enrollment.entered_at, enrollment.due_at, customer.last_placed_at,
        cart.changed_at, message.settled_at, message.due_at,
        enrollment.id, enrollment.installation_id, enrollment.flow_id, enrollment.version_id,
        enrollment.customer_id, enrollment.public_id, enrollment.arm, enrollment.is_shadow, enrollment.step,
        enrollment.properties, enrollment.carries, enrollment.depth, flow.is_on, flow.key, customer.public_id,
        COALESCE(customer.holdout_key, customer.public_id), cart.lines_hash = '', cart.ordered_at IS NOT NULL,
        message.state, message.reason = 'restored', message.is_any_sent) ORDER BY enrollment.id)::text
    FROM enrollment
        JOIN lifecycle_flow flow ON flow.id = enrollment.flow_id
        CROSS JOIN LATERAL (SELECT * FROM lifecycle_customer WHERE id = enrollment.customer_id OFFSET 0) customer
        LEFT JOIN LATERAL (SELECT * FROM lifecycle_cart WHERE id = enrollment.cart_id OFFSET 0) cart ON true
        LEFT JOIN message ON message.enrollment_id = enrollment.id
"""


def _row(values: Sequence[Any]) -> Row:
    moments = [datetime.fromisoformat(text) if text else None for text in values[:MOMENTS]]
    return Row(*moments, *values[MOMENTS:])  # type: ignore[arg-type]  # as the query gives them


def _facts(
    row: Row, *, is_gone: bool, is_unsubscribed: bool, customer: Facts, clock: _Clock, is_code_awaited: bool
) -> FlowFacts:
    # One that may have left before a restore counts as if it had.
    has_left = row.message_state in ("sent", "unknown") or row.is_message_restored
    return FlowFacts(
        anchor_at=row.cart_changed_at or row.anchor_at,
        last_placed_at=row.last_placed_at,
        is_unsubscribed=is_unsubscribed,
        is_gone=is_gone,
        is_cart_empty=bool(row.is_cart_empty),
        is_cart_ordered=bool(row.is_cart_ordered),
        customer=customer,
        last_message=None
        if row.message_state is None
        else LastMessage(row.message_settled_at if has_left else None, row.message_due_at),
        zone=clock.zone,
        usual_hour=clock.usual_hour,
        split_key=row.split_key,
        is_code_awaited=is_code_awaited,
    )


def _versions(version_ids: Collection[int]) -> dict[int, _Version]:
    return {version.pk: _asked(version.value()) for version in FlowVersion.objects.filter(id__in=version_ids)}


def _asked(program: Program) -> _Version:
    document = program.document
    steps = list(walk(document.steps))
    writes = document.topic not in SERVICE_TOPICS
    return _Version(
        program,
        frozenset(channel for step in steps if writes and isinstance(step, Send) for channel in step.channels),
        frozenset(name for rule in rules(document) for name in facts_needed(rule)),
        any(isinstance(step, WaitForTime) for step in steps),
        code_pools.near(program),
    )


def rules(document: FlowDocument) -> Iterable[Rule]:
    """Yield the rules that are asked while somebody is in the flow."""
    yield from (one.when for one in document.exits)
    for step in walk(document.steps):
        if isinstance(step, WaitFor):
            yield step.rule
        elif isinstance(step, Branch):
            yield from (case.when for case in step.cases)


def _known(
    installation: Installation, rows: Sequence[Row], versions: Mapping[int, _Version], now: datetime
) -> dict[int, Facts]:
    """Return what the rules of each enrollment's version ask for, by the enrollment; nothing where they ask nothing."""
    asking = [row for row in rows if versions[row.version_id].needed]
    if not asking:
        return {}
    needed = frozenset(name for row in asking for name in versions[row.version_id].needed)
    held = rule_facts.load(installation, {row.customer_id for row in asking}, needed, now)
    return {row.id: _entered(held[row.customer_id], row, versions[row.version_id].needed) for row in asking}


def _entered(facts: Facts, row: Row, needed: Collection[str]) -> Facts:
    """Return the facts with what is known of the passage: since when, and by what, under ``property.<name>``."""
    values = facts.values
    if row.properties:
        values = {**values, **{f"property.{name}": value for name, value in row.properties.items()}}
    if WRITTEN_TO in needed:
        values = {**values, WRITTEN_TO: bool(row.is_written_to)}
    # Not by ``replace``, which takes three times as long.
    return Facts(values, facts.ends, facts.events, row.entered_at, facts.profile, facts.policy, facts.moved, facts.zone)


def _clocks(
    installation: Installation, rows: Sequence[Row], versions: Mapping[int, _Version], now: datetime
) -> dict[int, _Clock]:
    """Return the clocks of those in whose flows something waits for a time of their day."""
    waiting = {row.customer_id for row in rows if versions[row.version_id].waits_for_time}
    if not waiting:
        return {}
    zones = whereabouts.zones(installation, waiting)
    hours = whereabouts.usual_hours(installation.pk, zones, now)
    return {one: _Clock(zones[one][0], hours.get(one)) for one in waiting}


def _codeless(
    installation: Installation, rows: Sequence[Row], versions: Mapping[int, _Version], now: datetime
) -> set[int]:
    """Return the enrollments that would wait at an offer for its code."""
    giving = [row for row in rows if versions[row.version_id].incentives and row.is_loud and not row.has_code]
    standing = {row.id: versions[row.version_id].incentives.get(row.step) for row in giving}
    due = {row.id for row in giving if row.due_at is not None and row.due_at <= now}
    return incentives.without_code(installation, standing, due, now)


def _unsubscribed(rows: Sequence[Row], versions: Mapping[int, _Version]) -> set[int]:
    """Return the enrollments whose customers have ended the topic on every channel that their flow writes on."""
    writing = [row for row in rows if versions[row.version_id].channels]
    refusing = leavers.refusing({row.customer_id for row in writing})
    if not refusing:
        return set()
    withdrawn = consent.withdrawn(refusing)
    found = set()
    for row in writing:
        if row.customer_id in refusing:
            version = versions[row.version_id]
            topic = version.program.document.topic
            if all(withdrawn(row.customer_id, topic, channel) for channel in version.channels):
                found.add(row.id)
    return found
