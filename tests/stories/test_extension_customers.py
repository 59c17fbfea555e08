"""The extension's parts about customers: what is imported, when they count as lost, who they are, what Saleor holds."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from saleor_lifecycle.domain.backfill import Kind
from saleor_lifecycle.models import Backfill, Installation, PolicyVersion, Rescoring, Separation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.rescorings import rescore
from tests.facts import order, tell

from .dashboard_frames import (
    AXE,
    BROWSER,
    DAY,
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

POLLED = 15_000
"""Milliseconds in which the page has asked again."""


def installation(shop: Shop) -> Installation:
    with within(shop.installation.pk):
        return Installation.objects.select_related("policy").get()


def test_the_tab_that_was_open_survives_the_metadata_dialog(dashboard: Dashboard) -> None:
    frame = dashboard.app()
    frame.get_by_role("tab", name="Suppression list").click()
    frame.get_by_role("tab", name="Suppression list").press("ArrowRight")
    expect(frame.get_by_role("heading", name="When is a customer lost?")).to_be_visible()
    expect(frame.get_by_role("tab", name="Phases and score")).to_be_focused()
    dashboard.press("metadata")
    frame.wait_for_url("**action=view-metadata**")
    expect(frame.get_by_role("heading", name="When is a customer lost?")).to_be_visible()


def test_the_import_shows_how_far_it_is_and_starts_again_only_when_asked_twice(dashboard: Dashboard) -> None:
    now = timezone.now()
    with within(dashboard.shop.installation.pk):
        Backfill.objects.filter(kind=Kind.ORDERS).delete()
        Backfill.objects.create(
            installation=dashboard.shop.installation,
            kind=Kind.ORDERS,
            cursor="there",
            done=6210,
            total=10000,
            error="ShopAway: 502",
            started_at=now - timedelta(seconds=60),
            updated_at=now,
        )
    frame = dashboard.app()
    expect(frame.locator("[data-kind=ORDERS]")).to_contain_text("6,210 of 10,000")
    frame.get_by_role("tab", name="Customer data").click()
    orders = frame.locator("[data-kind=ORDERS]")
    expect(orders).to_contain_text("62 %")
    expect(orders).to_contain_text("tried again by itself, and nothing is lost. The shop said: ShopAway: 502")
    frame.get_by_role("button", name="Start again").click()
    frame.get_by_role("button", name="Cancel").click()
    with within(dashboard.shop.installation.pk):
        assert Backfill.objects.get(kind=Kind.ORDERS).cursor == "there"
    frame.get_by_label("Pages a second, at most").fill("7,5")
    frame.get_by_role("button", name="Start again").click()
    frame.get_by_role("button", name="Read it again").click()
    expect(orders).not_to_contain_text("6,210")
    with within(dashboard.shop.installation.pk):
        assert Backfill.objects.get(kind=Kind.ORDERS).cursor == ""
    assert installation(dashboard.shop).import_pages_per_second == 7.5


def test_days_of_ones_own_are_counted_first_and_hold_when_applied(dashboard: Dashboard) -> None:
    frame = dashboard.app()
    frame.get_by_role("tab", name="Phases and score").click()
    expect(frame.locator(".rung")).to_contain_text("180 days")
    propose = frame.get_by_role("button", name="Count who would move")
    field = frame.get_by_label("Days without an order", exact=True)
    field.fill("0")
    expect(frame.get_by_role("alert")).to_have_text("Give a number from 1 to 3,650.")
    expect(propose).to_be_disabled()
    field.fill("10")
    propose.click()
    proposal = frame.locator(".proposal")
    expect(proposal).to_contain_text("Counting who would move")
    rescore(dashboard.shop.installation.pk)
    expect(proposal).to_contain_text("1 customer would move", timeout=POLLED)
    expect(proposal.locator("tbody tr")).to_have_count(1)
    assert installation(dashboard.shop).scoring().policy.loss.set_days is None
    proposal.get_by_role("button", name="Apply").click()
    expect(proposal).to_contain_text("Being applied to everybody")
    rescore(dashboard.shop.installation.pk)
    expect(frame.get_by_text("Your last change was applied on")).to_be_visible(timeout=POLLED)
    expect(frame.locator(".rung")).to_contain_text("You have set it yourself: a buyer counts as lost after 10 days")
    assert installation(dashboard.shop).scoring().policy.loss.set_days == 10


def test_a_discarded_proposal_changes_nothing(dashboard: Dashboard) -> None:
    frame = dashboard.app()
    frame.get_by_role("tab", name="Phases and score").click()
    frame.get_by_role("button", name="Add days for a channel").click()
    expect(frame.get_by_role("button", name="Count who would move")).to_be_disabled()
    frame.get_by_label("Channel (slug)").fill("b2b")
    frame.get_by_label("Days", exact=True).fill("200")
    frame.get_by_role("button", name="Count who would move").click()
    frame.get_by_role("button", name="Discard").click()
    expect(frame.locator(".proposal")).to_have_count(0)
    with within(dashboard.shop.installation.pk):
        assert Rescoring.objects.get().state == Rescoring.State.DISCARDED
        proposed = PolicyVersion.objects.order_by("-number")[0]
    assert proposed.document["loss"]["per_channel"] == {"b2b": 200}
    assert installation(dashboard.shop).policy_id != proposed.pk


def test_refits_wait_for_a_yes_when_they_are_to(dashboard: Dashboard) -> None:
    before = installation(dashboard.shop).applies_refits
    frame = dashboard.app()
    frame.get_by_role("tab", name="Phases and score").click()
    switch = frame.get_by_role("switch", name="Apply each week")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", str(not before).lower())
    assert installation(dashboard.shop).applies_refits is not before


def test_what_is_written_to_saleor_is_stopped_and_emptied_when_asked(dashboard: Dashboard) -> None:
    with within(dashboard.shop.installation.pk):
        Installation.objects.update(is_projecting=True)
    frame = dashboard.app()
    frame.get_by_role("tab", name="Customer data").click()
    pace = frame.get_by_label("Customers a minute, at most")
    pace.fill("0")
    expect(frame.get_by_role("alert")).to_have_text("Give a number from 1 to 60,000.")
    pace.fill("240")
    frame.locator("form", has=pace).get_by_role("button", name="Save").click()
    expect(dashboard.page.locator("[data-test-id=toast]")).to_contain_text("Settings saved")
    assert installation(dashboard.shop).projection_per_minute == 240
    frame.get_by_role("button", name="Switch off").click()
    assert installation(dashboard.shop).is_projecting is True
    frame.get_by_role("button", name="Stop, and empty it").click()
    expect(frame.get_by_role("button", name="Change", exact=True)).to_be_visible()
    held = installation(dashboard.shop)
    assert (held.is_projecting, held.is_clearing) == (False, True)


def test_how_long_activities_stay_is_saved(dashboard: Dashboard) -> None:
    frame = dashboard.app()
    frame.get_by_role("tab", name="Settings").click()
    days = frame.get_by_label("Days", exact=True)
    days.fill("29")
    save = frame.locator("form", has=days).get_by_role("button", name="Save")
    expect(save).to_be_disabled()
    days.fill("365")
    save.click()
    expect(dashboard.page.locator("[data-test-id=toast]")).to_contain_text("Settings saved")
    expect(save).to_be_disabled()
    assert installation(dashboard.shop).activity_retention_days == 365


def test_two_people_are_kept_apart_and_put_together_again(dashboard: Dashboard) -> None:
    dashboard.widget()
    popup = dashboard.popup()
    popup.get_by_role("button", name="These are two people").click()
    popup.get_by_role("button", name="Cancel").click()
    with within(dashboard.shop.installation.pk):
        assert not Separation.objects.exists()
    popup.get_by_role("button", name="These are two people").click()
    popup.get_by_role("button", name="Separate them").click()
    expect(popup.get_by_text("Kept apart since")).to_be_visible()
    with within(dashboard.shop.installation.pk):
        assert Separation.objects.get().rejoined_at is None
    popup.get_by_role("button", name="They are one person").click()
    popup.get_by_role("button", name="Join them").click()
    expect(popup.get_by_text("Kept apart since")).to_have_count(0)
    with within(dashboard.shop.installation.pk):
        assert Separation.objects.get().rejoined_at is not None


def test_older_activities_come_when_asked_for(dashboard: Dashboard) -> None:
    now, user = timezone.now(), dashboard.shop.customers["retention"]
    held = installation(dashboard.shop)
    for number in range(20):
        at = now - (30 + number) * DAY
        tell(held, [order(at, f"older {number}", user, "retention@example.com")], now)
    frame = dashboard.widget()
    rows = frame.locator("section", has_text="Last activities").locator("li")
    more = frame.get_by_role("button", name="Show more: Last activities")
    expect(rows).to_have_count(10)
    more.click()
    expect(rows).to_have_count(20)
    more.click()
    expect(more).to_have_count(0)
    assert rows.count() == 25


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_tab_or_in_the_full_view(dashboard: Dashboard, theme: str) -> None:
    with within(dashboard.shop.installation.pk):
        Installation.objects.update(is_projecting=True)
    found = {}
    frame = dashboard.app(theme=theme, loads="once")
    frame.evaluate(AXE.read_text())
    for tab in ("Phases and score", "Customer data", "Settings"):
        frame.get_by_role("tab", name=tab).click()
        expect(frame.locator("[role=tabpanel] h2").first).to_be_visible()
        expect(frame.locator(".loading")).to_have_count(0)
        frame.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found[tab] = frame.evaluate("axe.run()")
    dashboard.widget(theme=theme)
    popup = dashboard.popup()
    popup.evaluate(AXE.read_text())
    found["popup"] = popup.evaluate("axe.run()")
    grave = [
        (place, one["id"], [node["target"] for node in one["nodes"]])
        for place, seen in found.items()
        for one in seen["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert grave == []
    assert all(len(seen["passes"]) > 10 for seen in found.values())
