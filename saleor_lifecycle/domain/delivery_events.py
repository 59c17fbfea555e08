"""What a provider's report says of a message and of the address that it went to; in any order, told once or often."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class EventKind(StrEnum):
    """What a provider may report, in anymail's words."""

    QUEUED = "queued"
    SENT = "sent"
    REJECTED = "rejected"
    FAILED = "failed"
    BOUNCED = "bounced"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    AUTORESPONDED = "autoresponded"
    OPENED = "opened"
    CLICKED = "clicked"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"


class Verdict(StrEnum):
    """Who followed a link, or loaded a picture."""

    PROVISIONAL = "provisional"
    HUMAN = "human"
    SCANNER = "scanner"


class Ending(StrEnum):
    """Why an address is not written to any more."""

    UNSUBSCRIBED = "unsubscribed"
    SOFT_BOUNCES = "soft_bounces"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


@dataclass(frozen=True, slots=True)
class Report:
    """One event as a provider reported it: no address in it, and no word that nobody asked for."""

    key: str  # the same each time that the event is told
    kind: EventKind
    message_id: UUID | None  # ours, which the provider gives back
    provider_id: str  # the provider's, "" where it names none
    reason: str = ""  # anymail's word
    detail: str = ""
    is_permanent: bool | None = None  # of bounces
    occurred_at: datetime | None = None  # None: the provider does not say


@dataclass(frozen=True, slots=True)
class BouncePolicy:
    """From how many messages in a row, within what time, an address that takes none of them is given up."""

    messages: int = 3
    within: timedelta = timedelta(days=14)


_REJECTIONS = {
    "invalid": Ending.BOUNCED,
    "bounced": Ending.BOUNCED,
    "spam": Ending.COMPLAINED,
    "unsubscribed": Ending.UNSUBSCRIBED,
}
_LEFT = frozenset(EventKind) - {EventKind.QUEUED, EventKind.REJECTED, EventKind.FAILED}
# RFC 3463. Of 5.1.x those that speak of the addressee; 5.2.1 is a mailbox that was switched off.
_NOBODY_THERE = re.compile(r"\b5\.(1\.(0|1|2|3|6|10)|2\.1)\b")
# 5.4 and 5.5 are said of addresses too, and of much else.
_NOT_THE_ADDRESS = re.compile(r"\b(4\.\d{1,3}|5\.[367])\.\d{1,3}\b")
_HARD = frozenset({"hardbounce", "hard_bounce", "hard_bounced", "invalid_email", "permanent", "true", "10", "30"})


def has_left(kinds: Iterable[str]) -> bool | None:
    """Return whether the message went out, by all that was reported of it; None while nothing says either.

    A refusal counts only as long as nothing tells that it went out all the same.
    """
    held = set(kinds)
    if held & _LEFT:
        return True
    return False if held & {EventKind.REJECTED, EventKind.FAILED} else None


def is_permanent(reason: str, word: str, answer: str) -> bool:
    """Return whether a bounce says that nobody lives at the address; in doubt it does not, and is counted.

    The receiving server's own code goes first, then the provider's ``word``, then anymail's ``reason``. A message that
    was refused for what is in it, or for who sent it, says nothing of the address.
    """
    if _NOBODY_THERE.search(answer):
        return True
    if _NOT_THE_ADDRESS.search(answer):
        return False
    return word.lower() in _HARD or reason == "invalid"


def ending(kind: str, reason: str, is_permanent: bool | None) -> Ending | None:
    """Return why one report alone ends the writing to its address; None where it does not.

    ``spam`` as the reason of a bounce is the receiving server's opinion of the words, not the person's complaint.
    """
    match kind:
        case EventKind.COMPLAINED:
            return Ending.COMPLAINED
        case EventKind.UNSUBSCRIBED:
            return Ending.UNSUBSCRIBED
        case EventKind.BOUNCED if is_permanent:
            return Ending.BOUNCED
        case EventKind.REJECTED:
            return _REJECTIONS.get(reason)
    return None


def is_given_up(bounced: Iterable[datetime], delivered: Iterable[datetime], policy: BouncePolicy) -> bool:
    """Return whether an address took none of so many messages in a row: ``bounced`` holds a moment for each."""
    told = sorted([*((at, False) for at in bounced), *((at, True) for at in delivered)])
    row: list[datetime] = []
    for at, has_come in told:
        row = [] if has_come else [*row, at]
        if len(row) >= policy.messages and at - row[-policy.messages] <= policy.within:
            return True
    return False
