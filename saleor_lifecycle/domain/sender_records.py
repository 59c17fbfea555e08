"""What DNS says of a domain that is written from, what its provider wants there, and what a check of it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Check(StrEnum):
    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"
    ALIGNMENT = "alignment"
    MX = "mx"
    LIST_UNSUBSCRIBE = "list_unsubscribe"


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    UNKNOWN = "unknown"  # DNS did not answer, or something has to be said first


@dataclass(frozen=True, slots=True)
class Record:
    """What to put where. An empty value is one that only the provider shows."""

    host: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check came to; ``code`` is what both languages word."""

    check: Check
    code: str
    level: Level
    found: str = ""
    put: Record | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Selector:
    """Where a provider's key stands, below ``_domainkey``; ``target`` is its CNAME's, "" where each sender has one."""

    name: str
    kind: str = "CNAME"
    target: str = ""


@dataclass(frozen=True, slots=True)
class SenderNeeds:
    """What a provider wants of the domains that are written from."""

    provider: str = ""
    include: str = ""  # in SPF, "" where it asks for none
    selectors: tuple[Selector, ...] = ()  # () where each sender has others
    has_own_envelope: bool = True  # bounces go to the provider's domain, so SPF is looked for there


@dataclass(frozen=True, slots=True)
class Key:
    """What stands under a selector. ``texts`` is None where DNS did not answer, ``bits`` where no key can be read."""

    selector: Selector
    domain: str
    texts: tuple[str, ...] | None
    bits: int | None = None
    is_rsa: bool = True


@dataclass(frozen=True, slots=True)
class Records:
    """What DNS says of a domain; None is no answer, and () that there is nothing."""

    domain: str
    organisation: str
    spf: Mapping[str, tuple[str, ...] | None]  # of the domain, and of each that it includes
    keys: tuple[Key, ...]
    dmarc: tuple[str, ...] | None
    dmarc_of_organisation: tuple[str, ...] | None
    mx: tuple[tuple[int, str], ...] | None
    has_address: bool | None  # an A or AAAA, which takes mail where there is no MX
