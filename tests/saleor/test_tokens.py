import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from saleor_lifecycle.saleor import webhooks
from saleor_lifecycle.saleor.tokens import (
    AnotherApp,
    CustomerToken,
    DashboardToken,
    TokenRefused,
    UnknownKey,
    issuer,
    read_customer_token,
    read_dashboard_token,
)
from tests.recordings import recorded_jwks, recorded_tokens
from tests.tokens import KID, PERMISSIONS, customer_claims, dashboard_claims, jwks, key, signed

API_URL = "https://shop.example.com/graphql/"
APP_ID = "QXBwOjE="
KEYS = webhooks.parse_jwks(jwks())
NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)

Forge = Callable[[dict[str, Any]], str]


def dashboard(token: str, now: datetime = NOW) -> DashboardToken:
    return read_dashboard_token(token, KEYS, API_URL, APP_ID, now)


def customer(token: str, now: datetime = NOW) -> CustomerToken:
    return read_customer_token(token, KEYS, API_URL, now)


def segment(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unsigned(claims: dict[str, Any]) -> str:
    header = {"alg": "none", "typ": "JWT", "kid": KID}
    return f"{segment(json.dumps(header).encode())}.{segment(json.dumps(claims).encode())}."


def signed_with_the_public_key_as_a_secret(claims: dict[str, Any]) -> str:
    # By hand: PyJWT does not let anybody make such a token.
    secret = key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = segment(json.dumps({"alg": "HS256", "typ": "JWT", "kid": KID}).encode())
    text = f"{header}.{segment(json.dumps(claims).encode())}"
    return f"{text}.{segment(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def tampered(claims: dict[str, Any]) -> str:
    header, _, seal = signed(claims).split(".")
    return f"{header}.{segment(json.dumps({**claims, 'user_id': 'VXNlcjox' * 2}).encode())}.{seal}"


def nested(claims: dict[str, Any]) -> str:
    return f"{segment(json.dumps({'alg': 'RS256', 'kid': KID}).encode())}.{segment(b'[' * 5000)}.c2VhbA"


FORGED: dict[str, Forge] = {
    "signed by somebody else under the same key id": lambda claims: signed(claims, key("somebody else's")),
    "signed with a key that the shop does not have": lambda claims: signed(claims, key("somebody else's"), "another"),
    "not signed: algorithm none": unsigned,
    "signed with the public key as a secret: HS256": signed_with_the_public_key_as_a_secret,
    "signed by the shop with RS512": lambda claims: jwt.encode(claims, key(), "RS512", headers={"kid": KID}),
    "naming no key": lambda claims: jwt.encode(claims, key(), "RS256"),
    "changed after it was signed": tampered,
    "brackets within brackets": nested,
    "empty": lambda claims: "",
    "dots": lambda claims: "...",
    "three parts of rubbish": lambda claims: "rub.bi.sh",
    "not ASCII": lambda claims: "e\u00f1e.\u00f1.\u00f1",
    "a hundred kilobytes": lambda claims: signed({**claims, "more": "x" * 100_000}),
    "only the beginning": lambda claims: signed(claims).rpartition(".")[0],
}
WRONG_FOR_BOTH: dict[str, dict[str, Any]] = {
    "from another shop": {"iss": "https://other.example.com/graphql/"},
    "from the shop over http": {"iss": "http://shop.example.com/graphql/"},
    "from nobody": {"iss": None},
    "not owned by Saleor": {"owner": "somebody"},
    "a refresh token": {"type": "refresh"},
    "of no type": {"type": None},
    "without an end": {"exp": None},
    "without a beginning": {"iat": None},
    "with an end that is no number": {"exp": "tomorrow"},
    "with an end that is a truth": {"exp": True},
    "of no user": {"user_id": None},
    "of a user without an id": {"user_id": ""},
    "for another audience": {"aud": "somebody else"},
}
WRONG_FOR_THE_DASHBOARD = {
    "for another app": {"app": "QXBwOjI="},
    "for no app": {"app": None},
    "a customer's": {"type": "access", "is_staff": False},
    "a staff member's own": {"type": "access"},
    "of somebody who is no staff": {"is_staff": False},
    "of somebody who says to be staff": {"is_staff": "true"},
}
WRONG_FOR_THE_STOREFRONT = {
    "a staff member's": {"is_staff": True},
    "of somebody of whom it does not say": {"is_staff": None},
    "the Dashboard's": {"type": "thirdparty"},
}


def test_a_dashboard_token_tells_who_it_is_and_what_they_may_do_through_the_app() -> None:
    read = dashboard(signed(dashboard_claims(NOW)))
    assert read == DashboardToken("VXNlcjoyMQ==", "staff@shop.example.com", frozenset(PERMISSIONS))
    assert "MANAGE_STAFF" not in read.permissions  # the user's alone


@pytest.mark.parametrize("listed", [None, "MANAGE_USERS", [], [["MANAGE_USERS"]]])
def test_without_a_list_of_permissions_nothing_is_permitted(listed: Any) -> None:
    assert dashboard(signed(dashboard_claims(NOW, permissions=listed))).permissions == frozenset()


def test_a_customer_token_tells_who_it_is() -> None:
    assert customer(signed(customer_claims(NOW))) == CustomerToken("VXNlcjox", "ada@example.com")


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_refuses_a_forged_token(forge: Forge) -> None:
    with pytest.raises(TokenRefused):
        dashboard(forge(dashboard_claims(NOW)))
    with pytest.raises(TokenRefused):
        customer(forge(customer_claims(NOW)))


@pytest.mark.parametrize(
    "changes", (WRONG_FOR_BOTH | WRONG_FOR_THE_DASHBOARD).values(), ids=WRONG_FOR_BOTH | WRONG_FOR_THE_DASHBOARD
)
def test_refuses_what_is_not_for_the_dashboard(changes: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        dashboard(signed(dashboard_claims(NOW, **changes)))


@pytest.mark.parametrize(
    "changes", (WRONG_FOR_BOTH | WRONG_FOR_THE_STOREFRONT).values(), ids=WRONG_FOR_BOTH | WRONG_FOR_THE_STOREFRONT
)
def test_refuses_what_is_not_for_the_storefront(changes: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        customer(signed(customer_claims(NOW, **changes)))


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        (NOW - 31 * SECOND, False),
        (NOW - 30 * SECOND, True),
        (NOW, True),
        (NOW + timedelta(minutes=5), True),
        (NOW + timedelta(minutes=5, seconds=29), True),
        (NOW + timedelta(minutes=5, seconds=30), False),
    ],
)
def test_holds_from_its_beginning_to_its_end_give_or_take_half_a_minute(moment: datetime, holds: bool) -> None:
    for read, claims in ((dashboard, dashboard_claims(NOW)), (customer, customer_claims(NOW))):
        if holds:
            read(signed(claims), moment)
        else:
            with pytest.raises(TokenRefused, match=r"expired|future"):
                read(signed(claims), moment)


def test_a_key_that_is_not_in_the_set_may_be_a_new_one() -> None:
    with pytest.raises(UnknownKey):
        dashboard(signed(dashboard_claims(NOW), key("new"), "new"))


def test_a_token_without_a_proper_signature_is_no_reason_to_fetch_keys() -> None:
    header = segment(json.dumps({"alg": "none", "kid": "new"}).encode())
    with pytest.raises(TokenRefused) as refused:
        dashboard(f"{header}.{segment(json.dumps(dashboard_claims(NOW)).encode())}.")
    assert not isinstance(refused.value, UnknownKey)


def test_another_app_is_told_apart_only_once_the_signature_fits() -> None:
    claims = dashboard_claims(NOW, app="QXBwOjI=")
    with pytest.raises(AnotherApp):
        dashboard(signed(claims))
    with pytest.raises(TokenRefused) as refused:
        dashboard(signed(claims, key("somebody else's")))
    assert not isinstance(refused.value, AnotherApp)


def test_names_its_shop_before_it_is_proved() -> None:
    assert issuer(unsigned({"iss": API_URL})) == API_URL


@pytest.mark.parametrize("token", ["", "rub.bi.sh", unsigned({}), unsigned({"iss": 7}), nested({}), "x" * 20_000])
def test_a_token_that_names_no_shop_is_refused(token: str) -> None:
    with pytest.raises(TokenRefused):
        issuer(token)


def recorded(kind: str) -> tuple[str, dict[str, Any]]:
    example = recorded_tokens()[kind]
    return example["jwt"], example["claims"]


@pytest.mark.parametrize(
    ("kind", "is_for_the_dashboard", "is_for_the_storefront"),
    [
        ("dashboard_app_access_token", True, False),
        ("customer_access", False, True),
        ("customer_refresh", False, False),
        ("staff_access", False, False),
    ],
)
def test_reads_what_saleor_really_gave_out(kind: str, is_for_the_dashboard: bool, is_for_the_storefront: bool) -> None:
    token, claims = recorded(kind)
    keys, moment = webhooks.parse_jwks(recorded_jwks()), datetime.fromtimestamp(claims["iat"], UTC)
    shop = issuer(token)
    readers: list[tuple[bool, Callable[[], Any]]] = [
        (is_for_the_dashboard, lambda: read_dashboard_token(token, keys, shop, APP_ID, moment)),
        (is_for_the_storefront, lambda: read_customer_token(token, keys, shop, moment)),
    ]
    for is_right, read in readers:
        if is_right:
            assert read().user_id == claims["user_id"]
        else:
            with pytest.raises(TokenRefused, match=r"type|staff"):
                read()
