"""Whence a request comes, as far as it may count against anybody."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def network_of(request: HttpRequest) -> str:
    """Return the network address of whoever asks; of IPv6 the /64, which is one household's.

    Behind proxies it is what the outermost of the operator's own (TRUSTED_PROXIES) saw: anybody writes the rest.
    """
    text = request.META.get("REMOTE_ADDR", "")
    passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if 0 < settings.TRUSTED_PROXIES <= len(passed):
        text = passed[-settings.TRUSTED_PROXIES]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
