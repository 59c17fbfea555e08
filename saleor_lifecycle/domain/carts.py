"""When a cart last changed, by our own hash of its lines.

Saleor's ``updatedAt`` moves with addresses, metadata and languages too; a person who left a cart has not come back
because another app stamped it. Snapshots come late, repeated and shuffled, so what is kept is a small list of
``Sighting`` that any order of arrival leads to.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

OPEN_FOR = timedelta(days=30)
"""How long after its last change a cart counts as open (DESIGN §2)."""

SIGHTINGS_KEPT = 40
"""More are thinned. Only where a cart was stamped so often may a snapshot that comes late be dated wrongly."""


class Sighting(NamedTuple):
    """The lines a cart held at one moment."""

    at: datetime
    lines_hash: str


def lines_hash(lines: Iterable[tuple[str, int]]) -> str:
    """Return 16 hex digits that are equal for equal (variant id, quantity) pairs in any order; "" for an empty cart."""
    held = sorted((variant, quantity) for variant, quantity in lines if quantity > 0)
    if not held:
        return ""
    text = "\n".join(f"{variant} {quantity}" for variant, quantity in held)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def observe(seen: Sequence[Sighting], new: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """Return the sightings with ``new`` among them, oldest first; commutative and idempotent up to the bound.

    What lies inside a stretch of equal lines is kept too: a late snapshot may cut the stretch in two, and then the
    second half started there. Past the bound it goes first, then the oldest.
    """
    ordered = sorted({*seen, *new})
    if len(ordered) > SIGHTINGS_KEPT:
        ordered = [
            sighting
            for index, sighting in enumerate(ordered)
            if not (
                0 < index < len(ordered) - 1
                and ordered[index - 1].lines_hash == sighting.lines_hash == ordered[index + 1].lines_hash
            )
        ]
    return tuple(ordered[-SIGHTINGS_KEPT:])


def changed_at(seen: Sequence[Sighting]) -> datetime:
    """Return when the lines became what they are: the start of the last stretch. ``seen`` is not empty."""
    start = seen[-1]
    for sighting in reversed(seen):
        if sighting.lines_hash != start.lines_hash:
            break
        start = sighting
    return start.at
