"""Deliveries as a shop makes them: a recorded body, new each time, signed with a key of our own."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

PATH = "/api/webhooks/saleor"
RECORDED = Path(__file__).with_name("checkout_updated.json")


@dataclass(frozen=True)
class SigningShop:
    """A shop with the app installed, and the key it signs with."""

    api_url: str
    app_id: str
    key: RSAPrivateKey

    @cached_property
    def jwks(self) -> dict[str, Any]:
        """The key set as the shop would publish it."""
        numbers = self.key.public_key().public_numbers()
        n, e = (_base64(number.to_bytes((number.bit_length() + 7) // 8)) for number in (numbers.n, numbers.e))
        key = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "bench", "n": n.decode(), "e": e.decode()}
        return {"keys": [key]}

    def signature(self, body: bytes) -> str:
        """Return the Saleor-Signature header of a body."""
        header = _base64(json.dumps({"alg": "RS256", "b64": False, "crit": ["b64"], "kid": "bench"}).encode())
        seal = self.key.sign(header + b"." + body, PKCS1v15(), SHA256())
        return f"{header.decode()}..{_base64(seal).decode()}"


def make_shop() -> SigningShop:
    """Return a shop with a new key."""
    return SigningShop("https://bench.example.com/graphql/", "QXBwOjE=", generate_private_key(65537, 2048))


def bodies(shop: SigningShop, count: int, start: datetime) -> list[bytes]:
    """Return as many bodies of one changing cart, each issued a millisecond after the other from ``start`` on."""
    delivery = json.loads(RECORDED.read_text(encoding="utf-8"))
    delivery["recipient"]["id"] = shop.app_id
    made = []
    for number in range(count):
        at = (start + timedelta(milliseconds=number)).isoformat(timespec="microseconds")
        delivery["issuedAt"] = delivery["checkout"]["updatedAt"] = at
        made.append(json.dumps(delivery).encode())
    return made


def request(shop: SigningShop, body: bytes) -> bytes:
    """Return a whole signed HTTP request for a connection that is kept open."""
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Saleor/3.23\r\nAccept: */*\r\n"
        "Accept-Encoding: gzip, deflate\r\nConnection: keep-alive\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nSaleor-Event: checkout_updated\r\nSaleor-Domain: bench.example.com\r\n"
        f"Saleor-Api-Url: {shop.api_url}\r\nSaleor-Signature: {shop.signature(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


def _base64(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")
