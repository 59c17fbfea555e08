"""What stands on Saleor's record of a customer: which values, when they are written, and what state that is in.

The phase stands in the public metadata, because only that can be filtered by in the Dashboard's customers list, and
with the rest in the private metadata, where nobody but staff and apps can read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PHASE = "lifecycle.phase"
"""The one public key. Of what merchants edit we hear of this one only: webhooks do not hold private metadata."""

ATTRIBUTE = "attribute"
"""Under this, beside the keys, is kept which phase the customer attribute carries; it is no metadata."""

SLOWEST, FASTEST = 1, 60_000
"""Customers a minute that a merchant may set."""

MOST_AT_ONCE = 25
"""Records in a request: Saleor makes up two webhooks for each before it answers, 0.3 s a record on a busy machine."""

CREDIT = timedelta(seconds=20)
"""How much unused time counts: a worker that looks every few seconds keeps the pace all the same."""

SLOW = timedelta(seconds=2)
"""A shop that takes longer for a request is left alone for as long as it took: it has its customers to serve."""

REST_AFTER_TROUBLE = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))
"""How long a shop is left alone after the first failure in a row, the second ...; the last for every further one."""


class State(StrEnum):
    """What Saleor's record of one customer says."""

    IN_STEP = "in_step"
    WAITING = "waiting"  # to be written, or taken back
    EDITED_BY_STAFF = "edited_by_staff"  # a second time, and so left as it is
    OFF = "off"  # nothing is written, at least not of this customer


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys whose values are not what the record holds already."""

    public: Mapping[str, str]
    private: Mapping[str, str]
    attribute: str | None = None

    @property
    def all(self) -> dict[str, str]:
        """Everything, as it is kept once it is written."""
        return {**self.private, **({ATTRIBUTE: self.attribute} if self.attribute else {})}


def wanted(
    phase: str, phase_since: datetime, band: str, loss_at: datetime | None, has_attribute: bool = False
) -> dict[str, str]:
    """Return what a record has to say."""
    return {
        PHASE: phase,
        "lifecycle.phase_since": phase_since.date().isoformat(),
        "lifecycle.engagement": band,
        "lifecycle.loss_date": loss_at.date().isoformat() if loss_at else "",
        **({ATTRIBUTE: phase} if has_attribute else {}),
    }


def cleared(written: Mapping[str, str]) -> dict[str, str]:
    """Return what a record has to say once it shall say nothing: the same keys, empty.

    Saleor's bulk mutation adds to what a record holds, it cannot take a key away. The attribute is not named, and a
    real Saleor 3.23 read null there afterwards; so a later yes writes it anew.
    """
    return {key: "" for key in written if key != ATTRIBUTE}


def changes(values: Mapping[str, str], written: Mapping[str, str]) -> Changes:
    """Return what of these values a record that holds ``written`` does not say yet."""
    changed = {key: value for key, value in values.items() if written.get(key) != value}
    attribute = changed.pop(ATTRIBUTE, None)
    return Changes({key: value for key, value in changed.items() if key == PHASE}, changed, attribute)


def at_once(failures: int, per_minute: int) -> int:
    """Return how many records to write in one request after so many failures in a row.

    Each failure halves it: a request that was too much for the shop would be too much again.
    """
    return max(1, min(MOST_AT_ONCE, per_minute) >> failures)


def next_turn(free_at: datetime | None, customers: int, per_minute: int, now: datetime) -> datetime:
    """Return when the next may be written, if so many are written now.

    20 customers at 120 a minute take 10 seconds, counted from when it was free, at most ``CREDIT`` ago.
    """
    since = max(free_at or now - CREDIT, now - CREDIT)
    return since + timedelta(minutes=customers / per_minute)


def rest(failures: int) -> timedelta:
    """Return how long to leave a shop alone after so many failures in a row, at least one."""
    return REST_AFTER_TROUBLE[min(failures, len(REST_AFTER_TROUBLE)) - 1]


def state(is_projecting: bool, is_clearing: bool, is_waiting: bool, is_edited: bool) -> State:
    """Return the state of a customer of whom something was asked to be written."""
    if is_edited and is_projecting:
        return State.EDITED_BY_STAFF
    if is_waiting and (is_projecting or is_clearing):
        return State.WAITING
    return State.IN_STEP if is_projecting else State.OFF
