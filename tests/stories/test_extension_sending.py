"""The extension's parts about sending: what leaves, what holds it, and every switch over it."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from django.conf import LazySettings
from django.utils import timezone
from playwright.sync_api import expect

from saleor_lifecycle.actions import templates
from saleor_lifecycle.actions.addresses import address_hash
from saleor_lifecycle.models import Brand, Customer, Flow, Installation, Message, SendingChannel, Suppression
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import messages
from tests.reports import postmark

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


@pytest.fixture
def queue(dashboard: Dashboard, settings: LazySettings) -> Callable[..., Message]:
    """A sender and a template; it queues a message to a customer, which the sandbox's mailbox would receive."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", dashboard.shop.sandbox.smtp_port
    held, now = dashboard.shop.installation, timezone.now()
    with within(held.pk):
        Brand.objects.update(
            sender_email="hello@shop.example.com",
            company="A shop, Ltd.",
            postal_address="1 High Street",
            contact_email="hello@shop.example.com",
            storefront_url="https://shop.example.com",
            cart_url="https://shop.example.com/cart?checkout={checkout_id}",
        )
        words = ("Hello from {{ shop.name }}", "", "Hello, {{ links.unsubscribe }}")
        templates.save(held.pk, "hello", "en", words, "<p>Hello</p>", now)

    def queued(key: str, phase: str = "retention", **changes: object) -> Message:
        with within(held.pk):
            customer = Customer.objects.get(identities__value=f"{phase}@example.com")
            return Message.objects.create(
                **{"installation": held, "customer": customer, "key": key, "template": "hello", "topic": "cart"}
                | {"channel": "email", "purpose": "service", "queued_at": now, "due_at": now}
                | changes
            )

    return queued


def states(dashboard: Dashboard) -> list[str]:
    with within(dashboard.shop.installation.pk):
        return list(Message.objects.order_by("pk").values_list("state", flat=True))


def send(dashboard: Dashboard) -> int:
    """Send what may leave, and say how many mails lie in the mailbox."""
    messages.run(dashboard.shop.installation.pk, timezone.now())
    return len(dashboard.shop.sandbox.mailbox.mails())


def test_all_is_stopped_on_the_screen_and_leaves_when_it_sends_again(
    dashboard: Dashboard, queue: Callable[..., Message]
) -> None:
    queue("hello:1")
    frame = dashboard.app()
    frame.get_by_role("tab", name="Sending").click()
    everything, email = frame.locator(".everything"), frame.get_by_role("region", name="E-mail")
    expect(everything).to_contain_text("Messages leave.")
    frame.get_by_role("button", name="Stop all messages").press("Enter")
    expect(frame.get_by_role("button", name="Cancel")).to_be_focused()
    frame.get_by_role("button", name="Cancel").press("Enter")
    expect(frame.get_by_role("button", name="Stop all messages")).to_be_focused()
    expect(everything).to_have_attribute("data-state", "on")
    frame.get_by_role("button", name="Stop all messages").click()
    frame.get_by_role("button", name="Stop", exact=True).click()
    expect(everything).to_contain_text("You have stopped all messages.")
    expect(email).to_have_attribute("data-state", "off")
    assert send(dashboard) == 0
    assert states(dashboard) == ["queued"]
    frame.get_by_role("button", name="Send again", exact=True).click()
    expect(everything).to_contain_text("1 message waits")
    assert send(dashboard) == 0
    frame.get_by_role("button", name="Yes, send").click()
    expect(everything).to_contain_text("Messages leave.")
    assert send(dashboard) == 1
    assert states(dashboard) == ["sent"]
    expect(email.locator("dd").first).to_have_text("0", timeout=POLLED)


def test_a_channel_has_a_switch_and_a_pace_of_its_own(dashboard: Dashboard, queue: Callable[..., Message]) -> None:
    for number in range(3):
        queue(f"hello:{number}")
    frame = dashboard.app()
    frame.get_by_role("tab", name="Sending").click()
    email = frame.get_by_role("region", name="E-mail")
    email.get_by_role("button", name="Stop: E-mail").click()
    email.get_by_role("button", name="Stop", exact=True).click()
    expect(email).to_contain_text("Stopped. By a member of your staff.")
    assert send(dashboard) == 0
    pace = email.get_by_label("Messages a minute, at most")
    pace.fill("0")
    expect(email.get_by_role("alert")).to_have_text("Give a whole number from 1 to 600,000, or nothing for no limit.")
    expect(email.get_by_role("button", name="Save")).to_be_disabled()
    pace.fill("1")
    pace.press("Enter")
    expect(dashboard.page.locator("[data-test-id=toast]")).to_contain_text("Settings saved")
    email.get_by_role("button", name="Send again: E-mail").click()
    expect(email).to_contain_text("3 messages wait")
    email.get_by_role("button", name="Yes, send").click()
    expect(email).to_have_attribute("data-state", "sends")
    assert send(dashboard) == 1
    expect(email).to_have_attribute("data-state", "paced", timeout=POLLED)
    assert states(dashboard).count("queued") == 2
    pace.fill("")
    with dashboard.page.expect_response(lambda answer: "SendingPaceSet" in (answer.request.post_data or "")):
        email.get_by_role("button", name="Save").click()
    with within(dashboard.shop.installation.pk):
        assert SendingChannel.objects.get().per_minute is None


def test_customers_are_held_out_of_every_flow(dashboard: Dashboard) -> None:
    frame = dashboard.app()
    frame.get_by_role("tab", name="Sending").click()
    card = frame.get_by_role("region", name="Holdout of all flows")
    percent = card.get_by_label("Percent of customers")
    expect(percent).to_have_value("0")
    percent.fill("51")
    expect(card.get_by_role("alert")).to_have_text("A whole number from 0 to 50.")
    expect(card.get_by_role("button", name="Save")).to_be_disabled()
    percent.fill("5")
    percent.press("Enter")
    expect(dashboard.page.locator("[data-test-id=toast]")).to_contain_text("Settings saved")
    with within(dashboard.shop.installation.pk):
        assert Installation.objects.get().holdout_share == 0.05


def test_a_flow_is_switched_off_and_on(dashboard: Dashboard) -> None:
    frame = dashboard.app()
    frame.get_by_role("tab", name="Sending").click()
    flow = frame.get_by_role("region", name="Flows").locator("[data-flow=abandoned-cart]")
    for label, yes, is_on in (
        ("Switch off: Abandoned carts", "Switch off", False),
        ("Switch on: Abandoned carts", "Switch on", True),
    ):
        flow.get_by_role("button", name=label).click()
        with within(dashboard.shop.installation.pk):
            assert Flow.objects.get(key="abandoned-cart").is_on is not is_on
        flow.get_by_role("button", name=yes, exact=True).click()
        expect(flow).to_have_attribute("data-on", str(is_on).lower())
        with within(dashboard.shop.installation.pk):
            assert Flow.objects.get(key="abandoned-cart").is_on is is_on


def test_who_was_lost_before_is_told_where_a_flow_is_switched_on(dashboard: Dashboard) -> None:
    with within(dashboard.shop.installation.pk):
        people = Customer.objects.filter(merged_into=None).update(
            phase="loss", loss_at=timezone.now() - timedelta(days=1)
        )
    frame = dashboard.app()
    frame.get_by_role("tab", name="Sending").click()
    flow = frame.get_by_role("region", name="Flows").locator("[data-flow=win-back]")
    flow.get_by_role("button", name="Switch on: Win-back").click()
    expect(flow.locator("[data-existing]")).to_contain_text(f"{people} people who were lost before come in too")
    flow.get_by_role("button", name="Cancel").click()
    expect(flow.locator("[data-existing]")).to_have_count(0)


def test_what_holds_messages_is_said_with_what_to_do_next(dashboard: Dashboard, queue: Callable[..., Message]) -> None:
    later = timezone.now() + timedelta(hours=1)
    queue("off", due_at=later, reason="flow_off")
    queue("trouble", due_at=later, reason="451 try again later")
    with within(dashboard.shop.installation.pk):
        Installation.objects.update(held_at=timezone.now())
    frame = dashboard.app()
    frame.get_by_role("tab", name="Sending").click()
    expect(frame.locator(".everything")).to_contain_text("this is a copy, or was restored from a backup")
    expect(frame.locator(".everything")).to_contain_text("whoever runs this app has to let it go")
    email = frame.get_by_role("region", name="E-mail")
    expect(email).to_have_attribute("data-state", "held")
    expect(email.locator("[data-reason=flow_off]")).to_contain_text("Their flow is off")
    expect(email.locator("[data-reason=flow_off]")).to_contain_text("Switch the flow on below")
    expect(email).to_contain_text("The last attempt did not work: 451 try again later")
    assert send(dashboard) == 0
    assert states(dashboard) == ["queued", "queued"]


def test_a_provider_reports_to_the_address_that_the_screen_shows(
    dashboard: Dashboard, queue: Callable[..., Message]
) -> None:
    message = queue("hello:1")
    send(dashboard)
    frame = dashboard.app()
    frame.get_by_role("tab", name="Sending").click()
    card = frame.get_by_role("region", name="What becomes of your messages")
    expect(card).to_contain_text("No provider reports yet.")
    card.get_by_label("Your provider").select_option(label="Mailgun")
    expect(card.get_by_role("button", name="Make the address")).to_be_disabled()
    card.get_by_label("Your provider").select_option(label="Postmark")
    card.get_by_role("button", name="Make the address").click()
    part = card.get_by_role("region", name="Postmark")
    expect(part).to_contain_text("nothing heard yet")
    address = part.locator("code").inner_text()
    report = postmark("bounced", message.public_id, timezone.now())
    assert httpx.post(address, json=report).status_code == 200
    assert httpx.post(address.replace("lifecycle:", "somebody:"), json=report).status_code != 200
    frame = dashboard.app()
    part = frame.get_by_role("region", name="Postmark")
    expect(part).to_contain_text("Last heard:")
    expect(part.locator("code")).to_have_count(0)
    frame.get_by_role("tab", name="Suppression list").click()
    expect(frame.get_by_text("1 address is on the list.")).to_be_visible()
    frame.get_by_role("tab", name="Sending").click()
    part.get_by_role("button", name="Take no more reports").click()
    part.get_by_role("button", name="Take no more", exact=True).click()
    expect(part).to_have_count(0)
    assert httpx.post(address, json=report).status_code != 200


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_what_is_about_messages(
    dashboard: Dashboard, queue: Callable[..., Message], theme: str
) -> None:
    queue("hello:1")
    send(dashboard)
    queue("off", due_at=timezone.now() + timedelta(hours=1), reason="flow_off")
    held = dashboard.shop.installation
    with within(held.pk):
        hashed = address_hash(held, "email", "retention@example.com")
        Suppression.objects.create(
            installation=held, channel="email", address_hash=hashed, reason="manual", at=timezone.now()
        )
    found = {}
    frame = dashboard.app(theme=theme, loads="once")
    frame.evaluate(AXE.read_text())
    for tab in ("Sending", "Consent", "Suppression list"):
        frame.get_by_role("tab", name=tab).click()
        expect(frame.locator("[role=tabpanel] h2").first).to_be_visible()
        expect(frame.locator(".loading")).to_have_count(0)
        frame.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found[tab] = frame.evaluate("axe.run()")
    dashboard.widget(theme=theme)
    popup = dashboard.popup()
    expect(popup.get_by_text("hello")).to_have_count(2)
    popup.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
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
