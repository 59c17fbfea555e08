"""Saleor's versions: what a shop says of itself, in an order that can be compared."""

import re

Version = tuple[int, int, int]

OLDEST: Version = (3, 21, 0)
NEWEST: Version = (10**6, 0, 0)
"""Newer than any: a shop that we know nothing of gets what the newest that we know gets."""


def read_version(text: str | None) -> Version:
    """The version in "3.23", "3.23.28" or "3.24.0-a.0"; NEWEST where there is none, as from a browser."""
    found = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", text or "")
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else NEWEST
