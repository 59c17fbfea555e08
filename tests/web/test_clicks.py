"""The links and the picture of a message, as people, scanners and forgers follow them."""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.core.signing import Signer
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from saleor_lifecycle.actions import clicks as actions
from saleor_lifecycle.channels.links import Click, Link, click_url, open_url, restore_url, unsubscribe_url
from saleor_lifecycle.domain.scoring import DEFAULT_POLICY, value
from saleor_lifecycle.models import Consent, Customer, DeliveryEvent, Installation, Message
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import clicks, sweep
from saleor_lifecycle.web import clicks as web
from saleor_lifecycle.web import networks
from tests.delivered import customer, message

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
SHOP = "https://shop.example.com/product/1?utm_source=lifecycle&name=a%20b#details"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/604.1"
LINKS = 4


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def sent(installation: Installation, now: datetime) -> Message:
    """A message to somebody of whom it may be known what they follow."""
    return message(installation, customer(installation, now), now)


def link(shop: Installation, about: Message) -> Link:
    return Link(shop.public_id, about.public_id)


def path(shop: Installation, about: Message, place: int = 0, url: str = SHOP) -> str:
    return click_url("", Click(link(shop, about), place, LINKS, url))


def follow(client: Client, address: str, method: str = "get", agent: str = PHONE, **headers: str) -> Any:
    return getattr(client, method)(address, headers={"User-Agent": agent, **headers})


def told(shop: Installation) -> list[tuple[str, str, str]]:
    with within(shop.pk):
        return list(DeliveryEvent.objects.order_by("occurred_at", "id").values_list("kind", "verdict", "reason"))


def rows(shop: Installation) -> Any:
    with within(shop.pk):
        return [list(model.objects.order_by("pk").values()) for model in (DeliveryEvent, Message, Customer)]


def score(shop: Installation, at: datetime) -> float:
    with within(shop.pk):
        u = Customer.objects.get(merged_into=None).before_u
    return round(value(u, DEFAULT_POLICY.before, at), 1)


@pytest.mark.parametrize("method", ["get", "head"])
def test_leads_to_where_it_was_signed_to_lead(
    method: str, installation: Installation, sent: Message, client: Client
) -> None:
    answer = follow(client, path(installation, sent), method)
    assert (answer.status_code, answer["Location"]) == (302, SHOP)
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_a_click_counts_once_it_is_judged_and_not_before(
    installation: Installation, sent: Message, client: Client, now: datetime
) -> None:
    before = score(installation, now)
    follow(client, path(installation, sent))
    assert told(installation) == [("clicked", "provisional", "")]
    assert clicks.run(installation.pk, now + MINUTE / 2) == 0
    assert sweep.due(now + MINUTE / 2) == []
    assert (clicks.__name__ + ".judge", installation.pk) in sweep.due(now + 2 * MINUTE)
    assert clicks.run(installation.pk, now + 2 * MINUTE) == 1
    assert told(installation) == [("clicked", "human", "")]
    assert score(installation, now) == before + 5
    assert clicks.run(installation.pk, now + 2 * MINUTE) == 0


def test_further_clicks_on_one_message_count_no_more(
    installation: Installation, sent: Message, client: Client, now: datetime
) -> None:
    before = score(installation, now)
    for place in (0, 0, 1):
        follow(client, path(installation, sent, place))
        clicks.run(installation.pk, now + 2 * MINUTE)
    assert score(installation, now) == before + 5


def test_a_click_is_taken_back_when_the_rest_of_the_burst_is_known(
    installation: Installation, sent: Message, client: Client, now: datetime
) -> None:
    before = score(installation, now)
    follow(client, path(installation, sent, 0))
    clicks.run(installation.pk, now + 2 * MINUTE)
    assert score(installation, now) == before + 5
    for place in (1, 2):
        follow(client, path(installation, sent, place))
    clicks.run(installation.pk, now + 2 * MINUTE)
    assert told(installation) == [("clicked", "scanner", "burst")] * 3
    assert score(installation, now) == before


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({"method": "head"}, "head"),
        ({"agent": "python-requests/2.32"}, "tool"),
        ({"Sec-Purpose": "prefetch"}, "prefetch"),
        ({"X-Forwarded-For": "198.51.100.1, 192.0.2.9"}, "network"),
    ],
)
def test_a_program_is_led_on_and_counts_nothing(
    case: dict[str, str],
    expected: str,
    installation: Installation,
    sent: Message,
    client: Client,
    now: datetime,
    settings: Any,
) -> None:
    settings.SCANNER_NETWORKS, settings.TRUSTED_PROXIES = ["192.0.2.0/24"], 1
    web._networks.cache_clear()
    before = score(installation, now)
    assert follow(client, path(installation, sent), **case).status_code == 302
    clicks.run(installation.pk, now + 2 * MINUTE)
    assert told(installation) == [("clicked", "scanner", expected)]
    assert score(installation, now) == before
    web._networks.cache_clear()


@pytest.mark.parametrize(("proxies", "expected"), [(0, "127.0.0.1"), (1, "c"), (2, "b"), (3, "a"), (4, "")])
def test_who_asks_is_read_past_our_own_proxies_and_no_further(
    proxies: int, expected: str, rf: Any, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert networks.address_of(rf.get("/", headers={"X-Forwarded-For": "a, b,c"})) == expected


@pytest.mark.parametrize("agreed", [None, False])
def test_of_who_did_not_agree_nothing_is_known(
    agreed: bool | None, installation: Installation, client: Client, now: datetime
) -> None:
    about = message(installation, customer(installation, now, agreed), now)
    assert follow(client, path(installation, about)).status_code == 302
    assert follow(client, open_url("", link(installation, about))).status_code == 200
    assert told(installation) == []


def test_who_withdraws_is_not_followed_by_the_links_of_earlier_messages(
    installation: Installation, sent: Message, client: Client
) -> None:
    with within(installation.pk):
        Consent.objects.update(is_granted=False)
    assert follow(client, path(installation, sent)).status_code == 302
    assert told(installation) == []


def test_the_picture_tells_of_an_opening_which_weighs_nothing(
    installation: Installation, sent: Message, client: Client, now: datetime
) -> None:
    before = score(installation, now)
    answer = follow(client, open_url("", link(installation, sent)))
    assert (answer.status_code, answer["Content-Type"], answer.content[:6]) == (200, "image/gif", b"GIF89a")
    assert "no-store" in answer["Cache-Control"]
    follow(client, open_url("", link(installation, sent)), agent="Mozilla/5.0")
    assert sorted(told(installation)) == [("opened", "human", ""), ("opened", "scanner", "")]
    assert clicks.run(installation.pk, now + 2 * MINUTE) == 0
    assert score(installation, now) == before


def test_no_link_fills_the_database(
    installation: Installation, sent: Message, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_REQUESTS", 2)
    for place in range(4):
        assert follow(client, path(installation, sent, place)).status_code == 302
    assert len(told(installation)) == 2


def test_people_are_led_on_while_the_database_is_away(
    installation: Installation, sent: Message, client: Client
) -> None:
    with patch.object(DeliveryEvent.objects, "bulk_create", side_effect=OperationalError("gone")):
        answer = follow(client, path(installation, sent))
    assert (answer.status_code, answer["Location"]) == (302, SHOP)
    assert told(installation) == []


def test_a_link_that_is_not_ours_leads_nowhere(
    installation: Installation, other_installation: Installation, sent: Message, client: Client
) -> None:
    before = rows(installation)
    own = link(installation, sent)
    token = path(installation, sent).rpartition("/")[2]
    changed = [f"{token[:at]}{'A' if token[at] != 'A' else 'B'}{token[at + 1 :]}" for at in range(len(token))]
    assert len(changed) > 180
    ends = timezone.now() + MINUTE
    swapped = [
        restore_url("", own, ends).rpartition("/")[2],
        unsubscribe_url("", own).rpartition("/")[2],
        open_url("", own).rpartition("/")[2].removesuffix(".gif"),
        click_url("", Click(Link(other_installation.public_id, own.message_id), 0, 1, SHOP)).rpartition("/")[2],
        click_url("", Click(Link(own.installation_id, uuid4()), 0, 1, SHOP)).rpartition("/")[2],
        click_url("", Click(Link(uuid4(), own.message_id), 0, 1, SHOP)).rpartition("/")[2],
        urlsafe_b64encode(b"\0" * 34 + b"https://evil.example").decode(),
        Signer(sep=".", salt="lifecycle.click", key="another key").sign(token.partition(".")[0]),
        token[:-1],
        f"{token}x",
    ]
    for each in [*changed, *swapped]:
        answer = follow(client, f"/c/{each}")
        assert (answer.status_code, answer.headers.get("Location")) == (404, None), each
    assert "This link does not work" in answer.content.decode()
    for each in [*changed[:40], token, *swapped[:2]]:
        assert follow(client, f"/o/{each}.gif").status_code == 404, each
    assert rows(installation) == before
    assert follow(client, f"/unsubscribe/{token}").status_code == 404
    assert follow(client, f"/cart/{token}").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_link_is_only_followed(method: str, installation: Installation, sent: Message, client: Client) -> None:
    assert follow(client, path(installation, sent), method).status_code == 405
    assert told(installation) == []
