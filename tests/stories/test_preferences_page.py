"""The page of preferences as people use it: on a small telephone, in the dark, by keyboard, with a screen reader."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from saleor_lifecycle.actions import bases, consent, opt_ins
from saleor_lifecycle.channels.links import Link, OptInLink, confirm_url, preferences_url, unsubscribe_url
from saleor_lifecycle.domain.preferences import Frequency, Preferences
from saleor_lifecycle.models import Cart, Customer, Installation, Message, OptIn
from saleor_lifecycle.models.entry import within
from tests.shop_server import shop_server
from tests.stories.dashboard_frames import AXE
from tests.stories.test_browser import browser_page, pytestmark
from tests.tasks.abandoned import abandon, now, shop

__all__ = ["now", "pytestmark", "shop", "shop_server"]

PICTURES = os.environ.get("PICTURES")
"""A folder, for whoever wants to look at the pages."""


@pytest.fixture
def link(shop: Installation) -> Link:
    """What the links of a mail that was sent stand for."""
    message = abandon(shop, timezone.now())
    with within(shop.pk):
        hashed = consent.address_hash(shop, "email", "ada@example.com")
        Message.objects.update(state="sent", due_at=None, settled_at=timezone.now(), address_hash=hashed)
    return Link(shop.public_id, message.public_id)


def grave(page: Page) -> list[str]:
    """Return what axe finds serious or critical."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")
    assert len(found["passes"]) > 10
    return [one["id"] for one in found["violations"] if one["impact"] in ("serious", "critical")]


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(
    ("width", "scheme", "language"), [(320, "light", "en"), (320, "dark", "es"), (600, "light", "es")]
)
def test_is_read_by_everybody_at_every_width(
    width: int, scheme: str, language: str, shop: Installation, link: Link, live_server: LiveServer
) -> None:
    with within(shop.pk):
        Cart.objects.update(language=language)
        opt_ins.ask(shop, opt_ins.Form("grace@example.com", (), language, "News, please"), timezone.now())
        form = OptIn.objects.get()
    confirm = confirm_url(live_server.url, OptInLink(shop.public_id, form.public_id))
    pages = {
        "preferences": preferences_url(live_server.url, link),
        "unsubscribe": unsubscribe_url(live_server.url, link),
        "confirm": confirm,
    }
    with browser_page(width, scheme) as page:
        for name, address in pages.items():
            page.goto(address)
            picture(page, f"{name}-{width}-{scheme}-{language}")
            assert (name, grave(page), fits(page)) == (name, [], True)
            assert page.locator("html").get_attribute("lang") == language
            buttons = page.locator("button, .actions a")
            assert max(one.bounding_box()["height"] for one in buttons.all()) < 80  # type: ignore[index]
        small = page.evaluate(
            "[...document.querySelectorAll('button, select, label.choice, .actions a')]"
            ".map(one => one.getBoundingClientRect().height).filter(height => height < 44)"
        )
        assert small == [], "a thumb finds them"


def test_is_used_by_keyboard_alone(shop: Installation, link: Link, live_server: LiveServer) -> None:
    with browser_page(320) as page:
        page.goto(preferences_url(live_server.url, link))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.value") == "cart"
        page.keyboard.press("Space")
        for _ in range(6):
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "frequency"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.value") == "30"
        for _ in range(2):
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "impersonal"
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        page.keyboard.press("Enter")
        assert page.get_by_role("heading", level=1).inner_text() == "Saved"
        assert not page.get_by_label("Cart reminders").is_checked()
        assert page.get_by_label("News").is_checked()
    with within(shop.pk):
        ada = Customer.objects.get(merged_into=None).pk
        wants = bases.preferences_of([ada])[ada]
        assert consent.basis_of(shop.pk, ada, "cart", "email", timezone.now()).basis == "refused"
    assert wants.paused_until is not None
    assert wants.paused_until > timezone.now() + timedelta(days=29)
    assert wants == Preferences(Frequency.WEEKLY, wants.paused_until, False, "en")


def test_who_leaves_is_offered_topics_and_takes_one(shop: Installation, link: Link, live_server: LiveServer) -> None:
    with browser_page(320) as page:
        page.goto(unsubscribe_url(live_server.url, link))
        page.get_by_role("button", name="Yes, stop them").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Done"
        picture(page, "left")
        assert page.locator("input:checked").count() == 0
        page.get_by_label("Offers").check()
        page.get_by_role("button", name="Receive only these").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Saved"
        assert page.locator("input[name=topic]:checked").count() == 1
