"""The extension's cards of metadata keys and of files of customers."""

import pytest
from playwright.sync_api import expect

from saleor_lifecycle.actions.attributes import mappings
from saleor_lifecycle.models import CustomerFile, Identity
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.customer_files import customer_files

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

__all__ = ["app_url", "browser", "dashboard", "page", "sandbox", "shop"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium here: install Debian's package chromium"),
    pytest.mark.skipif(not IS_BUILT, reason="the extension is not built: make extension"),
]

POLLED = 15_000
"""Milliseconds in which the page has asked again."""

FILE = """Email,Consent,Consented,Form,Tier
ada@new.example,yes,2026-01-31,newsletter,gold
bob@new.example,no,2026-01-31,newsletter,silver
nobody,yes,2026-01-31,newsletter,gold
"""


def test_a_key_gets_a_meaning_and_loses_it_when_asked_twice(dashboard: Dashboard) -> None:
    frame = dashboard.app()
    frame.get_by_role("tab", name="Customer data").click()
    frame.get_by_text("Give a key a meaning").click()
    save = frame.locator("form", has=frame.get_by_role("textbox", name="Metadata key")).get_by_role(
        "button", name="Save"
    )
    frame.get_by_role("textbox", name="Metadata key").fill("tier")
    expect(save).to_be_disabled()
    frame.get_by_label("Name of the attribute").fill("Tier")
    frame.get_by_role("button", name="Try it on real rows").click()
    expect(frame.get_by_text("newest records do not have this key")).to_be_visible()
    with within(dashboard.shop.installation.pk):
        assert mappings(dashboard.shop.installation.pk) == ()
    save.click()
    expect(frame.get_by_text("The shop has to be read again")).to_be_visible()
    expect(frame.get_by_text("Tier: Text")).to_be_visible()
    with within(dashboard.shop.installation.pk):
        assert [one.key for one in mappings(dashboard.shop.installation.pk)] == ["tier"]
    frame.get_by_role("button", name="Remove").click()
    expect(frame.get_by_text("Forget what tier means?")).to_be_visible()
    frame.get_by_role("button", name="Remove").click()
    expect(frame.get_by_text("No key has been given a meaning yet.")).to_be_visible()
    with within(dashboard.shop.installation.pk):
        assert mappings(dashboard.shop.installation.pk) == ()


def test_a_file_is_counted_before_anybody_is_imported(dashboard: Dashboard) -> None:
    frame = dashboard.app()
    frame.get_by_role("tab", name="Customer data").click()
    frame.get_by_label("Choose a CSV file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    file = frame.get_by_role("region", name="people.csv")
    expect(file).to_contain_text("Say what the columns mean · 3 lines")
    for column, meaning in {
        "Email": "email",
        "Consent": "consent",
        "Consented": "consentDate",
        "Form": "consentSource",
        "Tier": "attribute",
    }.items():
        file.locator(f"select[name='column-{column}']").select_option(meaning)
    file.get_by_label("Words for yes").fill("yes")
    file.get_by_label("Words for no", exact=True).fill("no")
    file.get_by_label("The words that they agreed to").fill("Send me news")
    file.get_by_role("button", name="Count, without importing").click()
    expect(file).to_have_attribute("data-state", "READING")
    customer_files(dashboard.shop.installation.pk)
    expect(file).to_contain_text("2 people would be imported", timeout=POLLED)
    expect(file).to_contain_text("Lines refused: no e-mail address")
    with within(dashboard.shop.installation.pk):
        assert not Identity.objects.filter(value="ada@new.example").exists()
    frame.evaluate(AXE.read_text())
    seen = frame.evaluate("axe.run('.file')")
    assert [one["id"] for one in seen["violations"] if one["impact"] in ("serious", "critical")] == []
    file.get_by_role("button", name="Import", exact=True).click()
    expect(file).to_have_attribute("data-state", "IMPORTING")
    customer_files(dashboard.shop.installation.pk)
    expect(file).to_contain_text("2 people were imported", timeout=POLLED)
    with within(dashboard.shop.installation.pk):
        assert Identity.objects.filter(value="ada@new.example").exists()
    with dashboard.page.expect_download() as refused:
        file.get_by_role("button", name="Save the refused lines").click()
    assert "nobody" in refused.value.path().read_text()
    file.get_by_role("button", name="Delete the file").click()
    file.get_by_role("button", name="Cancel").click()
    with within(dashboard.shop.installation.pk):
        assert CustomerFile.objects.count() == 1
    file.get_by_role("button", name="Delete the file").click()
    file.get_by_role("button", name="Delete the file").click()
    expect(file).to_have_count(0)
    with within(dashboard.shop.installation.pk):
        assert not CustomerFile.objects.exists()


def test_an_empty_file_is_refused_in_words(dashboard: Dashboard) -> None:
    frame = dashboard.app()
    frame.get_by_role("tab", name="Customer data").click()
    frame.get_by_label("Choose a CSV file").set_input_files({"name": "none.csv", "mimeType": "text/csv", "buffer": b""})
    expect(frame.get_by_role("alert")).to_have_text("There is nothing in the file.")
    with within(dashboard.shop.installation.pk):
        assert not CustomerFile.objects.exists()
