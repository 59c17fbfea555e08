"""The extension in the stand-in Dashboard, in a real browser: the app's own web server, frames of another site."""

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, Frame, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import across, within
from saleor_lifecycle.sandbox import accounts, apps
from saleor_lifecycle.sandbox.actors import NOBODY
from saleor_lifecycle.sandbox.schema import check_query
from saleor_lifecycle.sandbox.server import Options, Sandbox, running
from tests.facts import account, cart, order, tell

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
ROOT = Path(__file__).parents[2]
AXE = ROOT / "dashboard_extension/node_modules/axe-core/axe.min.js"
IS_BUILT = (ROOT / "saleor_lifecycle/static/dashboard/index.html").exists() and AXE.exists()
DAY = timedelta(days=1)


class _Quiet(WSGIRequestHandler):
    timeout = 5  # a browser opens connections on which it asks nothing

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def _closing(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Each request has a thread of its own here, and its connection would outlive the test's database."""

    def answered(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        try:
            answer = application(environ, start_response)
            try:
                return [b"".join(answer)]
            finally:
                if hasattr(answer, "close"):
                    answer.close()
        finally:
            connections.close_all()

    return answered


@pytest.fixture
def app_url(transactional_db: None, settings: LazySettings) -> Iterator[str]:
    """The app's web server, as the shop reaches it; the browser's frames reach it at another site, localhost."""
    from saleor_lifecycle.wsgi import application

    server = make_server("127.0.0.1", 0, _closing(application), threaded=True, request_handler=_Quiet)
    # Its end waits for the threads that still answer, and so for their connections.
    server.daemon_threads = False  # type: ignore[attr-defined]
    settings.PUBLIC_URL = f"http://127.0.0.1:{server.server_port}"
    settings.IFRAME_URL = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield settings.PUBLIC_URL
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with running(Options(data=tmp_path)) as sandbox:
        yield sandbox


@dataclass(frozen=True)
class Shop:
    """The sandbox with the app in it, and the Saleor users who stand in each phase, by its name."""

    sandbox: Sandbox
    installation: Installation
    customers: dict[str, str]


@pytest.fixture
def shop(sandbox: Sandbox, app_url: str) -> Shop:
    """A shop with one customer in every phase."""
    apps.install(sandbox.shop, f"{app_url}/api/manifest", check_query)
    with across():
        installation_id = Installation.objects.values_list("id", flat=True).get()
    with within(installation_id):
        installation = Installation.objects.select_related("policy").get()
    customers = {}
    for phase, history in _histories(timezone.now()).items():
        user = accounts.register(sandbox.shop, NOBODY, f"{phase}@example.com", "secret", phase.title())
        assert user
        for at, facts in history(user.id, user.email):
            tell(installation, facts, at)
        customers[phase] = user.id
    return Shop(sandbox, installation, customers)


History = Callable[[str, str], list[tuple[datetime, list[Any]]]]


def _histories(now: datetime) -> dict[str, History]:
    """What people who are in each phase today did, as it was heard of: (when, facts)."""
    joined, lately, long_ago = now - 25 * DAY, now - 2 * DAY, now - 20 * DAY

    def known(user: str, email: str) -> tuple[datetime, list[Any]]:
        return joined, [account(joined, user, email, joined=joined, consent=True)]

    return {
        "education": lambda user, email: [known(user, email)],
        "sales": lambda user, email: [
            known(user, email),
            (lately, [cart(lately, f"cart {user}", user, email)]),
        ],
        "retention": lambda user, email: [
            known(user, email),
            (
                long_ago,
                [order(long_ago - 20 * DAY, f"1 {user}", user, email), order(long_ago, f"2 {user}", user, email)],
            ),
            (lately, [cart(lately, f"cart {user}", user, email)]),
        ],
        "loss": lambda user, email: [
            known(user, email),
            (lately, [order(now - 250 * DAY, f"order {user}", user, email)]),
        ],
    }


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as environment:
        # Playwright keeps an event loop in this thread, and Django takes what is asked beside it for a coroutine's.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
        # Frames of another site in the page's own process: Playwright loses one in five of those in their own.
        arguments += ["--disable-site-isolation-trials", "--disable-features=IsolateOrigins,site-per-process"]
        browser = playwright.chromium.launch(executable_path=BROWSER, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab in which nothing may go wrong unseen."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(15_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    # What the end of the tab breaks off is no error.
    seen = list(errors)
    page.context.close()
    assert not seen, seen


class Dashboard:
    """The stand-in Dashboard's pages with our frames in them."""

    def __init__(self, page: Page, shop: Shop) -> None:
        self.page, self.shop = page, shop

    def app(self, **settings: str) -> Frame:
        """Open the app's page and return its frame."""
        return self._open("app/", "app", settings)

    def widget(self, phase: str = "retention", **settings: str) -> Frame:
        """Open the page of the customer in that phase and return the widget's frame."""
        return self._open(f"customers/{quote(self.shop.customers[phase], safe='')}", "widget", settings)

    def press(self, name: str) -> None:
        self.page.locator(f"[data-test-id={name}]").click()

    def popup(self) -> Frame:
        """Open the popup from the customer's menu and return its frame."""
        self.press("more-actions")
        self.page.get_by_role("menuitem", name="Lifecycle").click()
        return self.frame("popup")

    def frame(self, name: str) -> Frame:
        """The frame of that name, once it shows an answer: before, the Dashboard may load it a second time."""
        iframe = f'iframe[name="{name}"]'
        self.page.frame_locator(iframe).locator(".columns, .standing, .state, .flow-list, .flow-page").first.wait_for()
        handle = self.page.query_selector(iframe)
        frame = handle.content_frame() if handle else None
        assert frame
        return frame

    def messages(self, way: str, kind: str) -> list[dict[str, Any]]:
        """What went between Dashboard and frames so far."""
        log: list[dict[str, Any]] = self.page.evaluate("() => window.host.log")
        return [entry["payload"] for entry in log if (entry["way"], entry["type"]) == (way, kind)]

    def _open(self, path: str, name: str, settings: dict[str, str]) -> Frame:
        query = "&".join(f"host-{key}={value}" for key, value in settings.items())
        self.page.goto(f"{self.shop.sandbox.url}/dashboard-host/{path}?{query}")
        return self.frame(name)


@pytest.fixture
def dashboard(page: Page, shop: Shop) -> Dashboard:
    return Dashboard(page, shop)
