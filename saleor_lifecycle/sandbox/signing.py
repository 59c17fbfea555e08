"""The shop's own RSA key: it signs webhooks (detached JWS) and access tokens (JWT), as Saleor's does."""

import base64
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm

from .permissions import held_by
from .records import App, AppExtension, User

LIFETIME = 300
"""Seconds that a token lives, as in Saleor."""


@dataclass(frozen=True, slots=True)
class Signer:
    key: RSAPrivateKey
    kid: str

    def jwks(self) -> dict[str, Any]:
        """What /.well-known/jwks.json publishes."""
        public = _public_jwk(self.key)
        members = {"key_ops": ["verify"], "use": "sig", "alg": "RS256", "kid": self.kid}
        return {"keys": [{"kty": "RSA", "n": public["n"], "e": public["e"], **members}]}

    def sign(self, body: bytes) -> str:
        """``header..signature`` over the raw body (RFC 7797)."""
        headers = {"b64": False, "crit": ["b64"], "kid": self.kid}
        return jwt.api_jws.encode(body, self.key, "RS256", headers, is_payload_detached=True)

    def access_token(self, user: User, issuer: str, now: datetime) -> str:
        """What a signed-in user shows to the shop."""
        return self._encode(_claims(user, issuer, now, LIFETIME, "access"))

    def app_token(self, user: User, app: App, issuer: str, now: datetime, seconds: int = LIFETIME) -> str:
        """What the Dashboard hands to an app's page, and the page to its app: the app acts for the user."""
        return self._third_party_token(user, app.permissions, {"app": app.id}, issuer, now, seconds)

    def extension_token(
        self, user: User, extension: AppExtension, issuer: str, now: datetime, seconds: int = LIFETIME
    ) -> str | None:
        """The same for one extension; None where the user lacks any of its permissions."""
        if not set(extension.permissions) <= held_by(user):
            return None
        whose = {"app": extension.app_id, "app_extension": extension.id}
        return self._third_party_token(user, extension.permissions, whose, issuer, now, seconds)

    def claims(self, token: str, issuer: str) -> dict[str, Any] | None:
        """What the token says; None where it is none of this shop's, or too old."""
        try:
            return jwt.decode(token, self.key.public_key(), ["RS256"], issuer=issuer)
        except jwt.InvalidTokenError:
            return None

    def _third_party_token(
        self, user: User, permissions: Sequence[str], whose: dict[str, str], issuer: str, now: datetime, seconds: int
    ) -> str:
        held = held_by(user)
        claims = {
            **_claims(user, issuer, now, seconds, "thirdparty"),
            **whose,
            "permissions": [one for one in permissions if one in held],
            "user_permissions": sorted(held),
        }
        return self._encode(claims)

    def _encode(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.key, "RS256", {"kid": self.kid})


def _claims(user: User, issuer: str, now: datetime, seconds: int, kind: str) -> dict[str, Any]:
    """What every token says. One that is to be over already was issued a lifetime before its end."""
    issued = int(now.timestamp()) - (LIFETIME - seconds if seconds <= 0 else 0)
    return {
        "iat": issued,
        "owner": "saleor",
        "iss": issuer,
        "exp": int(now.timestamp()) + seconds,
        "token": hashlib.sha256(user.id.encode()).hexdigest()[:12],
        "email": user.email,
        "type": kind,
        "user_id": user.id,
        "is_staff": user.is_staff,
    }


def load_signer(file: Path) -> Signer:
    """The signer whose key lies in the file; a new key is written where there is none."""
    if file.exists():
        key = load_pem_private_key(file.read_bytes(), None)
        assert isinstance(key, RSAPrivateKey)
    else:
        key = generate_private_key(65537, 2048)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Signer(key, _thumbprint(key))


def _public_jwk(key: RSAPrivateKey) -> dict[str, str]:
    public: dict[str, str] = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return public


def _thumbprint(key: RSAPrivateKey) -> str:
    """RFC 7638: SHA-256 over the required members in alphabetic order."""
    public = _public_jwk(key)
    members = json.dumps({"e": public["e"], "kty": "RSA", "n": public["n"]}, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(members.encode()).digest()).rstrip(b"=").decode()
