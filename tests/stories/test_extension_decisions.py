"""The extension's part about flows on a customer's page: what became of them there, and why not."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Frame, Route, expect

from saleor_lifecycle.actions import ledger
from saleor_lifecycle.actions.ledger import Entry, Kind
from saleor_lifecycle.models import Enrollment, Flow
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages

from .dashboard_frames import AXE, BROWSER, IS_BUILT, Dashboard, Shop, app_url, browser, dashboard, page, sandbox, shop

__all__ = ["app_url", "browser", "dashboard", "page", "sandbox", "shop"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium here: install Debian's package chromium"),
    pytest.mark.skipif(not IS_BUILT, reason="the extension is not built: make extension"),
]


def walk_through(shop: Shop, phase: str = "retention") -> Enrollment:
    """Let a customer's cart go through its flow until now; return the passage, with a deferral written down."""
    now = timezone.now()
    with within(shop.installation.pk):
        Flow.objects.update(switched_on_at=now - timedelta(days=9))
    while passages.run(shop.installation.pk, now):
        pass
    with within(shop.installation.pk):
        user = shop.customers[phase]
        passage = Enrollment.objects.get(customer__identities__value=user)
        put_off = Entry(
            passage.customer_id,
            passage.flow_id,
            Kind.DEFERRED,
            "quiet_asked_for",
            passage.pk,
            step="touch-1",
            data={"until": now + timedelta(hours=3)},
        )
        ledger.record(shop.installation.pk, [put_off], now)
    return passage


def opened(dashboard: Dashboard, phase: str = "retention", **settings: str) -> Frame:
    dashboard.widget(phase, **settings)
    return dashboard.popup()


def test_the_story_and_why_not_stand_on_the_customers_page(dashboard: Dashboard) -> None:
    walk_through(dashboard.shop)
    part = opened(dashboard).get_by_role("region", name="Flows")
    story = part.locator("[data-flow=abandoned-cart]")
    expect(story).to_contain_text("Abandoned carts")
    expect(story).to_contain_text("In the flow")
    expect(story.locator("[data-kind=ENTERED]")).to_contain_text("a filled cart was left alone")
    expect(story.locator("[data-kind=DEFERRED]")).to_contain_text("they asked for quiet")
    part.get_by_role("button", name="Why not “Abandoned carts”?").click()
    expect(part.locator("[data-obstacle=WAITS]")).to_contain_text("They stand at")


def test_who_was_in_no_flow_is_told_so_and_why_not(dashboard: Dashboard) -> None:
    part = opened(dashboard, "loss").get_by_role("region", name="Flows")
    expect(part).to_contain_text("This customer has not been in a flow.")
    part.get_by_role("button", name="Why not “Abandoned carts”?").click()
    expect(part.locator("[data-obstacle=NO_CART]")).to_contain_text("There is no filled cart")


def test_it_speaks_spanish(dashboard: Dashboard) -> None:
    walk_through(dashboard.shop)
    part = opened(dashboard, locale="es").get_by_role("region", name="Flujos")
    expect(part.locator("[data-kind=ENTERED]")).to_contain_text("dejó sin tocar un carrito lleno")
    part.get_by_role("button", name="¿Por qué no «Carritos abandonados»?").click()
    expect(part.locator("[data-obstacle=WAITS]")).to_contain_text("Está en")


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (503, "", "away"),
        (
            200,
            '{"errors": [{"message": "no", "extensions": {"code": "PERMISSION_DENIED"}}]}',
            "forbidden",
        ),
    ],
    ids=["the app does not answer", "without the permission"],
)
def test_an_answer_that_does_not_come_is_said_and_asked_for_again(
    status: int, body: str, state: str, dashboard: Dashboard
) -> None:
    def refuse(route: Route) -> None:
        if "customerFlows" in (route.request.post_data or ""):
            route.fulfill(status=status, body=body, content_type="application/json")
        else:
            route.continue_()

    dashboard.page.route("**/graphql/**", refuse)
    part = opened(dashboard).get_by_role("region", name="Flows")
    expect(part.locator(f"[data-state={state}]")).to_be_visible()
    dashboard.page.unroute("**/graphql/**")
    part.get_by_role("button", name="Try again").click()
    expect(part).to_contain_text("This customer has not been in a flow.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(dashboard: Dashboard, theme: str) -> None:
    walk_through(dashboard.shop)
    frame = opened(dashboard, theme=theme)
    part = frame.get_by_role("region", name="Flows")
    part.get_by_role("button", name="Why not “Abandoned carts”?").click()
    expect(part.locator("[data-obstacle]").first).to_be_visible()
    frame.evaluate(AXE.read_text())
    found = frame.evaluate("axe.run(document.querySelector('.flows'))")
    assert len(found["passes"]) > 5
    grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in grave] == []
