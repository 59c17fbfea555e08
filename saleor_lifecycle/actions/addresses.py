"""Addresses, as they are known after they have been forgotten."""

import hashlib
import hmac

from django.conf import settings

from saleor_lifecycle.models import Installation


def address_hash(installation: Installation, channel: str, address: str) -> str:
    """Return the keyed hash under which an address is known after it has been forgotten."""
    text = f"{installation.public_id}:{channel}:{address.strip().lower()}"
    return hmac.digest(settings.SUPPRESSION_KEY.encode(), text.encode(), "sha256").hex()


def hash_key() -> tuple[bytes, bytes]:
    """Return the two halves of the key, as HMAC (RFC 2104) puts them before its inner and its outer SHA-256."""
    key = settings.SUPPRESSION_KEY.encode()
    key = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    return bytes(each ^ 0x36 for each in key), bytes(each ^ 0x5C for each in key)


def network_hash(installation: Installation, network: str) -> str:
    """Return the keyed hash of a network address; "" for none."""
    return address_hash(installation, "network", network) if network else ""
