"""Public holidays of a country; those of single regions are left out, for an address does not tell them."""

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase


def is_holiday(country: str, day: date) -> bool:
    """Return whether a day is a public holiday in a country, ISO 3166 alpha-2; one that is not known has none."""
    held = _calendar(country) if country else None
    return held is not None and day in held


@cache
def _calendar(country: str) -> "HolidayBase | None":
    # Some 40 MB of a process, which only those that have parcels to reckon with need.
    from holidays import country_holidays

    try:
        return country_holidays(country)
    except NotImplementedError:  # so the library says that it does not know the country
        return None
