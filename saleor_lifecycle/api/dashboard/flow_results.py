"""What a flow brought: who came through, what was sent, those written to against those held out; what that costs."""

from datetime import datetime, timedelta
from decimal import Decimal

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.domain import holdout
from saleor_lifecycle.domain.intervals import Sums
from saleor_lifecycle.domain.lift import Outcome, Verdict, compare
from saleor_lifecycle.models import arms
from saleor_lifecycle.models import results as outcomes
from saleor_lifecycle.models.flow_standing import entries_per_week

from .money import Money

strawberry.enum(
    Verdict,
    name="FlowVerdict",
    description="Whether those who were written to did more, or less, than those held out. It rests on an interval "
    "that may be looked at every day.",
)
State = models.Enrollment.State
CENT = Decimal("0.01")


@strawberry.type(
    description="People whose window is over, those who were treated against those who were held out, each once."
)
class FlowLift:
    verdict: Verdict
    treated: int
    held_out: int
    treated_converted: int = strawberry.field(description="People who ordered, whatever they were sent.")
    held_out_converted: int
    relative: float | None = strawberry.field(
        description="0.1: the treated brought a tenth more per person. Null as long as it is not enough."
    )
    relative_low: float | None = strawberry.field(
        description="Of the interval that holds in 95 of 100 flows however often one looks."
    )
    relative_high: float | None = strawberry.field(description="Null also where nothing bounds it.")
    weeks: int | None = strawberry.field(
        description="About so many more until there is enough; null if that takes more than a year, or nobody can tell."
    )


@strawberry.type
class FlowAmount:
    treated: Money = strawberry.field(description="What the treated ordered in their windows.")
    held_out: Money
    lift: FlowLift = strawberry.field(description="Of what each person ordered for.")


@strawberry.type
class FlowAttributed:
    orders: int
    revenue: Money


@strawberry.type(
    description="Of those who entered since the flow was switched on, or, of one that is off, since its first version. "
    "entered = waiting + finished + exited + failed."
)
class FlowOutcome:
    since: datetime
    window_seconds: int = strawberry.field(description="The goal's: orders count that long after somebody entered.")
    entered: int
    waiting: int
    finished: int
    exited: int
    failed: int
    held_out: int = strawberry.field(description="Of those who entered, whatever became of them.")
    sent: int
    delivered: int = strawberry.field(description="Messages reported so, or whose person followed a link.")
    clicked: int
    conversion: FlowLift
    amounts: list[FlowAmount] = strawberry.field(description="By currency, never summed across.")
    attributed: list[FlowAttributed] = strawberry.field(
        description="What was ordered within the window after a message: no proof, as many would have ordered anyway."
    )


@strawberry.type(description="What is forgone each week by holding people out, so that the rest can be known.")
class HoldoutCost:
    share: float = strawberry.field(description="Of those who enter, held out of this flow or of all; 0.1 by default.")
    people: float = strawberry.field(description="Of those who entered in the last 28 days, held out per week.")
    conversions: float | None = strawberry.field(
        description="At most so many, as if messages brought all of them. Null as long as nobody knows."
    )
    revenue: list[Money] = strawberry.field(description="Likewise, by currency; empty as long as nobody knows.")


def outcome(flow: models.Flow, now: datetime) -> FlowOutcome | None:
    """Return what a flow brought; None before its first version."""
    since, window = _since(flow), _window(flow)
    if since is None:
        return None
    found, compared = outcomes.results(flow.pk, since), arms.arms(flow.pk, since, window, now)
    return FlowOutcome(
        since=since,
        window_seconds=int(window.total_seconds()),
        entered=sum(found.states.values()),
        waiting=found.states.get(State.WAITING, 0),
        finished=found.states.get(State.FINISHED, 0),
        exited=found.states.get(State.EXITED, 0),
        failed=found.states.get(State.FAILED, 0),
        held_out=found.held_out,
        sent=sum(count for state, _, count in found.messages if state == models.Message.State.SENT),
        delivered=found.delivered,
        clicked=found.clicked,
        conversion=_lift(Outcome.CONVERSION, arms.totals(compared.conversions), compared.weeks),
        amounts=[_amount(currency, arms.totals(weekly), compared.weeks) for currency, weekly in compared.amounts],
        attributed=[
            FlowAttributed(orders=orders, revenue=Money(amount=worth, currency=currency))
            for currency, orders, worth in arms.attributed(flow.pk, since, window)
        ],
    )


def cost(flow: models.Flow, now: datetime) -> HoldoutCost | None:
    """Return what a flow's holdout costs; None before its first version."""
    since = _since(flow)
    if flow.version is None or since is None:
        return None
    document = flow.version.value().document
    own, everywhere = (0.0, 0.0) if document.is_asked_for else (document.holdout, flow.installation.holdout_share)
    compared = arms.arms(flow.pk, since, _window(flow), now)
    treated, _ = arms.totals(compared.conversions)
    brought = {currency: _mean(arms.totals(weekly)[0]) for currency, weekly in compared.amounts}
    shares = holdout.Shares(own, everywhere)
    found = holdout.cost(entries_per_week(flow.pk, now), _mean(treated), brought, shares)
    return HoldoutCost(
        share=own + everywhere * (1 - own),
        people=found.people,
        conversions=found.conversions if treated.people else None,
        revenue=[_money(amount, currency) for currency, amount in found.revenue],
    )


def _since(flow: models.Flow) -> datetime | None:
    if flow.switched_on_at is not None:
        return flow.switched_on_at
    return flow.versions.order_by("number").values_list("published_at", flat=True).first()


def _window(flow: models.Flow) -> timedelta:
    return flow.version.value().document.goal.within if flow.version else timedelta(0)


def _amount(currency: str, sums: tuple[Sums, Sums], weeks: float) -> FlowAmount:
    treated, held_out = (_money(one.total, currency) for one in sums)
    return FlowAmount(treated=treated, held_out=held_out, lift=_lift(Outcome.AMOUNT, sums, weeks))


def _lift(what: Outcome, sums: tuple[Sums, Sums], weeks: float) -> FlowLift:
    treated, held_out = sums
    found = compare(what, treated, held_out, weeks)
    lift, waiting = found.lift, found.waiting
    return FlowLift(
        verdict=found.verdict,
        treated=treated.people,
        held_out=held_out.people,
        treated_converted=treated.converted,
        held_out_converted=held_out.converted,
        relative=lift.relative if lift else None,
        relative_low=lift.relative_always.low if lift else None,
        relative_high=lift.relative_always.high if lift else None,
        weeks=waiting.for_minimum if lift is None else waiting.for_effect,
    )


def _mean(one: Sums) -> float:
    return one.mean if one.people else 0.0


def _money(amount: float, currency: str) -> Money:
    return Money(amount=Decimal(amount).quantize(CENT), currency=currency)
