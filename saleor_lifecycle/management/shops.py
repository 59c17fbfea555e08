"""Which shops a command is for: they are named by their API addresses."""

from collections.abc import Iterable

from django.core.management.base import CommandError

from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import across
from saleor_lifecycle.tasks.installations import everyone


def chosen(url: str | None) -> dict[int, str]:
    """Return that shop's address by its installation; without one, of all that have the app. Raises CommandError."""
    shops = everyone()
    found = {number: held for number, held in shops.items() if url in (None, held)}
    if url is not None and not found:
        raise unknown(shops.values())
    return found


def installation_of(url: str) -> int:
    """Return a shop's installation, also of one that removed the app: its data are still there. Raises CommandError."""
    with across():
        shops = dict(Installation.objects.values_list("saleor_api_url", "id"))
    if url not in shops:
        raise unknown(shops)
    return shops[url]


def unknown(known: Iterable[str]) -> CommandError:
    """Return what to raise where no such shop is among the known."""
    shops = "\n  ".join(sorted(known)) or "none: install the app in a shop first"
    return CommandError(f"Name one of the installed shops:\n  {shops}")
