import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from saleor_lifecycle import outbound
from saleor_lifecycle.saleor import webhooks
from saleor_lifecycle.saleor.errors import ShopAway
from saleor_lifecycle.saleor.webhooks import BadSignature, UnknownKey
from tests.recordings import Recording, recorded_jwks, recording, recordings
from tests.saleor.conftest import LocalShop

KEYS = webhooks.parse_jwks(recorded_jwks())
ONE = recording("ORDER_CREATED-1")
HEADER, _, SEAL = ONE.signature.split(".")
SALEORS = {"alg": "RS256", "b64": False, "crit": ["b64"], "kid": "k", "typ": "JWT"}


@pytest.fixture(scope="module")
def own_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def segment(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def signed(key: rsa.RSAPrivateKey, body: bytes, header: dict[str, Any]) -> str:
    protected = segment(json.dumps(header).encode())
    seal = key.sign(protected.encode() + b"." + body, padding.PKCS1v15(), SHA256())
    return f"{protected}..{segment(seal)}"


def flipped(text: bytes, place: int) -> bytes:
    return text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :]


@pytest.mark.parametrize("delivery", recordings(), ids=lambda delivery: delivery.name)
def test_accepts_what_saleor_really_signed(delivery: Recording) -> None:
    webhooks.verify(delivery.body, delivery.signature, KEYS)
    with pytest.raises(UnknownKey) as refused:
        webhooks.verify(delivery.body, delivery.signature, {})
    assert "not in the set" in str(refused.value), "it was the key that let it in"


@pytest.mark.parametrize("delivery", recordings(), ids=lambda delivery: delivery.name)
def test_refuses_one_flipped_byte_of_a_body(delivery: Recording) -> None:
    for place in (0, len(delivery.body) // 2, len(delivery.body) - 1):
        with pytest.raises(BadSignature):
            webhooks.verify(flipped(delivery.body, place), delivery.signature, KEYS)


@pytest.mark.parametrize("place", [0, 1, 170, 340, len(SEAL) - 1])
def test_refuses_one_flipped_byte_of_the_signature(place: int) -> None:
    altered = flipped(SEAL.encode(), place).decode()
    with pytest.raises(BadSignature):
        webhooks.verify(ONE.body, f"{HEADER}..{altered}", KEYS)


@pytest.mark.parametrize("place", range(0, len(HEADER), 7))
def test_refuses_one_flipped_byte_of_the_header(place: int) -> None:
    altered = flipped(HEADER.encode(), place).decode(errors="replace")
    with pytest.raises(BadSignature):
        webhooks.verify(ONE.body, f"{altered}..{SEAL}", KEYS)


@pytest.mark.parametrize(
    ("case", "change"),
    [
        ("no algorithm", {"alg": "none"}),
        ("a symmetric one", {"alg": "HS256"}),
        ("another of the same key", {"alg": "RS512"}),
        ("over the encoded body", {"b64": True}),
        ("over the encoded body by default", {"b64": None}),
        ("not marked as critical", {"crit": None}),
        ("marked with more", {"crit": ["b64", "exp"]}),
        ("marked with nothing", {"crit": []}),
        ("no key named", {"kid": None}),
    ],
)
def test_refuses_any_other_kind_of_signature_by_the_right_key(
    case: str, change: dict[str, Any], own_key: rsa.RSAPrivateKey
) -> None:
    keys = {"k": own_key.public_key()}
    webhooks.verify(b"body", signed(own_key, b"body", SALEORS), keys)
    header = {name: value for name, value in {**SALEORS, **change}.items() if value is not None}
    with pytest.raises(BadSignature) as refusal:
        webhooks.verify(b"body", signed(own_key, b"body", header), keys)
    assert refusal.type is BadSignature, case


def test_refuses_a_hash_made_with_the_public_key_as_its_secret(own_key: rsa.RSAPrivateKey) -> None:
    secret = own_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    protected = segment(json.dumps({**SALEORS, "alg": "HS256"}).encode())
    seal = hmac.digest(secret, protected.encode() + b".body", hashlib.sha256)
    with pytest.raises(BadSignature):
        webhooks.verify(b"body", f"{protected}..{segment(seal)}", {"k": own_key.public_key()})


def test_refuses_an_unsecured_token() -> None:
    protected = segment(b'{"alg":"none","b64":false,"crit":["b64"],"kid":"k"}')
    with pytest.raises(BadSignature):
        webhooks.verify(ONE.body, f"{protected}..", KEYS)


@pytest.mark.parametrize(
    "signature",
    ["", ".", "..", "a.b", "a.b.c.d", f"{HEADER}.{SEAL}", f"{HEADER}.e30.{SEAL}", f"{HEADER}..{SEAL}=",
     f" {HEADER}..{SEAL}", f"{HEADER}..{SEAL} ", f"{HEADER}..", "é..é", "W10..W10", f"{HEADER}..{SEAL * 20}",
     hashlib.sha256(ONE.body).hexdigest()],
)  # fmt: skip
def test_refuses_what_is_no_detached_signature(signature: str) -> None:
    with pytest.raises(BadSignature):
        webhooks.verify(ONE.body, signature, KEYS)


def test_tells_an_unknown_key_from_a_bad_signature(own_key: rsa.RSAPrivateKey) -> None:
    with pytest.raises(UnknownKey):
        webhooks.verify(ONE.body, ONE.signature, {"k": own_key.public_key()})
    with pytest.raises(BadSignature) as refusal:
        webhooks.verify(ONE.body, ONE.signature, {next(iter(KEYS)): own_key.public_key()})
    assert refusal.type is BadSignature


def test_refuses_a_signature_that_the_shop_made_for_another_body() -> None:
    other = recording("ORDER_CREATED-2")
    with pytest.raises(BadSignature):
        webhooks.verify(other.body, ONE.signature, KEYS)


def jwk(change: dict[str, Any]) -> dict[str, Any]:
    return {**recorded_jwks()["keys"][0], **change}


@pytest.mark.parametrize(
    ("jwks", "usable"),
    [
        ({"keys": [jwk({})]}, 1),
        ({"keys": [jwk({"kid": "older"}), jwk({})]}, 2),
        ({"keys": [jwk({"alg": "RS512"})]}, 0),
        ({"keys": [jwk({"kty": "oct", "k": "c2VjcmV0"})]}, 0),
        ({"keys": [jwk({"kid": None})]}, 0),
        ({"keys": [jwk({"n": "AQAB"})]}, 0),
        ({"keys": [jwk({"n": 5})]}, 0),
        ({"keys": [jwk({"n": "not base64url!"})]}, 0),
        ({"keys": ["a text"]}, 0),
        ({"keys": None}, 0),
        ({}, 0),
    ],
)
def test_takes_only_usable_keys_from_a_set(jwks: dict[str, Any], usable: int) -> None:
    assert len(webhooks.parse_jwks(jwks)) == usable


def test_takes_no_key_that_is_too_short() -> None:
    short = rsa.generate_private_key(65537, 1024).public_key()
    listed = json.loads(RSAAlgorithm.to_jwk(short)) | {"kid": "short", "alg": "RS256"}
    assert webhooks.parse_jwks({"keys": [listed]}) == {}


def test_fetches_the_keys_from_the_origin_of_the_api(local_shop: LocalShop) -> None:
    local_shop.will_answer(recorded_jwks())
    assert webhooks.fetch_jwks(local_shop.api_url, allow_private=True) == recorded_jwks()
    assert local_shop.asked[0].path == "/.well-known/jwks.json"
    assert local_shop.asked[0].method == "GET"


@pytest.mark.parametrize(
    ("case", "tell"),
    [
        ("an error", lambda shop: shop.will_answer({}, status=500)),
        ("a redirect", lambda shop: shop.will_answer({}, 302, {"Location": shop.origin + "/elsewhere"})),
        ("no JSON", lambda shop: shop.will_answer(b"<html>")),
        ("a list", lambda shop: shop.will_answer([])),
        ("no usable key", lambda shop: shop.will_answer({"keys": []})),
        ("an endless body", lambda shop: shop.will_answer(b" " * (outbound.LONGEST_ANSWER + 1))),
        ("packed", lambda shop: shop.will_answer(b"xx", headers={"Content-Encoding": "gzip"})),
    ],
)
def test_calls_a_shop_without_readable_keys_away(
    case: str, tell: Callable[[LocalShop], None], local_shop: LocalShop
) -> None:
    tell(local_shop)
    with pytest.raises(ShopAway):
        webhooks.fetch_jwks(local_shop.api_url, allow_private=True)
    assert len(local_shop.asked) == 1, case


def test_does_not_fetch_keys_from_a_private_network(local_shop: LocalShop) -> None:
    local_shop.will_answer(recorded_jwks())
    with pytest.raises(ShopAway):
        webhooks.fetch_jwks(local_shop.api_url)
    assert local_shop.asked == []
