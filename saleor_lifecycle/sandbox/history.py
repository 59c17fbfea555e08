"""What the shop lived before the app came: customers and their orders, the same for the same seed."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from .actors import NOBODY
from .catalogue import product_of
from .checkouts import SHIPPING_METHOD
from .goods import TOGETHER
from .records import Fulfillment, Order, OrderLine, User, Variant, new_id
from .shop import Change, Shop
from .storefront_html import CONSENT_KEY

_FIRST_NAMES = ("Alba", "Bruno", "Carla", "Dora", "Emil", "Fina", "Greta", "Hugo", "Inés", "Jan", "Karla", "Lola")
_LAST_NAMES = ("Abril", "Brandt", "Costa", "Dunn", "Egea", "Foster", "Gil", "Hale", "Ibarra", "Jonas", "Kerr", "Luna")
_EMAIL = str.maketrans("áéíóú", "aeiou")
_LONGEST_AGO = 540.0  # days


def furnish(shop: Shop, people: int, seed: int = 7) -> None:
    """Let so many people have bought, some of them long ago; a shop with orders has its history already."""
    if people == 0 or shop.all(Order):
        return
    chance = random.Random(seed)
    with shop.change(NOBODY) as change:
        orders = [order for number in range(people) for order in _life(change, chance, number)]
        for order in sorted(orders, key=lambda one: one.created):
            keep(change, order)


def past_order(change: Change, user: User, variants: list[Variant], created: datetime) -> Order:
    """An order that was paid and has arrived; whoever makes it keeps it."""
    lines = tuple(_line(variant) for variant in variants)
    amount = sum((line.price for line in lines), Decimal(0))
    return Order(
        id=new_id("Order"),
        number=str(change.next_number("order number")),
        created=created,
        updated_at=created + timedelta(days=1),
        status="FULFILLED",
        checkout_id=None,
        user_id=user.id,
        user_email=user.email,
        language_code=user.language_code,
        lines=lines,
        total=amount,
        charged=amount,
        shipping_method_name=SHIPPING_METHOD,
        metadata=dict(user.metadata),
    )


def keep(change: Change, order: Order) -> None:
    """Put an order that was sent, and its parcel."""
    change.put(order)
    parcel = Fulfillment(
        id=change.next_id("Fulfillment"),
        order_id=order.id,
        status="FULFILLED",
        created=order.created + timedelta(days=1),
        lines=tuple((line.id, line.quantity) for line in order.lines),
    )
    change.put(parcel)


def customer(change: Change, email: str, name: tuple[str, str], language: str, joined: datetime, agrees: bool) -> User:
    """A confirmed account, put."""
    user = User(
        id=change.next_id("User"),
        email=email,
        first_name=name[0],
        last_name=name[1],
        is_confirmed=True,
        language_code=language,
        date_joined=joined,
        updated_at=joined,
        metadata={CONSENT_KEY: "true"} if agrees else {},
    )
    change.put(user)
    return user


def variant_of(shop: Shop, name: str) -> Variant:
    """The first variant of the product with that name."""
    return next(one for one in shop.all(Variant) if product_of(one).name == name)


def _life(change: Change, chance: random.Random, number: int) -> Iterator[Order]:
    first, last = chance.choice(_FIRST_NAMES), chance.choice(_LAST_NAMES)
    # More of them came lately than long ago, as in a shop that grows.
    moment = change.now - timedelta(days=3 + _LONGEST_AGO * chance.random() ** 2)
    email = f"{first}.{last}.{number}@example.com".lower().translate(_EMAIL)
    language = chance.choice(("EN", "ES"))
    user = customer(change, email, (first, last), language, moment, chance.random() < 0.8)
    taste = chance.choice(TOGETHER)
    while moment < change.now - timedelta(days=2):
        names = chance.sample(taste, chance.choice((1, 2, 2, 3)))
        if chance.random() < 0.3:
            names.append(chance.choice(chance.choice(TOGETHER)))
        yield past_order(change, user, [variant_of(change.shop, name) for name in dict.fromkeys(names)], moment)
        if chance.random() < 0.4:
            return
        moment += timedelta(days=5 + chance.expovariate(1 / 35))


def _line(variant: Variant) -> OrderLine:
    return OrderLine(
        id=new_id("OrderLine"),
        variant_id=variant.id,
        product_name=product_of(variant).name,
        variant_name=variant.name,
        sku=variant.sku,
        price=variant.price,
        quantity=1,
        quantity_fulfilled=1,
    )
