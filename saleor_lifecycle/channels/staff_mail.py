"""The mail in which a flow tells staff of customers who have come to one of its steps; in the app's own words."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.html import escape

MOST_NAMED = 50


class StaffMail(NamedTuple):
    """What the mail says, in ``language``."""

    language: str
    subject: str
    html: str
    text: str


def staff_mail(language: str, flow: str, said: str, customers: Sequence[str]) -> StaffMail:
    """Return the mail in Spanish, or in English for every other language: what staff wrote, and whom it is about."""
    spoken = "es" if language.strip().lower().startswith("es") else "en"
    subject, whom, more = _WORDS[spoken]
    named = [*customers[:MOST_NAMED], *([more.format(len(customers) - MOST_NAMED)] if customers[MOST_NAMED:] else [])]
    about = whom.format(len(customers))
    items = "".join(f"<li>{escape(one)}</li>" for one in named)
    html = f"<p>{escape(said)}</p><p>{escape(about)}</p><ul>{items}</ul>"
    return StaffMail(
        language=spoken,
        subject=subject.format(flow),
        html=f'<!doctype html><html lang="{spoken}"><body>{html}</body></html>',
        text="\n".join([said, "", about, *(f"- {one}" for one in named), ""]),
    )


# subject, whom it is about, those who are not named
_WORDS = {
    "en": ("Your flow {} tells you", "Customers it is about: {}", "and {} more"),
    "es": ("Tu flujo {} te avisa", "Clientes de los que se trata: {}", "y {} más"),
}
