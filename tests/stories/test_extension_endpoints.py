"""The extension's card of the shop's own systems."""

import pytest
from playwright.sync_api import expect

from saleor_lifecycle.models import WebhookEndpoint
from saleor_lifecycle.models.entry import within
from tests.saleor.conftest import LocalShop, local_shop

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

__all__ = ["app_url", "browser", "dashboard", "local_shop", "page", "sandbox", "shop"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium here: install Debian's package chromium"),
    pytest.mark.skipif(not IS_BUILT, reason="the extension is not built: make extension"),
]


def test_an_address_is_added_tried_changed_and_removed(dashboard: Dashboard, local_shop: LocalShop) -> None:
    frame = dashboard.app()
    frame.get_by_role("tab", name="Settings").click()
    card = frame.get_by_role("region", name="Your own systems")
    expect(card.get_by_text("No address is told anything yet.")).to_be_visible()
    card.get_by_role("textbox", name="Address").fill("ftp://nowhere")
    card.get_by_role("button", name="Add it").click()
    expect(card.get_by_role("alert")).to_contain_text("This is not a web address")
    card.get_by_role("textbox", name="Address").fill(f"{local_shop.origin}/hook")
    card.get_by_role("button", name="Add it").click()
    expect(card.get_by_text("Keep it now: it is not shown again.")).to_be_visible()
    secret = card.locator(".copied code").inner_text()
    assert secret.startswith("whsec_")
    frame.evaluate(AXE.read_text())
    found = frame.evaluate(
        "async () => (await axe.run('.card')).violations.map(({ id, nodes }) => [id, nodes[0].html])"
    )
    assert found == []

    part = card.get_by_role("region", name=f"{local_shop.origin}/hook")
    local_shop.will_answer(b"not yet", 503)
    local_shop.will_answer({})
    part.get_by_role("button", name="Send a trial").click()
    expect(part.get_by_text("It did not take the trial: 503 Service Unavailable not yet")).to_be_visible()
    part.get_by_role("button", name="Send a trial").click()
    expect(part.get_by_text("It took the trial (200).")).to_be_visible()

    part.get_by_role("button", name="New secret").click()
    part.get_by_role("button", name="Make it").click()
    expect(part.get_by_text("The old secret signs as well until")).to_be_visible()
    expect(part.locator(".copied code")).not_to_have_text(secret)

    part.get_by_role("button", name="Switch off").click()
    expect(part.get_by_text("somebody switched it off")).to_be_visible()
    part.get_by_role("button", name="Switch on").click()
    expect(part.get_by_role("button", name="Switch off")).to_be_visible()

    part.get_by_role("button", name="Remove").click()
    expect(part.get_by_text("Remove it, with all that waits for it?")).to_be_visible()
    part.get_by_role("button", name="Remove").click()
    expect(card.get_by_text("No address is told anything yet.")).to_be_visible()
    with within(dashboard.shop.installation.pk):
        assert not WebhookEndpoint.objects.exists()
