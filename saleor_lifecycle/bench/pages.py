"""A shop's API that answers from memory, after as long as a real Saleor thinks about a page.

``python -m saleor_lifecycle.bench.pages PORT PEOPLE SECONDS`` serves drawn people and some products. It has failed to
deliver nothing.
"""

import json
import sys
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from . import population
from .population import CURRENCIES, STATES, Block, Handle, email, saleor_id

SIZE = 100
SEED = 12
NEW = 2 * 10**9
"""Numbers from here on are of people, carts and orders that no bench's shop knows yet."""
PRODUCTS = 1000
KINDS = ("CustomersPage", "OrdersPage", "CheckoutsPage", "ProductsPage", "FailedDeliveries")
APP = {
    "id": "QXBwOjE=",
    "identifier": "saleor.lifecycle",
    "permissions": [
        {"code": code} for code in ("MANAGE_USERS", "MANAGE_ORDERS", "MANAGE_CHECKOUTS", "HANDLE_CHECKOUTS")
    ],
    "webhooks": [
        {
            "id": "V2ViaG9vazox",
            "identifier": "lifecycle.orders",
            "name": "lifecycle.orders",
            "targetUrl": "https://bench.example.com/",
            "isActive": True,
            "subscriptionQuery": "",
            "customHeaders": None,
            "asyncEvents": [],
        }
    ],
}


def nodes(people: int) -> dict[str, list[dict[str, Any]]]:
    """Return all that the shop holds, by operation: accounts, everybody's orders, open checkouts, products."""
    drawn = list(population.blocks(people, SEED))
    return {
        "CustomersPage": [node for block in drawn for node in _accounts(block)],
        "OrdersPage": [node for block in drawn for node in _orders(block)],
        "CheckoutsPage": [node for block in drawn for node in _checkouts(block)],
        "ProductsPage": [_product(number) for number in range(PRODUCTS)],
    }


def answer(held: dict[str, list[dict[str, Any]]], operation: str, variables: dict[str, Any]) -> dict[str, Any]:
    """Return what Saleor answers to one of the app's questions."""
    if operation not in KINDS:
        return {"app": APP, "shop": {"name": "Drawn people", "version": "3.23.28"}}
    found = page(held.get(operation, []), variables.get("after"))
    return {"webhook": {"eventDeliveries": found}} if operation == "FailedDeliveries" else {"page": found}


def page(held: list[dict[str, Any]], after: str | None) -> dict[str, Any]:
    """Return the page after that cursor, as Saleor gives it."""
    start = int(after or 0)
    end = start + SIZE
    return {
        "totalCount": len(held),
        "pageInfo": {"hasNextPage": end < len(held), "endCursor": str(min(end, len(held)))},
        "edges": [{"node": node} for node in held[start:end]],
    }


def _accounts(block: Block) -> list[dict[str, Any]]:
    return [
        {
            "id": saleor_id("User", NEW + number),
            "email": email(NEW + number),
            "firstName": "Ada",
            "lastName": "Lovelace",
            "isStaff": False,
            "isActive": True,
            "isConfirmed": handle == Handle.CONFIRMED,
            "languageCode": "EN",
            "dateJoined": _moment(joined),
            "updatedAt": _moment(joined),
            "metadata": [],
        }
        for number, handle, joined in zip(
            *(x.tolist() for x in (block.number, block.handle, block.joined)), strict=True
        )
        if handle != Handle.GUEST
    ]


def _orders(block: Block) -> list[dict[str, Any]]:
    found = []
    columns = (block.order, block.buyer, block.ordered, block.state, block.cents, block.currency)
    for order, buyer, ordered, state, cents, currency in zip(*(x.tolist() for x in columns), strict=True):
        status, charge, charged, refunded = STATES[state]
        amount = cents / 100
        found.append(
            {
                "id": saleor_id("Order", NEW + order),
                "number": str(NEW + order),
                "created": _moment(ordered),
                "updatedAt": _moment(ordered),
                "status": status,
                "chargeStatus": charge,
                "origin": "CHECKOUT",
                "checkoutId": None,
                **_whose(block, buyer, "userEmail"),
                "languageCodeEnum": "EN",
                "channel": {"slug": "default-channel"},
                "total": {"gross": {"amount": amount, "currency": CURRENCIES[currency]}},
                "totalCharged": {"amount": charged * amount},
                "totalRefunded": {"amount": refunded * amount},
                "lines": [{"quantity": 1, "productVariantId": _variant(order)}],
                "metadata": [],
            }
        )
    return found


def _checkouts(block: Block) -> list[dict[str, Any]]:
    columns = (block.cart, block.holder, block.changed, block.became)
    return [
        {
            "id": saleor_id("Checkout", NEW + cart),
            "created": _moment(changed),
            "updatedAt": _moment(changed),
            **_whose(block, holder, "email"),
            "languageCode": "EN",
            "authorizeStatus": "NONE",
            "chargeStatus": "NONE",
            "channel": {"slug": "default-channel"},
            "lines": _lines(cart),
            "metadata": [],
        }
        for cart, holder, changed, became in zip(*(x.tolist() for x in columns), strict=True)
        if became < 0
    ]


def _whose(block: Block, person: int, field: str) -> dict[str, Any]:
    is_guest = block.handle[person - int(block.number[0])] == Handle.GUEST
    return {field: email(NEW + person), "user": None if is_guest else {"id": saleor_id("User", NEW + person)}}


def _lines(number: int) -> list[dict[str, Any]]:
    return [{"quantity": 1, "productName": "Tea", "variant": {"id": _variant(number)}}]


def _product(number: int) -> dict[str, Any]:
    return {
        "id": saleor_id("Product", number),
        "name": f"Tea {number}",
        "slug": f"tea-{number}",
        "updatedAt": population.NOW.isoformat(),
        "category": {"slug": f"teas-{number % 20}", "parent": {"slug": "teas", "parent": None}},
        "collections": [{"slug": f"season-{number % 4}"}],
        "variants": [{"id": _variant(PRODUCTS * size + number)} for size in range(3)],
    }


def _variant(number: int) -> str:
    return saleor_id("ProductVariant", number % (3 * PRODUCTS))


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def serve(port: int, people: int, seconds: float) -> None:
    """Answer until the process is ended; each page after so many seconds."""
    held = nodes(people)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            time.sleep(seconds)
            body = json.dumps({"data": answer(held, asked["operationName"], asked["variables"])}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
