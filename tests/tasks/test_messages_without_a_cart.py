"""Messages that no cart is behind: about their customer, and nothing of the shop has to be asked."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from saleor_lifecycle.actions import consent, consent_settings, templates
from saleor_lifecycle.domain.legal_basis import SoftOptIn
from saleor_lifecycle.models import Customer, Installation, Message, Suppression
from saleor_lifecycle.models.entry import within
from tests.channels.conftest import MailServer
from tests.facts import account, order, tell
from tests.tasks.abandoned import HOUR, now, send, shop, standing

pytestmark = pytest.mark.django_db

__all__ = ["now", "shop"]


def queue(
    shop: Installation,
    now: datetime,
    *,
    purpose: str,
    agreed: bool | None = None,
    text: str = "Hello {{ customer.first_name }}, {{ links.unsubscribe }}",
) -> Message:
    tell(shop, [account(now - HOUR, consent=agreed)], now)
    with within(shop.pk):
        words = ("Hello from {{ shop.name }}", "", text)
        templates.save(shop.pk, "hello", "en", words, "<p>Hello {{ customer.first_name }}</p>", now)
        return Message.objects.create(
            installation=shop,
            customer=Customer.objects.get(merged_into=None),
            key="hello:1",
            template="hello",
            topic="cart",
            channel="email",
            purpose=purpose,
            queued_at=now,
            due_at=now,
        )


def test_goes_to_the_address_of_the_account_in_its_language(
    shop: Installation, now: datetime, mail_server: MailServer
) -> None:
    queue(shop, now, purpose="commercial", agreed=True)
    assert [send(shop), send(shop)] == [1, 0]
    (mail,) = mail_server.received
    assert (mail["To"], mail["Content-Language"]) == ("ada@example.com", "en")
    assert "/unsubscribe/" in mail["List-Unsubscribe"]
    assert standing(shop) == ("sent", "")


@pytest.mark.parametrize(
    ("purpose", "agreed", "expected"),
    [
        ("commercial", None, ("skipped", "no_consent")),
        ("commercial", False, ("skipped", "consent_refused")),
        ("service", None, ("sent", "")),
        ("service", False, ("sent", "")),
    ],
)
def test_only_a_commercial_one_needs_a_basis(
    purpose: str,
    agreed: bool | None,
    expected: tuple[str, str],
    shop: Installation,
    now: datetime,
    mail_server: MailServer,
) -> None:
    queue(shop, now, purpose=purpose, agreed=agreed)
    send(shop)
    assert standing(shop) == expected
    assert len(mail_server.received) == (expected[0] == "sent")


@pytest.mark.parametrize(
    ("agreed", "why"), [(True, "because you agreed to hear from"), (None, "because you ordered from")]
)
def test_the_footer_says_why_somebody_gets_it(
    agreed: bool | None, why: str, shop: Installation, now: datetime, mail_server: MailServer
) -> None:
    tell(shop, [replace(order(now - 2 * HOUR), country="ES")], now)
    with within(shop.pk):
        assert consent_settings.set_soft_opt_in(shop.pk, {"ES": SoftOptIn(date(2026, 1, 1))}, now) == ()
    queue(shop, now, purpose="commercial", agreed=agreed, text="{{ footer.reason }}")
    send(shop)
    body = mail_server.received[0].get_body(("plain",))
    assert body is not None
    assert why in body.get_content().replace("\n", " ")


@pytest.mark.parametrize(
    ("reason", "expected"), [("unsubscribed", ("sent", "")), ("bounced", ("skipped", "suppressed"))]
)
def test_a_service_message_reaches_who_unsubscribed_but_no_address_that_bounced(
    reason: str, expected: tuple[str, str], shop: Installation, now: datetime, mail_server: MailServer
) -> None:
    queue(shop, now, purpose="service")
    with within(shop.pk):
        hashed = consent.address_hash(shop, "email", "ada@example.com")
        Suppression.objects.create(installation=shop, channel="email", address_hash=hashed, reason=reason, at=now)
    send(shop)
    assert standing(shop) == expected
    assert [mail["List-Unsubscribe"] for mail in mail_server.received] == ([None] if expected[0] == "sent" else [])


def test_one_whose_customer_has_no_address_is_skipped(
    shop: Installation, now: datetime, mail_server: MailServer
) -> None:
    queued = queue(shop, now, purpose="service")
    with within(shop.pk):
        Message.objects.filter(pk=queued.pk).update(customer=None)
    send(shop)
    assert standing(shop) == ("skipped", "no_address")
    assert mail_server.received == []
