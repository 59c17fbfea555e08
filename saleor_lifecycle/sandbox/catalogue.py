"""What the shop sells, in which channel, and who works there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from .actors import NOBODY
from .goods import ROWS
from .passwords import hashed
from .records import User, Variant, global_id
from .shop import Change, Shop

SHOP_NAME = "Casa Clara"
CURRENCY = "EUR"
COST_SHARE = Decimal("0.55")  # of its price, what anything costs the shop
STAFF_EMAIL, STAFF_PASSWORD = "admin@example.com", "admin"
ORDERS_EMAIL, ORDERS_PASSWORD = "orders@example.com", "orders"
ORDERS_PERMISSIONS = ("MANAGE_ORDERS", "MANAGE_CHECKOUTS")


@dataclass(frozen=True, slots=True)
class Channel:
    id: str = global_id("Channel", 1)
    slug: str = "default-channel"
    name: str = "Online"
    is_active: bool = True
    currency_code: str = CURRENCY


@dataclass(frozen=True, slots=True)
class Warehouse:
    id: str = global_id("Warehouse", "3f1d0c5e-4f0b-4b83-9d0a-1c2f6c1f7a10")
    name: str = "Main"
    slug: str = "main"


@dataclass(frozen=True, slots=True)
class Product:
    """A product; its variants are records, because their stock moves."""

    id: str
    slug: str
    name: str
    name_es: str
    text: str
    text_es: str
    shape: str
    hue: int
    variants: tuple[tuple[str, str, str], ...]  # (name, name in Spanish, price)
    category: "Category"
    collections: tuple["Collection", ...] = ()
    updated_at: datetime = datetime(2026, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Category:
    id: str
    slug: str
    name: str
    parent: "Category | None" = None


@dataclass(frozen=True, slots=True)
class Collection:
    id: str
    slug: str
    name: str


CHANNEL = Channel()
_HOME = Category(global_id("Category", 1), "home", "Home")
_KITCHEN = Category(global_id("Category", 2), "kitchen", "Kitchen", _HOME)
_TABLE = Category(global_id("Category", 3), "table", "Table", _KITCHEN)
_LIVING = Category(global_id("Category", 4), "living", "Living", _HOME)
_CATEGORIES = {"mug": _TABLE, "bowl": _TABLE, "jug": _KITCHEN, "board": _KITCHEN}
GIFTS = Collection(global_id("Collection", 1), "gifts", "Gifts")
WAREHOUSE = Warehouse()


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


PRODUCTS = tuple(
    Product(
        global_id("Product", n),
        _slug(row[0]),
        *row,
        category=_CATEGORIES.get(row[4], _LIVING),
        collections=(GIFTS,) if row[4] in ("mug", "candle") else (),
    )
    for n, row in enumerate(ROWS, 1)
)
_PRODUCTS = {product.id: product for product in PRODUCTS}


def product(identifier: str) -> Product | None:
    return _PRODUCTS.get(identifier)


def product_of(variant: Variant) -> Product:
    return _PRODUCTS[variant.product_id]


def spanish_name(variant: Variant) -> str:
    names = {name: spanish for name, spanish, _ in product_of(variant).variants}
    return names[variant.name]


def variants_of(shop: Shop, product: Product) -> list[Variant]:
    return [variant for variant in shop.all(Variant) if variant.product_id == product.id]


def furnish(shop: Shop) -> None:
    """Stock the shelves and hire the staff: one who may do everything, and one for orders only."""
    with shop.change(NOBODY) as change:
        _stock(change)
        _hire(change, STAFF_EMAIL, STAFF_PASSWORD, "Ada", "Shopkeeper", None)
        _hire(change, ORDERS_EMAIL, ORDERS_PASSWORD, "Omar", "Packer", ORDERS_PERMISSIONS)


def _stock(change: Change) -> None:
    stocked = {variant.product_id for variant in change.shop.all(Variant)}
    for product in PRODUCTS:
        if product.id in stocked:
            continue
        for name, _, price in product.variants:
            number = change.next_number("ProductVariant")
            change.put(
                Variant(
                    id=global_id("ProductVariant", number),
                    product_id=product.id,
                    name=name,
                    sku=f"CC-{number:04}",
                    price=Decimal(price),
                    stock=1000,
                    cost=(Decimal(price) * COST_SHARE).quantize(Decimal("0.01")),
                )
            )


def _hire(
    change: Change, email: str, password: str, first_name: str, last_name: str, permissions: tuple[str, ...] | None
) -> None:
    if any(user.email == email for user in change.shop.all(User)):
        return
    change.put(
        User(
            id=change.next_id("User"),
            email=email,
            first_name=first_name,
            last_name=last_name,
            is_staff=True,
            is_confirmed=True,
            permissions=permissions,
            password=hashed(password),
            date_joined=change.now,
            updated_at=change.now,
        )
    )
