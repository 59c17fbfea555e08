from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.api.storefront.languages import WORDS
from saleor_lifecycle.domain.offers import OfferReason
from saleor_lifecycle.models import Cart, Customer, Enrollment, Installation, Message
from saleor_lifecycle.models.entry import within
from tests.api.storefront import answer, data
from tests.facts import ADA, CHECKOUT, GRACE, LINES, account, cart, deletion, order, tell

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
OFFERS = """
query ($channel: String = "default-channel", $first: Int = 4) {
  lifecycleOffers(channel: $channel, first: $first) {
    kind reason text channel expiresAt restoreToken
    lines { quantity variant { __typename id channel } }
  }
}
"""


@pytest.fixture
def shop(installation: Installation, now: datetime) -> Installation:
    """A shop with a cart that has waited for an hour."""
    tell(installation, [account(now - HOUR), cart(now - HOUR)], now)
    return installation


def offers(shop: Installation, now: datetime, user_id: str | None = ADA, **variables: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data(shop, now, OFFERS, user_id, **variables)["lifecycleOffers"]
    return found


def test_offers_the_cart_that_waits_with_references_to_saleors_variants(shop: Installation, now: datetime) -> None:
    [offer] = offers(shop, now)
    assert offer.pop("restoreToken")
    assert offer == {
        "kind": "CART",
        "reason": "CART_WAITS",
        "text": "Your cart is still here for you.",
        "channel": "default-channel",
        "expiresAt": (now - HOUR + timedelta(days=30)).isoformat(),
        "lines": [
            {
                "quantity": 2,
                "variant": {"__typename": "ProductVariant", "id": LINES[0][0], "channel": "default-channel"},
            }
        ],
    }


def test_tells_neither_the_checkout_nor_the_person(shop: Installation, now: datetime) -> None:
    text = str(offers(shop, now))
    assert CHECKOUT not in text
    assert "ada@" not in text


def test_asking_changes_nothing_and_answers_the_same(shop: Installation, now: datetime) -> None:
    def rows() -> list[Any]:
        with within(shop.pk):
            return [list(model.objects.order_by("pk").values()) for model in (Cart, Customer, Enrollment, Message)]

    before, first = rows(), offers(shop, now)
    assert offers(shop, now) == first
    assert rows() == before


@pytest.mark.parametrize("user_id", [None, GRACE, "VXNlcjo5"])
def test_nobody_sees_anothers_cart(shop: Installation, now: datetime, user_id: str | None) -> None:
    tell(shop, [account(now, GRACE, "grace@example.com")], now)
    assert offers(shop, now, user_id) == []


def test_another_shop_offers_nothing_to_the_same_id(
    shop: Installation, other_installation: Installation, now: datetime
) -> None:
    tell(other_installation, [account(now)], now)
    assert offers(other_installation, now) == []


def test_a_guests_cart_is_offered_once_the_address_is_confirmed(installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now - HOUR, user=None), account(now - HOUR, confirmed=False)], now)
    assert offers(installation, now) == []
    tell(installation, [account(now, confirmed=True)], now)
    assert len(offers(installation, now)) == 1


@pytest.mark.parametrize(
    "after",
    [
        lambda now: cart(now, lines=()),
        lambda now: cart(now, being_paid=True),
        lambda now: order(now, checkout=CHECKOUT),
        lambda now: order(now, paid=False),
        lambda now: deletion(now),
    ],
    ids=["emptied", "being paid", "ordered", "another order", "account deleted"],
)
def test_what_ends_the_flow_ends_the_offer(shop: Installation, now: datetime, after: Any) -> None:
    tell(shop, [after(now)], now)
    assert offers(shop, now) == []


@pytest.mark.parametrize(("age", "count"), [(timedelta(days=30) - timedelta(seconds=1), 1), (timedelta(days=30), 0)])
def test_a_cart_is_offered_for_thirty_days(
    installation: Installation, now: datetime, age: timedelta, count: int
) -> None:
    tell(installation, [cart(now - age)], now)
    assert len(offers(installation, now)) == count


def test_another_channel_has_its_own(shop: Installation, now: datetime) -> None:
    assert offers(shop, now, channel="elsewhere") == []


@pytest.mark.parametrize("state", [Installation.State.INACTIVE, Installation.State.REMOVED])
def test_an_app_that_hears_nothing_offers_nothing(shop: Installation, now: datetime, state: str) -> None:
    with within(shop.pk):
        Installation.objects.update(state=state)
    assert offers(shop, now) == []


def test_as_many_as_asked_for_the_last_touched_first(shop: Installation, now: datetime) -> None:
    tell(
        shop, [cart(now - number * HOUR, f"cart {number}", lines=((f"v{number}", 1),)) for number in range(2, 25)], now
    )
    assert len(offers(shop, now, first=100)) == 20
    assert [offer["lines"][0]["variant"]["id"] for offer in offers(shop, now, first=2)] == [LINES[0][0], "v2"]
    assert offers(shop, now, first=0) == []
    refused = answer(shop, now, OFFERS, first=-1)
    assert refused.errors
    assert refused.errors[0].extensions == {"code": "INVALID"}


@pytest.mark.parametrize(
    ("held", "asked", "text"),
    [
        ("es", None, "Tu carrito te espera."),
        ("es-MX", None, "Tu carrito te espera."),
        ("es", "EN", "Your cart is still here for you."),
        ("en", "ES_MX", "Tu carrito te espera."),
        ("fr", None, "Your cart is still here for you."),
        ("en", "ZH_HANS", "Your cart is still here for you."),
    ],
)
def test_says_why_in_the_language_asked_for(
    installation: Installation, now: datetime, held: str, asked: str | None, text: str
) -> None:
    tell(installation, [cart(now - HOUR, language=held)], now)
    query = """
    query ($asked: LifecycleLanguageCode) {
      lifecycleOffers(channel: "default-channel") { text(languageCode: $asked) }
    }
    """
    assert data(installation, now, query, asked=asked)["lifecycleOffers"] == [{"text": text}]


def test_a_language_may_be_written_as_saleors_enum(shop: Installation, now: datetime) -> None:
    query = '{ lifecycleOffers(channel: "default-channel") { text(languageCode: ES_MX) } }'
    assert data(shop, now, query)["lifecycleOffers"] == [{"text": "Tu carrito te espera."}]


@pytest.mark.parametrize("asked", ["es", "español", "", 5, "ES-MX", "E" * 50])
def test_what_is_no_language_is_refused(shop: Installation, now: datetime, asked: Any) -> None:
    query = 'query ($x: LifecycleLanguageCode) { lifecycleOffers(channel: "a") { text(languageCode: $x) } }'
    result = answer(shop, now, query, x=asked)
    assert result.data is None
    assert result.errors


def test_each_reason_has_its_words_in_every_language() -> None:
    assert set(WORDS) == set(OfferReason)
    assert all(set(spoken) == {"en", "es"} for spoken in WORDS.values())
