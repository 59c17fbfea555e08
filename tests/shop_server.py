"""A shop on a real local socket that answers what the app asks, by operation, from what a test has put into it."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any

import pytest

from saleor_lifecycle.actions.installations import Registration, register
from saleor_lifecycle.models import Brand, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.manifest import PERMISSIONS
from saleor_lifecycle.tasks.installations import add_ready_templates
from tests.facts import CHECKOUT, LINES
from tests.recordings import recorded_jwks

HANG_UP = 0


@dataclass
class ShopServer:
    """``trouble`` is answered instead of everything: a status, or HANG_UP."""

    origin: str = ""
    token: str = "a-secret-token"
    identifier: str = "saleor.app.lifecycle"
    app_id: str = "QXBwOjE="
    permissions: list[str] = field(default_factory=lambda: list(PERMISSIONS))
    jwks: Any = field(default_factory=recorded_jwks)
    carts: dict[str, dict[str, Any]] = field(default_factory=dict)
    orders: list[dict[str, Any]] = field(default_factory=list)
    products: dict[str, dict[str, Any]] = field(default_factory=dict)
    vouchers: dict[str, dict[str, Any]] = field(default_factory=dict)
    costs: dict[str, float] = field(default_factory=dict)
    country: str = "ES"
    languages: list[str] = field(default_factory=list)
    refused_users: dict[str, str] = field(default_factory=dict)
    updated_at: datetime = datetime(2026, 3, 11, 12, tzinfo=UTC)
    attribute_types: list[str] | None = None  # the customer types that have the attribute; None: there is none
    attribute_errors: list[dict[str, str]] = field(default_factory=list)
    refuses_attributes_of: frozenset[str] = frozenset()
    created: list[dict[str, Any]] = field(default_factory=list)
    trouble: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    meanwhile: Callable[[str], object] = lambda operation: None
    problems: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    projected: list[dict[str, Any]] = field(default_factory=list)

    @property
    def api_url(self) -> str:
        return f"{self.origin}/graphql/"

    def answer(self, operation: str, variables: dict[str, Any], token: str) -> dict[str, Any]:
        """Saleor's answer to one operation."""
        held = [{"code": code} for code in self.permissions]
        app = {"id": self.app_id, "identifier": self.identifier, "permissions": held} if token == self.token else None
        match operation:
            case "InstalledApp":
                return {"app": app, "shop": {"name": "A shop", "version": "3.23.28"}}
            case "OwnWebhooks":
                return {"app": app and {"id": self.app_id, "webhooks": []}}
            case "CheckoutsNow":
                self.languages.append(variables["language"])
                return {"app": app} | {name: self.carts.get(one) for name, one in variables.items() if name[0] == "c"}
            case "OfferedProducts":
                self.languages.append(variables["language"])
                found = [self.products[one] for one in variables["ids"] if one in self.products]
                channel = {"isActive": True, "defaultCountry": {"code": self.country}}
                return {"channel": channel, "products": {"edges": [{"node": one} for one in found]}}
            case "OfferedVouchers":
                found = [self.vouchers[one] for one in variables["ids"] if one in self.vouchers]
                return {"vouchers": {"edges": [{"node": one} for one in found]}}
            case "CreateVoucher":
                return {"voucherCreate": self._create_voucher(variables["input"])}
            case "AddCodes":
                if (held := self.vouchers.get(variables["id"])) is None:
                    return {"voucherUpdate": {"errors": [_voucher_error("NOT_FOUND", [])]}}
                return {"voucherUpdate": {"errors": self._add_codes(held, variables["codes"])}}
            case "VoucherPlaces":
                return {"channels": [{"id": "channel"}]}
            case "ListVoucher":
                self.vouchers[variables["id"]]["discountValue"] = variables["channels"][0]["discountValue"]
                return {"voucherChannelListingUpdate": {"errors": []}}
            case "VouchersFound":
                found = [one for one in self.vouchers.values() if variables["search"] in (one["name"], *_codes(one))]
                return {"vouchers": {"edges": [{"node": one} for one in found]}}
            case "VoucherCodes":
                return {"voucher": self.vouchers.get(variables["id"])}
            case "DeleteCodes":
                for one in self.vouchers.values():
                    left = [edge for edge in one["codes"]["edges"] if edge["node"]["id"] not in variables["ids"]]
                    one["codes"]["edges"] = left
                return {"voucherCodeBulkDelete": {"count": len(variables["ids"]), "errors": []}}
            case "VariantCosts":
                listed = [
                    {
                        "id": one,
                        "channelListings": [
                            {"channel": {"slug": variables["channel"]}, "costPrice": {"amount": self.costs[one]}}
                        ],
                    }
                    for one in variables["ids"]
                    if one in self.costs
                ]
                return {"productVariants": {"edges": [{"node": one} for one in listed]}}
            case "OrdersSince" if "day" in variables:
                return self._orders_of_days(**variables)
            case "OrdersSince":
                return self._orders_since(**variables)
            case "PhaseAttribute":
                made = {"id": "attribute"} if self.attribute_types is not None else None
                types = [
                    {"id": one, "attributes": [made] if one in (self.attribute_types or ()) else []} for one in "ab"
                ]
                return {"attribute": made, "customerTypes": {"edges": [{"node": one} for one in types]}}
            case "CreatePhaseAttribute":
                self.created.append(variables["input"])
                self.attribute_types = []
                return {"attributeCreate": {"attribute": {"id": "attribute"}, "errors": self.attribute_errors}}
            case "AssignPhaseAttribute":
                assert self.attribute_types is not None
                self.attribute_types.append(variables["type"])
                return {"customerTypeAssignAttributes": {"errors": []}}
            case "CreateProblem":
                told = variables["input"]
                self.problems[told["key"]] = (told["message"], told.get("criticalThreshold"))
                return {"appProblemCreate": {"errors": []}}
            case "DismissProblem":
                is_there = self.problems.pop(variables["key"], None) is not None
                missing = [{"field": "keys", "code": "NOT_FOUND"}]
                return {"appProblemDismiss": {"errors": [] if is_there else missing}}
            case "ProjectCustomers":
                return {"customerBulkUpdate": {"results": self._project(variables["customers"]), "errors": []}}
        raise AssertionError(operation)

    def _create_voucher(self, given: dict[str, Any]) -> dict[str, Any]:
        voucher = f"voucher {len(self.vouchers)}"
        node = voucher_node(voucher, None, codes={}, singleUse=True, endDate=given["endDate"], name=given["name"])
        if errors := self._add_codes(node | {"type": given["type"]}, given["addCodes"]):
            return {"voucher": None, "errors": errors}
        self.vouchers[voucher] = node | {"type": given["type"]}
        return {"voucher": {"id": voucher}, "errors": []}

    def _add_codes(self, node: dict[str, Any], codes: list[str]) -> list[dict[str, Any]]:
        """Add all of them, or say which are there already, in whatever voucher."""
        there = [code for code in codes if any(code in _codes(one) for one in self.vouchers.values())]
        if there:
            return [_voucher_error("ALREADY_EXISTS", there)]
        node["codes"]["edges"] += [{"node": {"id": f"id of {one}", "code": one, "isActive": True}} for one in codes]
        return []

    def _orders_since(self, since: str, checkouts: list[str], users: list[str], emails: list[str]) -> dict[str, Any]:
        recent = [one for one in self.orders if datetime.fromisoformat(one["created"]) >= datetime.fromisoformat(since)]
        return {
            "byCheckout": _page([one for one in self.orders if one["checkoutId"] in checkouts]),
            "byUser": _page([one for one in recent if one["user"] and one["user"]["id"] in users]),
            "byEmail": _page([one for one in recent if one["userEmail"] in emails]),  # letter by letter, as Saleor does
        }

    def _orders_of_days(self, day: str, checkouts: list[str]) -> dict[str, Any]:
        """As a Saleor before 3.22 is asked."""
        recent = _page([one for one in self.orders if one["created"][:10] >= day])
        recent["pageInfo"]["endCursor"] = None
        return {
            "byCheckout": _page([one for one in self.orders if one["checkoutId"] in checkouts]),
            "recent": recent,
        }

    def _project(self, customers: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.projected += customers
        codes = [
            (one["id"], "INVALID")
            if one["id"] in self.refuses_attributes_of and "attributes" in one["input"]
            else (one["id"], self.refused_users.get(one["id"]))
            for one in customers
        ]
        return [
            {"customer": None, "errors": [{"path": "id", "message": "no", "code": code}]}
            if code
            else {"customer": {"id": user_id, "updatedAt": self.updated_at.isoformat()}, "errors": []}
            for user_id, code in codes
        ]


def cart_node(
    checkout: str = CHECKOUT, lines: tuple[tuple[str, int], ...] = LINES, email: str = "ada@example.com", **changes: Any
) -> dict[str, Any]:
    """A checkout as the shop has it now."""
    money = {"gross": {"amount": 20.0, "currency": "EUR"}, "net": {"amount": 16.53}}
    return {
        "id": checkout,
        "updatedAt": "2026-03-11T10:00:00+00:00",
        "email": email,
        "voucherCode": None,
        "languageCode": "EN",
        "authorizeStatus": "NONE",
        "chargeStatus": "NONE",
        "user": None,
        "channel": {"slug": "default-channel", "isActive": True},
        "totalPrice": money,
        "lines": [
            {
                "quantity": quantity,
                "totalPrice": money,
                "variant": {
                    "id": variant,
                    "name": variant,
                    "sku": None,
                    "quantityAvailable": 5,
                    "translation": None,
                    "product": {
                        "name": "Apple Juice",
                        "slug": "apple-juice",
                        "translation": None,
                        "thumbnail": None,
                    },
                },
            }
            for variant, quantity in lines
        ],
    } | changes


def product_node(
    product: str = "UHJvZHVjdDox",
    name: str = "Apple Juice",
    price: float = 10.0,
    *,
    undiscounted: float | None = None,
    prior: float | None = None,
    available: int | None = 5,
    **changes: Any,
) -> dict[str, Any]:
    """A product as the shop's channel has it now, with one variant."""
    pricing = {
        "price": taxed(price),
        "priceUndiscounted": taxed(undiscounted or price),
        "pricePrior": None if prior is None else taxed(prior),
    }
    return {
        "id": product,
        "name": name,
        "slug": name.lower().replace(" ", "-"),
        "isAvailable": available is None or available > 0,
        "isAvailableForPurchase": True,
        "translation": None,
        "thumbnail": None,
        "pricing": {"displayGrossPrices": True},
        "productVariants": {"edges": [{"node": {"quantityAvailable": available, "pricing": pricing}}]},
        **changes,
    }


def taxed(gross: float, net: float | None = None) -> dict[str, Any]:
    """An amount as the shop tells it."""
    return {
        "currency": "EUR",
        "gross": {"amount": gross},
        "net": {"amount": round(gross / 1.21, 2) if net is None else net},
    }


def voucher_node(
    voucher: str = "Vm91Y2hlcjox",
    value: float | None = 10.0,
    codes: Mapping[str, bool] = MappingProxyType({"OLMO-7K2M": True}),
    has_more: bool = False,
    **changes: Any,
) -> dict[str, Any]:
    """A voucher as the shop's channel has it now: that many per cent of the order, without conditions."""
    return {
        "id": voucher,
        "type": "ENTIRE_ORDER",
        "discountValueType": "PERCENTAGE",
        "discountValue": value,
        "currency": "EUR",
        "minSpent": None,
        "minCheckoutItemsQuantity": None,
        "startDate": "2026-01-01T00:00:00+00:00",
        "endDate": None,
        "usageLimit": None,
        "used": 0,
        "applyOncePerOrder": False,
        "applyOncePerCustomer": False,
        "singleUse": False,
        "onlyForStaff": False,
        "countries": [],
        "codes": {
            "edges": [{"node": {"code": code, "isActive": is_active}} for code, is_active in codes.items()],
            "pageInfo": {"hasNextPage": has_more, "endCursor": None},
        },
        **changes,
    }


def order_node(
    created: datetime, checkout: str | None = None, user: str | None = None, email: str = "else@example.com"
) -> dict[str, Any]:
    """An order as the shop has it now."""
    return {
        "id": f"order of {created}",
        "number": "1",
        "created": created.isoformat(),
        "updatedAt": created.isoformat(),
        "status": "UNFULFILLED",
        "chargeStatus": "NONE",
        "origin": "CHECKOUT",
        "checkoutId": checkout,
        "userEmail": email,
        "languageCodeEnum": "EN",
        "user": {"id": user} if user else None,
        "channel": {"slug": "default-channel"},
        "total": {"gross": {"amount": 20.0, "currency": "EUR"}},
        "totalCharged": {"amount": 0.0},
        "totalRefunded": {"amount": 0.0},
    }


def _codes(node: dict[str, Any]) -> list[str]:
    return [edge["node"]["code"] for edge in node["codes"]["edges"]]


def _voucher_error(code: str, codes: list[str]) -> dict[str, Any]:
    return {"field": "codes", "code": code, "voucherCodes": codes}


def _page(orders: list[dict[str, Any]]) -> dict[str, Any]:
    return {"pageInfo": {"hasNextPage": False}, "edges": [{"node": one} for one in orders]}


def install_at(shop: ShopServer, now: datetime) -> Installation:
    """Install the app in the shop, with a sender who is set up and webhooks that are current."""
    installation_id = register(
        Registration(shop.api_url, shop.app_id, shop.token, shop.jwks, "3.23.28", "A shop"), now - timedelta(days=1)
    )
    add_ready_templates(installation_id, now)
    with within(installation_id):
        Installation.objects.update(webhooks_due_at=None)
        Brand.objects.update(
            sender_name="A shop",
            sender_email="hello@shop.example.com",
            company="A shop, Ltd.",
            postal_address="1 High Street",
            contact_email="hello@shop.example.com",
            storefront_url="https://shop.example.com",
            cart_url="https://shop.example.com/cart?checkout={checkout_id}",
        )
        return Installation.objects.get(pk=installation_id)


@pytest.fixture
def shop_server() -> Iterator[ShopServer]:
    """An empty shop that listens."""
    shop = ShopServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            operation = asked["operationName"]
            self._say(operation, lambda: {"data": shop.answer(operation, asked["variables"], token)})

        def do_GET(self) -> None:
            self._say(self.path, lambda: shop.jwks)

        def _say(self, operation: str, content: Callable[[], Any]) -> None:
            shop.asked.append(operation)
            shop.meanwhile(operation)
            if shop.trouble == HANG_UP:
                self.close_connection = True
                return
            body = json.dumps({} if shop.trouble else content()).encode()
            self.send_response(shop.trouble or 200)
            self.send_header("Content-Length", str(len(body)))
            for name, value in shop.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        shop.origin = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield shop
        server.shutdown()
        thread.join()
