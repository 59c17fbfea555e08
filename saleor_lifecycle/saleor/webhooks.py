"""Proof that a webhook comes from the shop: a detached JWS (RFC 7797) over the raw bytes of the body.

The signature is checked with ``cryptography`` directly. PyJWT gives the same answers but parses and checks
the header, which a shop never changes, again for each delivery, and that doubles the cost of the hot path.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from saleor_lifecycle import outbound
from saleor_lifecycle.saleor.errors import ShopAway

Keys = Mapping[str, RSAPublicKey]

_PADDING = PKCS1v15()
_HASH = SHA256()
_SMALLEST_KEY = 2048
_LONGEST_SIGNATURE = 4096  # Saleor's take about 450 characters


class BadSignature(Exception):
    """The body is not what the shop signed, or the signature is not of the one kind that is accepted."""


class UnknownKey(BadSignature):
    """The key is not in the set. The shop may have a new one: fetch the set once more."""


def verify(body: bytes, signature: str, keys: Keys) -> None:
    """Nothing, if ``signature`` (the Saleor-Signature header) is the shop's over exactly these bytes."""
    if len(signature) > _LONGEST_SIGNATURE:
        raise BadSignature("too long")
    try:
        header, payload, seal = signature.encode("ascii").split(b".")
    except ValueError:  # not ASCII, or not three parts
        raise BadSignature("not a detached JWS") from None
    if payload:
        raise BadSignature("the payload is not detached")
    key = keys.get(_key_id(header))
    if key is None:
        raise UnknownKey("signed with a key that is not in the set")
    try:
        key.verify(_decode(seal), header + b"." + body, _PADDING, _HASH)
    except InvalidSignature:
        raise BadSignature("the signature does not fit the body") from None


def parse_jwks(jwks: Mapping[str, Any]) -> dict[str, RSAPublicKey]:
    """The RS256 keys of a JSON web key set by key id, ready for ``verify``; parse once and keep.

    Keys of other kinds or shorter than 2048 bits are left out, so the answer may be empty.
    """
    listed = jwks.get("keys")
    keys: dict[str, RSAPublicKey] = {}
    for jwk in listed if isinstance(listed, list) else []:
        if not isinstance(jwk, dict) or jwk.get("kty") != "RSA" or jwk.get("alg", "RS256") != "RS256":
            continue
        try:
            key = RSAPublicNumbers(_number(jwk["e"]), _number(jwk["n"])).public_key()
        except (KeyError, ValueError, AttributeError, BadSignature):
            continue
        if isinstance(jwk.get("kid"), str) and key.key_size >= _SMALLEST_KEY:
            keys[jwk["kid"]] = key
    return keys


def fetch_jwks(api_url: str, allow_private: bool = False) -> dict[str, Any]:
    """The shop's key set, as JSON to store; the shop is its API's origin. Raises ShopAway."""
    address = outbound.reached_at(api_url)
    url = httpx.URL(address).copy_with(path="/.well-known/jwks.json", query=None, fragment=None)
    try:
        with outbound.client(allow_private or address != api_url) as client:
            answer = client.get(url)
        if answer.status_code != 200:
            raise ShopAway(f"the shop's keys: HTTP {answer.status_code}")
        jwks = answer.json()
    except (httpx.HTTPError, ValueError) as trouble:
        raise ShopAway(f"the shop's keys: {type(trouble).__name__}") from None
    if not isinstance(jwks, dict) or not parse_jwks(jwks):
        raise ShopAway("the shop's keys: no RS256 key among them")
    return jwks


@lru_cache(maxsize=256)
def _key_id(header: bytes) -> str:
    """The key id of a protected header that says what Saleor's says; the cache spares the hot path."""
    try:
        fields = json.loads(_decode(header))
    except ValueError:
        raise BadSignature("the header is not JSON") from None
    if not isinstance(fields, dict) or fields.get("alg") != "RS256":
        raise BadSignature("the algorithm is not RS256")
    if fields.get("crit") != ["b64"] or fields.get("b64") is not False:
        raise BadSignature("not over the raw body")
    if not isinstance(fields.get("kid"), str):
        raise BadSignature("no key is named")
    return str(fields["kid"])


def _decode(segment: bytes) -> bytes:
    """The bytes of a base64url segment in its one canonical spelling.

    Python skips foreign characters and spare bits, which would let an altered signature pass for the same.
    """
    try:
        decoded = base64.urlsafe_b64decode(segment + b"=" * (-len(segment) % 4))
    except binascii.Error:
        raise BadSignature("not base64url") from None
    if base64.urlsafe_b64encode(decoded).rstrip(b"=") != segment:
        raise BadSignature("not base64url")
    return decoded


def _number(segment: str) -> int:
    return int.from_bytes(_decode(segment.encode("ascii")))
