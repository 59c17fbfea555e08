"""Why a customer has not entered a flow, or not got its message: looked at now, and nothing is written."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from saleor_lifecycle.domain.entries import Door, Past, Refusal, refusal
from saleor_lifecycle.domain.flow_places import walk
from saleor_lifecycle.domain.flow_programs import Program
from saleor_lifecycle.domain.flow_steps import Send
from saleor_lifecycle.domain.holdout import Arm
from saleor_lifecycle.domain.messages import SERVICE_TOPICS, Purpose
from saleor_lifecycle.domain.obstacles import Finding, Obstacle
from saleor_lifecycle.domain.rule_facts import Facts
from saleor_lifecycle.domain.rules import AllOf, AnyOf, Not, Rule, facts_needed, matches
from saleor_lifecycle.domain.send_decisions import may_send
from saleor_lifecycle.domain.sending import CartTruth, Defer, DeferReason, OfferTruth, SendFacts, Skip
from saleor_lifecycle.models import Customer, Decision, Enrollment, Flow, Installation, Message

from . import identities, rule_facts, send_facts, why_not_triggers
from .addresses import address_hash

State = Enrollment.State


def why_not(installation: Installation, customer: Customer, flow: Flow, now: datetime) -> list[Finding]:
    """Return what stands between a customer and a flow, or its messages; what comes first stands first."""
    found = list(_of_flow(installation, flow))
    if flow.version is None:
        return found
    program = flow.version.value()
    people = identities.with_merged(customer.pk)
    passages = Enrollment.objects.select_related("flow", "version", "cart").filter(customer__in=people, flow=flow)
    inside = passages.filter(state=State.WAITING).order_by("-entered_at", "-pk").first()
    last = inside or passages.order_by("-entered_at", "-pk").first()
    if inside is None:
        found += _of_entry(installation, customer, flow, program, last, now)
        if flow.archived_at is None:
            found += why_not_triggers.missing(installation, customer, flow, program.document.trigger, now)
    if last is not None:
        found += _of_passage(last, now)
        found += _of_messages(installation, last, now)
    if inside is not None or last is None:
        found += _to_come(installation, customer, program, inside, now)
    return found


def _of_flow(installation: Installation, flow: Flow) -> Iterator[Finding]:
    if flow.archived_at is not None:
        yield Finding(Obstacle.ARCHIVED, at=flow.archived_at)
    if flow.version is None:
        yield Finding(Obstacle.UNPUBLISHED)
    if not flow.is_on:
        yield Finding(Obstacle.FLOW_OFF)
    if flow.is_shadow:
        yield Finding(Obstacle.SHADOW)
    if installation.held_at is not None:
        yield Finding(Obstacle.HELD, at=installation.held_at)


def _of_entry(
    installation: Installation,
    customer: Customer,
    flow: Flow,
    program: Program,
    last: Enrollment | None,
    now: datetime,
) -> Iterator[Finding]:
    """Yield why the customer would not be let in now, whatever starts the flow."""
    entry = program.document.entry
    entered_at = last.entered_at if last else None
    # The flow as a whole and the occasion are looked at by themselves.
    if refusal(entry, Door(True, False, None), Past((), False, entered_at), "", now, 0, now) is Refusal.TOO_SOON:
        assert entered_at is not None
        if entry.again_after is None:
            yield Finding(Obstacle.ONCE, at=entered_at)
        else:
            yield Finding(Obstacle.TOO_SOON, at=entered_at, until=entered_at + entry.again_after)
    if entry.where is not None:
        held = rule_facts.load(installation, [customer.pk], facts_needed(entry.where), now)[customer.pk]
        unmet = tuple(_unmet(entry.where, held, now))
        if unmet:
            yield Finding(Obstacle.ENTRY_FILTER, data={"unmet": unmet})


def _of_passage(passage: Enrollment, now: datetime) -> Iterator[Finding]:
    """Yield why a passage did nothing, or does nothing now."""
    held_out = {Arm.HOLDOUT.value: Obstacle.HELD_OUT, Arm.EVERYWHERE.value: Obstacle.HELD_OUT_EVERYWHERE}
    without = held_out.get(passage.arm) or (Obstacle.IN_SHADOW if passage.is_shadow else None)
    if without is not None:
        first = _first_without(passage)
        yield Finding(without, at=first.occurred_at if first else None, step=first.step if first else "")
    match passage.state:
        case State.WAITING:
            kind = passage.version.value().steps.get(passage.step)
            data = {"step_kind": kind.kind if kind else ""}
            yield Finding(Obstacle.WAITS, at=passage.since, until=passage.due_at, step=passage.step, data=data)
        case State.EXITED:
            yield Finding(Obstacle.LEFT, passage.reason, passage.ended_at)
        case State.FAILED:
            yield Finding(Obstacle.FAILED, passage.reason, passage.ended_at)


def _first_without(passage: Enrollment) -> Decision | None:
    """Return when a passage without effect came to its first message: that is when it would have been queued."""
    sends = [step.key for step in walk(passage.version.value().document.steps) if isinstance(step, Send)]
    rows = Decision.objects.filter(
        installation_id=passage.installation_id,
        customer_id=passage.customer_id,
        occurred_at__gte=passage.entered_at,
        enrollment_id=passage.pk,
        kind=Decision.Kind.PASSED.value,
        step__in=sends,
    )
    return rows.order_by("occurred_at", "key").first()


def _of_messages(installation: Installation, passage: Enrollment, now: datetime) -> Iterator[Finding]:
    """Yield what became of each message of a passage."""
    for message in Message.objects.filter(enrollment=passage).order_by("id"):
        message.enrollment = passage
        match message.state:
            case Message.State.QUEUED if message.reason:
                alone = _leaves_without_quiet(installation, message, now)
                data = {"alone": True} if message.reason in _QUIET and alone else {}
                yield Finding(Obstacle.MESSAGE_WAITS, message.reason, None, message.due_at, message.step, data)
            case Message.State.QUEUED | Message.State.SENDING:
                yield Finding(Obstacle.MESSAGE_DUE, until=message.due_at, step=message.step)
            case _:
                yield Finding(_SETTLED[message.state], message.reason, message.settled_at, step=message.step)


_SETTLED = {
    Message.State.SENT.value: Obstacle.MESSAGE_SENT,
    Message.State.SKIPPED.value: Obstacle.MESSAGE_SKIPPED,
    Message.State.FAILED.value: Obstacle.MESSAGE_FAILED,
    Message.State.UNKNOWN.value: Obstacle.MESSAGE_UNKNOWN,
}
_QUIET = {DeferReason.QUIET_ASKED_FOR.value, DeferReason.QUIET_HOURS.value}


def _to_come(
    installation: Installation, customer: Customer, program: Program, inside: Enrollment | None, now: datetime
) -> Iterator[Finding]:
    """Yield what would become of the next message if it came up now; the shop itself is not asked."""
    steps = list(walk(program.document.steps if inside is None else inside.version.value().document.steps))
    keys = [step.key for step in steps]
    begins = keys.index(inside.step) if inside is not None and inside.step in keys else 0
    if inside is not None and inside.step not in keys:
        return
    send = next((step for step in steps[begins:] if isinstance(step, Send)), None)
    if send is None:
        return
    topic = program.document.topic
    message = Message(
        installation_id=installation.pk,
        enrollment=inside,
        customer_id=customer.pk,
        step=send.key,
        purpose=(Purpose.SERVICE if topic in SERVICE_TOPICS else Purpose.COMMERCIAL).value,
        template=send.template,
        topic=topic,
        channel=send.channels[0],
        queued_at=now,
    )
    facts = _facts(installation, message, now)
    match may_send(replace(facts, is_flow_on=True, not_before=None, useless_from=None), now):
        case Skip(reason):
            yield Finding(Obstacle.WOULD_BE_SKIPPED, reason.value, step=send.key)
        case Defer(until, reason):
            yield Finding(Obstacle.WOULD_WAIT, reason.value, until=until, step=send.key)


def _leaves_without_quiet(installation: Installation, message: Message, now: datetime) -> bool:
    """Would a message leave if nobody kept quiet, as far as is known without asking the shop?"""
    facts = replace(_facts(installation, message, now), quiet_until=None, quiet_hours_until=None)
    return not isinstance(may_send(facts, now), Skip | Defer)


def _facts(installation: Installation, message: Message, now: datetime) -> SendFacts:
    """Return what is known here of a message; of the shop is supposed that it would say nothing against it."""
    assert message.customer_id is not None
    address, _ = send_facts.addresses([message.customer_id], message.channel).get(message.customer_id, ("", ""))
    message.address_hash = address_hash(installation, message.channel, address) if address else ""
    fine = CartTruth(now, True, False, True, False, True, False)
    told = send_facts.Answer(address or None, fine, OfferTruth(now, None))
    [(_, facts)] = send_facts.load(installation, [message], {message.pk: told}, now)
    return facts


def _unmet(rule: Rule, facts: Facts, now: datetime, is_not: bool = False) -> Iterator[Rule]:
    """Yield the questions of a rule that would have to be answered otherwise, each as it would have to hold."""
    if matches(rule, facts, now) is not is_not:
        return
    match rule:
        case AllOf() | AnyOf():
            for each in rule.rules:
                yield from _unmet(each, facts, now, is_not)
        case Not():
            yield from _unmet(rule.rule, facts, now, not is_not)
        case _:
            yield Not(rule) if is_not else rule
