"""Clicks over time: when their person turns out to be another's, is erased, or the rows get too old."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from saleor_lifecycle.actions import templates
from saleor_lifecycle.domain.scoring import DEFAULT_POLICY, value
from saleor_lifecycle.models import Consent, Customer, DeliveryEvent, Installation, Message
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import clicks, upkeep
from tests.channels.conftest import MailServer
from tests.delivered import customer, let_be_tracked, message, queued
from tests.facts import ADA, account, deletion, order, tell
from tests.tasks.abandoned import send, shop

pytestmark = pytest.mark.django_db

__all__ = ["shop"]

DAY = timedelta(days=1)


def follow(about: Message, at: datetime, **changes: object) -> None:
    with within(about.installation_id):
        DeliveryEvent.objects.create(
            installation=about.installation,
            message=about,
            provider="",
            key=f"{at} {changes}",
            kind="clicked",
            verdict="provisional",
            link=0,
            links=3,
            occurred_at=at,
            received_at=at,
            due_at=at,
            **changes,
        )


def points(shop: Installation, at: datetime) -> float:
    """Return what the clicks of the one customer give, by the rows that are folded."""
    with within(shop.pk):
        held = Customer.objects.get(merged_into=None)
        sums = {(part, kind): u for part, kind, u in held.sums}
    u = sums.get(("before", "click"))
    return round(value(u, DEFAULT_POLICY.before, at), 3)


def test_clicks_of_a_guest_go_with_them_to_their_account(installation: Installation, now: datetime) -> None:
    tell(installation, [order(now - DAY, user=None)], now)
    with within(installation.pk):
        guest = Customer.objects.get()
    follow(message(installation, guest, now), now)
    clicks.run(installation.pk, now)
    assert points(installation, now) == 1.0
    tell(installation, [account(now)], now)
    with within(installation.pk):
        assert (
            Customer.objects.exclude(merged_into=None).count() + Customer.objects.filter(merged_into=None).count() >= 1
        )
        assert Message.objects.get().customer == Customer.objects.get(merged_into=None)
    assert points(installation, now) == 1.0


def test_of_an_erased_person_only_that_and_when_stays(installation: Installation, now: datetime) -> None:
    about = message(installation, customer(installation, now), now)
    follow(about, now, traits=["tool"])
    clicks.run(installation.pk, now)
    follow(about, now + timedelta(seconds=1))
    with within(installation.pk):
        DeliveryEvent.objects.filter(due_at=None).update(detail="552 full")
    tell(installation, [deletion(now, ADA)], now)
    with within(installation.pk):
        row = DeliveryEvent.objects.get()
        assert (row.kind, row.verdict, row.occurred_at) == ("clicked", "scanner", now)
        assert (row.detail, row.link, row.links, row.traits) == ("", None, None, [])
        assert not Consent.objects.filter(is_granted=True).exists()


@pytest.mark.parametrize(("age", "is_kept"), [(729, True), (731, False)])
def test_what_is_too_old_goes(age: int, is_kept: bool, installation: Installation, now: datetime) -> None:
    follow(message(installation, customer(installation, now), now), now - age * DAY)
    upkeep.expire(installation.pk, now)
    with within(installation.pk):
        assert DeliveryEvent.objects.exists() is is_kept


def test_another_shop_judges_nothing_of_ours(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    follow(message(installation, customer(installation, now), now), now)
    assert clicks.run(other_installation.pk, now) == 0
    with within(installation.pk):
        assert DeliveryEvent.objects.get().verdict == "provisional"


NEW = "https://shop.example.com/new?x=1&y=2&utm_source=lifecycle&utm_medium=email&utm_campaign=hello"


@pytest.mark.parametrize(("agreed", "is_followed"), [(True, True), (None, False)])
def test_the_links_of_a_sent_message_count_only_for_who_agreed(
    agreed: bool | None, is_followed: bool, shop: Installation, mail_server: MailServer, client: Client
) -> None:
    at = timezone.now()
    tell(shop, [account(at - DAY, consent=True)], at)
    html = '<p><a href="https://shop.example.com/new?x=1&amp;y=2">New</a> <a href="{{ links.unsubscribe }}">no</a></p>'
    with within(shop.pk):
        words = ("Hello", "", "Hello, https://shop.example.com/new")
        templates.save(shop.pk, "hello", "en", words, html, at)
        to = Customer.objects.get(merged_into=None)
        let_be_tracked(shop, to, agreed, at)
    about = queued(shop, to, at, template="hello", due_at=at)
    assert send(shop) == 1
    (mail,) = mail_server.received
    text, page = (part.get_content() for part in mail.iter_parts())
    assert "https://shop.example.com/new" in text
    links = [unescape(found) for found in re.findall(r'href="([^"]*)"', page)]
    pictures = re.findall(r'src="https://app.example.com(/o/[^"]*)"', page)
    assert ("/c/" in links[0], len(pictures)) == (is_followed, is_followed)
    assert "/unsubscribe/" in links[1]
    if not is_followed:
        assert links[0] == NEW
        return
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}
    answer = client.get(links[0].removeprefix("https://app.example.com"), headers=agent)
    assert answer["Location"] == NEW
    assert client.get(pictures[0], headers=agent).status_code == 200
    with within(shop.pk):
        told = DeliveryEvent.objects.filter(message=about).order_by("kind")
        assert list(told.values_list("kind", "link", "links", "verdict")) == [
            ("clicked", 0, 1, "provisional"),
            ("opened", None, None, "human"),
        ]
