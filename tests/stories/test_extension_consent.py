"""The extension's parts about consent: topics, soft opt-in, the suppression list, and what one customer receives."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Frame, Locator, expect

from saleor_lifecycle.actions import consent
from saleor_lifecycle.actions.bases import settings_of
from saleor_lifecycle.models import Suppression, SuppressionLift
from saleor_lifecycle.models.entry import within

from .dashboard_frames import (
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

ADDRESS = "nobody@example.com"


def opened(dashboard: Dashboard, tab: str) -> Frame:
    frame = dashboard.app()
    frame.get_by_role("tab", name=tab).click()
    return frame


def widths(found: Locator) -> list[int]:
    return [round(one.evaluate("one => one.getBoundingClientRect().width")) for one in found.all()]


def topics(dashboard: Dashboard) -> list[str]:
    """The keys of those that are offered, in their order."""
    with within(dashboard.shop.installation.pk):
        return [one.key for one in settings_of(dashboard.shop.installation.pk).topic_list() if not one.is_archived]


def suppressed(dashboard: Dashboard) -> list[str]:
    with within(dashboard.shop.installation.pk):
        return sorted(Suppression.objects.values_list("reason", flat=True))


def test_topics_are_moved_named_added_and_offered_no_more(dashboard: Dashboard) -> None:
    frame = opened(dashboard, "Consent")
    card = frame.get_by_role("region", name="What people can choose")
    rows = card.locator("ol > li")
    expect(rows).to_have_count(6)
    before = topics(dashboard)
    frame.get_by_role("button", name="Move down: Cart reminders").press("Enter")
    expect(rows.first).to_contain_text("News")
    assert topics(dashboard) == [before[1], before[0], *before[2:]]
    card.get_by_text("Add a kind of message").click()
    form = card.locator("details.part form")
    form.get_by_label("Name in English").fill("Events nearby")
    form.get_by_label("Name in Spanish").fill("x" * 61)
    expect(form.get_by_role("alert")).to_have_text("At most 60 characters.")
    expect(form.get_by_role("button", name="Save")).to_be_disabled()
    form.get_by_label("Name in Spanish").fill("Eventos cerca")
    form.get_by_role("button", name="Save").click()
    expect(rows).to_have_count(7)
    assert topics(dashboard)[-1] == "events-nearby"
    rows.first.locator("summary").click()
    rows.first.get_by_label("Name in English").fill("What is new")
    rows.first.get_by_role("button", name="Save").click()
    expect(rows.first).to_contain_text("What is new")
    rows.first.get_by_role("button", name="Offer it no more").click()
    rows.first.get_by_role("button", name="Cancel").click()
    assert len(topics(dashboard)) == 7
    rows.first.get_by_role("button", name="Offer it no more").click()
    rows.first.get_by_role("button", name="Offer no more").click()
    expect(rows).to_have_count(6)
    assert "news" not in topics(dashboard)
    card.get_by_text("No longer offered").click()
    card.get_by_role("button", name="Offer again").click()
    expect(rows).to_have_count(7)
    assert topics(dashboard)[-1] == "news"


def test_a_country_is_added_only_where_opting_out_is_offered_and_removed(dashboard: Dashboard) -> None:
    def rules() -> dict[str, date]:
        with within(dashboard.shop.installation.pk):
            held = settings_of(dashboard.shop.installation.pk).rules()
        return {country: rule.offered_from for country, rule in held.items()}

    frame = opened(dashboard, "Consent")
    card = frame.get_by_role("region", name="Customers who need not be asked")
    card.get_by_text("Add a country").click()
    card.get_by_label("Country").select_option(label="Spain")
    card.get_by_label("Opting out is offered at orders since").fill("2026-01-31")
    card.get_by_label("An order counts for (days)").fill("365")
    save = card.get_by_role("button", name="Save")
    expect(save).to_be_disabled()
    card.get_by_role("checkbox").check()
    save.click()
    expect(card.locator("[data-country=ES]")).to_contain_text("Orders since Jan 31, 2026 count, each for 365 days.")
    assert rules() == {"ES": date(2026, 1, 31)}
    card.get_by_role("button", name="Remove").click()
    expect(card.get_by_text("Customers there then have to say yes first.")).to_be_visible()
    assert rules() != {}
    card.get_by_role("button", name="Remove").click()
    expect(card.get_by_text("No country: everybody has to say yes first.")).to_be_visible()
    assert rules() == {}


def test_clicks_of_everybody_are_noted_only_after_a_warning(dashboard: Dashboard) -> None:
    def is_default() -> bool:
        with within(dashboard.shop.installation.pk):
            return settings_of(dashboard.shop.installation.pk).is_tracking_default

    frame = opened(dashboard, "Consent")
    card = frame.get_by_role("region", name="Noting what people open and click")
    expect(card).to_contain_text("Only of those who said yes to it.")
    card.get_by_role("button", name="Note it of everybody").click()
    expect(card).to_contain_text("that is against the law")
    assert is_default() is False
    card.get_by_role("button", name="Note it of everybody").click()
    expect(card).to_contain_text("Of everybody who has not said no to it.")
    assert is_default() is True


def test_an_address_is_put_on_the_list_and_taken_off_with_a_reason(dashboard: Dashboard) -> None:
    frame = opened(dashboard, "Suppression list")
    card = frame.get_by_role("region", name="One address")
    card.get_by_label("E-mail address").fill(ADDRESS)
    card.get_by_label("E-mail address").press("Enter")
    expect(card).to_contain_text(f"{ADDRESS} is not on the list.")
    card.get_by_role("button", name="Never write to it again").click()
    assert suppressed(dashboard) == []
    card.get_by_role("button", name="Put on the list").click()
    expect(card).to_contain_text("Put here by you")
    expect(frame.get_by_text("1 address is on the list.")).to_be_visible()
    assert suppressed(dashboard) == ["manual"]
    card.get_by_text("Take it off the list").click()
    lift = card.get_by_role("button", name="Take it off", exact=True)
    expect(lift).to_be_disabled()
    card.get_by_label("Why").fill("Asked for it by phone")
    lift.click()
    expect(card).to_contain_text(f"{ADDRESS} is not on the list.")
    expect(frame.get_by_text("No address is on the list.")).to_be_visible()
    assert suppressed(dashboard) == []
    with within(dashboard.shop.installation.pk):
        assert SuppressionLift.objects.get().note == "Asked for it by phone"


def test_what_is_no_address_is_refused_in_words(dashboard: Dashboard) -> None:
    frame = opened(dashboard, "Suppression list")
    card = frame.get_by_role("region", name="One address")
    card.get_by_label("E-mail address").fill("nobody")
    card.get_by_role("button", name="Look it up").click()
    card.get_by_role("button", name="Never write to it again").click()
    card.get_by_role("button", name="Put on the list").click()
    expect(card.get_by_role("alert")).to_have_text("This is not an address.")
    assert suppressed(dashboard) == []


def test_a_list_of_any_length_comes_in_and_goes_out(dashboard: Dashboard) -> None:
    frame = opened(dashboard, "Suppression list")
    rows = [f"guest{number}@example.com,bounced" for number in range(1100)]
    rows[1050] = "nobody,bounced"
    frame.get_by_label("Take in a CSV file").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": "\n".join(["email,type", *rows]).encode()}
    )
    card = frame.get_by_role("region", name="Lists from and for other tools")
    expect(card).to_contain_text("1,100 lines read, 1,099 new on the list.")
    expect(card).to_contain_text("1 line names no address: 1,052")
    expect(frame.locator(".counted [data-reason=BOUNCED]")).to_contain_text("1,099")
    assert suppressed(dashboard) == ["bounced"] * 1099
    latest = frame.get_by_role("list", name="The latest").get_by_role("listitem")
    expect(latest).to_have_count(10)
    frame.get_by_role("button", name="Show more: The latest").click()
    expect(latest).to_have_count(20)
    frame.get_by_label("Reason").select_option(label="Unsubscribed")
    expect(frame.get_by_text("None for this reason.")).to_be_visible()
    with dashboard.page.expect_download() as saved:
        card.get_by_role("button", name="Save the list").click()
    header, *lines = saved.value.path().read_text().splitlines()
    assert (header, len(lines)) == ("address,address_hash,reason,at", 1099)


def test_what_a_customer_receives_stands_on_their_page(dashboard: Dashboard) -> None:
    held, user = dashboard.shop.installation, dashboard.shop.customers["retention"]
    with within(held.pk):
        word = consent.Word(False, ("offers",), "email", "told", "No offers, please")
        consent.say(held, user, word, timezone.now())
    dashboard.widget()
    popup = dashboard.popup()
    part = popup.get_by_role("region", name="What this customer receives")
    expect(part.locator("[data-topic=news]")).to_have_attribute("data-basis", "GRANTED")
    offers = part.locator("[data-topic=offers]")
    assert widths(part.locator("[data-topic]")) == widths(part.locator("ul:has([data-topic])")) * 6, "a row each"
    expect(offers).to_have_attribute("data-basis", "REFUSED")
    expect(offers).to_contain_text("They took it back")
    part.get_by_text("How it is known").click()
    expect(part).to_contain_text("No to: Offers")
    expect(part).to_contain_text("they read: “No offers, please”")
    expect(part).to_contain_text("None so far.")


def test_staff_take_a_customer_off_the_list_on_their_page(dashboard: Dashboard) -> None:
    held, now = dashboard.shop.installation, timezone.now()
    with within(held.pk):
        hashed = consent.address_hash(held, "email", "retention@example.com")
        Suppression.objects.create(installation=held, channel="email", address_hash=hashed, reason="manual", at=now)
    dashboard.widget()
    popup = dashboard.popup()
    part = popup.get_by_role("region", name="What this customer receives")
    expect(part.locator("[data-basis=REFUSED]")).to_have_count(6)
    part.get_by_text("Take it off the list").click()
    part.get_by_label("Why").fill("Asked for it")
    part.get_by_role("button", name="Take it off", exact=True).click()
    expect(part.locator("[data-basis=GRANTED]")).to_have_count(6)
    assert suppressed(dashboard) == []
