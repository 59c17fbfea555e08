"""The shop's channels, asked of it when staff choose one."""

from collections.abc import Mapping

from django.conf import settings

from saleor_lifecycle.actions import installations
from saleor_lifecycle.models import Installation
from saleor_lifecycle.saleor.gateway import Shop


def shop_channels(installation: Installation) -> Mapping[str, str]:
    """Return the names of the shop's channels, by slug. Raises ShopError."""
    token = installations.unseal(installation.token)
    with Shop(
        installation.saleor_api_url, token, settings.ALLOW_PRIVATE_ADDRESSES, installation.saleor_version
    ) as shop:
        return shop.channels()
