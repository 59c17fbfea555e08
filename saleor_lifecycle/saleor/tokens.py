"""Who asks: Saleor's own JWTs, of a staff member in the Dashboard and of a customer in the storefront.

Both are signed by the shop with the keys that it publishes, and nothing else is accepted: RS256 alone, over a key that
the shop has named. What a token does not tell is whether Saleor has withdrawn it since: it lives for five minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

Keys = Mapping[str, RSAPublicKey]

LEEWAY = 30
"""Seconds by which the shop's clock and ours may differ."""
LONGEST = 16_384  # Saleor's with every permission there is take about 2,500 characters

_ALGORITHM = "RS256"


class TokenRefused(Exception):
    """The token is not the shop's, not for this use, or not for this moment; the text says which and holds no claim."""


class AnotherApp(TokenRefused):
    """The shop gave it to another app than the one we know: it may have installed us again meanwhile."""


class UnknownKey(TokenRefused):
    """The key is not in the set. The shop may have a new one: fetch the set once more."""


@dataclass(frozen=True, slots=True)
class DashboardToken:
    """A staff member who has our app open in the Dashboard, and what they may do through it."""

    user_id: str
    email: str
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class CustomerToken:
    """A customer who is logged in to the storefront."""

    user_id: str
    email: str


def issuer(token: str) -> str:
    """Return the API address of the shop that a token says it is from; not proved yet. Raises TokenRefused."""
    name = _claims(token, None).get("iss")
    if not isinstance(name, str) or not name or not name.isprintable():  # no database could be asked for it
        raise TokenRefused("it names no shop")
    return name


def read_dashboard_token(token: str, keys: Keys, api_url: str, app_id: str, now: datetime) -> DashboardToken:
    """Return whom the Dashboard of the shop at ``api_url`` gave this token, for our app. Raises TokenRefused."""
    claims = _verified(token, keys, api_url, "thirdparty", now)
    if claims.get("app") != app_id:
        raise AnotherApp("it is for another app")
    if claims.get("is_staff") is not True:
        raise TokenRefused("it is not a staff member's")
    # Not "user_permissions": those are the person's, and say nothing of what this app may do in their name.
    listed = claims.get("permissions")
    names = listed if isinstance(listed, list) else []
    return DashboardToken(*_person(claims), frozenset(name for name in names if isinstance(name, str)))


def read_customer_token(token: str, keys: Keys, api_url: str, now: datetime) -> CustomerToken:
    """Return which customer of the shop at ``api_url`` is logged in. Raises TokenRefused, for staff too."""
    claims = _verified(token, keys, api_url, "access", now)
    if claims.get("is_staff") is not False:
        raise TokenRefused("it is a staff member's")
    return CustomerToken(*_person(claims))


def _verified(token: str, keys: Keys, api_url: str, kind: str, now: datetime) -> dict[str, Any]:
    claims = _claims(token, _key(token, keys))
    if claims.get("iss") != api_url:
        raise TokenRefused("it is from another shop")
    if claims.get("owner") != "saleor" or claims.get("type") != kind:
        raise TokenRefused(f"its type is not {kind}")
    issued, expires, moment = claims.get("iat"), claims.get("exp"), now.timestamp()
    if type(issued) is not int or type(expires) is not int:
        raise TokenRefused("it does not say for how long it holds")
    if moment >= expires + LEEWAY:
        raise TokenRefused("it has expired")
    if moment < issued - LEEWAY:
        raise TokenRefused("it is from the future")
    return claims


def _key(token: str, keys: Keys) -> RSAPublicKey:
    _check_length(token)
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise TokenRefused("it is no token") from None
    # Said before the key is looked for: a token of another kind must not make us fetch the shop's keys.
    if header.get("alg") != _ALGORITHM:
        raise TokenRefused("its algorithm is not RS256")
    kid = header.get("kid")
    if not isinstance(kid, str):
        raise TokenRefused("it names no key")
    if kid not in keys:
        raise UnknownKey("it is signed with a key that is not in the set")
    return keys[kid]


def _claims(token: str, key: RSAPublicKey | None) -> dict[str, Any]:
    """Return what the token claims: proved by ``key``, or merely read without one.

    Times are judged by the caller's ``now``, so PyJWT, which reads the clock, is not asked about them.
    """
    _check_length(token)
    try:
        if key is None:
            return jwt.decode(token, options={"verify_signature": False})
        return jwt.decode(
            token,
            key,
            algorithms=[_ALGORITHM],
            options={"verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
    except jwt.InvalidSignatureError:
        raise TokenRefused("its signature does not fit") from None
    except (jwt.PyJWTError, ValueError, RecursionError):  # the last: brackets within brackets within brackets
        raise TokenRefused("it is no token") from None


def _check_length(token: str) -> None:
    if len(token) > LONGEST:
        raise TokenRefused("it is too long")


def _person(claims: Mapping[str, Any]) -> tuple[str, str]:
    user_id, email = claims.get("user_id"), claims.get("email")
    if not isinstance(user_id, str) or not user_id or not isinstance(email, str):
        raise TokenRefused("it names nobody")
    return user_id, email
