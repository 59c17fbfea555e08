"""The extension's messages: words are written, mended, previewed, tried, published, and the next mail has them."""

import time
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.utils import timezone
from playwright.sync_api import Frame, FrameLocator, expect

from saleor_lifecycle.models import Brand, Template, TemplateVariant, TemplateVersion
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.sandbox import checkouts
from saleor_lifecycle.sandbox.actors import NOBODY
from saleor_lifecycle.sandbox.records import Variant
from saleor_lifecycle.tasks import events, flows, messages

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

FIRST = "abandoned-cart-1"


@pytest.fixture(autouse=True)
def _quick(settings: LazySettings) -> None:
    """Carts are left after a second, and written about after two."""
    settings.ABANDONED_CART_SECONDS = [1, 2, 86400, 259200]


@pytest.fixture
def mailing(shop: Shop, settings: LazySettings) -> Shop:
    """The shop with a sender, and real SMTP to its mailbox."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", shop.sandbox.smtp_port
    with within(shop.installation.pk):
        Brand.objects.update(
            sender_name="Casa Clara",
            sender_email="hello@shop.example.com",
            company="Casa Clara, S.L.",
            postal_address="Calle Mayor 1",
            contact_email="hello@shop.example.com",
            storefront_url="https://shop.example.com",
            cart_url="https://shop.example.com/cart?checkout={checkout_id}",
        )
    return shop


def opened(dashboard: Dashboard, key: str = FIRST, **settings: str) -> Frame:
    """The page with a template open, looked through and shown."""
    frame = dashboard.app(**settings)
    frame.get_by_role("tab", name="Messages").click()
    frame.locator(f"[data-key={key}] .link").first.click()
    expect(mail(frame).locator("h1")).to_be_visible()
    return frame


def mail(frame: Frame) -> FrameLocator:
    return frame.frame_locator("iframe.mail").frame_locator("iframe")


def words(frame: Frame, part: str) -> str:
    return frame.locator(f"textarea[name={part}]").input_value()


def published(shop: Shop, key: str = FIRST, language: str = "en") -> int:
    with within(shop.installation.pk):
        return TemplateVariant.objects.get(template__key=key, language=language).version.number


def versions(shop: Shop) -> int:
    with within(shop.installation.pk):
        return TemplateVersion.objects.count()


def keys(shop: Shop, **wanted: object) -> set[str]:
    with within(shop.installation.pk):
        return set(Template.objects.filter(**wanted).values_list("key", flat=True))


def leave_a_cart(shop: Shop, email: str) -> None:
    """Somebody who agreed to mails fills a cart and leaves; the app works until a mail lies in the mailbox."""
    variant = next(iter(shop.sandbox.shop.all(Variant)))
    consent = {"marketing_consent": "true"}
    checkouts.create(shop.sandbox.shop, NOBODY, [(variant.id, 1)], email=email, metadata=consent)
    before, installation_id = shop.sandbox.mailbox.count(), shop.installation.pk

    def is_there() -> bool:
        for run in (events.run, flows.run, messages.run):
            run(installation_id, timezone.now())
        return shop.sandbox.mailbox.count() > before

    wait_until(is_there)


def wait_until(is_so: Callable[[], bool], tries: int = 100) -> None:
    for _ in range(tries):
        if is_so():
            return
        time.sleep(0.2)
    raise AssertionError("it never came")


def subjects(shop: Shop) -> list[str]:
    return [str(one.message["Subject"]) for one in reversed(shop.sandbox.mailbox.mails())]


def test_words_are_mended_previewed_tried_and_published_and_the_next_mail_has_them(
    dashboard: Dashboard, mailing: Shop
) -> None:
    frame = opened(dashboard)
    held = versions(mailing)
    frame.locator("textarea[name=subject]").fill("Still thinking about it?")
    mjml = words(frame, "mjml")
    frame.locator("textarea[name=mjml]").fill(
        mjml.replace("You left something in your cart", "Is it {{ customer.frist_name }} who waits?")
    )
    fault = frame.locator(".faults li").first
    expect(fault).to_contain_text('there is no value "customer.frist_name"; did you mean "customer.first_name"?')
    frame.get_by_role("button", name="Publish", exact=True).click()
    expect(frame.locator(".save-bar [role=alert]")).to_have_text(
        "Nothing was saved. Mend the errors in the list first."
    )
    assert versions(mailing) == held

    fault.get_by_role("button").click()
    selected = "e => e.value.slice(e.selectionStart, e.selectionEnd)"
    expect(frame.locator("textarea[name=mjml]")).to_be_focused()
    line = frame.locator("textarea[name=mjml]").evaluate(selected)
    assert "frist_name" in line
    assert "\n" not in line
    dashboard.page.keyboard.insert_text(line.replace("{{ customer.frist_name }} who waits", "still for you"))
    expect(frame.locator(".faults [role=status]")).to_have_text("No errors")
    expect(mail(frame).locator("h1")).to_have_text("Is it still for you?")
    expect(frame.locator(".preview .subject")).to_have_text("Still thinking about it?")

    frame.get_by_label("Send a test to").fill("merchant@example.com")
    frame.get_by_role("button", name="Send test").click()
    expect(frame.get_by_text("Sent to merchant@example.com")).to_be_visible()
    assert subjects(mailing) == ["[Test] Still thinking about it?"]
    assert versions(mailing) == held

    frame.get_by_role("button", name="Publish", exact=True).click()
    expect(frame.locator(".save-bar [role=status]")).to_have_text("Version 2 is sent.")
    assert published(mailing) == 2
    leave_a_cart(mailing, "ines@example.com")
    assert subjects(mailing)[1:] == ["Still thinking about it?"]
    assert "Is it still for you?" in mailing.sandbox.mailbox.mails()[0].part("html")

    frame.get_by_role("button", name="Publish this one again: version 1").click()
    expect(frame.locator("[data-version='1']")).to_contain_text("sent now")
    assert published(mailing) == 1


def test_a_draft_is_kept_and_not_sent(dashboard: Dashboard, shop: Shop) -> None:
    frame = opened(dashboard)
    frame.locator("textarea[name=subject]").fill("For later")
    frame.get_by_role("button", name="Save as draft").click()
    expect(frame.locator(".save-bar [role=status]")).to_have_text("Version 2 is a draft. Version 1 is sent.")
    assert published(shop) == 1
    frame.get_by_role("button", name="All messages").click()
    frame.locator(f"[data-key={FIRST}] .link").click()
    expect(frame.locator("textarea[name=subject]")).to_have_value("For later")
    frame.get_by_role("button", name="Publish", exact=True).click()
    expect(frame.locator(".save-bar [role=status]")).to_have_text("Version 2 is sent.")
    assert published(shop) == 2


def test_what_was_typed_survives_other_tabs_and_a_reload_by_the_dashboard(dashboard: Dashboard, shop: Shop) -> None:
    frame = opened(dashboard, loads="once")
    frame.locator("textarea[name=preheader]").fill("A & B, <soon>")
    assert "<mj-preview>A &amp; B, &lt;soon&gt;</mj-preview>" in words(frame, "mjml")
    frame.get_by_role("tab", name="Overview").click()
    frame.get_by_role("tab", name="Messages").click()
    expect(frame.locator("textarea[name=preheader]")).to_have_value("A & B, <soon>")
    dashboard.press("metadata")
    frame.wait_for_url("**action=view-metadata**")
    expect(frame.locator("textarea[name=preheader]")).to_have_value("A & B, <soon>")
    frame.get_by_role("button", name="All messages").click()
    expect(frame.locator(f"[data-key={FIRST}]")).to_contain_text("Unsaved changes")
    frame.locator(f"[data-key={FIRST}] .link").click()
    frame.get_by_role("button", name="Discard changes").click()
    frame.locator(".ask").get_by_role("button", name="Discard changes").click()
    expect(frame.locator("textarea[name=preheader]")).not_to_have_value("A & B, <soon>")
    expect(frame.locator(".save-bar [role=status]")).to_have_text("Version 1 is sent.")
    assert versions(shop) == 28


def test_a_language_is_added_from_the_words_of_another(dashboard: Dashboard, shop: Shop) -> None:
    frame = opened(dashboard)
    frame.locator("summary", has_text="Add a language").click()
    frame.locator("[name=newLanguage]").fill("pt-br")
    frame.get_by_role("button", name="Add", exact=True).click()
    expect(frame.locator(".save-bar [role=status]")).to_contain_text("Nothing is sent in this language yet.")
    assert words(frame, "mjml").startswith('<mjml lang="pt-BR"')
    frame.locator("textarea[name=subject]").fill("O teu carrinho")
    frame.get_by_role("button", name="Publish", exact=True).click()
    expect(frame.locator(".save-bar [role=status]")).to_have_text("Version 1 is sent.")
    assert published(shop, language="pt-BR") == 1


def test_a_template_is_made_renamed_copied_put_away_brought_back_and_deleted(dashboard: Dashboard, shop: Shop) -> None:
    frame = dashboard.app()
    frame.get_by_role("tab", name="Messages").click()
    frame.locator("summary", has_text="New template").click()
    frame.get_by_label("Name").fill("Año nuevo & más")
    expect(frame.locator("[name=key]")).to_have_value("ano-nuevo-mas")
    frame.get_by_role("button", name="Make it").click()
    expect(mail(frame).locator("h1")).to_have_text("Año nuevo & más")
    expect(frame.locator(".faults [role=status]")).to_have_text("No errors")
    frame.locator("[name=name]").fill("Reyes")
    frame.get_by_role("button", name="Save", exact=True).click()
    expect(frame.get_by_role("heading", name="Reyes")).to_be_visible()

    frame.get_by_role("button", name="All messages").click()
    frame.get_by_role("button", name="Copy: Reyes").click()
    expect(frame.get_by_role("heading", name="Copy of Reyes")).to_be_visible()
    expect(mail(frame).locator("h1")).to_have_text("Año nuevo & más")
    assert keys(shop, name__contains="Reyes") == {"ano-nuevo-mas", "ano-nuevo-mas-copy"}

    frame.get_by_role("button", name="Archive", exact=True).click()
    frame.locator(".ask").get_by_role("button", name="Archive").click()
    expect(frame.get_by_text("Archived", exact=True)).to_be_visible()
    assert keys(shop, archived_at__isnull=False) == {"ano-nuevo-mas-copy"}
    frame.get_by_role("button", name="All messages").click()
    frame.locator("summary", has_text="1 archived template").click()
    frame.get_by_role("button", name="Bring back").click()
    expect(frame.get_by_role("button", name="Copy: Copy of Reyes")).to_be_visible()
    assert keys(shop, archived_at__isnull=False) == set()

    frame.locator("[data-key=ano-nuevo-mas-copy] .link").click()
    frame.get_by_role("button", name="Delete", exact=True).click()
    assert "ano-nuevo-mas-copy" in keys(shop)
    frame.locator(".ask").get_by_role("button", name="Delete").click()
    expect(frame.get_by_role("button", name="Copy: Reyes")).to_be_visible()
    assert "ano-nuevo-mas-copy" not in keys(shop)


def test_what_a_flow_sends_can_be_neither_archived_nor_deleted(dashboard: Dashboard) -> None:
    frame = opened(dashboard)
    expect(frame.get_by_text("It is sent by the cart flow, so it can be neither archived nor deleted.")).to_be_visible()
    expect(frame.get_by_role("button", name="Delete", exact=True)).to_have_count(0)


def test_it_is_shown_on_a_phone_and_on_a_screen_by_day_and_by_night(dashboard: Dashboard) -> None:
    frame = opened(dashboard, theme="light")
    widths = []
    for width in ("Phone", "Screen"):
        frame.get_by_role("button", name=width, exact=True).click()
        expect(mail(frame).locator("h1")).to_be_visible()
        widths.append(mail(frame).locator("html").evaluate("() => innerWidth"))
    assert widths == [320, 600]
    frame.get_by_role("button", name="Dark", exact=True).click()
    expect(mail(frame).locator(".page")).to_have_css("background-color", "rgb(19, 19, 22)")
    frame.get_by_role("button", name="Light", exact=True).click()
    expect(mail(frame).locator(".page")).to_have_css("background-color", "rgb(243, 243, 245)")
    frame.get_by_role("button", name="Text", exact=True).click()
    expect(frame.locator(".plain-text")).to_contain_text("You left something in your cart")


def test_nothing_in_a_preview_runs_or_leads_away(dashboard: Dashboard) -> None:
    frame = opened(dashboard)
    inner = frame.locator("iframe.mail").element_handle().content_frame()
    assert inner
    assert inner.locator("iframe").get_attribute("sandbox") == ""
    mail(frame).locator(".button a").click()
    expect(mail(frame).locator("h1")).to_be_visible()
    assert len(dashboard.page.context.pages) == 1


def test_it_is_read_as_a_customer(dashboard: Dashboard, shop: Shop) -> None:
    frame = opened(dashboard, "welcome")
    expect(mail(frame).get_by_text("Hi Lucía,")).to_be_visible()
    frame.locator("summary", has_text="Read it as somebody else").click()
    reader = frame.get_by_label("E-mail of a customer")
    reader.fill("nobody@example.com")
    frame.get_by_role("button", name="Show", exact=True).click()
    expect(frame.get_by_text("No account with this e-mail is known here.")).to_be_visible()
    reader.fill("retention@example.com")
    frame.get_by_role("button", name="Show", exact=True).click()
    expect(frame.get_by_text("Shown as retention@example.com reads it now")).to_be_visible()
    expect(mail(frame).get_by_text("Hi Ada,")).to_be_visible()
    frame.get_by_label("Channel").select_option("default-channel")
    expect(mail(frame).get_by_text("Hi Ada,")).to_be_visible()


def test_a_name_is_written_in_where_the_cursor_is(dashboard: Dashboard) -> None:
    frame = opened(dashboard)
    frame.locator("textarea[name=subject]").fill("Hello ")
    frame.locator("summary", has_text="What you can write in").click()
    frame.get_by_role("button", name="Write in: shop.name", exact=True).click()
    expect(frame.locator("textarea[name=subject]")).to_have_value("Hello {{ shop.name }}")
    dashboard.page.keyboard.press("Control+z")
    expect(frame.locator("textarea[name=subject]")).to_have_value("Hello ")


def test_what_is_coloured_lies_exactly_behind_the_text(dashboard: Dashboard) -> None:
    """Both break long lines, so a difference would show in their heights."""
    frame = opened(dashboard)
    heights = frame.locator("[name=mjml]").evaluate("e => [e.scrollHeight, e.previousElementSibling.scrollHeight]")
    assert heights[0] == heights[1]
    assert heights[0] > 1000


def test_a_channel_says_otherwise_and_shows_what_it_takes_over(dashboard: Dashboard, mailing: Shop) -> None:
    frame = dashboard.app()
    frame.get_by_role("tab", name="Settings").click()
    card = frame.get_by_role("region", name="Per channel")
    card.get_by_label("Channel").select_option("default-channel")
    sender = card.locator("[name=default-channel-senderName]")
    expect(sender).to_have_value("")
    expect(card.get_by_text("As everywhere: Casa Clara", exact=True)).to_be_visible()
    card.locator("[name=default-channel-senderEmail]").fill("nobody")
    card.get_by_role("button", name="Save").click()
    expect(card.get_by_role("alert")).to_have_text("This is no e-mail address.")
    card.locator("[name=default-channel-senderEmail]").fill("")
    sender.fill("Casa Clara España")
    card.get_by_role("button", name="Save").click()
    expect(card.get_by_text("1 field of its own")).to_be_visible()
    sender.fill("")
    card.get_by_role("button", name="Save").click()
    expect(card.get_by_text("1 field of its own")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(dashboard: Dashboard, theme: str) -> None:
    frame = dashboard.app(theme=theme)
    frame.get_by_role("tab", name="Messages").click()
    frame.locator("summary", has_text="New template").click()
    assert grave(frame) == []
    frame.locator(f"[data-key={FIRST}] .link").click()
    expect(mail(frame).locator("h1")).to_be_visible()
    frame.locator("textarea[name=subject]").fill("{{ shop.nam }}")
    expect(frame.locator(".faults li")).to_have_count(1)
    frame.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    expect(frame.locator(".names button").first).to_be_visible()
    assert grave(frame) == []


def grave(frame: Frame) -> list[tuple[str, list[list[str]]]]:
    frame.evaluate(AXE.read_text())
    found = frame.evaluate("axe.run(document, {iframes: false})")
    assert len(found["passes"]) > 10
    return [
        (one["id"], [node["target"] for node in one["nodes"]])
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
