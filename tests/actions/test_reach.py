"""On which channel a customer is written to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import reach
from saleor_lifecycle.actions.addresses import address_hash
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.models import Brand, Consent, Customer, Identity, Installation, Suppression
from saleor_lifecycle.models.entry import within
from tests.facts import ADA, GRACE, account, tell

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
BOTH = ("on_site", "email")


@pytest.fixture
def shop(installation: Installation) -> Installation:
    """A shop with Ada, who agreed to mails and to messages on the site, and Grace, who agreed to mails alone."""
    with within(installation.pk):
        Brand.objects.update(**{name: "hello@shop.example.com" for name in Brand.NEEDED})
    long_ago = NOW - timedelta(days=300)
    tell(installation, [account(long_ago, consent=True)], long_ago)
    tell(installation, [account(long_ago, GRACE, "grace@example.com", consent=True)], long_ago)
    with within(installation.pk):
        Consent.objects.create(
            installation=installation,
            identity=Identity.objects.get(value=ADA),
            topic="",
            channel="on_site",
            source="storefront",
            is_granted=True,
            evidence="",
            at=long_ago,
        )
    return installation


def reached(shop: Installation, channels: tuple[str, ...], purpose: Purpose = Purpose.COMMERCIAL) -> list[str | None]:
    """Where Ada and Grace are reached."""
    people = [Customer.objects.get(identities__value=user).pk for user in (ADA, GRACE)]
    found = reach.permitted(shop, dict.fromkeys(people, channels), "cart", purpose, NOW)
    return [found[one] for one in people]


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        (BOTH, ["on_site", "email"]),
        (("email", "on_site"), ["email", "email"]),
        (("on_site",), ["on_site", None]),
        (("sms", "on_site"), ["on_site", None]),
        (("preferred", "email"), ["email", "email"]),
        ((), [None, None]),
    ],
)
def test_the_first_channel_that_they_agreed_to_and_have_an_address_on(
    channels: tuple[str, ...], expected: list[str | None], shop: Installation, settings: Any
) -> None:
    settings.TWILIO_ACCOUNT_SID = "AC1"
    with within(shop.pk):
        assert reached(shop, channels) == expected


def test_service_messages_need_no_agreement(shop: Installation) -> None:
    with within(shop.pk):
        assert reached(shop, BOTH, Purpose.SERVICE) == ["on_site", "on_site"]


@pytest.mark.parametrize(
    ("reason", "purpose", "expected"),
    [
        ("unsubscribed", Purpose.COMMERCIAL, [None, "email"]),
        ("unsubscribed", Purpose.SERVICE, ["email", "email"]),
        ("bounced", Purpose.SERVICE, [None, "email"]),
    ],
)
def test_nobody_is_reached_at_an_address_that_is_suppressed(
    reason: str, purpose: Purpose, expected: list[str | None], shop: Installation
) -> None:
    with within(shop.pk):
        hashed = address_hash(shop, "email", "ada@example.com")
        Suppression.objects.create(installation=shop, channel="email", address_hash=hashed, reason=reason, at=NOW)
        assert reached(shop, ("email",), purpose) == expected


def test_a_channel_whose_sender_is_set_up_goes_before_one_that_would_wait_for_it(shop: Installation) -> None:
    with within(shop.pk):
        Brand.objects.update(company="")
        assert reached(shop, ("email", "on_site")) == ["on_site", "email"]


def test_it_asks_as_often_for_many_as_for_one(shop: Installation, django_assert_max_num_queries: Any) -> None:
    with within(shop.pk), django_assert_max_num_queries(14):
        reached(shop, BOTH)
