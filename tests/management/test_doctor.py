from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from saleor_lifecycle.actions import deliverability, sender_domains
from saleor_lifecycle.domain.deliverability import Counts
from saleor_lifecycle.domain.sender_records import Check, Level, Record
from saleor_lifecycle.domain.sender_records import Finding as DomainFinding
from saleor_lifecycle.models import Brand, Installation, SenderDomain
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.manifest import PERMISSIONS

pytestmark = pytest.mark.django_db(transaction=True)


def lines_of_doctor() -> list[str]:
    output = StringIO()
    call_command("doctor", stdout=output)
    return output.getvalue().splitlines()


def trouble_of_doctor() -> list[str]:
    output = StringIO()
    with pytest.raises(CommandError, match="to put right"):
        call_command("doctor", stdout=output)
    return [line for line in output.getvalue().splitlines() if line.startswith("BAD")]


def test_finds_nothing_wrong_where_nothing_is(installation: Installation) -> None:
    with within(installation.pk):
        brand = Brand.objects.get()
        for name in ("sender_email", "company", "postal_address", "contact_email", "cart_url"):
            setattr(brand, name, "given")
        brand.save()
        Installation.objects.update(permissions=list(PERMISSIONS))
    lines = lines_of_doctor()
    assert [line for line in lines if not line.startswith("OK  ")] == []
    assert any("https://shop.example.com/graphql/, no event yet" in line for line in lines)


def test_tells_of_a_permission_that_the_shop_withholds(installation: Installation) -> None:
    with within(installation.pk):
        Installation.objects.update(permissions=[one for one in PERMISSIONS if one != "MANAGE_DISCOUNTS"])
    assert "MANAGE_DISCOUNTS not granted: install the app again in Saleor" in lines_of_doctor()[-1]


def test_says_how_to_install_when_nobody_has() -> None:
    assert lines_of_doctor()[-1] == (
        "WARN  installations: none: install https://app.example.com/api/manifest in Saleor"
    )


@pytest.mark.parametrize("state", [Installation.State.INACTIVE, Installation.State.REMOVED])
def test_tells_of_a_shop_that_sends_nothing(installation: Installation, state: str) -> None:
    with within(installation.pk):
        Installation.objects.update(state=state)
    assert f"{state}, no events come" in lines_of_doctor()[-1]


def test_tells_of_settings_that_cannot_work(settings: Settings) -> None:
    settings.PUBLIC_URL = "app.example.com"
    assert trouble_of_doctor()[0].startswith("BAD   settings: PUBLIC_URL is not an address")


@pytest.mark.parametrize("module", ["migrations_of_nobody", "tests"], ids=["no module", "a module without any"])
def test_sees_that_the_migrations_are_not_where_they_should_be(settings: Settings, module: str) -> None:
    settings.MIGRATION_MODULES = {"lifecycle": module}
    assert "BAD   migrations: the folder `migrations` is not importable: the installation is not complete" in (
        trouble_of_doctor()
    )


def test_counts_migrations_that_are_not_applied() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'lifecycle' RETURNING name, applied")
        applied = cursor.fetchall()
    try:
        (trouble,) = trouble_of_doctor()
    finally:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('lifecycle', %s, %s)", applied
            )
    assert trouble.endswith(f"{len(applied)} not applied: run `migrate`")


def test_tells_that_broker_and_mail_are_away_without_their_passwords(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://user:a-password@127.0.0.1:1/0"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    broker, mail = trouble_of_doctor()
    assert broker.startswith("BAD   broker (redis): ")
    assert mail.startswith("BAD   mail through smtp: ConnectionRefusedError")
    assert "a-password" not in broker + mail


def test_tells_what_a_sender_domain_lacks_and_of_a_pause(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        Brand.objects.update(sender_email="hello@shop.example")
        sender_domains.note(Brand.objects.get(), now)
    assert any("sender domain shop.example, not looked up yet" in line for line in lines_of_doctor())
    with within(installation.pk):
        put = Record("_dmarc.shop.example", "TXT", "v=DMARC1; p=none")
        found = [
            DomainFinding(Check.SPF, "spf_ok", Level.OK),
            DomainFinding(Check.MX, "mx_missing", Level.ERROR),
            DomainFinding(Check.DMARC, "dmarc_missing", Level.ERROR, put=put),
        ]
        sender_domains.keep(SenderDomain.objects.get(), "brevo", found, now)
        deliverability.note(installation, "email", Counts(1000, 100, 0), now)
    paused, domain = lines_of_doctor()[-2:]
    assert paused == (
        "WARN  commercial e-mail of https://shop.example.com/graphql/: paused since 2026-03-11 12:00 UTC (bounces): "
        "staff end this in the Dashboard"
    )
    assert domain == (
        "WARN  sender domain shop.example, looked up 2026-03-11 12:00 UTC: mx_missing; "
        "dmarc_missing: put TXT _dmarc.shop.example v=DMARC1; p=none"
    )
