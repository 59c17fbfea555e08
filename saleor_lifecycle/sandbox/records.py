"""What a shop remembers, as frozen records keyed by Saleor's global ids."""

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, get_args

SALEOR_VERSION = "3.23.28"
SCHEMA_VERSION = "3.23"


def global_id(kind: str, key: object) -> str:
    """Saleor's opaque id, for example the base64 of ``User:1``."""
    return base64.b64encode(f"{kind}:{key}".encode()).decode()


def new_id(kind: str) -> str:
    return global_id(kind, uuid.uuid4())


def kind_of(identifier: str) -> str:
    """The type named in a global id; empty where it is none."""
    try:
        return base64.b64decode(identifier, validate=True).decode().partition(":")[0]
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: str
    email: str
    first_name: str = ""
    last_name: str = ""
    is_staff: bool = False
    is_active: bool = True
    is_confirmed: bool = False
    permissions: tuple[str, ...] | None = None  # of staff; None is all of them
    language_code: str = "EN"
    note: str | None = None
    password: str = ""  # salted hash
    date_joined: datetime
    updated_at: datetime
    metadata: Mapping[str, str] = field(default_factory=dict)
    private_metadata: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)  # values by attribute, both by external reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    id: str
    product_id: str
    name: str
    sku: str
    price: Decimal
    stock: int
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutLine:
    id: str
    variant_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    id: str
    created: datetime
    updated_at: datetime
    email: str | None = None
    user_id: str | None = None
    language_code: str = "EN"
    lines: tuple[CheckoutLine, ...] = ()
    charged: Decimal = Decimal(0)
    voucher_code: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    private_metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    id: str
    variant_id: str
    product_name: str
    variant_name: str
    sku: str
    price: Decimal
    quantity: int
    quantity_fulfilled: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    id: str
    number: str
    created: datetime
    updated_at: datetime
    status: str
    origin: str = "CHECKOUT"
    checkout_id: str | None
    user_id: str | None
    user_email: str | None
    language_code: str
    lines: tuple[OrderLine, ...]
    total: Decimal
    charged: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    voucher_code: str | None = None
    shipping_method_name: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    private_metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfillment:
    id: str
    order_id: str
    status: str
    created: datetime
    tracking_number: str = ""
    lines: tuple[tuple[str, int], ...] = ()  # (order line, quantity)
    metadata: Mapping[str, str] = field(default_factory=dict)
    private_metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    id: str
    name: str
    identifier: str
    version: str
    manifest_url: str
    token: str
    permissions: tuple[str, ...]
    created: datetime
    app_url: str | None = None
    is_active: bool = True
    is_removed: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)
    private_metadata: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)  # by key, what staff read


@dataclass(frozen=True, slots=True, kw_only=True)
class AppExtension:
    id: str
    app_id: str
    label: str
    url: str
    mount: str
    target: str
    permissions: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    identifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    id: str
    app_id: str
    name: str
    identifier: str | None
    target_url: str
    query: str
    events: tuple[str, ...]
    is_active: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppInstallation:
    id: str
    app_name: str
    manifest_url: str
    status: str
    message: str | None = None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountToken:
    """What another app would mail to the customer: the right to confirm or to delete an account."""

    id: str  # the token itself
    user_id: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    at: datetime
    status: int | None
    error: str | None = None

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one webhook. ``body`` is None until it is rendered."""

    id: str
    event: str
    webhook_id: str
    issued_at: datetime
    principal_id: str | None
    subject_id: str
    token: str | None = None
    body: str | None = None
    status: str = "PENDING"
    note: str | None = None
    failures: int = 0
    repeats: int = 0  # how many times it is to be sent again after it arrived
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    id: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    id: str
    name: str
    slug: str
    external_reference: str
    values: Mapping[str, str]  # names by external reference
    visible_in_storefront: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerType:
    id: str
    name: str
    slug: str
    attribute_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """``value`` and ``min_spent`` are those of the one channel; without a value the voucher is listed in none."""

    id: str
    name: str | None = None
    type: str = "ENTIRE_ORDER"
    discount_value_type: str = "FIXED"
    start_date: datetime
    end_date: datetime | None = None
    usage_limit: int | None = None
    used: int = 0  # moves only where there is a limit
    min_checkout_items_quantity: int | None = None
    apply_once_per_order: bool = False
    apply_once_per_customer: bool = False
    only_for_staff: bool = False
    single_use: bool = False
    value: Decimal | None = None
    min_spent: Decimal | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    private_metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherCode:
    id: str
    voucher_id: str
    code: str
    is_active: bool = True
    created_at: datetime


Owner = User | Checkout | Order | Fulfillment | App | Voucher  # what carries metadata
Record = (
    User
    | Variant
    | Checkout
    | Order
    | Fulfillment
    | App
    | AppExtension
    | Webhook
    | AppInstallation
    | AccountToken
    | Delivery
    | Counter
    | Attribute
    | CustomerType
    | Voucher
    | VoucherCode
)
KINDS: tuple[type, ...] = get_args(Record)
