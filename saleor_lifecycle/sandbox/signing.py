"""The shop's own RSA key: it signs webhooks (detached JWS) and access tokens (JWT), as Saleor's does."""

import base64
import hashlib
import json
import os
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

from .records import User

_LIFETIME = 300  # seconds, as in Saleor


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
        issued = int(now.timestamp())
        claims = {
            "iat": issued,
            "exp": issued + _LIFETIME,
            "owner": "saleor",
            "iss": issuer,
            "type": "access",
            "email": user.email,
            "user_id": user.id,
            "is_staff": user.is_staff,
        }
        return jwt.encode(claims, self.key, "RS256", {"kid": self.kid})

    def user_id(self, token: str, issuer: str) -> str | None:
        """Whose access token it is; None where it is not one of this shop's or is too old."""
        try:
            claims = jwt.decode(token, self.key.public_key(), ["RS256"], issuer=issuer)
        except jwt.InvalidTokenError:
            return None
        return str(claims["user_id"]) if claims.get("type") == "access" else None


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
