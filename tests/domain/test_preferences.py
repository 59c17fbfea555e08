import itertools
from datetime import UTC, datetime, timedelta

import pytest

from saleor_lifecycle.domain.preferences import Frequency, Preferences, is_tracked, quiet_until, strictest

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("case", "wants", "last_sent_at", "until"),
    [
        ("nothing asked for", Preferences(), NOW, None),
        ("weekly, and nothing was sent yet", Preferences(Frequency.WEEKLY), None, None),
        ("weekly", Preferences(Frequency.WEEKLY), NOW, NOW + 7 * DAY),
        ("monthly", Preferences(Frequency.MONTHLY), NOW, NOW + 30 * DAY),
        ("a pause", Preferences(paused_until=NOW + DAY), NOW, NOW + DAY),
        ("of a pause and a rhythm the later", Preferences(Frequency.WEEKLY, NOW + DAY), NOW, NOW + 7 * DAY),
        ("and the other way round", Preferences(Frequency.WEEKLY, NOW + 90 * DAY), NOW, NOW + 90 * DAY),
    ],
)
def test_keeps_quiet_until(
    case: str, wants: Preferences, last_sent_at: datetime | None, until: datetime | None
) -> None:
    assert quiet_until(wants, last_sent_at) == until, case


def test_of_several_the_strictest_counts_in_any_order_but_for_the_language() -> None:
    held = [
        Preferences(Frequency.WEEKLY, NOW, True, "en"),
        Preferences(Frequency.MONTHLY, None, None),
        Preferences(Frequency.ALL, NOW + DAY, False),
    ]
    for arranged in itertools.permutations(held):
        assert strictest(arranged) == Preferences(Frequency.MONTHLY, NOW + DAY, False, "en")
    assert strictest([Preferences(language="en"), Preferences(language="es"), Preferences()]).language == "es"
    assert strictest([]) == Preferences()


@pytest.mark.parametrize(("several", "stands"), [((True, True), True), ((True, None), None), ((None, False), False)])
def test_only_who_always_agreed_agrees(several: tuple[bool | None, ...], stands: bool | None) -> None:
    assert strictest(Preferences(is_personalised=one) for one in several).is_personalised is stands


@pytest.mark.parametrize(
    ("is_personalised", "by_default", "answer"),
    [(None, False, False), (None, True, True), (True, False, True), (False, True, False)],
)
def test_nothing_is_noted_of_who_was_not_asked_unless_the_merchant_says_so(
    is_personalised: bool | None, by_default: bool, answer: bool
) -> None:
    assert is_tracked(Preferences(is_personalised=is_personalised), by_default) is answer
