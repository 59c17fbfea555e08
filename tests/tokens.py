"""Saleor's tokens, signed with a key of our own; a test names only the claims that matter to it."""

import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

KID = "the shop's key"
PERMISSIONS = ("MANAGE_USERS", "MANAGE_CHECKOUTS", "MANAGE_ORDERS")


@cache
def key(name: str = KID) -> rsa.RSAPrivateKey:
    """A private key; the same name gives the same key."""
    return rsa.generate_private_key(65537, 2048)


def jwks(private: rsa.RSAPrivateKey | None = None, kid: str = KID) -> dict[str, Any]:
    """The key set that a shop with this key publishes."""
    public = json.loads(RSAAlgorithm.to_jwk((private or key()).public_key()))
    return {"keys": [{**public, "kid": kid, "alg": "RS256", "use": "sig"}]}


def dashboard_claims(
    now: datetime, api_url: str = "https://shop.example.com/graphql/", **changes: Any
) -> dict[str, Any]:
    """What Saleor's Dashboard gives our app's page; a change to None leaves a claim out."""
    return _changed(
        {
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(minutes=5)).timestamp()),
            "iss": api_url,
            "owner": "saleor",
            "type": "thirdparty",
            "token": "ZPa0rPZURIZR",
            "email": "staff@shop.example.com",
            "user_id": "VXNlcjoyMQ==",
            "is_staff": True,
            "app": "QXBwOjE=",
            "permissions": list(PERMISSIONS),
            "user_permissions": [*PERMISSIONS, "MANAGE_STAFF"],
        },
        changes,
    )


def customer_claims(
    now: datetime, api_url: str = "https://shop.example.com/graphql/", **changes: Any
) -> dict[str, Any]:
    """What Saleor gives a customer who logs in to the storefront."""
    return _changed(
        {
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(minutes=5)).timestamp()),
            "iss": api_url,
            "owner": "saleor",
            "type": "access",
            "token": "ZPa0rPZURIZR",
            "email": "ada@example.com",
            "user_id": "VXNlcjox",
            "is_staff": False,
        },
        changes,
    )


def signed(claims: dict[str, Any], private: rsa.RSAPrivateKey | None = None, kid: str = KID) -> str:
    """A token as the shop signs it."""
    return jwt.encode(claims, private or key(), algorithm="RS256", headers={"kid": kid})


def _changed(claims: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}
