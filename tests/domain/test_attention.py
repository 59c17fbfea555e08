from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.attention import WINDOWS, Caps, Want, allot
from saleor_lifecycle.domain.sending import ASK_AGAIN, LOOK_AGAIN, Cap, Defer, DeferReason, Send, Skip, SkipReason

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
FIRST = Want(1, queued_at=NOW - HOUR)
SECOND = Want(2, queued_at=NOW)
ONE_A_DAY = Cap("day", 1)


def ago(*spans: timedelta) -> list[datetime]:
    return [NOW - span for span in spans]


@pytest.mark.parametrize(
    ("case", "caps", "sent", "answer"),
    [
        ("nothing was sent", Caps(), [], Send()),
        (
            "a tick less than a day ago",
            Caps(),
            ago(DAY - TICK),
            Defer(NOW + TICK, DeferReason.FREQUENCY_CAP, ONE_A_DAY),
        ),
        ("exactly a day ago", Caps(), ago(DAY), Send()),
        (
            "three in the week",
            Caps(),
            ago(6 * DAY, 4 * DAY, 2 * DAY),
            Defer(NOW + DAY, DeferReason.FREQUENCY_CAP, Cap("week", 3)),
        ),
        ("the third is a week old", Caps(), ago(7 * DAY, 4 * DAY, 2 * DAY), Send()),
        (
            "eight in the month",
            Caps(),
            ago(*(n * DAY for n in (29, 26, 23, 20, 17, 14, 11, 8))),
            Defer(NOW + DAY, DeferReason.FREQUENCY_CAP, Cap("month", 8)),
        ),
        ("no cap at all", Caps(None, None, None), ago(*[HOUR] * 20), Send()),
        ("none a day", Caps(day=0), [], Skip(SkipReason.CAP_FULL, Cap("day", 0))),
        (
            "more than is allowed now was sent before",
            Caps(day=2, week=None, month=None),
            ago(5 * HOUR, 4 * HOUR, 3 * HOUR, 2 * HOUR),
            Defer(NOW + 21 * HOUR, DeferReason.FREQUENCY_CAP, Cap("day", 2)),
        ),
        ("a clock went wrong", Caps(), [NOW + HOUR], Defer(NOW + DAY, DeferReason.FREQUENCY_CAP, ONE_A_DAY)),
    ],
)
def test_a_message_leaves_when_there_is_a_place(
    case: str, caps: Caps, sent: Sequence[datetime], answer: Send | Defer | Skip
) -> None:
    assert allot([FIRST], sent, caps, NOW) == {1: answer}


@pytest.mark.parametrize(
    ("case", "first", "second"),
    [
        ("priority", replace(FIRST, priority=1), replace(SECOND, priority=2)),
        (
            "priority before urgency",
            replace(FIRST, useless_from=NOW + 2 * DAY),
            replace(SECOND, priority=51, useless_from=NOW + 3 * DAY),
        ),
        ("urgency", replace(FIRST, useless_from=NOW + 3 * DAY), replace(SECOND, useless_from=NOW + 2 * DAY)),
        ("being urgent at all", FIRST, replace(SECOND, useless_from=NOW + 2 * DAY)),
        ("age", replace(FIRST, queued_at=NOW), replace(SECOND, queued_at=NOW - TICK)),
    ],
)
def test_the_better_goes_first_by(case: str, first: Want, second: Want) -> None:
    later = Defer(NOW + DAY, DeferReason.OUTRANKED, ONE_A_DAY)
    for wanting in ([first, second], [second, first]):
        assert allot(wanting, [], Caps(), NOW) == {2: Send(), 1: later}


def test_as_many_leave_as_the_caps_allow() -> None:
    wanting = [replace(FIRST, id=n, queued_at=NOW - n * HOUR) for n in range(5)]
    answers = allot(wanting, ago(2 * DAY), Caps(day=2, week=None, month=None), NOW)
    assert [one for one, answer in answers.items() if answer == Send()] == [4, 3]
    assert {answers[one] for one in (0, 1, 2)} == {Defer(NOW + DAY, DeferReason.OUTRANKED, Cap("day", 2))}


@pytest.mark.parametrize(
    ("useless_from", "answer"),
    [
        (NOW + 5 * HOUR, Skip(SkipReason.CAP_FULL, ONE_A_DAY)),
        (NOW + 5 * HOUR + TICK, Defer(NOW + 5 * HOUR, DeferReason.FREQUENCY_CAP, ONE_A_DAY)),
    ],
)
def test_a_message_is_given_up_when_no_place_comes_free_in_time(useless_from: datetime, answer: Defer | Skip) -> None:
    assert allot([replace(FIRST, useless_from=useless_from)], ago(19 * HOUR), Caps(), NOW) == {1: answer}


def test_nothing_is_given_up_for_a_message_that_has_not_left_yet() -> None:
    short = replace(SECOND, useless_from=NOW + DAY / 2, priority=1)
    held = Defer(NOW + LOOK_AGAIN, DeferReason.OUTRANKED, ONE_A_DAY)
    assert allot([FIRST, short], [], Caps(), NOW) == {1: Send(), 2: held}
    assert allot([short], [], Caps(), NOW, leaving=[NOW]) == {2: replace(held, reason=DeferReason.FREQUENCY_CAP)}
    assert allot([short], [NOW], Caps(), NOW) == {2: Skip(SkipReason.CAP_FULL, ONE_A_DAY)}
    shorter = replace(short, useless_from=NOW + TICK)
    assert allot([FIRST, shorter], [], Caps(), NOW)[2] == replace(held, until=NOW + TICK)


def test_what_is_leaving_takes_a_place() -> None:
    assert allot([FIRST], [], Caps(), NOW, leaving=ago(HOUR)) == {
        1: Defer(NOW + 23 * HOUR, DeferReason.FREQUENCY_CAP, ONE_A_DAY)
    }


def test_a_better_one_that_is_decided_elsewhere_is_waited_for_a_moment() -> None:
    elsewhere = replace(SECOND, priority=99, is_elsewhere=True)
    answers = allot([FIRST, elsewhere], [], Caps(), NOW)
    assert (answers[1], answers[2]) == (Defer(NOW + ASK_AGAIN, DeferReason.OUTRANKED, ONE_A_DAY), Send())


def test_a_worse_one_elsewhere_holds_nothing_up() -> None:
    assert allot([FIRST, replace(SECOND, is_elsewhere=True)], [], Caps(), NOW)[1] == Send()


SPANS = st.integers(0, 60 * 24 * 20).map(lambda minutes: timedelta(minutes=minutes))
LIMITS = st.none() | st.integers(1, 4)
ARRIVALS = st.lists(st.tuples(SPANS, st.integers(0, 3), st.none() | SPANS.map(lambda span: span + HOUR)), max_size=14)


@given(ARRIVALS, st.builds(Caps, LIMITS, LIMITS, LIMITS), st.lists(SPANS, max_size=20))
def test_whatever_comes_the_caps_hold_and_nothing_is_lost(
    arrivals: list[tuple[timedelta, int, timedelta | None]], caps: Caps, looks: list[timedelta]
) -> None:
    wants = {
        number: Want(number, NOW + after, priority, useless and NOW + after + useless)
        for number, (after, priority, useless) in enumerate(arrivals)
    }
    due = {one.id: one.queued_at for one in wants.values()}
    extra = sorted(NOW + span for span in looks)
    sent: list[datetime] = []
    ends: dict[int, object] = {}
    while due:
        now = min(due.values())
        # Now and then everybody is looked at too soon, as after something has changed.
        if extra and extra[0] <= now:
            now, hurried = extra.pop(0), True
        else:
            hurried = False
        wanting = [wants[one] for one, at in due.items() if at <= now or (hurried and wants[one].queued_at <= now)]
        answers = allot(wanting, sent, caps, now)
        assert set(answers) == {want.id for want in wanting}
        for want in sorted(wanting, key=lambda one: -one.priority):
            match answers[want.id]:
                case Send():
                    sent.append(now)
                    assert all(
                        answers[other.id] == Send() or isinstance(answers[other.id], Skip)
                        for other in wanting
                        if other.priority > want.priority
                    )
                    ends[want.id] = due.pop(want.id)
                case Defer(until):
                    assert now < until
                    assert want.useless_from is None or until <= want.useless_from
                    due[want.id] = until
                    if until == want.useless_from:  # as may_send does then
                        ends[want.id] = due.pop(want.id)
                case Skip(reason):
                    assert reason is SkipReason.CAP_FULL
                    ends[want.id] = due.pop(want.id)
    assert set(ends) == set(wants)
    for window, most in (("day", caps.day), ("week", caps.week), ("month", caps.month)):
        for moment in sent:
            within = [one for one in sent if moment - WINDOWS[window] < one <= moment]
            assert most is None or len(within) <= most
