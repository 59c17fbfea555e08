"""Links to the shop told apart by the message that they stand in, as web analytics read it (UTM)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape, unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

from .render import Rendered

NAMES = ("utm_source", "utm_medium", "utm_campaign", "utm_content")
LONGEST = 100

_LINK = re.compile(r"(<a\b[^>]*?\bhref=)(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Campaign:
    """What the links of one message say, and which links those are."""

    params: Mapping[str, str]  # of NAMES
    hosts: frozenset[str]  # the shop's own
    public_url: str  # ours: of what begins so, only the way back to a cart leads on to the shop


@lru_cache(maxsize=256)
def campaign(medium: str, name: str, content: str, shop: tuple[str, ...], public_url: str) -> Campaign:
    """What a message's links to the shop say; ``shop`` is addresses of the shop."""
    values = ("lifecycle", medium, name, content)
    params = {param: value[:LONGEST] for param, value in zip(NAMES, values, strict=True) if value}
    hosts = frozenset(host for address in shop if (host := _host(address)))
    return Campaign(params, hosts, public_url.rstrip("/"))


def tag(words: Rendered, said: Campaign) -> Rendered:
    """The words, their links to the shop saying so; all other links stay letter for letter."""

    def in_html(link: re.Match[str]) -> str:
        held = link[2] if link[2] is not None else link[3]
        address = unescape(held)
        tagged = _tagged(address, said)
        return link[0] if tagged == address else f'{link[1]}"{escape(tagged)}"'

    html = _LINK.sub(in_html, words.html)
    text = _ADDRESS.sub(lambda found: _tagged(found[0], said), words.text)
    return replace(words, html=html, text=text)


def add(address: str, params: Mapping[str, str]) -> str:
    """The address with those of the parameters that it does not have; its own and its fragment are kept."""
    whole, mark, fragment = address.partition("#")
    before, _, query = whole.partition("?")
    held = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
    more = urlencode({name: value for name, value in params.items() if name not in held}, errors="replace")
    joined = "&".join(part for part in (query.rstrip("&"), more) if part)
    return f"{before}?{joined}{mark}{fragment}" if more else address


def passed_on(query: Mapping[str, str]) -> dict[str, str]:
    """What a request's query says of the message that its link stood in."""
    return {name: query[name][:LONGEST] for name in NAMES if query.get(name)}


def _tagged(address: str, said: Campaign) -> str:
    if said.public_url and address.startswith(f"{said.public_url}/"):
        is_ours = address.startswith(f"{said.public_url}/cart/")
    else:
        is_ours = _host(address) in said.hosts
    return add(address, said.params) if is_ours else address


def _host(address: str) -> str:
    """The host of a web address without its ``www.``, or nothing."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if parts.scheme in ("http", "https") else ""
