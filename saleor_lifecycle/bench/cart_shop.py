"""The shop that ``path`` asks before a mail leaves, in a process of its own."""

import base64
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from . import deliveries


class Shop(BaseHTTPRequestHandler):
    """It has every cart as it was told of, and no order."""

    protocol_version = "HTTP/1.1"
    cart: ClassVar[dict[str, Any]] = {}

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = json.dumps({"data": self._answer(asked["operationName"], asked["variables"])}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, operation: str, variables: dict[str, Any]) -> dict[str, Any]:
        if operation == "CheckoutsNow":
            asked = {alias: key for alias, key in variables.items() if alias != "language"}
            return {"app": {"id": "app"}} | {alias: self._cart(key) for alias, key in asked.items()}
        nothing = {"pageInfo": {"hasNextPage": False}, "edges": []}
        return {"byCheckout": nothing, "byUser": nothing, "byEmail": nothing}

    def _cart(self, checkout_id: str) -> dict[str, Any]:
        number = int(base64.b64decode(checkout_id).decode().partition(":")[2], 16)
        return {**self.cart, "id": checkout_id, "email": f"person{number}@example.com"}

    def log_message(self, format: str, *args: object) -> None:
        pass


def serve(port: int) -> None:
    """Answer as the shop."""
    told = json.loads(deliveries.RECORDED.read_text(encoding="utf-8"))["checkout"]
    told["channel"]["isActive"] = True
    for line in told["lines"]:
        line["variant"] |= {"quantityAvailable": 5, "translation": None}
        line["variant"]["product"] |= {"translation": None}
        line["variant"]["product"]["thumbnail"] |= {"alt": ""}
    Shop.cart = told
    ThreadingHTTPServer(("127.0.0.1", port), Shop).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
