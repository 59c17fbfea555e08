"""The buttons with which somebody watches the app's flows, and the history that they rest on."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from saleor_lifecycle.sandbox import catalogue, episodes, history, orders
from saleor_lifecycle.sandbox.actors import Refused
from saleor_lifecycle.sandbox.checkouts import PAID_KEY
from saleor_lifecycle.sandbox.episodes import DELIVERED_KEY, EPISODES, LOST_AFTER
from saleor_lifecycle.sandbox.goods import ROWS, TOGETHER
from saleor_lifecycle.sandbox.records import Checkout, Fulfillment, Order, User
from saleor_lifecycle.sandbox.server import Sandbox
from saleor_lifecycle.sandbox.storefront_html import CONSENT_KEY


@pytest.fixture
def peopled(world: Any) -> Any:
    """A shop in which forty have bought."""
    history.furnish(world.shop, 40)
    world.changes.clear()
    return world


def test_history_is_there_once_and_tells_nobody(world: Any) -> None:
    history.furnish(world.shop, 20)
    orders = world.shop.all(Order)
    history.furnish(world.shop, 20)

    assert world.shop.all(Order) == orders
    assert len({order.user_id for order in orders}) == 20
    assert [order.created for order in orders] == sorted(order.created for order in orders)
    assert len(world.shop.all(Fulfillment)) == len(orders)
    assert world.events() == []


def test_shop_without_a_past_has_none(world: Any) -> None:
    history.furnish(world.shop, 0)

    assert world.shop.all(Order) == []


def test_what_is_bought_together_is_on_the_shelves() -> None:
    names = [name for together in TOGETHER for name in together]

    assert sorted(names) == sorted(row[0] for row in ROWS)


def test_cart_is_left_by_somebody_who_agrees_and_has_not_bought(world: Any) -> None:
    user = episodes.leave_cart(world.shop, "ES")

    (cart,) = world.shop.all(Checkout)
    assert (cart.user_id, cart.email, cart.language_code) == (user.id, user.email, "ES")
    assert cart.metadata[CONSENT_KEY] == user.metadata[CONSENT_KEY] == "true"
    assert world.shop.all(Order) == []
    assert world.events() == ["CUSTOMER_CREATED", "CHECKOUT_CREATED"]


def test_first_order_is_paid_sent_and_delivered(world: Any) -> None:
    user = episodes.buy_first(world.shop, "EN")

    (order,) = world.shop.all(Order)
    (parcel,) = world.shop.all(Fulfillment)
    assert (order.user_id, order.status, order.charged) == (user.id, "FULFILLED", order.total)
    assert (parcel.order_id, list(parcel.metadata)) == (order.id, [DELIVERED_KEY])
    assert {"ORDER_CREATED", "FULFILLMENT_CREATED", "FULFILLMENT_METADATA_UPDATED"} <= set(world.events())


def test_who_buys_again_has_bought_before_but_nothing_that_goes_with_it(peopled: Any) -> None:
    user = episodes.buy_again(peopled.shop, "EN")

    *before, last = [order for order in peopled.shop.all(Order) if order.user_id == user.id]
    group = next(one for one in TOGETHER if last.lines[0].product_name in one)
    assert before
    assert not {line.product_name for order in before for line in order.lines} & set(group)
    assert last.created > before[-1].created


def test_nobody_buys_again_where_nobody_has_bought(world: Any) -> None:
    with pytest.raises(Refused, match="Nobody is left"):
        episodes.buy_again(world.shop, "EN")

    assert world.shop.all(Order) == []


def test_who_comes_due_bought_almost_long_enough_ago(world: Any) -> None:
    user = episodes.come_due(world.shop, "ES")

    (order,) = world.shop.all(Order)
    assert order.user_id == user.id
    assert timedelta(0) < order.created + LOST_AFTER - world.shop.clock() <= timedelta(seconds=10)
    assert world.events() == ["CUSTOMER_CREATED", "ORDER_CREATED"]


def test_order_is_delivered_once(world: Any) -> None:
    order = world.order(paid=True)
    episodes.deliver(world.shop, order.id)
    world.changes.clear()
    episodes.deliver(world.shop, order.id)

    assert world.events() == []
    assert len(world.shop.all(Fulfillment)) == 1


def test_button_lets_it_happen_and_says_to_whom(sandbox: Sandbox, http: httpx.Client) -> None:
    answer = http.post(f"{sandbox.url}/sandbox/episodes/leave-cart", data={"language": "ES"})

    (user,) = [one for one in sandbox.shop.all(User) if not one.is_staff]
    told = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (answer.status_code, told["email"]) == (303, [user.email])
    assert user.email in http.get(f"{sandbox.url}{answer.headers['Location']}").text


def test_every_episode_has_a_button(sandbox: Sandbox, http: httpx.Client) -> None:
    page = http.get(f"{sandbox.url}/sandbox").text

    assert all(f"/sandbox/episodes/{name}" in page for name in EPISODES)


def test_button_that_does_not_exist_is_not_found(sandbox: Sandbox, http: httpx.Client) -> None:
    assert http.post(f"{sandbox.url}/sandbox/episodes/none").status_code == 404


def test_button_says_why_nothing_happened(sandbox: Sandbox, http: httpx.Client) -> None:
    answer = http.post(f"{sandbox.url}/sandbox/episodes/buy-again")

    told = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert told == {"happened": ["Nobody is left who bought lately in this language and agreed to mails."]}
    assert sandbox.shop.all(Order) == []


def test_order_is_delivered_on_its_page(sandbox: Sandbox, http: httpx.Client) -> None:
    user = episodes.leave_cart(sandbox.shop, "EN")
    cart = sandbox.shop.all(Checkout)[0]
    placed = episodes.checkouts.complete(sandbox.shop, episodes.Actor(user=user), cart.id, {PAID_KEY: "true"})
    before = http.get(f"{sandbox.url}/order/{placed.id}").text
    http.post(f"{sandbox.url}/order/{placed.id}/deliver")
    after = http.get(f"{sandbox.url}/order/{placed.id}").text

    assert (f"/order/{placed.id}/deliver" in before, f"/order/{placed.id}/deliver" in after) == (True, False)
    assert sandbox.shop.all(Fulfillment)[0].metadata.keys() == {DELIVERED_KEY}


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "It was cancelled, so nothing is delivered."), ("es", "Se ha cancelado, así que no se entrega nada.")],
)
def test_cancelled_order_is_not_said_to_be_delivered(sandbox: Sandbox, language: str, words: str) -> None:
    user = episodes.leave_cart(sandbox.shop, "EN")
    cart = sandbox.shop.all(Checkout)[0]
    placed = episodes.checkouts.complete(sandbox.shop, episodes.Actor(user=user), cart.id)
    staff = next(one for one in sandbox.shop.all(User) if one.email == catalogue.STAFF_EMAIL)
    orders.cancel(sandbox.shop, episodes.Actor(user=staff), placed.id)
    with httpx.Client(cookies={"language": language}, follow_redirects=True) as browser:
        page = browser.post(f"{sandbox.url}/order/{placed.id}/deliver").text

    assert words in page
    assert sandbox.shop.all(Fulfillment) == []


def test_products_cost_the_shop_less_than_they_are_sold_for(world: Any) -> None:
    variants = [variant for product in catalogue.PRODUCTS for variant in catalogue.variants_of(world.shop, product)]

    assert len(variants) > 30
    assert all(variant.cost and 0 < variant.cost < variant.price for variant in variants)
