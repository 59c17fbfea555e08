"""Which shops may be spoken to: registration is unsigned, so anyone can name an address for us to call.

A shop's address is checked when it registers, and its host's addresses again at each connection, because
a name may point elsewhere a moment later (see ``outbound``).
"""

import ipaddress
import re
import socket

import httpx

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(Exception):
    """The shop's address is not one that this app speaks to; the message is for a merchant to read."""


def check_api_url(url: str, allowed_pattern: str | None, allow_private: bool) -> None:
    """Nothing, if the app may speak to the Saleor at this API address.

    ``allowed_pattern`` is a regular expression that must match the whole host name, without the port.
    ``allow_private`` is for development: it also accepts http and addresses of private networks.
    """
    parsed = _parse(url)
    if parsed.scheme != "https" and not (allow_private and parsed.scheme == "http"):
        raise AddressRefused("The shop's API address must begin with https://.")
    if parsed.userinfo or "?" in url or "#" in url or not parsed.path.endswith("/graphql/"):
        raise AddressRefused("The shop's API address must end with /graphql/ and hold no parameters.")
    host = parsed.raw_host.decode("ascii")
    if not host:
        raise AddressRefused("The shop's API address names no host.")
    if allowed_pattern and not re.fullmatch(allowed_pattern, host, re.IGNORECASE):
        raise AddressRefused(f"Shops at {host} may not install this app. Ask whoever runs it to allow them.")
    if not allow_private:
        public_addresses(host, parsed.port or 443)


def public_addresses(host: str, port: int) -> list[str]:
    """The IP addresses of a host, if all of them are on the public internet; otherwise raises AddressRefused.

    One private address among several is enough to refuse: whoever connects takes any of them.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused(f"The shop's host {host} cannot be found.") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise AddressRefused(f"The shop's host {host} is in a private network, which this app does not call.")
    return addresses


def is_public(address: str) -> bool:
    """True for an address on the public internet, also when an IPv6 address carries it."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if inner is not None:
            return is_public(str(inner))
        if ip.sixtofour or ip.teredo or ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _parse(url: str) -> httpx.URL:
    if re.search(r"[\s\\\x00-\x1f]", url):
        raise AddressRefused("The shop's API address is not a web address.")
    try:
        return httpx.URL(url)
    except httpx.InvalidURL:
        raise AddressRefused("The shop's API address is not a web address.") from None
