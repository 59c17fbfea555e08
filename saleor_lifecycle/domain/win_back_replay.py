"""Orders of the past through the win-back flow: who would have entered when, and what would have been sent."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from .entries import Door, Past, refusal
from .flow_programs import Program
from .flow_steps import Act, Send, TagStep
from .flow_triggers import DateTrigger
from .flows import Exit, FlowFacts, Go, Passage, Stay, after_sending, decide
from .holdout import Arm, arm
from .named_flows import WIN_BACK
from .prediction import LossRule, loss_date

ENTERED, HELD_OUT, ORDERED, SUNSET = "entered", "held out", "ordered", "sunset"


@dataclass(slots=True)
class Replay:
    """What happened in each month, such as 1997-04: who entered, the messages by their steps, how passages ended."""

    months: dict[str, Counter[str]] = field(default_factory=dict)

    def note(self, at: datetime, what: str) -> None:
        self.months.setdefault(f"{at:%Y-%m}", Counter())[what] += 1


def replay(flow: Program, histories: Mapping[str, Sequence[datetime]], rule: LossRule, until: datetime) -> Replay:
    """Return what the flow would have done with these orders, by customer and oldest first.

    What was known at each moment decides: the loss date of the orders by then. Nobody follows a link or visits, because
    the file does not say so.
    """
    found = Replay()
    for customer, orders in histories.items():
        past = Past()
        for at, key in _losses(flow, orders, rule, until):
            if refusal(flow.document.entry, Door(True, False, None), past, key, at, 0, at) is not None:
                continue
            ended_at = _pass_through(flow, customer, orders, at, until, found)
            past = Past({*past.keys, key}, False, at)
            if ended_at is None:
                break  # inside to the end
    return found


def _losses(
    flow: Program, orders: Sequence[datetime], rule: LossRule, until: datetime
) -> Iterator[tuple[datetime, str]]:
    """Yield when each of a customer's dates came, with what names it, where no order came before."""
    trigger = flow.document.trigger
    assert isinstance(trigger, DateTrigger)
    last_of_day = {}
    for place, at in enumerate(orders):
        last_of_day[at.date()] = at
        comes = loss_date(last_of_day, rule).at + trigger.offset
        following = orders[place + 1] if place + 1 < len(orders) else until
        if at <= comes < following:
            yield comes, at.isoformat()


def _pass_through(
    flow: Program, customer: str, orders: Sequence[datetime], at: datetime, until: datetime, found: Replay
) -> datetime | None:
    """Note one passage; return when it ended, None where it had not by the end."""
    side = arm(customer, WIN_BACK, flow.document.holdout)
    found.note(at, ENTERED)
    if side is Arm.HOLDOUT:
        found.note(at, HELD_OUT)
    passage, facts = Passage(at, flow.first, at), FlowFacts(at)
    later = iter([order for order in orders if order > at])
    ordered_at = next(later, None)
    now: datetime | None = at
    while now is not None and now < until:
        placed_at = ordered_at if ordered_at is not None and ordered_at <= now else None
        match decide(flow, passage, replace(facts, last_placed_at=placed_at), now):
            case Go(step, to):
                passage = Passage(at, to, now)
                if isinstance(step, Act) and side is not Arm.HOLDOUT:
                    facts = after_sending(facts, now) if isinstance(step, Send) else facts
                    found.note(now, SUNSET if isinstance(step, TagStep) else step.key)
            case Stay(until_then):
                now = min((each for each in (until_then, ordered_at) if each is not None and each > now), default=None)
            case end:
                if isinstance(end, Exit):
                    found.note(now, end.reason)
                return now
    return None


def table(found: Replay, steps: Iterable[str]) -> str:
    """Return a line for each month and one for all of them."""
    columns = (ENTERED, HELD_OUT, *steps, ORDERED, SUNSET)
    lines = ["month   " + "".join(f"{name:>10}" for name in columns)]
    for month, counts in [*sorted(found.months.items()), ("all", sum(found.months.values(), Counter()))]:
        lines.append(f"{month:<8}" + "".join(f"{counts[name]:>10}" for name in columns))
    return "\n".join(lines)
