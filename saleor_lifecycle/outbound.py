"""The HTTP client for calls to where strangers say: little patience, no redirects, no private networks, no flood.

Shops and merchants' endpoints are called by it. A name may point elsewhere a moment after it was checked, so a host's
addresses are looked at again at each connection.
"""

import socket
import ssl
import time
from collections.abc import Iterator
from functools import cache

import httpx
from django.conf import settings

from saleor_lifecycle.domain.internet import is_public

LONGEST_ANSWER = 8 * 1024 * 1024  # a hundred carts with forty lines each are about 2 MB
_PATIENCE = httpx.Timeout(10, connect=2, pool=2)  # seconds, between two pieces of an answer
LONG_PATIENCE = httpx.Timeout(25, connect=2, pool=2)  # where Saleor reads or writes many records
_LONGEST_BODY = 30  # seconds, for all of its pieces


class AddressRefused(Exception):
    """The address is not one that this app speaks to; the message is for a merchant to read."""


def client(allow_private: bool = False, headers: dict[str, str] | None = None) -> httpx.Client:
    """A client to be closed by whoever asked for it.

    Proxies named in the environment are not used: behind one, the guard would check the wrong address.
    """
    return httpx.Client(
        transport=_Guard(allow_private),
        timeout=_PATIENCE,
        follow_redirects=False,
        # An unpacked answer may be a thousand times the size of what was counted, so none comes packed.
        headers={"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})},
    )


def reached_at(api_url: str) -> str:
    """The address to call for a shop's API: another than its own where whoever runs the app has said so.

    That one may be private: it was not named by a stranger.
    """
    return str(settings.SALEOR_API_URL_REWRITES.get(api_url, api_url))


def public_addresses(host: str, port: int) -> list[str]:
    """The IP addresses of a host, if all of them are on the public internet; otherwise raises AddressRefused.

    One private address among several is enough to refuse: whoever connects takes any of them.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused(f"The host {host} cannot be found.") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise AddressRefused(f"The host {host} is in a private network, which this app does not call.")
    return addresses


class _Guard(httpx.BaseTransport):
    """Connects to an address that was just checked, under the host's own name, and counts what comes back."""

    def __init__(self, allow_private: bool) -> None:
        self.allow_private = allow_private
        self.inner = httpx.HTTPTransport(verify=_trust(), trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not self.allow_private:
            _pin(request)
        answer = self.inner.handle_request(request)
        assert isinstance(answer.stream, httpx.SyncByteStream)
        if answer.headers.get("content-encoding", "identity") != "identity":
            answer.close()
            raise httpx.RemoteProtocolError("a packed answer that was not asked for")
        return httpx.Response(
            answer.status_code,
            headers=answer.headers,
            stream=_Counted(answer.stream),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        self.inner.close()


class _Counted(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream) -> None:
        self.stream = stream

    def __iter__(self) -> Iterator[bytes]:
        size, end = 0, time.monotonic() + _LONGEST_BODY
        for chunk in self.stream:
            size += len(chunk)
            if size > LONGEST_ANSWER:
                raise httpx.RemoteProtocolError("an answer longer than any that we ask for")
            if time.monotonic() > end:
                raise httpx.ReadTimeout("an answer in drips")
            yield chunk

    def close(self) -> None:
        self.stream.close()


def _pin(request: httpx.Request) -> None:
    # The Host header is already set; the certificate is checked against the name in sni_hostname.
    host = request.url.raw_host.decode("ascii")
    try:
        address = public_addresses(host, request.url.port or 443)[0]
    except AddressRefused:
        raise httpx.ConnectError("the host has no public address") from None
    request.extensions = {**request.extensions, "sni_hostname": host}
    request.url = request.url.copy_with(host=address)


@cache
def _trust() -> ssl.SSLContext:
    # Reading the certificates takes longer than most calls.
    return httpx.create_ssl_context()
