"""The extension's tab of flows: all of them, one opened, its switch with what that costs, its draft."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Frame, Route, expect

from saleor_lifecycle.models import Enrollment, Flow
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages

from .dashboard_frames import AXE, BROWSER, IS_BUILT, Dashboard, app_url, browser, dashboard, page, sandbox, shop

__all__ = ["app_url", "browser", "dashboard", "page", "sandbox", "shop"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium here: install Debian's package chromium"),
    pytest.mark.skipif(not IS_BUILT, reason="the extension is not built: make extension"),
]

SECOND_ORDER = {"kind": "compare", "fact": "orders", "op": ">=", "value": 1}


def send(key: str, number: int) -> dict[str, object]:
    return {"key": key, "kind": "send", "template": f"abandoned-cart-{number}"}


BRANCHING = {
    "schema_version": 2,
    "topic": "cart",
    "trigger": {"kind": "cart_idle", "idle": "PT30M"},
    "steps": [
        {"key": "hour", "kind": "wait", "duration": "PT1H", "since": "anchor"},
        {
            "key": "buyer",
            "kind": "branch",
            "cases": [{"when": SECOND_ORDER, "then": [send("known", 1)]}],
            "otherwise": [
                {
                    "key": "half",
                    "kind": "split",
                    "shares": [{"weight": 1, "then": [send("first", 1)]}, {"weight": 1, "then": [send("other", 2)]}],
                }
            ],
        },
        {"key": "days", "kind": "wait", "duration": "P2D"},
        send("last", 3),
    ],
}


def opened(dashboard: Dashboard, name: str = "Flows", **settings: str) -> Frame:
    frame = dashboard.app(**settings)
    frame.get_by_role("tab", name=name).click()
    return frame


def walk_through(dashboard: Dashboard) -> None:
    """Let the customers' carts go into the cart flow, where one of them waits."""
    installation, now = dashboard.shop.installation, timezone.now()
    with within(installation.pk):
        Flow.objects.update(switched_on_at=now - timedelta(days=9))
    while passages.run(installation.pk, now):
        pass


def held(dashboard: Dashboard) -> Flow:
    with within(dashboard.shop.installation.pk):
        return Flow.objects.select_related("version").get(key="abandoned-cart")


def write(frame: Frame, document: object) -> None:
    frame.get_by_label("The flow as JSON").fill(json.dumps(document, indent=2))
    frame.get_by_role("button", name="Save draft").click()


def test_all_flows_are_listed_and_one_is_opened(dashboard: Dashboard) -> None:
    walk_through(dashboard)
    with within(dashboard.shop.installation.pk):
        inside = Enrollment.objects.filter(state="waiting").count()
    assert inside > 0
    frame = opened(dashboard)
    row = frame.locator("[data-flow=abandoned-cart]")
    expect(row).to_contain_text("For who left something in the cart.")
    expect(row.locator("dd").first).to_have_text(str(inside))
    row.get_by_role("button", name="Abandoned carts").click()
    tree = frame.locator(".tree")
    expect(tree.locator("[data-step=touch-1]")).to_contain_text("abandoned-cart-1")
    expect(tree.locator(".people").first).to_contain_text("here")
    expect(frame.locator("[data-count=entered] dd")).to_have_text(str(inside))
    expect(frame.locator("[data-lift=conversion]")).to_contain_text("Not enough yet")
    frame.get_by_role("button", name="All flows").click()
    expect(row).to_be_visible()


def test_the_switch_asks_and_tells_what_the_holdout_costs(dashboard: Dashboard) -> None:
    frame = opened(dashboard)
    row = frame.locator("[data-flow=abandoned-cart]")
    row.get_by_role("button", name="Trial without sending").click()
    assert not held(dashboard).is_shadow
    row.get_by_role("button", name="Start the trial").click()
    expect(row).to_have_attribute("data-state", "SHADOW")
    assert held(dashboard).is_shadow
    row.get_by_role("button", name="On", exact=True).click()
    expect(row.locator("[data-cost]")).to_contain_text("10% is the default")
    row.get_by_role("button", name="Cancel").click()
    assert held(dashboard).is_shadow
    row.get_by_role("button", name="On", exact=True).click()
    row.get_by_role("button", name="Switch on").click()
    expect(row).to_have_attribute("data-state", "ON")
    assert (held(dashboard).is_on, held(dashboard).is_shadow) == (True, False)


def test_a_draft_is_published_once_it_has_no_fault_and_people_are_moved(dashboard: Dashboard) -> None:
    walk_through(dashboard)
    frame = opened(dashboard)
    frame.get_by_role("button", name="Abandoned carts").click()
    write(frame, {**BRANCHING, "steps": [*BRANCHING["steps"], {"key": "more", "kind": "send", "template": "missing"}]})  # type: ignore[misc]
    expect(frame.locator("[data-fault='steps[4].template']")).to_contain_text("missing")
    expect(frame.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    frame.get_by_label("The flow as JSON").fill("{")
    expect(frame.locator(".faults")).to_contain_text("This is no JSON")
    write(frame, BRANCHING)
    expect(frame.locator(".faults")).to_contain_text("Nothing keeps it from being published.")
    part = frame.get_by_role("region", name="Publish the draft")
    part.get_by_label("They move").check()
    expect(part).to_contain_text("0 would move")
    part.locator("tbody select").first.select_option("days")
    expect(part).not_to_contain_text("0 would move")
    part.get_by_role("button", name="Publish", exact=True).click()
    part.get_by_role("button", name="Yes, publish").click()
    expect(frame.locator("[data-version='2']")).to_contain_text("Added")
    assert held(dashboard).version.number == 2  # type: ignore[union-attr]
    expect(frame.locator(".tree [data-step=buyer]")).to_contain_text("If at least 1 order")


def test_it_is_copied_renamed_and_put_away(dashboard: Dashboard) -> None:
    frame = opened(dashboard)
    frame.get_by_role("button", name="Abandoned carts").click()
    frame.get_by_label("Key of the copy").fill("second")
    frame.get_by_role("button", name="Copy", exact=True).click()
    expect(frame.get_by_role("heading", name="Copy of Abandoned carts")).to_be_visible()
    frame.locator("input[name=name]").fill("Better carts")
    frame.get_by_role("button", name="Rename").click()
    expect(frame.get_by_role("heading", name="Better carts")).to_be_visible()
    frame.get_by_role("button", name="Put away", exact=True).click()
    frame.get_by_role("button", name="Put away", exact=True).click()
    expect(frame.get_by_role("button", name="Bring it back")).to_be_visible()
    with within(dashboard.shop.installation.pk):
        assert Flow.objects.get(key="second").archived_at is not None


def test_attention_is_capped_and_quiet(dashboard: Dashboard) -> None:
    frame = opened(dashboard, "Sending")
    card = frame.get_by_role("region", name="Attention")
    card.get_by_label("In a day").fill("x")
    expect(card.get_by_role("button", name="Save")).to_be_disabled()
    card.get_by_label("In a day").fill("2")
    card.get_by_label("E-mail: quiet from").fill("22:00")
    expect(card.get_by_role("alert")).to_contain_text("both ends")
    card.get_by_label("E-mail: quiet until").fill("08:00")
    card.get_by_role("button", name="Save").click()
    frame.get_by_role("tab", name="Flows").click()
    frame.get_by_role("tab", name="Sending").click()
    expect(card.get_by_label("In a day")).to_have_value("2")
    expect(card.get_by_label("E-mail: quiet from")).to_have_value("22:00")


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (503, "", "away"),
        (
            200,
            '{"errors": [{"message": "no", "extensions": '
            '{"code": "PERMISSION_DENIED", "permission": "MANAGE_CHECKOUTS"}}]}',
            "forbidden",
        ),
    ],
    ids=["the app does not answer", "without the permission"],
)
def test_an_answer_that_does_not_come_is_said_and_asked_for_again(
    status: int, body: str, state: str, dashboard: Dashboard
) -> None:
    def refuse(route: Route) -> None:
        if "query Flows(" in (route.request.post_data or ""):
            route.fulfill(status=status, body=body, content_type="application/json")
        else:
            route.continue_()

    dashboard.page.route("**/graphql/**", refuse)
    frame = opened(dashboard)
    expect(frame.locator(f"[data-state={state}]")).to_be_visible()
    dashboard.page.unroute("**/graphql/**")
    frame.get_by_role("button", name="Try again").click()
    expect(frame.locator("[data-flow=abandoned-cart]")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(dashboard: Dashboard, theme: str) -> None:
    walk_through(dashboard)
    frame = opened(dashboard, "Flujos", theme=theme, locale="es")
    frame.get_by_role("button", name="Carritos abandonados").click()
    expect(frame.locator("[data-lift=conversion]")).to_be_visible()
    frame.evaluate(AXE.read_text())
    found = frame.evaluate("axe.run()")
    assert len(found["passes"]) > 5
    grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in grave] == []
