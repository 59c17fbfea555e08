"""Touches: where a person came from. First and last of them, whatever the order in which they arrive."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import urlsplit

LONGEST = 200
LONGEST_CLICK_ID = 500
CLICK_IDS = (
    *("gclid", "gbraid", "wbraid", "dclid", "msclkid", "fbclid", "ttclid", "twclid", "li_fat_id", "epik"),
    *("sccid", "rdt_cid", "yclid"),
)
"""The parameters in which advertisers name a click: Google's, Microsoft's, Meta's, TikTok's, X's and others'."""
UTM = ("source", "medium", "campaign", "term", "content")
_NAMES = frozenset([*(f"utm_{name}" for name in UTM), *CLICK_IDS, "referrer", "referer"])


@dataclass(frozen=True, slots=True, order=True)
class Touch:
    """One arrival that says where it came from; "" where it does not say. The earlier is the smaller.

    Two of the same moment are ordered by what they say, so that no order of arrival decides.
    """

    at: datetime
    source: str = ""
    medium: str = ""
    campaign: str = ""
    term: str = ""
    content: str = ""
    referrer: str = ""  # the host alone: the rest of an address may hold what is personal or secret
    click_name: str = ""
    click_id: str = ""
    visitor: str = ""  # the keyed hash of the browser, where one is named

    @property
    def says_something(self) -> bool:
        """Does it tell where the person came from? A visit out of nowhere moves neither first nor last touch."""
        return any((self.source, self.medium, self.campaign, self.referrer, self.click_name))


def first(touches: Iterable[Touch]) -> Touch | None:
    """Return the first touch: the earliest of all."""
    return min(touches, default=None)


def last(touches: Iterable[Touch], until: datetime | None = None) -> Touch | None:
    """Return the last touch: the newest of all, or of an order the newest that is not later than it."""
    return max((touch for touch in touches if until is None or touch.at <= until), default=None)


def from_metadata(items: Mapping[str, str], at: datetime) -> Touch | None:
    """Return what storefronts put into a checkout's metadata, under the names that the addresses of visits have.

    Nobody is there to be told of a mistake: what is too long is cut, and what cannot be read is left out.
    """
    if items.keys().isdisjoint(_NAMES):
        return None
    said = {name: clean(items.get(f"utm_{name}", ""))[:LONGEST] for name in UTM}
    click = next((name for name in CLICK_IDS if clean(items.get(name, ""))), "")
    touch = Touch(
        at,
        **said,
        referrer=host(clean(items.get("referrer", "") or items.get("referer", ""))) or "",
        click_name=click,
        click_id=clean(items.get(click, ""))[:LONGEST_CLICK_ID],
    )
    return touch if touch.says_something else None


def clean(text: str) -> str:
    """Return a text without spaces around it and without control signs, some of which no database stores."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cs")).strip()


def host(address: str) -> str | None:
    """Return the host of a web address, in lower case; None when there is none in it."""
    try:
        found = urlsplit(address if "//" in address else f"//{address}").hostname
    except ValueError:
        return None
    return found if found and len(found) <= LONGEST and re.fullmatch(r"[^\s/\\@]+", found) else None


def path(address: str) -> str | None:
    """Return the path of a web address without its query, which may hold what is secret; None when it is none."""
    try:
        found = urlsplit(address).path
    except ValueError:
        return None
    return found if len(found) <= LONGEST else None


def is_visitor(text: str) -> bool:
    """Is it an id that a storefront may give a browser: 16 to 64 signs that nobody guesses?"""
    return re.fullmatch(r"[A-Za-z0-9_.~:=+/-]{16,64}", text) is not None


def is_click_name(text: str) -> bool:
    """Is it a name that an advertiser's parameter may have? Others than those above come up."""
    return re.fullmatch(r"[a-z][a-z0-9_]{1,31}", text) is not None


def document(touch: Touch) -> dict[str, str]:
    """Return the touch as it is stored: what it says."""
    return {name: value for name, value in asdict(touch).items() if name != "at" and value} | {
        "at": touch.at.isoformat()
    }


def read_touch(stored: Mapping[str, str]) -> Touch:
    """Return the touch that ``document`` made this of."""
    return Touch(**{**stored, "at": datetime.fromisoformat(stored["at"])})  # type: ignore[arg-type]  # as above
