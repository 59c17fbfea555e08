"""Which installation a request speaks of, and with which keys its shop signs."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.conf import settings

from saleor_lifecycle.actions import installations
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import across, within
from saleor_lifecycle.models.installations import is_storefront_key
from saleor_lifecycle.saleor import webhooks
from saleor_lifecycle.saleor.errors import ShopAway

REMEMBERED_FOR = 30.0
"""Seconds for which a process trusts what it read of an installation."""
KEYS_AT_MOST_EVERY = timedelta(minutes=1)
"""A forged key id makes us ask the shop for its keys; not more often than this."""


@dataclass(frozen=True, slots=True)
class KnownShop:
    """What a webhook is checked against."""

    installation_id: int
    app_id: str
    saleor_api_url: str
    is_removed: bool
    keys: Mapping[str, RSAPublicKey]
    keys_fetched_at: datetime | None
    read_at: float


_known: dict[str, KnownShop] = {}
_named: dict[str, str] = {}
"""The API address of a storefront key: an installation keeps both."""
_failed: dict[str, datetime] = {}
"""When a shop last did not give us its keys."""


def find(saleor_api_url: str, fresh: bool = False) -> KnownShop | None:
    """Return the installed shop with this API address, from memory unless ``fresh``; None for one that is not known."""
    held = _known.get(saleor_api_url)
    if held is not None and not fresh and time.monotonic() - held.read_at < REMEMBERED_FOR:
        return held
    with across():
        row = (
            Installation.objects.filter(saleor_api_url=saleor_api_url)
            .values_list("id", "app_id", "state", "jwks", "jwks_fetched_at")
            .first()
        )
    if row is None:
        _known.pop(saleor_api_url, None)
        return None
    installation_id, app_id, state, jwks, fetched_at = row
    shop = KnownShop(
        installation_id,
        app_id,
        saleor_api_url,
        state == Installation.State.REMOVED,
        webhooks.parse_jwks(jwks),
        fetched_at,
        time.monotonic(),
    )
    _known[saleor_api_url] = shop
    return shop


def named(storefront_key: str) -> KnownShop | None:
    """Return the installed shop with this public key, from memory where it is known; None for one that is not."""
    address = _named.get(storefront_key)
    if address is None:
        if not is_storefront_key(storefront_key):
            return None
        with across():
            held = Installation.objects.filter(storefront_key=storefront_key)
            address = held.values_list("saleor_api_url", flat=True).first()
        if address is None:
            return None
        _named[storefront_key] = address
    return find(address)


def with_new_keys(shop: KnownShop, now: datetime) -> KnownShop:
    """Return the shop with the keys it publishes now, asked for at most once a minute. Raises ShopAway."""
    held = find(shop.saleor_api_url, fresh=True) or shop
    if held.keys_fetched_at is not None and now - held.keys_fetched_at < KEYS_AT_MOST_EVERY:
        return held
    failed_at = _failed.get(shop.saleor_api_url)
    if failed_at is not None and now - failed_at < KEYS_AT_MOST_EVERY:
        raise ShopAway("the shop's keys: not asked for again yet")
    try:
        jwks = webhooks.fetch_jwks(shop.saleor_api_url, settings.ALLOW_PRIVATE_ADDRESSES)
    except ShopAway:
        _failed[shop.saleor_api_url] = now
        raise
    with within(shop.installation_id):
        installations.keep_keys(shop.installation_id, jwks, now)
    return find(shop.saleor_api_url, fresh=True) or held


def forget() -> None:
    """Forget every shop that this process has in mind."""
    _known.clear()
    _named.clear()
    _failed.clear()
