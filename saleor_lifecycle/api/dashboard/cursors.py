"""Cursors of lists in order of time: the moment and the id of a row, so that rows that come meanwhile move nothing."""

from datetime import datetime

from ..errors import Refusal


def cursor(at: datetime, key: int) -> str:
    """Return the cursor of the row with that moment and id."""
    return f"{at.isoformat()} {key}"


def read_cursor(text: str | None) -> tuple[datetime, int] | None:
    """Return the moment and id that a cursor names; None for none. Refuses what is no cursor of ours."""
    if text is None:
        return None
    try:
        at, _, key = text.partition(" ")
        moment, number = datetime.fromisoformat(at), int(key)
    except ValueError:
        moment, number = None, 0
    if moment is None or moment.tzinfo is None or not 0 < number < 2**63:
        raise Refusal("after: this is no cursor.", "INVALID")
    return moment, number
