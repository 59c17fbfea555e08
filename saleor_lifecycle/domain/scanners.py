"""Who followed a message's links: the person, or a program that looks at every link before or for them.

No single sign is enough, and none is for ever: each request is judged with all others of its message, so a click that
looked like the person's is a scanner's once the rest of the burst is known.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address

from .delivery_events import Verdict

Network = IPv4Network | IPv6Network

SETTLES_AFTER = timedelta(minutes=1)
"""When a request is judged: all of a burst has come by then."""
BURST = timedelta(seconds=10)
BURST_LINKS = 3
"""So many links of one message, or all that it has, within a burst are no person's."""
ROUND = timedelta(minutes=5)
"""Within which nobody follows each of a message's links, if there are as many as in a burst."""
TOO_SOON = timedelta(seconds=5)
"""After delivery: nobody opens, reads and follows so fast, and only who stands in between does so before."""


class Trait(StrEnum):
    """What a request alone shows."""

    HEAD = "head"
    PREFETCH = "prefetch"
    TOOL = "tool"  # a program by its own word
    NETWORK = "network"  # of those who scan mail, or where only programs live
    PRIVACY_PROXY = "privacy_proxy"  # loads every picture, read or not


class Sign(StrEnum):
    """By what a scanner was known, beside the traits."""

    BURST = "burst"
    ROUND = "round"
    TOO_SOON = "too_soon"


@dataclass(frozen=True, slots=True)
class Request:
    """One link of a message followed."""

    link: int
    at: datetime
    traits: frozenset[Trait] = frozenset()


@dataclass(frozen=True, slots=True)
class Judgement:
    verdict: Verdict
    because: Trait | Sign | None = None


# Tools, robots and previews say who they are; so do some of the scanners. A Cubot is a telephone.
_TOOLS = re.compile(
    r"(?<!cu)bot\b|spider|crawl|preview|scan|headless|phantomjs|python|curl/|wget/|go-http|java/|okhttp|libwww|httpclient"
    r"|axios|node-fetch|postman|facebookexternalhit|whatsapp|slack|telegram|discord|skypeuripreview|embedly"
    r"|barracuda|mimecast|proofpoint|symantec|trendmicro|fireeye|zscaler|sophos|cloudmark|urldefense|vade",
    re.IGNORECASE,
)
# Apple's Mail Privacy Protection says no more than this.
_PRIVACY_PROXY = re.compile(r"Mozilla/5\.0$")
_PREFETCH = {"Sec-Purpose": "prefetch", "Purpose": "pre", "X-Purpose": "pre", "X-Moz": "prefetch"}


def traits(method: str, headers: Mapping[str, str], address: str, networks: Iterable[Network]) -> frozenset[Trait]:
    """Return what a request shows; its address and its agent are looked at here and kept nowhere."""
    agent = headers.get("User-Agent", "").strip()
    shown = {
        Trait.HEAD: method == "HEAD",
        Trait.PREFETCH: any(headers.get(name, "").lower().startswith(begins) for name, begins in _PREFETCH.items()),
        Trait.PRIVACY_PROXY: bool(_PRIVACY_PROXY.match(agent)),
        Trait.TOOL: not agent or bool(_TOOLS.search(agent)),
        Trait.NETWORK: _is_within(address, networks),
    }
    return frozenset(trait for trait, holds in shown.items() if holds)


def _is_within(address: str, networks: Iterable[Network]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in networks)


def judge(requests: Sequence[Request], links: int, delivered_at: datetime | None) -> list[Judgement]:
    """Return who made each request of one message; ``links``: how many it has that are followed this way."""
    bursts = [request for request in requests if _is_burst(requests, request, links)]
    rounds = _rounds(requests, links)
    answers = []
    for request in requests:
        alone = min(request.traits, default=None)
        signs = (
            (alone is not None, alone),
            (any(timedelta(0) <= request.at - begins.at <= BURST for begins in bursts), Sign.BURST),
            (request in rounds, Sign.ROUND),
            (delivered_at is not None and request.at - delivered_at < TOO_SOON, Sign.TOO_SOON),
        )
        because = next((sign for holds, sign in signs if holds), None)
        answers.append(Judgement(Verdict.SCANNER if because else Verdict.HUMAN, because))
    return answers


def _is_burst(requests: Sequence[Request], begins: Request, links: int) -> bool:
    """Does a burst begin with this request?"""
    within = {other.link for other in requests if timedelta(0) <= other.at - begins.at <= BURST}
    return len(within) >= max(2, min(BURST_LINKS, links))


def _rounds(requests: Sequence[Request], links: int) -> list[Request]:
    """Return the requests of whoever followed every link within a few minutes."""
    if links < BURST_LINKS:
        return []
    found: list[Request] = []
    for begins in requests:
        within = [other for other in requests if timedelta(0) <= other.at - begins.at <= ROUND]
        if len({other.link for other in within}) >= links:
            found += within
    return found
