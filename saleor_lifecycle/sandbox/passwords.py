"""Salted hashes for the shoppers' passwords."""

import hashlib
import hmac
import secrets

# Cheap on purpose: scripts register shoppers by the hundred, and nobody's real password comes here.
_ROUNDS = 1000


def hashed(password: str) -> str:
    salt = secrets.token_hex(8)
    return f"{salt}${_digest(password, salt)}"


def matches(password: str, stored: str) -> bool:
    salt, _, digest = stored.partition("$")
    return bool(digest) and hmac.compare_digest(_digest(password, salt), digest)


def _digest(password: str, salt: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), _ROUNDS).hex()
