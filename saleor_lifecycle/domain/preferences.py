"""How often, how personally and in which language somebody wants to be written to, beside what about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Frequency(StrEnum):
    """How many commercial messages at most; from the most to the fewest."""

    ALL = "all"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


SPACING = {Frequency.ALL: timedelta(), Frequency.WEEKLY: timedelta(days=7), Frequency.MONTHLY: timedelta(days=30)}
PAUSES = (timedelta(days=30), timedelta(days=90))


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person chose. ``is_personalised``: None was never asked; products may be chosen, but nothing is noted."""

    frequency: Frequency = Frequency.ALL
    paused_until: datetime | None = None
    is_personalised: bool | None = None
    language: str = ""  # of messages, BCP-47; "" as the shop knows it


def strictest(held: Iterable[Preferences]) -> Preferences:
    """Return what stands for somebody who turned out to be several: the strictest of each; the language of the last."""
    rows = list(held)
    if not rows:
        return Preferences()
    pauses = [row.paused_until for row in rows if row.paused_until is not None]
    asked = [row.is_personalised for row in rows]
    return Preferences(
        frequency=max((row.frequency for row in rows), key=lambda one: SPACING[one]),
        paused_until=max(pauses, default=None),
        is_personalised=False if False in asked else None if None in asked else True,
        language=next((row.language for row in reversed(rows) if row.language), ""),
    )


def quiet_until(preferences: Preferences, last_sent_at: datetime | None) -> datetime | None:
    """Return the moment before which no commercial message leaves, None for none; it may lie in the past.

    ``last_sent_at``: when the last commercial message left on the channel.
    """
    spacing = SPACING[preferences.frequency]
    next_at = last_sent_at + spacing if last_sent_at is not None and spacing else None
    return max((moment for moment in (preferences.paused_until, next_at) if moment is not None), default=None)


def is_tracked(preferences: Preferences, by_default: bool) -> bool:
    """May it be noted what this person opens and clicks? ``by_default``: for those who were never asked."""
    return by_default if preferences.is_personalised is None else preferences.is_personalised
