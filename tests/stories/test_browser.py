"""What a person sees: the mail in the mailbox, and the way out of it, in a real browser."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from saleor_lifecycle.models import Consent, Installation, Suppression
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.sandbox.server import Options, Sandbox, running
from tests.shop_server import shop_server
from tests.tasks.abandoned import abandon, now, send, shop

__all__ = ["now", "shop", "shop_server"]

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium here: install Debian's package chromium"),
]


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with running(Options(data=tmp_path)) as sandbox:
        yield sandbox


@contextmanager
def browser_page(width: int = 1100, scheme: str = "light") -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=BROWSER,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        try:
            yield page
        finally:
            browser.close()


@pytest.fixture
def mailed(
    shop: Installation, now: datetime, sandbox: Sandbox, live_server: LiveServer, settings: LazySettings
) -> Installation:
    """A shop whose first mail lies in the sandbox's mailbox."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sandbox.smtp_port
    settings.PUBLIC_URL = live_server.url
    with within(shop.pk):
        Installation.objects.update(home="")  # it lives there from now on
    abandon(shop, now)
    send(shop)
    return shop


@pytest.mark.parametrize(("width", "scheme"), [(600, "light"), (320, "dark")])
def test_the_mailbox_shows_the_mail_as_it_looks(
    mailed: Installation, sandbox: Sandbox, width: int, scheme: str
) -> None:
    with browser_page() as page:
        page.goto(f"{sandbox.url}/mail/")
        page.get_by_role("link", name="cart").first.click()
        page.goto(f"{page.url}?width={width}&scheme={scheme}")
        mail = page.frame_locator("iframe")
        assert mail.get_by_role("heading", level=1).is_visible()
        button = mail.get_by_role("link", name="Back to your cart")
        assert button.is_visible()
        frame = page.frames[-1]
        assert frame.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        ground = button.evaluate("link => getComputedStyle(link.closest('td')).backgroundColor")
        assert ground != mail.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")


def test_a_person_ends_the_mails_with_one_click(mailed: Installation, sandbox: Sandbox) -> None:
    (mail,) = sandbox.mailbox.mails()
    link = str(mail.message["List-Unsubscribe"]).strip(" <>")
    with browser_page(width=360) as page:
        page.goto(link)
        assert page.get_by_role("heading", level=1).inner_text() == "Stop these e-mails?"
        page.reload()  # looking changes nothing
        page.get_by_role("button", name="Yes, stop them").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Done"
        page.goto(link)
        assert page.get_by_role("heading", level=1).inner_text() == "It was done already"
    with within(mailed.pk):
        assert Consent.objects.filter(source="unsubscribe", is_granted=False).count() == 1
        assert Suppression.objects.count() == 1
