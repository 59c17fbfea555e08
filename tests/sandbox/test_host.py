"""The stand-in Dashboard in a real browser, with a framed page that notes what it is told."""

import json
import shutil
from base64 import b64decode
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import jwt
import pytest
from playwright.sync_api import Browser, Frame, Page, sync_playwright

from saleor_lifecycle.sandbox import accounts, apps
from saleor_lifecycle.sandbox.actors import NOBODY
from saleor_lifecycle.sandbox.records import App, User
from saleor_lifecycle.sandbox.schema import check_query
from saleor_lifecycle.sandbox.server import Sandbox

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium here: install Debian's package chromium")
FRAMED = """<!doctype html><title>Framed</title><body><h1>The app</h1><script>
  window.told = []
  addEventListener("message", (event) => told.push(event.data))
  window.say = (type, payload = {}) => parent.postMessage({type, payload: {actionId: type, ...payload}}, "*")
  say("notifyReady")
</script></body>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
        # Frames of another site in the page's own process: Playwright loses one in five of those in their own.
        arguments += ["--disable-site-isolation-trials", "--disable-features=IsolateOrigins,site-per-process"]
        browser = playwright.chromium.launch(executable_path=BROWSER, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    yield page
    page.context.close()


@pytest.fixture
def framed(sandbox: Sandbox, app: Any) -> App:
    """The installed app, whose pages are on another site than the Dashboard."""
    app.page = FRAMED
    common = {"url": f"{app.page_url}/customer", "permissions": ["MANAGE_USERS"]}
    app.manifest |= {
        "appUrl": app.page_url,
        "extensions": [
            {"label": "Widget", "mount": "CUSTOMER_DETAILS_WIDGETS", "target": "WIDGET", **common},
            {"label": "More", "mount": "CUSTOMER_DETAILS_MORE_ACTIONS", "identifier": "more", **common},
            {"label": "Flows", "mount": "NAVIGATION_CUSTOMERS", "target": "APP_PAGE", **common, "url": "/flows"},
        ],
    }
    return apps.install(sandbox.shop, f"{app.url}/manifest", check_query)


@pytest.fixture
def customer(sandbox: Sandbox) -> User:
    user = accounts.register(sandbox.shop, NOBODY, "ann@example.com", "secret", "Ann")
    assert user
    return user


class Host:
    """The pages of the stand-in Dashboard, and what its frames were told."""

    def __init__(self, page: Page, sandbox: Sandbox, customer: User) -> None:
        self.page, self.sandbox, self.customer = page, sandbox, customer

    def open(self, path: str, query: str = "") -> None:
        self.page.goto(f"{self.sandbox.url}/dashboard-host/{path}{query}")

    def open_app(self, query: str = "") -> Frame:
        self.open("app/", query)
        return self.frame("app")

    def open_customer(self, query: str = "") -> Frame:
        self.open(f"customers/{quote(self.customer.id, safe='')}", query)
        return self.frame("widget")

    def frame(self, kind: str) -> Frame:
        """The framed document, once it was greeted as often as the Dashboard greets it: when ready and when loaded."""
        element = self.page.wait_for_selector(f"iframe[name={kind}]", state="attached")
        frame = element.content_frame()
        assert frame
        frame.wait_for_function("() => window.told?.filter((one) => one.type === 'handshake').length >= 2")
        return frame

    def click(self, name: str) -> None:
        self.page.click(f"[data-test-id={name}]")


@pytest.fixture
def host(page: Page, sandbox: Sandbox, framed: App, customer: User) -> Host:
    return Host(page, sandbox, customer)


def _told(frame: Frame, kind: str = "") -> list[Any]:
    told: list[dict[str, Any]] = frame.evaluate("told")
    return [one["payload"] for one in told if one["type"] == kind] if kind else [one["type"] for one in told]


def _wait_until_told(frame: Frame, kind: str, payload: str = "true") -> None:
    frame.wait_for_function(f"() => told.some(({{type, payload}}) => type === '{kind}' && {payload})")


def _address(frame: Frame) -> dict[str, list[str]]:
    pairs: list[list[str]] = frame.evaluate("[...new URLSearchParams(location.search)]")
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _claims(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


@needs_browser
def test_shakes_hands_as_the_dashboard_does(host: Host, framed: App) -> None:
    frame = host.open_app()

    assert _told(frame) == ["handshake", "response", "localeChanged", "theme", "redirect", "handshake"]
    first, again = _told(frame, "handshake")
    assert first == again
    assert (first["version"], first["saleorVersion"], first["dashboardVersion"]) == (1, "3.23.28", "v3.23.27")
    assert _claims(first["token"])["app"] == framed.id
    assert _told(frame, "response") == [{"actionId": "notifyReady", "ok": True}]
    assert (_told(frame, "theme"), _told(frame, "localeChanged")) == ([{"theme": "light"}], [{"locale": "en"}])
    sandbox = host.page.get_attribute("iframe", "sandbox")
    assert sandbox == "allow-same-origin allow-forms allow-scripts allow-downloads allow-popups"


@needs_browser
def test_the_address_tells_where_saleor_is(host: Host, framed: App) -> None:
    frame = host.open_app("?foo=bar&id=other&host-theme=dark")

    address = _address(frame)
    assert list(address)[:2] == ["foo", "id"]
    assert address["id"] == ["other", framed.id]
    assert address["saleorApiUrl"] == [host.sandbox.api_url]
    assert address["theme"] == ["dark"]
    assert not [name for name in address if name.startswith("host-")]
    assert "host-theme" not in host.page.url


@needs_browser
@pytest.mark.parametrize(("loads", "theme"), [("once", None), ("twice", ["light"])])
def test_the_theme_is_not_always_in_the_address(loads: str, theme: list[str] | None, host: Host) -> None:
    assert _address(host.open_app(f"?host-loads={loads}")).get("theme") == theme


@needs_browser
def test_a_late_second_load_hears_a_handshake_only(host: Host) -> None:
    host.open_app("?host-loads=late")
    host.page.frame_locator("iframe").locator("h1").wait_for()

    frame = host.frame("app")
    frame.wait_for_url("**theme=light**")
    frame.wait_for_function("() => window.told?.filter((one) => one.type === 'handshake').length >= 2")
    assert set(_told(frame)) == {"handshake", "response"}


@needs_browser
def test_a_widget_is_narrow_and_grows_when_it_asks(host: Host) -> None:
    frame = host.open_customer()

    box = host.page.locator("iframe").bounding_box()
    assert box
    assert (box["width"], box["height"]) == (344, 200)
    assert _address(frame)["customerId"] == [host.customer.id] * 2
    assert _told(frame, "handshake")[0]["saleorVersion"] == ""
    frame.evaluate("say('widgetResize', {height: 320.4})")
    _wait_until_told(frame, "response", "payload.actionId === 'widgetResize'")
    grown = host.page.locator("iframe").bounding_box()
    assert grown
    assert grown["height"] == 321


@needs_browser
def test_theme_and_language_are_told_when_they_change(host: Host) -> None:
    frame = host.open_app()

    host.click("theme-dark")
    host.click("locale-es")

    _wait_until_told(frame, "localeChanged", "payload.locale === 'es'")
    assert [one["theme"] for one in _told(frame, "theme")] == ["light", "dark"]


@needs_browser
def test_the_metadata_dialog_loads_the_frame_again(host: Host) -> None:
    frame = host.open_customer()
    host.click("theme-dark")
    _wait_until_told(frame, "theme", "payload.theme === 'dark'")

    host.click("metadata")
    frame.wait_for_url("**action=view-metadata**")
    frame = host.frame("widget")

    assert set(_told(frame)) == {"handshake", "response"}
    assert _address(frame)["theme"] == ["light"]
    host.page.locator("dialog#metadata").wait_for()


@needs_browser
def test_an_order_manager_gets_no_token_for_the_widget(host: Host) -> None:
    frame = host.open_customer("?host-as=orders")

    assert [one["token"] for one in _told(frame, "handshake")] == ["", ""]


@needs_browser
def test_the_tokens_end_can_be_brought_about(host: Host) -> None:
    frame = host.open_app()
    first = _told(frame, "handshake")[0]["token"]

    host.click("expire")
    _wait_until_told(frame, "tokenRefresh")
    expired = _told(frame, "tokenRefresh")[-1]["token"]
    host.page.get_by_text("expired", exact=True).wait_for()
    host.click("refresh")
    frame.wait_for_function("() => told.filter((one) => one.type === 'tokenRefresh').length === 2")

    assert _claims(expired)["exp"] < _claims(first)["iat"]
    assert _claims(_told(frame, "tokenRefresh")[-1]["token"])["exp"] > _claims(first)["iat"]


@needs_browser
def test_a_token_may_be_old_from_the_start(host: Host) -> None:
    frame = host.open_app("?host-token=expired")

    claims = _claims(_told(frame, "handshake")[0]["token"])
    assert claims["exp"] < claims["iat"] + 300 + 1
    host.click("refresh")
    _wait_until_told(frame, "tokenRefresh")
    assert _claims(_told(frame, "tokenRefresh")[0]["token"])["exp"] > claims["exp"] + 300


@needs_browser
def test_a_token_is_refreshed_before_its_end(host: Host) -> None:
    frame = host.open_app("?host-seconds=31")

    _wait_until_told(frame, "tokenRefresh")
    assert _told(frame, "tokenRefresh")[0]["token"] != _told(frame, "handshake")[0]["token"]


@needs_browser
def test_a_popup_opens_from_the_menu_and_closes_when_it_asks(host: Host) -> None:
    host.open_customer()
    host.click("more-actions")
    host.page.get_by_role("menuitem", name="More").click()

    popup = host.frame("popup")
    assert _address(popup)["customerId"] == [host.customer.id]
    popup.evaluate("say('popupClose')")
    host.page.locator("iframe[name=popup]").wait_for(state="detached")
    assert host.page.locator("iframe").count() == 1


@needs_browser
@pytest.mark.parametrize(
    ("identifier", "is_opened"), [("more", True), ("nope", False)], ids=["a popup of the app", "none of its own"]
)
def test_a_widget_opens_a_popup_by_its_identifier(identifier: str, is_opened: bool, host: Host) -> None:
    frame = host.open_customer()

    params = "btoa(JSON.stringify({customerId: 'x'}))"  # as the SDK packs them
    frame.evaluate(f"say('openPopup', {{extensionIdentifier: '{identifier}', appParams: {params}}})")
    _wait_until_told(frame, "response", "payload.actionId === 'openPopup'")

    assert _told(frame, "response")[-1]["ok"] is is_opened
    if is_opened:
        address = _address(host.frame("popup"))
        assert "customerId" not in address
        assert [json.loads(b64decode(given)) for given in address["appParams"]] == [{"customerId": "x"}]
    else:
        assert host.page.locator("iframe[name=popup]").count() == 0


@needs_browser
def test_actions_go_by_origin_so_that_two_frames_carry_out_each(host: Host) -> None:
    widget = host.open_customer()
    host.click("more-actions")
    host.page.get_by_role("menuitem", name="More").click()
    popup = host.frame("popup")

    popup.evaluate("say('widgetResize', {height: 260})")
    _wait_until_told(widget, "response", "payload.actionId === 'widgetResize'")

    assert host.page.locator("iframe[name=widget]").evaluate("frame => frame.style.height") == "260px"


@needs_browser
def test_a_notification_is_shown_once(host: Host) -> None:
    frame = host.open_app()

    frame.evaluate("say('notification', {status: 'success', title: 'Saved', text: 'All is well'})")
    frame.evaluate("say('notification', {status: 'success', title: 'Saved', text: 'All is well'})")
    _wait_until_told(frame, "response", "payload.actionId === 'notification'")

    assert host.page.locator("[data-test-id=toast]").all_text_contents() == ["SavedAll is well"]


@needs_browser
def test_routing_changes_the_address_and_leaves_the_frame(host: Host, framed: App) -> None:
    frame = host.open_app()

    frame.evaluate("say('updateRouting', {newRoute: '/flows/1'})")
    _wait_until_told(frame, "response", "payload.actionId === 'updateRouting'")

    assert host.page.url.endswith(f"/extensions/app/{quote(framed.id)}/flows/1")
    host.page.reload()
    assert "/page/flows/1?" in host.frame("app").url


@needs_browser
def test_a_redirect_leads_to_another_page(host: Host) -> None:
    frame = host.open_app()

    frame.evaluate("to => say('redirect', {to})", f"/customers/{quote(host.customer.id)}")

    host.page.wait_for_url("**/customers/**")
    host.page.get_by_text("ann@example.com").wait_for()
    assert host.page.url.endswith(f"/customers/{quote(host.customer.id)}")


@needs_browser
def test_an_unknown_action_gets_no_answer(host: Host) -> None:
    frame = host.open_app()

    frame.evaluate("say('nope'); say('refreshEntity')")
    _wait_until_told(frame, "response", "payload.actionId === 'refreshEntity'")

    assert "nope" not in json.dumps(_told(frame, "response"))


@needs_browser
def test_customers_are_listed(host: Host) -> None:
    host.open("customers/")

    host.page.get_by_role("link", name="Ann").click()
    assert host.frame("widget")
    host.page.get_by_role("link", name="Flows").click()
    assert "/page/flows?" in host.frame("app").url


def test_the_app_page_needs_an_app(sandbox: Sandbox, http: httpx.Client) -> None:
    assert http.get(f"{sandbox.url}/dashboard-host/app/").status_code == 404


def test_pages_let_a_framed_app_know_their_origin(sandbox: Sandbox, http: httpx.Client) -> None:
    answer = http.get(f"{sandbox.url}/dashboard-host/customers/")

    assert answer.status_code == 200
    assert answer.headers["Referrer-Policy"] == "origin-when-cross-origin"
    assert "Content-Security-Policy" not in answer.headers


@pytest.mark.parametrize(("name", "status"), [("page.js", 200), ("page.css", 404), ("__init__.py", 404)])
def test_only_scripts_are_served(name: str, status: int, sandbox: Sandbox, http: httpx.Client) -> None:
    assert http.get(f"{sandbox.url}/dashboard-host/-/{name}").status_code == status
