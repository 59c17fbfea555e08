"""Which shops may be spoken to: registration is unsigned, so anyone can name an address for us to call.

A shop's address is checked when it registers, and its host's addresses again at each connection, because
a name may point elsewhere a moment later (see ``outbound``).
"""

import re

import httpx

from saleor_lifecycle.outbound import AddressRefused, public_addresses


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


def _parse(url: str) -> httpx.URL:
    if re.search(r"[\s\\\x00-\x1f]", url):
        raise AddressRefused("The shop's API address is not a web address.")
    try:
        return httpx.URL(url)
    except httpx.InvalidURL:
        raise AddressRefused("The shop's API address is not a web address.") from None
