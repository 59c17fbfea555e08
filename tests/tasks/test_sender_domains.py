"""The task check: asked of a name server on a real socket, stored with its date, asked again each day."""

from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.actions import sender_domains
from saleor_lifecycle.domain.sender_records import Check, Finding, Level, Record
from saleor_lifecycle.models import Brand, Installation, SenderDomain
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import sender_domains as tasks
from saleor_lifecycle.tasks import sweep
from saleor_lifecycle.tasks.nudge import CHECK
from tests.dns_server import NameServer, name_server

pytestmark = pytest.mark.django_db

__all__ = ["name_server"]

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(installation: Installation, name_server: NameServer, now: datetime) -> Installation:
    """A shop that writes from a domain of which DNS knows an SPF record and nothing else."""
    name_server.txt("shop.example", "v=spf1 -all")
    with within(installation.pk):
        Brand.objects.update(sender_email="hello@Shop.example")
        sender_domains.note(Brand.objects.get(), now)
    return installation


def held(shop: Installation) -> SenderDomain:
    with within(shop.pk):
        return SenderDomain.objects.get()


def codes(shop: Installation) -> set[str]:
    return {one.code for one in sender_domains.read(held(shop).findings)}


def is_due(shop: Installation, at: datetime) -> bool:
    return (CHECK, shop.pk) in sweep.due(at)


def test_a_domain_is_checked_at_once_and_again_each_day(shop: Installation, now: datetime) -> None:
    assert is_due(shop, now)
    assert (tasks.run(shop.pk, now), tasks.run(shop.pk, now)) == (1, 0)
    row = held(shop)
    assert (row.domain, row.checked_at) == ("shop.example", now)
    assert codes(shop) >= {"spf_ok_own", "dmarc_missing", "mx_missing", "list_unsubscribe_ok"}
    assert (is_due(shop, now + 24 * HOUR - timedelta(seconds=1)), is_due(shop, now + 24 * HOUR)) == (False, True)


def test_findings_come_back_as_they_were_stored(shop: Installation, now: datetime) -> None:
    tasks.run(shop.pk, now)
    found = {one.code: one for one in sender_domains.read(held(shop).findings)}
    assert found["dmarc_missing"] == Finding(
        Check.DMARC, "dmarc_missing", Level.ERROR, "", Record("_dmarc.shop.example", "TXT", "v=DMARC1; p=none")
    )


def test_a_silent_name_server_leaves_what_was_known_and_is_asked_within_the_hour(
    shop: Installation, name_server: NameServer, now: datetime
) -> None:
    tasks.run(shop.pk, now)
    known = codes(shop)
    name_server.broken = {"shop.example"}
    later = now + 24 * HOUR
    tasks.run(shop.pk, later)
    assert codes(shop) == known
    assert (held(shop).checked_at, is_due(shop, later + HOUR)) == (later, True)
    name_server.broken = set()
    name_server.txt("shop.example", "v=spf1 +all")
    tasks.run(shop.pk, later + HOUR)
    assert "spf_open" in codes(shop)
    assert "spf_ok_own" not in codes(shop)


def test_a_worker_that_dies_leaves_it_to_the_next(shop: Installation, now: datetime) -> None:
    with within(shop.pk):
        sender_domains.take_due(shop.pk, 5, now)
    assert tasks.run(shop.pk, now) == 0
    assert is_due(shop, now + sender_domains.LEASE)


def test_the_merchants_selectors_are_looked_under(shop: Installation, name_server: NameServer, now: datetime) -> None:
    tasks.run(shop.pk, now)
    assert "dkim_selectors_unknown" in codes(shop)
    with within(shop.pk):
        assert sender_domains.set_selectors(shop.pk, "shop.example", ["k1"], now)
        assert not sender_domains.set_selectors(shop.pk, "other.example", ["k1"], now)
    tasks.run(shop.pk, now)
    assert "dkim_missing" in codes(shop)
    assert ("k1._domainkey.shop.example", "TXT") in name_server.asked


def test_the_provider_says_what_it_wants(shop: Installation, now: datetime, settings: object) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.mailjet.EmailBackend"  # type: ignore[attr-defined]
    tasks.run(shop.pk, now)
    assert held(shop).provider == "mailjet"
    assert codes(shop) >= {"spf_provider_missing", "dkim_missing"}


def test_a_removed_shop_is_not_checked(shop: Installation, now: datetime) -> None:
    with within(shop.pk):
        Installation.objects.update(state="removed")
    assert not is_due(shop, now)
