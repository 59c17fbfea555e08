"""``admit``: win-back switched on; an hour of those who were lost before, in a large shop beside a small one.

As many are let in an hour in both. Each round is an hour of the shop's clock, in which the workers look every minute:
they let people in and have their first messages queued. No hour may let in more than the pace, and nobody twice: not
when the flow is switched off and on between hours, either.
"""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from saleor_lifecycle.actions import flow_drafts, flow_switches, named_flows
from saleor_lifecycle.actions.flow_switches import State
from saleor_lifecycle.domain.named_flows import WIN_BACK
from saleor_lifecycle.models import Admission, Enrollment, Installation, Message, Occasion
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import entries, flows
from saleor_lifecycle.tasks.installations import add_ready_templates

from .outcome import Measured, Outcome, at_most
from .population import NOW
from .shops import Shops
from .side import Side
from .surroundings import Unfit

AIM = 1.5
PACE = 200
"""People an hour. A shop of 10,000 has some 3,000 who are lost."""
ROUNDS = 5
SMALL = 10_000
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def run(shops: Shops) -> Outcome:
    """Return what an hour came to at each size, and how long switching and the walk behind it took. Raises Unfit."""
    measured: list[Measured] = []
    begun: dict[str, float] = {}
    for people in shops.sizes:
        one, switching, walking = _measure(shops, people)
        measured.append(one)
        begun |= {f"switch_ms_at_{people}": round(switching * 1000), f"walk_s_at_{people}": round(walking, 1)}
    sizes = {"rounds": ROUNDS, "pace": PACE, "floor": f"{SMALL} customers", **begun}
    return at_most(AIM, "admit", measured, sizes)


def _measure(shops: Shops, people: int) -> tuple[Measured, float, float]:
    with (
        shops.copy(people) as one,
        shops.copy(SMALL) as other,
        Side(f"{__name__}:hours", one) as large,
        Side(f"{__name__}:hours", other) as small,
    ):
        (switching, walking), _ = [(large.round(), large.round()), (small.round(), small.round())]
        times = [(large.round(), small.round()) for _ in range(ROUNDS)]
    found = Measured(people, [value for value, _ in times], [floor for _, floor in times], large.peak_mb)
    return found, switching, walking


def hours() -> Iterator[float]:
    """Yield the seconds of switching the flow on, of finding whose loss dates lie ahead, then of each hour."""
    with within(1):
        # A copy of a database: it is at home here.
        Installation.objects.update(home="")
    add_ready_templates(1, NOW)
    with within(1):
        named_flows.change(flow_drafts.locked(1, WIN_BACK), {}, {"per_hour": PACE, "holdout": 0.0}, "", NOW)
    yield _switch(State.ON, NOW)
    yield _walk(NOW)
    _forget_dates()
    at = NOW
    while True:
        seconds = 0.0
        before = _entered()
        for _ in range(60):
            seconds += _look(at)
            at += MINUTE
        _judge(_entered() - before)
        _switch(State.OFF, at)
        _switch(State.ON, at)
        _forget_dates()
        yield seconds


def _switch(state: State, now: datetime) -> float:
    begun = time.perf_counter()
    with within(1):
        flow_switches.switch(flow_drafts.locked(1, WIN_BACK), state, now)
    return time.perf_counter() - begun


def _walk(now: datetime) -> float:
    """Look at everybody for a loss date that will come; meanwhile nobody is let in."""
    with within(1):
        admitting = Admission.objects.filter(kind=Admission.Kind.CUSTOMERS)
        held = list(admitting)
        admitting.update(due_at=now + HOUR)
    begun = time.perf_counter()
    while entries.run(1, now):
        pass
    seconds = time.perf_counter() - begun
    with within(1):
        for one in held:
            admitting.filter(pk=one.pk).update(due_at=one.due_at)
    return seconds


def _forget_dates() -> None:
    """Leave out who is lost meanwhile, each on a day of their own: a large shop has more of them."""
    with within(1):
        Admission.objects.filter(kind=Admission.Kind.DATES).update(due_at=None)
        Occasion.objects.all().delete()


def _look(now: datetime) -> float:
    begun = time.perf_counter()
    while entries.run(1, now):
        pass
    while flows.run(1, now):
        pass
    return time.perf_counter() - begun


def _entered() -> int:
    with within(1):
        return Enrollment.objects.filter(flow__key=WIN_BACK).count()


def _judge(entered: int) -> None:
    if not 0.9 * PACE <= entered <= PACE:
        raise Unfit(f"{entered} were let in within an hour, not {PACE}")
    with within(1):
        passages = Enrollment.objects.filter(flow__key=WIN_BACK)
        written_to = Message.objects.filter(enrollment__flow__key=WIN_BACK)
        for rows, many in ((passages, "entered"), (written_to, "were written to")):
            if rows.count() != rows.values("customer").distinct().count():
                raise Unfit(f"some {many} twice")
        if written_to.count() != passages.count():
            raise Unfit(f"{written_to.count()} messages for {passages.count()} people")
