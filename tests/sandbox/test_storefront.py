from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from saleor_lifecycle.sandbox.records import AccountToken, Checkout, Order, User, Variant
from saleor_lifecycle.sandbox.server import Sandbox


@pytest.fixture
def browser(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.url, follow_redirects=True, trust_env=False, verify=False) as client:
        yield client


def _only(records: list[Any]) -> Any:
    (record,) = records
    return record


def _fill(sandbox: Sandbox, browser: httpx.Client) -> Checkout:
    browser.post("/cart/add", data={"variant": sandbox.shop.all(Variant)[0].id}).raise_for_status()
    cart: Checkout = _only(sandbox.shop.all(Checkout))
    return cart


def test_a_guest_fills_a_cart_says_who_they_are_and_leaves(sandbox: Sandbox, browser: httpx.Client) -> None:
    _fill(sandbox, browser)
    browser.post("/cart/details", data={"email": "Guest@Example.com", "consent": "yes"})

    cart = _only(sandbox.shop.all(Checkout))
    assert (cart.email, cart.metadata, cart.user_id) == (
        "guest@example.com",
        {"marketing_consent": "true"},
        None,
    )


def test_an_unticked_box_says_no_only_after_a_yes(sandbox: Sandbox, browser: httpx.Client) -> None:
    _fill(sandbox, browser)
    seen = []
    for consent in ({}, {"consent": "yes"}, {}):
        browser.post("/cart/details", data={"email": "guest@example.com", **consent})
        seen.append(_only(sandbox.shop.all(Checkout)).metadata)

    assert seen == [{}, {"marketing_consent": "true"}, {"marketing_consent": "false"}]


def test_a_mailed_link_restores_the_cart_on_another_device(sandbox: Sandbox, browser: httpx.Client) -> None:
    cart = _fill(sandbox, browser)
    with httpx.Client(base_url=sandbox.url, follow_redirects=True, trust_env=False, verify=False) as other:
        page = other.get("/checkout", params={"checkout": cart.id})
        assert "Stoneware mug" in page.text
        other.post("/cart/order", data={"email": "guest@example.com", "pay": "now"})

    order = _only(sandbox.shop.all(Order))
    assert (order.checkout_id, order.charged) == (cart.id, order.total)
    again = browser.get("/checkout", params={"checkout": cart.id})
    assert "This cart was ordered already." in again.text


def test_a_link_to_no_cart_is_404(browser: httpx.Client) -> None:
    answer = browser.get("/checkout", params={"checkout": "Q2hlY2tvdXQ6eA=="})

    assert answer.status_code == 404
    assert "no longer here" in answer.text


def test_an_order_without_email_is_refused(sandbox: Sandbox, browser: httpx.Client) -> None:
    _fill(sandbox, browser)
    page = browser.post("/cart/order", data={"email": "", "pay": "later"})

    assert "We need your e-mail" in page.text
    assert sandbox.shop.all(Order) == []


def test_a_new_shopper_is_confirmed_and_consents(sandbox: Sandbox, browser: httpx.Client) -> None:
    details = {"first_name": "Ana", "last_name": "<i>Ruiz", "email": "ana@example.com", "consent": "yes"}
    page = browser.post("/shopper/new", data=details)
    cart = _fill(sandbox, browser)

    user = next(user for user in sandbox.shop.all(User) if user.email == "ana@example.com")
    assert user.is_confirmed
    assert user.metadata == cart.metadata == {"marketing_consent": "true"}
    assert (cart.user_id, cart.email) == (user.id, "ana@example.com")
    assert "Ana &lt;i&gt;Ruiz" in page.text
    assert sandbox.shop.all(AccountToken) == []


def test_the_language_goes_to_the_cart(sandbox: Sandbox, browser: httpx.Client) -> None:
    _fill(sandbox, browser)
    page = browser.post("/language", headers={"Referer": f"{sandbox.url}/cart"})

    assert 'lang="es"' in page.text
    assert "Taza de gres" in page.text
    assert _only(sandbox.shop.all(Checkout)).language_code == "ES"


def test_a_shopper_can_delete_the_account(sandbox: Sandbox, browser: httpx.Client) -> None:
    browser.post("/shopper/new", data={"email": "ana@example.com"})
    browser.post("/shopper/delete")

    assert [user.email for user in sandbox.shop.all(User) if not user.is_staff] == []


@pytest.mark.parametrize("path", ["/", "/cart", "/shopper", "/sandbox", "/mail/", "/pictures/olive-oil-jug.svg"])
def test_page_asks_nothing_of_other_places(path: str, browser: httpx.Client) -> None:
    page = browser.get(path)

    assert page.status_code == 200
    assert "https://" not in page.text
    assert "<script" not in page.text


def test_thumbnail_is_a_png(sandbox: Sandbox, ask: Any, browser: httpx.Client) -> None:
    query = "{ products(first: 1) { edges { node { thumbnail(size: 256, format: ORIGINAL) { url alt } } } } }"
    picture = ask(query)["data"]["products"]["edges"][0]["node"]["thumbnail"]
    answer = browser.get(picture["url"])

    assert picture["alt"] == "Stoneware mug"
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
