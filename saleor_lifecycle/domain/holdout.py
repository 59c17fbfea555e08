"""Who is enrolled but not written to, so that what a flow brings can be measured."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from .messages import Purpose
from .public_mail import DOMAINS as PUBLIC_MAIL

DEFAULT_SHARE = 0.1
"""Of those who enter a flow, held out unless the merchant says otherwise."""


class Arm(StrEnum):
    """On which side of the comparison somebody is.

    A flow's lift is that of TREATED against HOLDOUT, that of all flows together of both against EVERYWHERE.
    """

    NEITHER = ""  # never held out, and not counted: nothing was left to the hash
    TREATED = "treated"
    HOLDOUT = "holdout"  # of this flow
    EVERYWHERE = "everywhere"  # held out of all flows: what others bring is missing too, so no flow's lift counts them

    @property
    def is_held_out(self) -> bool:
        return self in HELD_OUT


HELD_OUT = frozenset({Arm.HOLDOUT, Arm.EVERYWHERE})


class Why(StrEnum):
    """Why somebody is on a side, or on none."""

    SERVICE = "service"
    ASKED_FOR = "asked_for"
    STAFF = "staff"
    NOBODY_IS_HELD_OUT = "nobody_is_held_out"
    BY_HASH = "by_hash"


class Assignment(NamedTuple):
    arm: Arm
    why: Why


@dataclass(frozen=True, slots=True)
class Shares:
    """How many are held out, from 0 to 1: of a flow, and of all flows of the installation."""

    flow: float = DEFAULT_SHARE
    everywhere: float = 0.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What is forgone each week so that the rest can be known."""

    people: float
    conversions: float
    revenue: tuple[tuple[str, float], ...]  # by currency


def assign(key: str, flow_key: str, shares: Shares, purpose: Purpose, is_asked_for: bool, is_staff: bool) -> Assignment:
    """Return on which side a customer is who enters a flow; asked once, at entry.

    Never held out: service messages, what the person asked for (a confirmation, a promised code, word that something is
    back in stock), and the shop's own people.
    """
    if purpose is Purpose.SERVICE:
        return Assignment(Arm.NEITHER, Why.SERVICE)
    if is_asked_for:
        return Assignment(Arm.NEITHER, Why.ASKED_FOR)
    if is_staff:
        return Assignment(Arm.NEITHER, Why.STAFF)
    if shares.flow <= 0 and shares.everywhere <= 0:
        return Assignment(Arm.NEITHER, Why.NOBODY_IS_HELD_OUT)
    if arm_everywhere(key, shares.everywhere) is Arm.EVERYWHERE:
        return Assignment(Arm.EVERYWHERE, Why.BY_HASH)
    return Assignment(arm(key, flow_key, shares.flow), Why.BY_HASH)


def arm(key: str, flow_key: str, share: float) -> Arm:
    """Return the arm of a customer in a flow: ``share`` of all, from 0 to 1, are held out.

    The same for ever, by a hash of both keys alone. A greater share only adds to those held out, and who is held out of
    one flow says nothing about another.
    """
    return Arm.HOLDOUT if _is_within(share, f"holdout\n{flow_key}\n{key}") else Arm.TREATED


def arm_everywhere(key: str, share: float) -> Arm:
    """Return whether a customer is held out of all flows; who is says nothing about those held out of one flow."""
    return Arm.EVERYWHERE if _is_within(share, f"holdout of all\n{key}") else Arm.TREATED


def is_staff(addresses: Collection[str], senders: Collection[str], own: Collection[str]) -> bool:
    """True if one of a customer's addresses is the shop's: one of its ``own``, or at the domain of one of its senders.

    Where anybody may have a mailbox at a sender's domain, only the sender's very address is the shop's.
    """
    known = {address.strip().casefold() for address in (*senders, *own)} - {""}
    domains = {_domain(sender) for sender in senders} - PUBLIC_MAIL - {""}
    return any(address.strip().casefold() in known or _domain(address) in domains for address in addresses)


def cost(entries: float, conversion: float, revenue: Mapping[str, float], shares: Shares, caused: float = 1.0) -> Cost:
    """Return what holding people out of a flow forgoes, of so many ``entries`` a week.

    ``conversion`` and ``revenue`` are per treated person. ``caused`` is how much of them the flow brings; as long as
    nobody knows, 1, which makes it the most that can be forgone.
    """
    people = entries * (shares.flow + shares.everywhere * (1 - shares.flow))
    return Cost(
        people,
        people * conversion * caused,
        tuple((currency, people * amount * caused) for currency, amount in sorted(revenue.items())),
    )


def joined(one: str, other: str) -> str:
    """Return the arm of the enrollment that goes on, of two that collide: held out if either was.

    An empty one was never assigned.
    """
    arms = {one, other}
    for held_out in (Arm.EVERYWHERE, Arm.HOLDOUT):
        if held_out in arms:
            return held_out.value
    return max(arms)


def _is_within(share: float, text: str) -> bool:
    return int.from_bytes(sha256(text.encode()).digest()[:8]) < share * 2**64


def _domain(address: str) -> str:
    return address.strip().rpartition("@")[2].casefold().rstrip(".")
