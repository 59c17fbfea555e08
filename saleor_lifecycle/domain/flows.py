"""Flows: ``decide`` says what one enrollment does next."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from .flow_documents import FlowDocument
from .flow_programs import END, Program, into, share
from .flow_steps import Act, Branch, Leave, Offer, Send, Split, Step, Wait, WaitFor, WaitForTime
from .flow_triggers import has_ordered_since
from .incentives import LOOK_AGAIN, PATIENCE
from .local_time import next_at
from .rule_facts import WRITTEN_TO, Facts
from .rules import matches, next_flip


class ExitReason(StrEnum):
    """Why somebody left; a flow's own exit rules name further ones."""

    ORDERED = "ordered"
    CART_EMPTIED = "cart_emptied"
    UNSUBSCRIBED = "unsubscribed"
    TOO_OLD = "too_old"
    MERGED = "merged"
    CUSTOMER_GONE = "customer_gone"
    VERSION_CHANGED = "version_changed"
    FLOW_ARCHIVED = "flow_archived"


@dataclass(frozen=True, slots=True)
class Passage:
    """Where an enrollment stands, and since when."""

    entered_at: datetime
    step: str
    since: datetime


@dataclass(frozen=True, slots=True)
class LastMessage:
    """The newest message of an enrollment: when it left, or until when it waits."""

    left_at: datetime | None
    waits_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class FlowFacts:
    """What an enrollment's decision rests on, as stored at this moment."""

    anchor_at: datetime  # the last change of its cart, else when what started it happened
    last_placed_at: datetime | None = None  # the person's last order, paid or not
    is_unsubscribed: bool = False
    is_gone: bool = False  # the account was deleted
    is_cart_empty: bool = False
    is_cart_ordered: bool = False
    customer: Facts = field(default_factory=Facts)
    last_message: LastMessage | None = None
    zone: tzinfo = UTC  # where the customer is
    usual_hour: int | None = None  # at which they act, of their day
    split_key: str = ""
    is_code_awaited: bool = False  # an offer's code is not there yet, and may come


@dataclass(frozen=True, slots=True)
class Exit:
    reason: str


@dataclass(frozen=True, slots=True)
class Stay:
    """Nothing to do until that moment, or until something happens; None: until something happens."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class Go:
    """The step is done: carried out, where it is an act. ``outcome`` says which way it went."""

    step: Step
    to: str
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Finish:
    """Every step is behind it; or one that ends the flow, with its reason."""

    reason: str = ""


Decision = Exit | Stay | Go | Finish


def decide(flow: Program, passage: Passage, facts: FlowFacts, now: datetime) -> Decision:
    """Return what the enrollment does at ``now``: leave, stay until a moment, pass its step, or end."""
    if reason := _exit_reason(flow.document, facts, now):
        return Exit(reason)
    if passage.step == END:
        return Finish()
    ends = facts.anchor_at + flow.document.ends if flow.document.ends is not None else None
    if ends is not None and now >= ends:
        return Exit(ExitReason.TOO_OLD)
    if not isinstance(decision := _at_step(flow, flow.steps[passage.step], passage, facts, now), Stay):
        return decision
    flips = (next_flip(rule.when, facts.customer, now) for rule in flow.document.exits)
    return Stay(_earliest(decision.until, ends, *flips))


def passed_over(
    flow: Program, passage: Passage, facts: FlowFacts, due_at: datetime, until: datetime
) -> tuple[list[tuple[Act, datetime]], Passage, FlowFacts]:
    """Return the acts that came due from ``due_at`` until a moment and when each did, and what stands after them.

    They count as done when they came due, so a step that is left out here came due later whatever happened meanwhile:
    a cart that changed, or a worker that was late, only puts it off.
    """
    acts: list[tuple[Act, datetime]] = []
    at: datetime | None = due_at
    while at is not None and at <= until:
        match decide(flow, passage, facts, at):
            case Go(step, to):
                if isinstance(step, Act):
                    acts.append((step, at))
                if isinstance(step, Send):
                    facts = after_sending(facts, at)
                passage = replace(passage, step=to, since=at)
            case Stay(later):
                at = later
            case _:
                break
    return acts, passage, facts


def after_sending(facts: FlowFacts, at: datetime) -> FlowFacts:
    """Return what is known once a message has left."""
    customer = replace(facts.customer, values={**facts.customer.values, WRITTEN_TO: True})
    return replace(facts, last_message=LastMessage(at), customer=customer)


def _at_step(flow: Program, step: Step, passage: Passage, facts: FlowFacts, now: datetime) -> Decision:
    behind = flow.after[step.key]
    match step:
        case Wait():
            due = _waited(step, passage, facts)
            return Go(step, behind) if now >= due else Stay(due)
        case WaitForTime():
            at = step.at if not step.usual or facts.usual_hour is None else step.at.replace(facts.usual_hour, 0)
            due = next_at(passage.since, facts.zone, at, step.weekdays)
            return Go(step, behind) if now >= due else Stay(due)
        case WaitFor():
            if matches(step.rule, facts.customer, now):
                return Go(step, into(step.then, behind), "then")
            if now >= passage.since + step.at_most:
                return Go(step, into(step.otherwise, behind), "otherwise")
            return Stay(_earliest(passage.since + step.at_most, next_flip(step.rule, facts.customer, now)))
        case Branch():
            for number, case in enumerate(step.cases, 1):
                if matches(case.when, facts.customer, now):
                    return Go(step, into(case.then, behind), f"case {number}")
            return Go(step, into(step.otherwise, behind), "otherwise")
        case Split():
            number = share(step, facts.split_key)
            return Go(step, into(step.shares[number].then, behind), f"share {number + 1}")
        case Offer() if step.incentive and facts.is_code_awaited and now < (latest := passage.since + PATIENCE):
            return Stay(min(now + LOOK_AGAIN, latest))
        case Leave():
            return Finish(step.reason)
    return Go(step, behind)


def _waited(step: Wait, passage: Passage, facts: FlowFacts) -> datetime:
    """Return when a wait is over: what held the message before up puts it off too."""
    is_of_anchor = step.since == "anchor"
    due = facts.anchor_at + step.duration if is_of_anchor else passage.since + step.duration
    last = facts.last_message
    if last is not None and (left := last.left_at or last.waits_until) is not None:
        due = max(due, left + (step.apart if is_of_anchor else step.duration))
    return due


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((at for at in moments if at is not None), default=None)


def _exit_reason(document: FlowDocument, facts: FlowFacts, now: datetime) -> str | None:
    if facts.is_gone:
        return ExitReason.CUSTOMER_GONE
    if document.exits_on_order and (
        facts.is_cart_ordered or has_ordered_since(document.trigger, facts.last_placed_at, facts.anchor_at)
    ):
        return ExitReason.ORDERED
    if facts.is_cart_empty:
        return ExitReason.CART_EMPTIED
    if facts.is_unsubscribed:
        return ExitReason.UNSUBSCRIBED
    return next((rule.reason for rule in document.exits if matches(rule.when, facts.customer, now)), None)
