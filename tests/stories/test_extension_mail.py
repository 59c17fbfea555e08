"""The extension's card of how mail leaves."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Frame, expect

from saleor_lifecycle.actions import mail_accounts
from saleor_lifecycle.models import Brand
from saleor_lifecycle.models.entry import within

from .dashboard_frames import (
    AXE,
    BROWSER,
    IS_BUILT,
    Dashboard,
    app_url,
    browser,
    dashboard,
    page,
    sandbox,
    shop,
)

__all__ = ["app_url", "browser", "dashboard", "page", "sandbox", "shop"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium here: install Debian's package chromium"),
    pytest.mark.skipif(not IS_BUILT, reason="the extension is not built: make extension"),
]

PICTURES = os.environ.get("MAIL_CARD_PICTURES")
"""A folder, for whoever wants to look at the card."""


@pytest.fixture(autouse=True)
def _strangers(settings: object) -> Iterator[None]:
    settings.TRUSTED_SENDERS = []  # type: ignore[attr-defined]
    return


def settings_of(dashboard: Dashboard, **host: str) -> Frame:
    frame = dashboard.app(**host)
    frame.get_by_role("tab", name="Ajustes" if host.get("locale") == "es" else "Settings").click()
    return frame


def picture(dashboard: Dashboard, name: str) -> None:
    if PICTURES:
        dashboard.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_an_account_is_set_up_changed_and_removed(dashboard: Dashboard) -> None:
    installation_id = dashboard.shop.installation.pk
    frame = settings_of(dashboard)
    card = frame.get_by_role("region", name="How mail leaves")
    expect(card).to_contain_text("leave through the account of whoever runs this app")
    card.get_by_text("Set up an account of your own").click()
    form = card.locator("form")
    form.get_by_label("Provider").select_option("mailgun")
    form.get_by_role("button", name="Save").click()
    expect(form).to_contain_text("This may not be empty.")
    form.get_by_label("API key").fill("key-0123456789abcdef")
    form.get_by_label("Region").select_option("eu")
    picture(dashboard, "form")
    form.get_by_role("button", name="Save").click()
    heading = frame.get_by_role("heading", name="Every channel without an account of its own")
    account = card.locator(".part", has=heading)
    expect(account).to_contain_text("Mailgun")
    with within(installation_id):
        assert mail_accounts.account_of(installation_id, "").settings["region"] == "eu"
    account.get_by_text("Change it").click()
    expect(account).to_contain_text("ends with cdef")
    expect(account.get_by_label("API key")).to_have_value("")
    account.get_by_label("Region").select_option("us")
    with dashboard.page.expect_response(lambda answer: "graphql/dashboard" in answer.url):
        account.get_by_role("button", name="Save").click()
    with within(installation_id):
        kept = mail_accounts.account_of(installation_id, "").settings
    assert (kept["region"], kept["api_key"]) == ("us", "key-0123456789abcdef")
    frame.evaluate(AXE.read_text())
    seen = frame.evaluate("axe.run()")
    assert [one["id"] for one in seen["violations"] if one["impact"] in ("serious", "critical")] == []
    account.get_by_role("button", name="Remove").click()
    account.get_by_role("button", name="Remove").click()
    expect(card).to_contain_text("leave through the account of whoever runs this app")
    with within(installation_id):
        assert mail_accounts.account_of(installation_id, "").id is None


@pytest.mark.parametrize(("locale", "theme"), [("en", "light"), ("es", "dark")])
def test_an_account_that_is_held_says_so_and_a_sender_whether_they_may(
    locale: str, theme: str, dashboard: Dashboard
) -> None:
    from django.utils import timezone

    installation, now = dashboard.shop.installation, timezone.now()
    with within(installation.pk):
        Brand.objects.update(sender_email="hola@shop.example")
        mail_accounts.save(installation, "default-channel", "postmark", {"server_token": "k" * 20}, now)
        account = mail_accounts.account_of(installation.pk, "default-channel")
        mail_accounts.hold(account, "Postmark answered 401: Bad or missing Server API token.", now)
    frame = settings_of(dashboard, locale=locale, theme=theme)
    card = frame.get_by_role("region", name="Cómo sale el correo" if locale == "es" else "How mail leaves")
    expect(card).to_contain_text("Bad or missing Server API token.")
    expect(card).to_contain_text("Sin confirmar" if locale == "es" else "Not confirmed")
    picture(dashboard, f"held-{locale}-{theme}")
    frame.evaluate(AXE.read_text())
    seen = frame.evaluate("axe.run()")
    assert [one["id"] for one in seen["violations"] if one["impact"] in ("serious", "critical")] == []
