"""Flows: what each enrollment does next, and who leaves at once."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet

from saleor_lifecycle.domain.flow_documents import Send, walk
from saleor_lifecycle.domain.flows import (
    Exit,
    ExitReason,
    Finish,
    FlowFacts,
    Go,
    LastMessage,
    Passage,
    Program,
    Stay,
    decide,
)
from saleor_lifecycle.domain.sending import SkipReason
from saleor_lifecycle.models import (
    Account,
    Enrollment,
    Identity,
    Installation,
    Message,
)

from . import consent, identities, messages, restores

ABANDONED_CART = "abandoned-cart"


def due_customers(installation_id: int, limit: int, now: datetime) -> list[int]:
    """Return customers with an enrollment whose moment has come; a flow that is off has none."""
    due = Enrollment.objects.filter(flow__installation_id=installation_id, flow__is_on=True, due_at__lte=now)
    return sorted(set(due.order_by("due_at").values_list("customer_id", flat=True)[:limit]))


def advance(installation: Installation, customer_ids: Iterable[int], now: datetime) -> None:
    """Take each waiting enrollment of these customers as far as it goes: wait, queue a message, end, or leave."""
    ids = sorted(set(customer_ids))
    messages.unlease(ids)
    waiting = Enrollment.objects.filter(customer_id__in=ids, state=Enrollment.State.WAITING)
    if not waiting.exists():
        return
    identities.lock(ids)
    is_held = restores.is_held(installation, now)
    for enrollment, flow, facts in facts_of(waiting, ids):
        take(enrollment, flow, facts, now, is_held or not enrollment.flow.is_on)


def facts_of(waiting: QuerySet[Enrollment], customer_ids: list[int]) -> Iterator[tuple[Enrollment, Program, FlowFacts]]:
    """Yield the enrollments, locked, with what is decided on; their customers are locked."""
    related = waiting.select_related("flow", "version", "cart", "customer")
    enrollments = list(related.select_for_update(of=("self",)).order_by("id"))
    withdrawn = consent.withdrawn(customer_ids)
    gone = _gone(customer_ids)
    last = _last_messages([enrollment.pk for enrollment in enrollments])
    for enrollment in enrollments:
        cart, customer = enrollment.cart, enrollment.customer
        flow = enrollment.version.value()
        channels = {
            channel for step in walk(flow.document.steps) if isinstance(step, Send) for channel in step.channels
        }
        facts = FlowFacts(
            anchor_at=cart.changed_at if cart is not None and cart.changed_at is not None else enrollment.anchor_at,
            is_cart_empty=cart is not None and cart.lines_hash == "",
            is_cart_ordered=cart is not None and cart.ordered_at is not None,
            last_placed_at=customer.last_placed_at,
            is_unsubscribed=bool(channels)
            and all(withdrawn(customer.pk, flow.document.topic, channel) for channel in channels),
            is_gone=customer.pk in gone,
            last_message=last.get(enrollment.pk),
            split_key=str(customer.holdout_key or customer.public_id),
        )
        yield enrollment, flow, facts


def _last_messages(enrollment_ids: Collection[int]) -> dict[int, LastMessage]:
    """Return the newest message of each of these that had one."""
    rows = Message.objects.filter(enrollment__in=enrollment_ids).order_by("id")
    left = {Message.State.SENT, Message.State.UNKNOWN}
    return {
        enrollment_id: LastMessage(settled_at if state in left else None, due_at)
        for enrollment_id, state, settled_at, due_at in rows.values_list(
            "enrollment_id", "state", "settled_at", "due_at"
        )
        if enrollment_id is not None
    }


def _gone(customer_ids: list[int]) -> set[int]:
    """Return the customers whose account was deleted or whose e-mail was erased, and who have no other account."""
    accounts = Account.objects.filter(identity__customer_id__in=customer_ids)
    deleted = set(accounts.filter(deleted_at__isnull=False).values_list("identity__customer_id", flat=True))
    living = set(accounts.filter(deleted_at=None).values_list("identity__customer_id", flat=True))
    erased = Identity.objects.filter(customer_id__in=customer_ids, kind=Identity.Kind.ERASED)
    return (deleted | {customer for customer in erased.values_list("customer_id", flat=True) if customer}) - living


def new_message(enrollment: Enrollment, flow: Program, step: Send, now: datetime) -> Message:
    """Return the message of a step, queued but not stored."""
    return Message(
        installation_id=enrollment.installation_id,
        enrollment=enrollment,
        customer_id=enrollment.customer_id,
        step=step.key,
        template=step.template,
        topic=flow.document.topic,
        channel=step.channels[0],
        queued_at=now,
        due_at=now,
    )


def take(enrollment: Enrollment, flow: Program, facts: FlowFacts, now: datetime, is_held: bool = False) -> None:
    """Go as far as it goes. Held, it may only leave: when its steps come due has to stay known as it was."""
    passage = enrollment.passage()
    while True:
        match decide(flow, passage, facts, now):
            case Go(step, to):
                if is_held:
                    return
                if isinstance(step, Send):
                    Message.objects.bulk_create([new_message(enrollment, flow, step, now)], ignore_conflicts=True)
                    facts = replace(facts, last_message=LastMessage(None, now))
                passage = Passage(passage.entered_at, to, now)
            case Stay(until):
                if is_held:
                    return
                enrollment.due_at = until
                break
            case Exit(reason):
                _end(enrollment, Enrollment.State.EXITED, reason, now)
                break
            case Finish():
                _end(enrollment, Enrollment.State.FINISHED, "all steps done", now)
                break
    enrollment.step, enrollment.since = passage.step, passage.since
    enrollment.save(update_fields=["state", "reason", "step", "since", "ended_at", "due_at"])


def _end(enrollment: Enrollment, state: Enrollment.State, reason: str, now: datetime) -> None:
    enrollment.state = state
    enrollment.reason = reason
    enrollment.ended_at = now
    enrollment.due_at = None
    if state == Enrollment.State.EXITED:
        skip = SkipReason.ORDERED if reason == ExitReason.ORDERED else SkipReason.ENROLLMENT_OVER
        Message.objects.filter(enrollment=enrollment, state=Message.State.QUEUED).update(
            state=Message.State.SKIPPED, reason=skip.value, due_at=None, settled_at=now
        )
