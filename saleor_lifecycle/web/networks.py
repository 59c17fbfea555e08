"""Whence a request comes, as far as it may count against anybody."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return the address of whoever asks; "" where it cannot be told.

    Behind proxies it is what the outermost of the operator's own (TRUSTED_PROXIES) saw: anybody writes the rest.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    path = [*hops, request.META.get("REMOTE_ADDR", "")]
    return path[-1 - settings.TRUSTED_PROXIES] if len(path) > settings.TRUSTED_PROXIES else ""


def network_of(request: HttpRequest) -> str:
    """Return the network address of whoever asks; of IPv6 the /64, which is one household's."""
    text = address_of(request) or request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
