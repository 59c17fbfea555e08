from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.delivery_events import (
    BouncePolicy,
    Ending,
    ending,
    has_left,
    is_given_up,
    is_permanent,
)

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
DAY = timedelta(days=1)
POLICY = BouncePolicy(messages=3, within=14 * DAY)


@pytest.mark.parametrize(
    ("reason", "word", "answer", "expected"),
    [
        ("bounced", "HardBounce", "The server was unable to deliver", True),
        ("bounced", "SoftBounce", "mailbox full", False),
        ("bounced", "hard_bounce", "550 5.5.0 Requested action not taken: mailbox unavailable.", True),
        ("bounced", "soft_bounce", "550 5.4.1 Recipient address rejected: Access denied.", False),
        ("bounced", "hard_bounce", "", True),
        ("bounced", "soft_bounce", "", False),
        ("bounced", "Permanent", "", True),
        ("bounced", "Transient", "", False),
        ("bounced", "10", "550 [internal] [oob] The recipient is invalid.", True),
        ("bounced", "22", "552 mailbox is full", False),
        ("invalid", "", "", True),
        ("bounced", "", "550 5.1.1 no such user here", True),
        ("bounced", "SoftBounce", "550 5.1.1 no such user here", True),
        ("bounced", "", "550 5.1.10 recipient not found", True),
        ("bounced", "", "550 5.2.1 this mailbox is disabled", True),
        ("bounced", "HardBounce", "552 5.2.2 over quota", True),
        ("bounced", "HardBounce", "554 5.7.1 looks like spam", False),
        ("bounced", "HardBounce", "450 4.2.0 try later", False),
        ("spam", "51", "", False),
        ("bounced", "", "", False),
        ("bounced", "", "sent on 15.1.1", False),
    ],
)
def test_a_bounce_is_permanent_only_where_somebody_says_that_nobody_is_there(
    reason: str, word: str, answer: str, expected: bool
) -> None:
    assert is_permanent(reason, word, answer) is expected


@pytest.mark.parametrize(
    ("kind", "reason", "permanent", "expected"),
    [
        ("complained", "spam", None, Ending.COMPLAINED),
        ("unsubscribed", "", None, Ending.UNSUBSCRIBED),
        ("bounced", "bounced", True, Ending.BOUNCED),
        ("bounced", "bounced", False, None),
        ("bounced", "spam", False, None),
        ("rejected", "bounced", None, Ending.BOUNCED),
        ("rejected", "invalid", None, Ending.BOUNCED),
        ("rejected", "spam", None, Ending.COMPLAINED),
        ("rejected", "unsubscribed", None, Ending.UNSUBSCRIBED),
        ("rejected", "blocked", None, None),
        ("rejected", "timed_out", None, None),
        ("deferred", "", None, None),
        ("delivered", "", None, None),
        ("clicked", "", None, None),
        ("failed", "", None, None),
    ],
)
def test_which_report_alone_ends_the_writing_to_an_address(
    kind: str, reason: str, permanent: bool | None, expected: Ending | None
) -> None:
    assert ending(kind, reason, permanent) is expected


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([], None),
        (["queued"], None),
        (["rejected"], False),
        (["failed", "queued"], False),
        (["rejected", "delivered"], True),
        (["bounced"], True),
        (["opened"], True),
        (["deferred"], True),
        (["complained"], True),
    ],
)
def test_a_message_has_left_when_anything_tells_so(kinds: list[str], expected: bool | None) -> None:
    assert has_left(kinds) is expected


@pytest.mark.parametrize(
    ("case", "bounced", "delivered", "expected"),
    [
        ("none", [], [], False),
        ("one too few", [0, 1], [], False),
        ("as many as it takes, at the last moment", [0, 7, 14], [], True),
        ("a moment too far apart", [0, 7, 14.00001], [], False),
        ("the last three of four", [0, 10, 11, 20], [], True),
        ("one arrived between", [0, 1, 2], [1.5], False),
        ("one arrived before", [1, 2, 3], [0.5], True),
        ("one arrived after", [0, 1, 2], [3], True),
        ("a delivery at the moment of a bounce", [0, 1, 2], [2], True),
    ],
)
def test_an_address_is_given_up_that_took_none_in_a_row(
    case: str, bounced: list[float], delivered: list[float], expected: bool
) -> None:
    assert is_given_up([NOW + at * DAY for at in bounced], [NOW + at * DAY for at in delivered], POLICY) is expected


@given(st.lists(st.integers(0, 60)), st.lists(st.integers(0, 60)), st.randoms(use_true_random=False))
def test_the_order_of_arrival_gives_no_address_up(bounced: list[int], delivered: list[int], chance: object) -> None:
    first = is_given_up([NOW + at * DAY for at in bounced], [NOW + at * DAY for at in delivered], POLICY)
    chance.shuffle(bounced)  # type: ignore[attr-defined]
    chance.shuffle(delivered)  # type: ignore[attr-defined]
    assert is_given_up([NOW + at * DAY for at in bounced], [NOW + at * DAY for at in delivered], POLICY) is first
