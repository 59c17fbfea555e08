"""What is missing for a flow to be started for a customer, and what would meet it."""

from collections.abc import Iterator
from datetime import datetime

from saleor_lifecycle.domain.flow_triggers import (
    CartIdle,
    DateTrigger,
    EventTrigger,
    PhaseTrigger,
    ScheduleTrigger,
    Trigger,
)
from saleor_lifecycle.domain.obstacles import Finding, Obstacle
from saleor_lifecycle.domain.phases import stand
from saleor_lifecycle.domain.rule_facts import read
from saleor_lifecycle.models import Cart, Customer, Enrollment, Flow, Installation, Occasion, PhaseChange

from . import rule_facts


def missing(
    installation: Installation, customer: Customer, flow: Flow, trigger: Trigger, now: datetime
) -> Iterator[Finding]:
    """Yield what keeps the trigger of a flow from letting a customer in."""
    since = max((at for at in (flow.switched_on_at, installation.restored_at) if at is not None), default=None)
    match trigger:
        case CartIdle():
            yield _cart(customer, flow, trigger, since, now)
        case EventTrigger():
            yield from _event(installation, customer, flow, trigger, since, now)
        case PhaseTrigger():
            yield from _phase(customer, trigger, since, now)
        case DateTrigger():
            yield _date(installation, customer, flow, trigger, now)
        case ScheduleTrigger():
            yield Finding(Obstacle.SCHEDULED, until=flow.runs_at)
        case _:
            yield Finding(Obstacle.CALLED, trigger.kind)


def _cart(customer: Customer, flow: Flow, trigger: CartIdle, since: datetime | None, now: datetime) -> Finding:
    """Return what the newest filled cart lacks."""
    filled = Cart.objects.filter(identity__customer=customer, ordered_at=None, changed_at__isnull=False)
    cart = filled.exclude(lines_hash="").order_by("-changed_at", "-pk").first()
    if cart is None or cart.changed_at is None:
        return Finding(Obstacle.NO_CART)
    if cart.is_being_paid:
        return Finding(Obstacle.CART_BEING_PAID, at=cart.changed_at)
    if Enrollment.objects.filter(flow=flow, customer=customer, cart=cart).exists():
        return Finding(Obstacle.CART_SEEN, at=cart.changed_at)
    idle_at = cart.changed_at + trigger.idle
    if since is not None and idle_at < since:
        return Finding(Obstacle.TOO_LATE, "cart_idle", at=idle_at)
    return Finding(Obstacle.CART_YOUNG, at=cart.changed_at, until=max(idle_at, now))


def _event(
    installation: Installation,
    customer: Customer,
    flow: Flow,
    trigger: EventTrigger,
    since: datetime | None,
    now: datetime,
) -> Iterator[Finding]:
    held = rule_facts.load(installation, [customer.pk], {f"event.{trigger.event}"}, now)[customer.pk]
    at = held.events.get(trigger.event)
    if at is None:
        yield Finding(Obstacle.EVENT_MISSING, trigger.event)
    elif since is not None and at < since:
        yield Finding(Obstacle.TOO_LATE, trigger.event, at)
    elif trigger.where and not Enrollment.objects.filter(flow=flow, customer=customer, entered_at__gte=at).exists():
        yield Finding(Obstacle.EVENT_UNLIKE, trigger.event, at)


def _phase(customer: Customer, trigger: PhaseTrigger, since: datetime | None, now: datetime) -> Iterator[Finding]:
    assert customer.policy is not None
    phase = stand(customer.profile(), customer.policy.value(), now).phase
    is_entry = trigger.kind == "phase_entered"
    if is_entry and phase is not trigger.phase:
        yield Finding(Obstacle.PHASE_OTHER, trigger.phase.value, data={"phase": phase.value})
        return
    if not is_entry and phase is trigger.phase:
        yield Finding(Obstacle.PHASE_STILL, trigger.phase.value)
        return
    side = "after" if is_entry else "before"
    moves = PhaseChange.objects.filter(customer=customer, **{side: trigger.phase.value})
    move = moves.order_by("-at", "-pk").first()
    if move is None:
        yield Finding(Obstacle.PHASE_NEVER, trigger.phase.value)
    elif move.cause not in {cause.value for cause in trigger.causes}:
        yield Finding(Obstacle.PHASE_CAUSE, trigger.phase.value, move.at, data={"cause": move.cause})
    elif since is not None and move.at < since:
        yield Finding(Obstacle.TOO_LATE, trigger.kind, move.at)


def _date(installation: Installation, customer: Customer, flow: Flow, trigger: DateTrigger, now: datetime) -> Finding:
    coming = Occasion.objects.filter(flow=flow, customer=customer).first()
    if coming is not None:
        return Finding(Obstacle.DATE_COMING, trigger.date, until=coming.at)
    held = rule_facts.load(installation, [customer.pk], {trigger.date}, now)[customer.pk]
    is_known = read(held, trigger.date, now) is not None
    return Finding(Obstacle.DATE_OVER if is_known else Obstacle.DATE_UNKNOWN, trigger.date)
