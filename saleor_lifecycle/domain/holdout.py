"""Who is enrolled but not written to, so that what a flow brings can be measured."""

from enum import StrEnum
from hashlib import sha256

DEFAULT_SHARE = 0.1
"""Of those who enter a flow, held out unless the merchant says otherwise."""


class Arm(StrEnum):
    TREATED = "treated"
    HOLDOUT = "holdout"


def arm(key: str, flow_key: str, share: float) -> Arm:
    """Return the arm of a customer in a flow: ``share`` of all, from 0 to 1, are held out.

    The same for ever, by a hash of both keys alone. A greater share only adds to those held out, and who is held out of
    one flow says nothing about another.
    """
    digest = sha256(f"holdout\n{flow_key}\n{key}".encode()).digest()
    return Arm.HOLDOUT if int.from_bytes(digest[:8]) < share * 2**64 else Arm.TREATED


def joined(one: str, other: str) -> str:
    """Return the arm of the enrollment that goes on, of two that collide: held out if either was.

    An empty one was never assigned.
    """
    arms = {one, other}
    return Arm.HOLDOUT.value if Arm.HOLDOUT in arms else max(arms)
