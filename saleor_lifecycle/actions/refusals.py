"""Each no and each deletion, written to the log as a keyed hash, so that a restored database can be told of it again.

The log outlives the database that is lost. A line holds no address and no name, and nobody without SUPPRESSION_KEY can
tell whom it is about: ``refusal <installation> <channel> <hash> <reason> <moment>``.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

DELETED = "deleted"
"""Stands in the channel's place: the hash is that of an account's id."""

logger = logging.getLogger("saleor_lifecycle.refusals")

_LINE = re.compile(r"\brefusal (\d+) (\S+) ([0-9a-f]{64}) (\S+) (\S+)")
_ADDRESS = re.compile(r"[^\s,;<>\"']+@[^\s,;<>\"']+")


@dataclass(frozen=True, slots=True)
class Refusal:
    """``hashed`` or ``address`` is set. An address is that of a list: it is said to every installation."""

    installation_id: int | None
    channel: str
    hashed: str
    address: str
    reason: str
    at: datetime | None


def tell(installation_id: int, channel: str, hashed: str, reason: str, now: datetime) -> None:
    """Write a refusal to the log."""
    logger.info("refusal %s %s %s %s %s", installation_id, channel, hashed, reason, now.isoformat())


def read(lines: Iterable[str]) -> list[Refusal]:
    """Return what a file says: lines of our log, whatever stands around them, or a list that has an address a line."""
    found = []
    for line in lines:
        if match := _LINE.search(line):
            number, channel, hashed, reason, at = match.groups()
            found.append(Refusal(int(number), channel, hashed, "", reason, datetime.fromisoformat(at)))
        elif match := _ADDRESS.search(line):
            found.append(Refusal(None, "email", "", match[0], "unsubscribed", None))
    return found
