"""The mail that asks an address's holder whether a shop may write in their name; in the app's own words."""

from typing import NamedTuple

from django.utils.html import escape

LONGEST_NAME = 60


class SenderMail(NamedTuple):
    """What the mail says, in ``language``."""

    language: str
    subject: str
    html: str
    text: str


def sender_mail(language: str, shop: str, address: str, url: str, days: int) -> SenderMail:
    """Return the mail in Spanish, or in English for every other language."""
    spoken = "es" if language.strip().lower().startswith("es") else "en"
    subject, asks, button, ends = _WORDS[spoken]
    # Anybody may call their shop what they like: no line of it may look like one of ours.
    named = {"shop": " ".join(shop.split())[:LONGEST_NAME], "address": address, "days": days}
    said = [asks.format(**named), ends.format(**named)]
    paragraph = '<p style="margin:0 0 16px;font:16px/1.5 sans-serif">{}</p>'
    link = f'<a href="{escape(url)}" style="font-weight:bold">{escape(button)}</a>'
    parts = [paragraph.format(escape(said[0])), paragraph.format(link), paragraph.format(escape(said[1]))]
    return SenderMail(
        language=spoken,
        subject=subject.format(**named),
        html=f'<!doctype html><html lang="{spoken}"><body>{"".join(parts)}</body></html>',
        text=f"{said[0]}\n\n{button}: {url}\n\n{said[1]}\n",
    )


# subject, what is asked, the link, what happens else
_WORDS = {
    "en": (
        "May {shop} write in your name?",
        "The shop “{shop}” wants to send its e-mails with {address} as their sender.",
        "See it and confirm",
        "If you know nothing of it, there is nothing you need to do: nothing is sent in your name. "
        "The link works for {days} days.",
    ),
    "es": (
        "¿Puede {shop} escribir en tu nombre?",
        "La tienda «{shop}» quiere enviar sus correos con {address} como remitente.",
        "Verlo y confirmar",
        "Si no sabes nada de esto, no tienes que hacer nada: no se enviará nada en tu nombre. "
        "El enlace funciona durante {days} días.",
    ),
}
