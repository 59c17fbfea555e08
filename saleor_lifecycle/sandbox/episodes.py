"""What a person presses a button for, so that a flow of the app can be watched: each lets one customer do it all."""

import itertools
import secrets
from collections.abc import Callable
from datetime import timedelta

from . import checkouts, history, metadata, orders
from .actors import NOBODY, Actor, Refused
from .catalogue import STAFF_EMAIL, product_of
from .goods import TOGETHER
from .history import variant_of
from .records import Fulfillment, Order, User, Variant
from .shop import Shop
from .storefront_html import CONSENT_KEY

DELIVERED_KEY = "delivered_at"
"""The metadata of a fulfilment in which this shop notes when it arrived."""
LOST_AFTER = timedelta(days=90)
"""Of silence: what whoever shows win-back has to tell the app of this shop."""
_NAMES = itertools.cycle((("Lucía", "Vidal"), ("Ben", "Archer"), ("Nuria", "Pons"), ("Kate", "Moss-Hill")))

Episode = Callable[[Shop, str], User]


def leave_cart(shop: Shop, language: str) -> User:
    """Somebody who has never bought fills a cart, agrees to be written to, and leaves."""
    user = _somebody_new(shop, language)
    _fill_cart(shop, user, ["Wool blanket", "Reading lamp"])
    return user


def buy_first(shop: Shop, language: str) -> User:
    """Somebody buys for the first time; the order is paid, sent and delivered."""
    user = _somebody_new(shop, language)
    _buy(shop, user, ["Olive oil jug"])
    return user


def buy_again(shop: Shop, language: str) -> User:
    """Somebody who has bought before buys what is often bought with other things, and has it delivered."""
    bought = _bought(shop)
    since = shop.clock() - timedelta(days=60)
    for user in shop.all(User):
        of_old = [order for order in shop.all(Order) if order.user_id == user.id]
        if not of_old or user.language_code != language or user.metadata.get(CONSENT_KEY) != "true":
            continue
        if since < max(order.created for order in of_old) < shop.clock() - timedelta(days=1):
            taste = next((one for one in TOGETHER if not bought[user.id] & set(one)), None)
            if taste:
                _buy(shop, user, [taste[0]])
                return user
    raise Refused(None, "Nobody is left who bought lately in this language and agreed to mails.", "NOT_FOUND")


def come_due(shop: Shop, language: str) -> User:
    """Somebody whose last order is so long ago that they count as lost in a moment comes into the shop's books."""
    first, last = next(_NAMES)
    with shop.change(NOBODY) as change:
        created = change.now - LOST_AFTER + timedelta(seconds=10)
        user = history.customer(change, _address(first), (first, last), language, created, agrees=True)
        change.emit("CUSTOMER_CREATED", user)
        order = history.past_order(change, user, [variant_of(shop, "Stoneware mug")], created)
        history.keep(change, order)
    with shop.change(NOBODY) as change:
        change.emit("ORDER_CREATED", order)
    return user


EPISODES: dict[str, Episode] = {
    "leave-cart": leave_cart,
    "buy-first": buy_first,
    "buy-again": buy_again,
    "come-due": come_due,
}


def deliver(shop: Shop, order_id: str) -> None:
    """The staff send all of an order, and note that it has arrived; what was done already is not done again."""
    staff = next(Actor(user=user) for user in shop.all(User) if user.email == STAFF_EMAIL)
    order = shop.get(Order, order_id)
    if order is None:
        raise Refused("id", f"Couldn't resolve to a node: {order_id}", "NOT_FOUND")
    open_lines = {line.id: line.quantity - line.quantity_fulfilled for line in order.lines}
    if any(open_lines.values()):
        orders.fulfill(shop, staff, order_id, open_lines, f"TRK{order.number}")
    arrived = {DELIVERED_KEY: shop.clock().isoformat()}
    for parcel in shop.all(Fulfillment):
        if parcel.order_id == order_id and DELIVERED_KEY not in parcel.metadata:
            metadata.update(shop, staff, parcel.id, arrived, private=False)


def _somebody_new(shop: Shop, language: str) -> User:
    first, last = next(_NAMES)
    with shop.change(NOBODY) as change:
        user = history.customer(change, _address(first), (first, last), language, change.now, agrees=True)
        change.emit("CUSTOMER_CREATED", user)
    return user


def _address(first: str) -> str:
    name = first.lower().replace("í", "i")
    return f"{name}.{secrets.token_hex(3)}@example.com"


def _fill_cart(shop: Shop, user: User, names: list[str]) -> str:
    lines = [(variant_of(shop, name).id, 1) for name in names]
    consent = {CONSENT_KEY: "true"}
    cart = checkouts.create(shop, Actor(user=user), lines, language_code=user.language_code, metadata=consent)
    return cart.id


def _buy(shop: Shop, user: User, names: list[str]) -> None:
    cart = _fill_cart(shop, user, names)
    order = checkouts.complete(shop, Actor(user=user), cart, {checkouts.PAID_KEY: "true"})
    deliver(shop, order.id)


def _bought(shop: Shop) -> dict[str, set[str]]:
    """The names of the products that each customer has bought."""
    found: dict[str, set[str]] = {}
    for order in shop.all(Order):
        names = found.setdefault(order.user_id or "", set())
        for line in order.lines:
            if variant := shop.get(Variant, line.variant_id):
                names.add(product_of(variant).name)
    return found
