"""What merchants' endpoints may be told, when a delivery is tried again, and when an endpoint is given up."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum


class WebhookEvent(StrEnum):
    """What an endpoint may ask to be told."""

    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    ADDRESS_SUPPRESSED = "address.suppressed"
    FLOW_STEP = "flow.step"  # a step of a flow that tells of itself
    MESSAGE_SEND = "message.send"  # a message of the channel webhook, for the receiver to bring to its person


RETRY_AFTER = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After the first attempt, the second ...: three days and a bit, as the specification of Standard Webhooks has it."""

JITTER = 0.2
OFF_AFTER = timedelta(days=5)
"""How long an endpoint may take nothing, tried all the while, before it is switched off."""

LONGEST_REST = timedelta(hours=1)
LONGEST_ASKED = timedelta(days=1)
"""An endpoint may ask to be left alone for this long at most."""

OVERLAP = timedelta(hours=24)
"""How long a secret that was changed signs beside its successor."""

GONE = 410


def retry_at(attempts: int, key: bytes, now: datetime) -> datetime | None:
    """Return when one event is tried again after so many attempts; None when there were enough.

    ``key``, at least two bytes that differ from event to event, draws the jitter: up to a fifth longer.
    """
    if attempts > len(RETRY_AFTER):
        return None
    share = int.from_bytes(key[:2], "big") / 0xFFFF
    return now + RETRY_AFTER[attempts - 1] * (1 + JITTER * share)


def rest(failures: int) -> timedelta:
    """Return how long an endpoint is left alone after so many failures in a row: a minute, two, four ... an hour."""
    return min(timedelta(minutes=2 ** min(failures - 1, 6)), LONGEST_REST) if failures > 0 else timedelta()


def asked_rest(retry_after: str, now: datetime) -> timedelta | None:
    """Return how long a ``Retry-After`` header asks for, within a day; None where it says nothing that can be read.

    Seconds or a date, by RFC 9110.
    """
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        wanted = timedelta(seconds=min(int(text[:9]), 10**8))
    else:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        wanted = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    return min(max(wanted, timedelta()), LONGEST_ASKED)


def is_given_up(failing_since: datetime | None, now: datetime) -> bool:
    """Return whether an endpoint that took nothing since then is switched off."""
    return failing_since is not None and now - failing_since >= OFF_AFTER
