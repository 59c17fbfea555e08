import pytest

from saleor_lifecycle.domain.suppressions import BOUNCED, COMPLAINED, MANUAL, REASONS, UNSUBSCRIBED, reason_of


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        *((reason, reason) for reason in REASONS),
        (" Soft_Bounces ", "soft_bounces"),
        ("Hard bounce", BOUNCED),
        ("marked as spam", COMPLAINED),
        ("Opt-out", UNSUBSCRIBED),
        ("dado de baja", UNSUBSCRIBED),
        ("whatever", MANUAL),
        ("", MANUAL),
    ],
)
def test_a_reason_in_another_services_words_or_in_our_own(word: str, expected: str) -> None:
    assert reason_of(word) == expected
