"""The extension as a merchant meets it: framed by a Dashboard of another site that behaves as Saleor's does."""

import gzip
from typing import Any

import pytest
from playwright.sync_api import Frame, Locator, Response, expect

from saleor_lifecycle.models import Brand, Flow, Installation
from saleor_lifecycle.models.entry import within

from .dashboard_frames import (
    AXE,
    BROWSER,
    IS_BUILT,
    Dashboard,
    Shop,
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

PHASES = ("education", "sales", "retention", "loss")
WORDS = {
    "en": {
        "app": ("Before the first mail leaves", "Customers per phase", "In sales phase", "Abandoned carts"),
        "widget": ("In retention phase", "Engagement score, as a customer", "2 orders, the last on", "Last activities"),
    },
    "es": {
        "app": ("Antes del primer correo", "Clientes por fase", "En fase de venta", "Carritos abandonados"),
        "widget": ("En fase de retención", "Índice de compromiso, como cliente", "2 pedidos, el último", "Últimas"),
    },
}


def cart_flow(frame: Frame) -> Locator:
    """The cart flow's row among the flows of the first page."""
    return frame.locator("[data-flow=abandoned-cart]")


def is_flow_on(shop: Shop) -> bool:
    with within(shop.installation.pk):
        return Flow.objects.get(key="abandoned-cart").is_on


def installation(shop: Shop) -> Installation:
    with within(shop.installation.pk):
        return Installation.objects.get()


def dark(frame: Any) -> bool:
    return bool(frame.evaluate("document.documentElement.dataset.theme === 'dark'"))


@pytest.mark.parametrize("name", ["app", "widget"])
@pytest.mark.parametrize("locale", ["en", "es"])
def test_it_speaks_the_dashboards_language_and_changes_with_it(dashboard: Dashboard, name: str, locale: str) -> None:
    # "once": a frame that is loaded twice may miss the only time that the locale is told.
    frame = getattr(dashboard, name)(locale=locale, loads="once")
    for words in WORDS[locale][name]:
        expect(frame.get_by_text(words).first).to_be_visible()
    other = {"en": "es", "es": "en"}[locale]
    dashboard.press(f"locale-{other}")
    for words in WORDS[other][name]:
        expect(frame.get_by_text(words).first).to_be_visible()
    assert frame.evaluate("document.documentElement.lang") == other


@pytest.mark.parametrize("name", ["app", "widget"])
@pytest.mark.parametrize("loads", ["once", "twice", "late"])
def test_it_takes_the_dashboards_theme_however_often_it_is_loaded(dashboard: Dashboard, name: str, loads: str) -> None:
    frame = getattr(dashboard, name)(theme="dark", loads=loads)
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    ground = frame.evaluate("getComputedStyle(document.body).backgroundColor")
    dashboard.press("theme-light")
    expect(frame.locator("html")).to_have_attribute("data-theme", "light")
    assert frame.evaluate("getComputedStyle(document.body).backgroundColor") != ground


@pytest.mark.parametrize("name", ["app", "widget"])
def test_theme_and_language_survive_the_metadata_dialog(dashboard: Dashboard, name: str) -> None:
    frame = getattr(dashboard, name)(theme="light", loads="once")
    dashboard.press("theme-dark")
    dashboard.press("locale-es")
    expect(frame.get_by_text(WORDS["es"][name][0]).first).to_be_visible()
    dashboard.press("metadata")
    frame.wait_for_url("**action=view-metadata**")
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    expect(frame.get_by_text(WORDS["es"][name][0]).first).to_be_visible()


def test_a_token_that_expires_in_mid_page_is_waited_for(dashboard: Dashboard) -> None:
    frame = dashboard.app()
    flow = cart_flow(frame)
    flow.get_by_role("button", name="Off", exact=True).click()
    dashboard.press("expire")
    refused: list[int] = []

    def answered(answer: Response) -> None:
        if "mutation FlowSwitch" in (answer.request.post_data or ""):  # what the page looks up besides may still come
            refused.append(answer.status)

    dashboard.page.on("response", answered)
    flow.get_by_role("button", name="Switch off").click()
    expect(flow.get_by_role("button", name="Switch off")).to_be_disabled()
    dashboard.page.wait_for_timeout(500)
    assert refused == [401]
    assert is_flow_on(dashboard.shop)
    dashboard.press("refresh")
    expect(flow).to_have_attribute("data-state", "OFF")
    assert not is_flow_on(dashboard.shop)
    expect(dashboard.page.locator("[data-test-id=toast]")).to_contain_text("Abandoned carts: Off")


def test_a_token_that_never_comes_is_said_with_what_to_do(dashboard: Dashboard) -> None:
    frame = dashboard.app()
    flow = cart_flow(frame)
    flow.get_by_role("button", name="Off", exact=True).click()
    dashboard.press("expire")
    flow.get_by_role("button", name="Switch off").click()
    expect(frame.get_by_role("alert")).to_contain_text("Your pass has expired", timeout=10_000)
    expect(frame.get_by_role("alert")).to_contain_text("open it again")
    assert is_flow_on(dashboard.shop)
    expect(flow.get_by_role("button", name="Switch off")).to_be_enabled()


@pytest.mark.parametrize("name", ["app", "widget"])
def test_a_page_that_opens_expired_recovers_with_the_next_token(dashboard: Dashboard, name: str) -> None:
    frame = getattr(dashboard, name)(token="expired")
    expect(frame.get_by_role("heading", name="Your pass has expired")).to_be_visible()
    dashboard.press("refresh")
    expect(frame.get_by_text(WORDS["en"][name][0]).first).to_be_visible()


def test_a_popup_whose_token_ends_asks_to_be_opened_again(dashboard: Dashboard) -> None:
    dashboard.widget(seconds="-60", ahead="off")
    popup = dashboard.popup()
    expect(popup.get_by_role("heading", name="Your pass has expired")).to_be_visible()
    expect(popup.get_by_text("Close the page and open it again")).to_be_visible()


@pytest.mark.parametrize(("name", "asks"), [("app", True), ("widget", False)])
def test_a_missing_permission_is_named(dashboard: Dashboard, name: str, asks: bool) -> None:
    """The widget's token is empty, which the official SDK does not survive; there is nothing to ask with."""
    asked: list[str] = []
    dashboard.page.on("request", lambda request: asked.append(request.url) if "graphql/d" in request.url else None)
    frame = getattr(dashboard, name)(**{"as": "orders"})
    expect(frame.get_by_role("heading", name="You may not see this")).to_be_visible()
    expect(frame.get_by_text("Manage customers (MANAGE_USERS)")).to_be_visible()
    assert bool(asked) is asks
    assert "@example.com" not in frame.locator("body").inner_text()


def test_the_frame_is_of_another_site_and_keeps_no_cookie(dashboard: Dashboard) -> None:
    frame = dashboard.app()
    assert frame.evaluate("location.hostname") == "localhost"
    assert dashboard.page.evaluate("location.hostname") == "127.0.0.1"
    assert dashboard.page.context.cookies() == []


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("phase", PHASES)
def test_the_widgets_first_200_px_say_the_essentials(dashboard: Dashboard, phase: str, locale: str) -> None:
    frame = dashboard.widget(phase, locale=locale, loads="once")
    for part in ("phase", "score", "why", "next"):
        box = frame.locator(f"[data-part={part}]").evaluate("part => part.getBoundingClientRect().toJSON()")
        assert box["top"] >= 0
        assert box["bottom"] <= 200, part
        assert frame.locator(f"[data-part={part}]").inner_text().strip()
    assert box["right"] <= frame.evaluate("innerWidth")


def test_the_widget_is_as_high_as_what_it_says(dashboard: Dashboard) -> None:
    frame = dashboard.widget()
    frame.wait_for_function(
        "() => Math.ceil(document.querySelector('.customer').getBoundingClientRect().height) === innerHeight"
    )
    assert frame.evaluate("innerHeight") > 200
    assert dashboard.messages("in", "widgetResize")


def test_the_widget_opens_the_same_customer_in_full(dashboard: Dashboard) -> None:
    frame = dashboard.widget()
    frame.get_by_role("button", name="Full view").click()
    popup = dashboard.frame("popup")
    expect(popup.get_by_role("heading", name="Phases so far")).to_be_visible()
    expect(popup.get_by_text("2 orders, the last on")).to_be_visible()
    expect(popup.get_by_role("button", name="Full view")).to_have_count(0)
    # The Dashboard gives a popup's height to the widget below it too.
    heights = [message["height"] for message in dashboard.messages("in", "widgetResize")]
    assert frame.evaluate("innerHeight") == heights[-1]
    assert popup.evaluate("document.querySelector('.customer').getBoundingClientRect().height") not in heights


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["app", "widget"])
def test_axe_finds_nothing_serious(dashboard: Dashboard, name: str, theme: str) -> None:
    frame = getattr(dashboard, name)(theme=theme)
    frame.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    frame.evaluate(AXE.read_text())
    found = frame.evaluate("axe.run()")
    assert dark(frame) is (theme == "dark")
    assert len(found["passes"]) > 10
    grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in grave] == []


def test_the_first_page_is_under_300_kb(dashboard: Dashboard) -> None:
    answers: list[Response] = []
    dashboard.page.on("response", lambda answer: answers.append(answer) if "//localhost" in answer.url else None)
    frame = dashboard.app(loads="once")
    frame.evaluate("document.fonts.ready.then(() => null)")
    sizes = {answer.url: len(gzip.compress(answer.body())) for answer in answers}
    assert {url.partition("?")[0].rpartition(".")[2] for url in sizes} >= {"js", "css", "woff2"}
    assert sum(sizes.values()) < 300_000, sizes


def test_the_checklist_is_worked_off_where_it_stands(dashboard: Dashboard) -> None:
    frame = dashboard.app()
    checklist = frame.locator(".checklist")
    sender = checklist.locator("[data-key=SENDER]")
    sender.get_by_label("Sender’s e-mail").fill("nobody")
    sender.get_by_role("button", name="Save").click()
    expect(sender.get_by_role("alert")).to_have_text("This is no e-mail address.")
    sender.get_by_label("Sender’s e-mail").fill("hello@shop.example.com")
    sender.get_by_role("button", name="Save").click()
    expect(sender).to_have_attribute("data-done", "true")
    with within(dashboard.shop.installation.pk):
        assert Brand.objects.get().sender_email == "hello@shop.example.com"

    question = checklist.locator("[data-key=PROJECTION]")
    question.locator("summary").click()
    expect(question).to_contain_text("4 customers would be written now")
    expect(question).to_contain_text("Customers can technically read their own")
    reader = question.get_by_text("Customers can technically read their own").bounding_box()
    assert reader
    assert reader["width"] > reader["height"]
    assert installation(dashboard.shop).is_projecting is None
    question.get_by_role("button", name="Yes, write it").click()
    expect(question).to_have_attribute("data-done", "true")
    assert installation(dashboard.shop).is_projecting is True
    frame.get_by_title("Show in the customers list: Sales").click()
    dashboard.page.wait_for_url("**/customers/**")
    assert "lifecycle.phase" in dashboard.page.url
    assert dashboard.page.url.endswith("=sales")


def test_a_server_key_is_shown_once_and_replaced_only_when_asked(dashboard: Dashboard) -> None:
    frame = dashboard.app()
    frame.get_by_role("tab", name="Settings").click()
    frame.get_by_role("button", name="Make a key").click()
    expect(frame.get_by_text("Copy it now")).to_be_visible()
    key = frame.locator(".part code").inner_text()
    frame.get_by_role("button", name="Replace it").click()
    expect(frame.get_by_text("The one in use stops working at once")).to_be_visible()
    frame.get_by_role("button", name="Cancel").click()
    assert frame.locator(".part code").inner_text() == key
    again = dashboard.app()
    expect(again.get_by_text("There is one; it was shown once.")).to_be_visible()
    assert key not in again.content()
