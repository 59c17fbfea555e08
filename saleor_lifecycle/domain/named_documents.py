"""The four flows that the app brings, as documents: made from a few settings, so that these can be read back."""

import itertools
from collections.abc import Sequence
from datetime import timedelta

from .flow_documents import ExitRule, FlowDocument, Goal
from .flow_steps import Branch, Case, Leave, Offer, Send, Step, TagStep, Wait, WaitFor
from .flow_triggers import CartIdle, DateTrigger, Entry, EventTrigger
from .incentives import Incentive
from .rule_facts import WRITTEN_TO
from .rules import AllOf, AnyOf, Compare, Happened, Moment, Not, Rule

DAY = timedelta(days=1)
SUNSET = "sunset"
"""The tag of those who were silent to the last: nothing commercial is written to them until they come back."""
USEFUL_FOR = 14 * DAY
"""How long a message may be held up, by a return or because others went first, before it is of no use."""


def abandoned_cart(
    delays: Sequence[timedelta], incentive: Incentive | None, holdout: float, priority: int
) -> FlowDocument:
    """Return the flow of carts; ``delays`` are the idle time, then the touches, all since the cart's last change."""
    idle, *touches = delays
    steps: list[Step] = []
    for number, (before, after) in enumerate(itertools.pairwise([timedelta(), *touches]), 1):
        # After an outage later touches keep their distance instead of leaving together.
        apart = after - before if before else timedelta()
        steps.append(Wait(f"wait-touch-{number}", "wait", after, "anchor", apart))
        if number == len(touches) and incentive is not None:
            steps.append(Offer("code", "offer", incentive=incentive))
        steps.append(Send(f"touch-{number}", "send", f"abandoned-cart-{number}"))
    return FlowDocument(
        schema_version=2,
        topic="cart",
        trigger=CartIdle("cart_idle", idle),
        steps=tuple(steps),
        ends=max(7 * DAY, 2 * touches[-1]) if touches else 7 * DAY,
        holdout=holdout,
        priority=priority,
    )


def first_purchase(delays: Sequence[timedelta], holdout: float, priority: int) -> FlowDocument:
    """Return the flow that a first order starts: thanks, then by the clock of the delivery, then the usual day."""
    thanks, care, review, nudge = delays
    delivered = (
        Wait("wait-care", "wait", care),
        Send("care", "send", "first-purchase-2", useful_for=USEFUL_FOR),
        Wait("wait-review", "wait", review - care),
        Send("review", "send", "review-request", useful_for=USEFUL_FOR),
        WaitFor("wait-nudge", "wait_for", _is_usual_day(nudge), 180 * DAY),
        Offer("recommendations", "offer", recommends="cross_sell"),
        Send("nudge", "send", "first-purchase-3", useful_for=USEFUL_FOR, needs_products=True),
    )
    return FlowDocument(
        schema_version=2,
        topic="reviews",
        trigger=EventTrigger("event", "order_placed", Compare("property.is_first_order", "=", True)),
        steps=(
            Wait("wait-thanks", "wait", thanks),
            Send("thanks", "send", "first-purchase-1", useful_for=USEFUL_FOR),
            WaitFor(
                "wait-delivery",
                "wait_for",
                Happened("order_delivered", since_entry=True),
                45 * DAY,
                delivered,
                (Leave("not-delivered", "exit", "not_delivered"),),
            ),
        ),
        exits=_came_to_nothing(),
        goal=Goal(within=90 * DAY),
        holdout=holdout,
        priority=priority,
    )


def cross_sell(delays: Sequence[timedelta], holdout: float, priority: int) -> FlowDocument:
    """Return the flow that a delivery starts: products that go with it, for whom there are any."""
    return FlowDocument(
        schema_version=2,
        topic="recommendations",
        trigger=EventTrigger("event", "order_delivered"),
        entry=Entry(per="customer", again_after=21 * DAY),
        steps=(
            Wait("wait-cross-sell", "wait", delays[0]),
            Offer("recommendations", "offer", recommends="cross_sell"),
            Send("cross-sell", "send", "cross-sell", useful_for=USEFUL_FOR, needs_products=True),
        ),
        exits=_came_to_nothing(),
        goal=Goal(within=30 * DAY),
        holdout=holdout,
        priority=priority,
    )


def win_back(
    delays: Sequence[timedelta],
    incentive: Incentive | None,
    holdout: float,
    priority: int,
    per_hour: int | None,
    days_before: int,
) -> FlowDocument:
    """Return the flow of a customer's own loss date: three messages, the code with the last, then sunset."""
    second, third, sunset = delays
    code = (Offer("code", "offer", incentive=incentive),) if incentive is not None else ()
    return FlowDocument(
        schema_version=2,
        topic="win-back",
        trigger=DateTrigger("date", "loss_at", -days_before * DAY),
        entry=Entry(per="customer", again_after=180 * DAY, existing_per_hour=per_hour, takes_existing=True),
        steps=(
            Offer("favourites", "offer", recommends="favourites"),
            Send("touch-1", "send", "win-back-1", useful_for=USEFUL_FOR),
            Wait("wait-touch-2", "wait", second),
            Send("touch-2", "send", "win-back-2", useful_for=USEFUL_FOR),
            Wait("wait-touch-3", "wait", third),
            *code,
            # No later than what it offers lasts.
            Send(
                "touch-3",
                "send",
                "win-back-3",
                useful_for=min(USEFUL_FOR, incentive.lasts if incentive else USEFUL_FOR),
            ),
            Wait("wait-sunset", "wait", sunset),
            Branch(
                "silent",
                "branch",
                # Nobody was silent to whom nothing was said.
                (
                    Case(_showed_up(sunset)),
                    Case(Compare(WRITTEN_TO, "=", True), (TagStep("sunset", "tag", SUNSET),)),
                ),
            ),
        ),
        exits=(ExitRule("came_back", Happened("cart_changed", since_entry=True)),),
        goal=Goal(within=60 * DAY),
        holdout=holdout,
        priority=priority,
    )


def _is_usual_day(later: timedelta) -> Rule:
    """Return when shops' customers order again after such a first order; where nobody knows, three weeks on."""
    unknown = AllOf(
        (Compare("second_order_usual_at", "unknown"), Not(Happened("order_delivered", within=21 * DAY + later)))
    )
    return AnyOf((Moment("second_order_usual_at", "longer_ago_than", later), unknown))


def _came_to_nothing() -> tuple[ExitRule, ...]:
    """Return the exits of who sent back all of it, or was not sent it. Of whom a part came back, a part is kept."""
    has_returned = Happened("order_returned", since_entry=True)
    is_whole = AnyOf((Compare("last_order.is_returned", "=", True), Compare("orders", "=", 0)))
    return (
        ExitRule("order_cancelled", Happened("order_cancelled", since_entry=True)),
        ExitRule("order_returned", AllOf((has_returned, is_whole))),
    )


def _showed_up(within: timedelta) -> Rule:
    return AnyOf(tuple(Happened(event, within) for event in ("visited", "product_viewed", "message_clicked")))
