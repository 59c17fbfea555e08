"""When a delivery is tried again, and when an endpoint is given up."""

from datetime import UTC, datetime, timedelta

import pytest

from saleor_lifecycle.domain.webhooks import (
    LONGEST_ASKED,
    LONGEST_REST,
    OFF_AFTER,
    RETRY_AFTER,
    asked_rest,
    is_given_up,
    rest,
    retry_at,
)

NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("attempts", range(1, len(RETRY_AFTER) + 1))
def test_each_pause_is_up_to_a_fifth_longer(attempts: int) -> None:
    assert retry_at(attempts, b"\x00\x00", NOW) == NOW + RETRY_AFTER[attempts - 1]
    assert retry_at(attempts, b"\xff\xff", NOW) == NOW + RETRY_AFTER[attempts - 1] * 1.2


def test_there_is_an_end_to_attempts() -> None:
    assert retry_at(len(RETRY_AFTER) + 1, b"\x00\x00", NOW) is None


@pytest.mark.parametrize(("failures", "minutes"), [(0, 0), (1, 1), (2, 2), (5, 16), (6, 32), (7, 60), (500, 60)])
def test_a_rest_doubles_up_to_an_hour(failures: int, minutes: int) -> None:
    assert rest(failures) == timedelta(minutes=minutes) <= LONGEST_REST


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("120", timedelta(seconds=120)),
        (" 0 ", timedelta()),
        ("Wed, 11 Mar 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Wed, 11 Mar 2026 12:05:00 -0000", timedelta(minutes=5)),
        ("Wed, 11 Mar 2026 11:05:00 GMT", timedelta()),
        ("99999999999999999999", LONGEST_ASKED),
        ("Sat, 01 Jan 2050 00:00:00 GMT", LONGEST_ASKED),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_reads_what_an_endpoint_asks_for(header: str, wanted: timedelta | None) -> None:
    assert asked_rest(header, NOW) == wanted


@pytest.mark.parametrize(
    ("since", "is_over"),
    [(None, False), (NOW - OFF_AFTER + SECOND, False), (NOW - OFF_AFTER, True), (NOW - OFF_AFTER - SECOND, True)],
)
def test_an_endpoint_is_given_up_after_days(since: datetime | None, is_over: bool) -> None:
    assert is_given_up(since, NOW) is is_over
