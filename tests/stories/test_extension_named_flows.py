"""The four flows that the app brings, in the extension: their settings, their people, their codes, the delivery."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Frame, expect

from saleor_lifecycle.actions import flow_versions
from saleor_lifecycle.domain import named_flows
from saleor_lifecycle.domain.incentives import Incentive
from saleor_lifecycle.models import Customer, Enrollment, Flow
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages

from .dashboard_frames import AXE, BROWSER, IS_BUILT, Dashboard, app_url, browser, dashboard, page, sandbox, shop

__all__ = ["app_url", "browser", "dashboard", "page", "sandbox", "shop"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium here: install Debian's package chromium"),
    pytest.mark.skipif(not IS_BUILT, reason="the extension is not built: make extension"),
]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAMES = {
    "abandoned-cart": ("Abandoned carts", "Carritos abandonados"),
    "first-purchase": ("First purchase", "Primera compra"),
    "cross-sell": ("Cross-sell", "Venta cruzada"),
    "win-back": ("Win-back", "Reactivación"),
}


def opened(dashboard: Dashboard, key: str, **settings: str) -> Frame:
    """The frame with that flow open."""
    is_spanish = settings.get("locale") == "es"
    frame = dashboard.app(**settings)
    frame.get_by_role("tab", name="Flujos" if is_spanish else "Flows").click()
    frame.get_by_role("button", name=NAMES[key][is_spanish], exact=True).click()
    return frame


def held(dashboard: Dashboard, key: str) -> named_flows.Settings | None:
    """The settings of the flow's published version."""
    with within(dashboard.shop.installation.pk):
        version = Flow.objects.select_related("version").get(key=key).version
        assert version
        return named_flows.settings(key, version.value().document)


def version(dashboard: Dashboard, key: str) -> int:
    with within(dashboard.shop.installation.pk):
        published = Flow.objects.select_related("version").get(key=key).version
        assert published
        return published.number


def walk_through(dashboard: Dashboard) -> None:
    """Let the customers' carts go into the cart flow, where one of them waits."""
    installation, now = dashboard.shop.installation, timezone.now()
    with within(installation.pk):
        Flow.objects.filter(key="abandoned-cart").update(switched_on_at=now - 9 * DAY)
    while passages.run(installation.pk, now):
        pass


def test_the_first_page_lists_the_four_and_opens_one(dashboard: Dashboard) -> None:
    frame = dashboard.app()
    rows = frame.locator("[data-flow]")
    expect(rows).to_have_count(4)
    assert {row.get_attribute("data-flow"): row.get_attribute("data-state") for row in rows.all()} == {
        "abandoned-cart": "ON",
        "first-purchase": "OFF",
        "cross-sell": "OFF",
        "win-back": "OFF",
    }
    expect(frame.locator("[data-flow=win-back]")).to_contain_text("on each customer’s own loss date")
    frame.get_by_role("button", name="Win-back", exact=True).click()
    expect(frame.get_by_role("heading", name="Win-back")).to_be_visible()
    expect(frame.get_by_role("tab", name="Flows")).to_have_attribute("aria-selected", "true")


def test_delays_are_saved_as_a_new_version_and_people_inside_stay(dashboard: Dashboard) -> None:
    walk_through(dashboard)
    with within(dashboard.shop.installation.pk):
        inside = Enrollment.objects.filter(state="waiting").count()
    assert inside > 0
    frame = opened(dashboard, "abandoned-cart")
    form = frame.locator(".flow-settings form")
    expect(form.get_by_label("A cart counts as abandoned", exact=True)).to_have_value("30")
    form.locator("[name=touch-2]").fill("1")
    form.locator("[name=touch-2-unit]").select_option("minutes")
    expect(form.get_by_role("alert")).to_have_text("Each mail has to leave later than the one before.")
    save = form.get_by_role("button", name="Save as a new version")
    expect(save).to_be_disabled()
    form.locator("[name=touch-2]").fill("36")
    form.locator("[name=touch-2-unit]").select_option("hours")
    form.locator("[name=idle]").fill("45")
    assert version(dashboard, "abandoned-cart") == 1
    save.click()
    expect(frame.locator(".flow-settings [role=status]")).to_contain_text("inside stay")
    expect(frame.locator(".flow-settings")).to_contain_text("Version 2")
    expect(form.locator("[name=touch-2]")).to_have_value("36")
    expect(save).to_be_disabled()
    found = held(dashboard, "abandoned-cart")
    assert found
    assert found.delays == (timedelta(minutes=45), HOUR, 36 * HOUR, 3 * DAY)
    with within(dashboard.shop.installation.pk):
        staying = Enrollment.objects.filter(state="waiting").values_list("version__number", flat=True)
        assert list(staying) == [1] * inside


def test_the_holdout_is_set_with_what_it_costs(dashboard: Dashboard) -> None:
    frame = opened(dashboard, "cross-sell")
    form = frame.locator(".flow-settings form")
    expect(form.locator("[data-cost]")).to_contain_text("10%")
    form.get_by_label("Holdout, %").fill("51")
    expect(form.get_by_role("alert")).to_contain_text("from 0 to 50")
    form.get_by_label("Holdout, %").fill("5")
    expect(form.locator("[data-cost]")).to_contain_text("5%")
    form.get_by_role("button", name="Save as a new version").click()
    expect(frame.locator(".flow-settings")).to_contain_text("Version 2")
    found = held(dashboard, "cross-sell")
    assert found
    assert found.holdout == 0.05
    expect(frame.get_by_label("Put a personal code into the last message")).to_have_count(0)


def test_win_back_has_its_days_before_its_pace_and_its_code(dashboard: Dashboard) -> None:
    frame = opened(dashboard, "win-back")
    form = frame.locator(".flow-settings form")
    expect(form.get_by_label("Percent off")).to_have_value("10")
    form.get_by_label("Days before the loss date").fill("7")
    form.get_by_label("People an hour").fill("200")
    form.get_by_label("Percent off").fill("5")
    form.get_by_label("Valid for (days)").fill("3")
    form.get_by_role("button", name="Save as a new version").click()
    expect(frame.locator(".flow-settings")).to_contain_text("Version 2")
    found = held(dashboard, "win-back")
    assert found
    assert found.incentive
    assert (found.days_before, found.per_hour, found.incentive.percent) == (7, 200, 5)
    assert found.incentive.lasts == 3 * DAY
    form.get_by_label("People an hour").fill("")
    form.get_by_label("Put a personal code into the last message").uncheck()
    form.get_by_role("button", name="Save as a new version").click()
    expect(frame.locator(".flow-settings")).to_contain_text("Version 3")
    found = held(dashboard, "win-back")
    assert found
    assert (found.incentive, found.per_hour) == (None, None)


def test_who_was_lost_before_is_counted_before_the_flow_is_switched_on(dashboard: Dashboard) -> None:
    with within(dashboard.shop.installation.pk):
        people = Customer.objects.filter(merged_into=None).update(phase="loss", loss_at=timezone.now() - DAY)
        assert people > 1
    frame = opened(dashboard, "win-back")
    switch = frame.locator(".state-switch")
    switch.get_by_role("button", name="On", exact=True).click()
    told = switch.locator(f"[data-existing='{people}']")
    expect(told).to_contain_text(f"{people} people who were lost before come in too, at most 20 an hour")
    switch.get_by_role("button", name="Trial without sending").click()
    expect(told).to_have_count(0)
    frame.get_by_role("button", name="All flows").click()
    frame.get_by_role("button", name="Cross-sell", exact=True).click()
    switch.get_by_role("button", name="On", exact=True).click()
    expect(switch.locator("[data-cost]")).to_be_visible()
    expect(told).to_have_count(0)


def test_a_code_without_a_percentage_is_free_delivery(dashboard: Dashboard) -> None:
    frame = opened(dashboard, "win-back")
    form = frame.locator(".flow-settings form")
    form.get_by_label("Percent off").fill("0")
    form.get_by_role("button", name="Save as a new version").click()
    expect(frame.locator(".tree")).to_contain_text("Give a personal code: free delivery for 7 days")


def test_a_code_is_put_into_the_last_cart_mail(dashboard: Dashboard) -> None:
    frame = opened(dashboard, "abandoned-cart")
    form = frame.locator(".flow-settings form")
    code = form.get_by_label("Put a personal code into the last message")
    expect(code).not_to_be_checked()
    code.check()
    form.get_by_role("button", name="Save as a new version").click()
    expect(frame.locator(".tree [data-step=code]")).to_contain_text("Give a personal code: 10% off")
    found = held(dashboard, "abandoned-cart")
    assert found
    assert found.incentive == Incentive(10, 2 * DAY, first_order_only=True)


def test_the_text_of_a_message_is_one_click_away(dashboard: Dashboard) -> None:
    frame = opened(dashboard, "first-purchase")
    frame.get_by_role("button", name="Edit its text: Asking for a review").click()
    expect(frame.get_by_role("tab", name="Messages")).to_have_attribute("aria-selected", "true")
    expect(frame.get_by_text("review-request").first).to_be_visible()


def test_a_flow_that_holds_more_than_settings_is_changed_as_a_draft(dashboard: Dashboard) -> None:
    with within(dashboard.shop.installation.pk):
        flow = Flow.objects.select_related("version").get(key="cross-sell")
        assert flow.version
        steps = [*flow.version.document["steps"], {"key": "more", "kind": "tag", "tag": "asked"}]
        flow_versions.publish(flow, {**flow.version.document, "steps": steps}, timezone.now())
    frame = opened(dashboard, "cross-sell")
    expect(frame.get_by_text("This flow holds more than a few settings can say")).to_be_visible()
    expect(frame.locator(".flow-settings")).to_have_count(0)


def test_people_are_listed_by_state_and_lead_to_their_page(dashboard: Dashboard) -> None:
    walk_through(dashboard)
    frame = opened(dashboard, "abandoned-cart")
    people = frame.get_by_role("region", name="People in the flow")
    row = people.locator("[data-person]").first
    expect(row).to_contain_text("@example.com")
    expect(row).to_contain_text("Wait until")
    people.get_by_role("button", name="Left").click()
    expect(people).to_contain_text("Nobody has left it early.")
    people.get_by_role("button", name="In the flow").click()
    row.get_by_role("button").click()
    dashboard.page.wait_for_url("**/customers/**")


def test_people_come_in_pages(dashboard: Dashboard) -> None:
    walk_through(dashboard)
    with within(dashboard.shop.installation.pk):
        one = Enrollment.objects.filter(state="waiting").first()
        assert one
        for number in range(25):
            one.pk, one.public_id, one.key = None, uuid4(), f"more-{number}"
            one.save(force_insert=True)
        inside = Enrollment.objects.filter(state="waiting").count()
    frame = opened(dashboard, "abandoned-cart")
    people = frame.get_by_role("region", name="People in the flow")
    expect(people.locator("[data-person]")).to_have_count(20)
    people.get_by_role("button", name="Show more").click()
    expect(people.locator("[data-person]")).to_have_count(inside)
    expect(people.get_by_role("button", name="Show more")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("key", ["win-back", "first-purchase"])
def test_axe_finds_nothing_serious(dashboard: Dashboard, key: str, theme: str) -> None:
    frame = opened(dashboard, key, theme=theme, locale="es")
    expect(frame.locator("[data-cost]")).to_be_visible()
    expect(frame.locator("[data-lift=conversion]")).to_be_visible()
    frame.evaluate(AXE.read_text())
    found = frame.evaluate("axe.run()")
    assert len(found["passes"]) > 5
    grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in grave] == []
