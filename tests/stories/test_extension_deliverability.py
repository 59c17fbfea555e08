"""Will my mail arrive? As a merchant sees it in the Dashboard, and puts it right."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Frame, expect

from saleor_lifecycle.actions import deliverability, sender_domains, sending, warm_ups
from saleor_lifecycle.domain.deliverability import Counts
from saleor_lifecycle.models import Brand, SenderDomain, SendingChannel
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import sender_domains as checks
from tests.dns_server import NameServer, name_server

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

__all__ = ["app_url", "browser", "dashboard", "name_server", "page", "sandbox", "shop"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium here: install Debian's package chromium"),
    pytest.mark.skipif(not IS_BUILT, reason="the extension is not built: make extension"),
]

DAY = timedelta(days=1)
TAB = {"en": "Deliverability", "es": "Entrega"}


@pytest.fixture
def troubled(dashboard: Dashboard, name_server: NameServer) -> Dashboard:
    """A shop whose sender's domain lacks what Mailjet wants, which warms up, and of whose mail too much bounced."""
    now, shop = timezone.now(), dashboard.shop.installation
    name_server.txt("shop.example", "v=spf1 mx -all")
    name_server.records["shop.example", "MX"] = ["10 mx.shop.example."]
    with within(shop.pk):
        Brand.objects.update(sender_email="hello@shop.example")
        sender_domains.note(Brand.objects.get(), now)
        warm_ups.begin(shop, "email")
        sending.take_turns(shop, "email", 30, now - 2 * DAY)
        sending.take_turns(shop, "email", 140, now)
        for days in range(14, 0, -1):
            told = Counts(120 + days, 1 if days > 5 else 9, int(days == 9))
            deliverability.count(shop.pk, "email", [((now - days * DAY).date(), told)])
        deliverability.judge_channel(shop, "email", now)
    return dashboard


def checked(dashboard: Dashboard) -> None:
    while checks.run(dashboard.shop.installation.pk, timezone.now()):
        pass


def opened(dashboard: Dashboard, theme: str = "light", locale: str = "en") -> Frame:
    frame: Frame = dashboard.app(theme=theme, locale=locale, loads="once")
    frame.get_by_role("tab", name=TAB[locale]).click()
    expect(frame.locator(".rate").first).to_be_visible()
    return frame


def test_what_is_missing_is_said_with_what_to_put_where(troubled: Dashboard) -> None:
    checked(troubled)
    frame = opened(troubled)
    dmarc = frame.locator("[data-code=dmarc_missing]")
    expect(dmarc).to_contain_text("There is no DMARC record")
    expect(dmarc.locator("code").first).to_have_text("_dmarc.shop.example")
    expect(dmarc.locator("code").nth(1)).to_have_text("v=DMARC1; p=none")
    dmarc.get_by_role("button", name="Copy: Value").click()
    expect(dmarc.get_by_role("button", name="Copy: Value")).to_have_text("Copied")
    troubled.page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'pasted'}))")
    troubled.page.locator("#pasted").focus()
    troubled.page.keyboard.press("Control+V")
    assert troubled.page.locator("#pasted").input_value() == "v=DMARC1; p=none"


def test_looking_again_shows_what_was_put_right(
    troubled: Dashboard, name_server: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(troubled)
    frame = opened(troubled)
    expect(frame.locator("[data-code=dmarc_missing]")).to_be_visible()
    monkeypatch.setattr("saleor_lifecycle.api.dashboard.deliverability.nudge", lambda *nudge: checked(troubled))
    name_server.txt("_dmarc.shop.example", "v=DMARC1; p=reject")
    frame.get_by_role("button", name="Look again").click()
    expect(frame.locator("[data-code=dmarc_ok]")).to_be_visible(timeout=15_000)
    expect(frame.locator("[data-code=dmarc_missing]")).to_have_count(0)


def test_selectors_are_asked_for_and_stored(troubled: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saleor_lifecycle.api.dashboard.deliverability.nudge", lambda *nudge: None)
    checked(troubled)
    frame = opened(troubled)
    frame.get_by_label("Selectors, with commas between").fill("k 1?, k2")
    frame.get_by_role("button", name="Save").click()
    expect(frame.get_by_role("alert")).to_contain_text("A selector has letters, digits, dots and hyphens only.")
    frame.get_by_label("Selectors, with commas between").fill("k1._domainkey, k2")
    frame.get_by_role("button", name="Save").click()
    expect(frame.get_by_text("Being looked up…")).to_be_visible()
    with within(troubled.shop.installation.pk):
        assert SenderDomain.objects.get().selectors == ["k1", "k2"]


def test_a_pause_is_shown_with_its_reason_and_ended(troubled: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saleor_lifecycle.api.dashboard.deliverability.nudge", lambda *nudge: None)
    frame = opened(troubled)
    expect(frame.locator("div.warning")).to_contain_text("Too many e-mails went to addresses that do not exist")
    expect(frame.locator("[data-harm=BOUNCES]")).to_have_attribute("data-standing", "PAUSED")
    frame.get_by_role("button", name="Go on").click()
    frame.get_by_role("button", name="Send again").click()
    expect(frame.locator("div.warning")).to_have_count(0)
    with within(troubled.shop.installation.pk):
        assert SendingChannel.objects.get().paused_at is None


def test_the_warm_up_shows_how_far_it_is_and_ends_when_asked(
    troubled: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saleor_lifecycle.api.dashboard.deliverability.nudge", lambda *nudge: None)
    frame = opened(troubled)
    expect(frame.locator(".warm-up")).to_contain_text("140 of 200 today")
    frame.get_by_role("button", name="End the warm-up").click()
    frame.get_by_role("button", name="End it").click()
    expect(frame.get_by_role("button", name="Begin a warm-up")).to_be_visible()
    with within(troubled.shop.installation.pk):
        assert not SendingChannel.objects.get().is_warming_up


def test_a_shop_without_a_sender_is_told_what_to_do(dashboard: Dashboard) -> None:
    frame = opened(dashboard)
    expect(frame.get_by_text("Say under Settings who writes")).to_be_visible()


@pytest.mark.parametrize(("theme", "locale"), [("light", "en"), ("dark", "es")])
def test_axe_finds_nothing_serious(theme: str, locale: str, troubled: Dashboard) -> None:
    checked(troubled)
    frame = opened(troubled, theme, locale)
    frame.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    frame.evaluate(AXE.read_text())
    found = frame.evaluate("axe.run()")
    assert len(found["passes"]) > 10
    grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in grave] == []
