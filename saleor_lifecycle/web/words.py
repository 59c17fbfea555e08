"""The words of the pages that mails link to."""

from typing import TypedDict


class Words(TypedDict):
    """What one state of a page says; ``button`` is empty where there is nothing to do."""

    heading: str
    text: str
    button: str
    shop: str


def words(language: str, page: str, state: str) -> Words:
    """The words of a page in one of its states, in English where the language is not spoken here.

    Pages: unsubscribe (ask, done, already, broken) and cart_link (expired, ordered, gone, broken, shop_away).
    KeyError for any other.
    """
    spoken = page_language(language)
    heading, text, button = _WORDS[spoken][page][state]
    return Words(heading=heading, text=text, button=button, shop=_TO_THE_SHOP[spoken])


def page_language(language: str) -> str:
    """The language that the pages speak to a reader of ``language`` (BCP-47)."""
    base = language.partition("-")[0].lower()
    return base if base in _WORDS else "en"


_TO_THE_SHOP = {"en": "Go to the shop", "es": "Ir a la tienda"}

# language -> page -> state -> heading, text, button
_WORDS: dict[str, dict[str, dict[str, tuple[str, str, str]]]] = {
    "en": {
        "unsubscribe": {
            "ask": (
                "Stop these e-mails?",
                "We will not send you news, offers or cart reminders any more. "
                "Messages about your orders still reach you.",
                "Yes, stop them",
            ),
            "done": ("Done", "We will not send you these e-mails any more.", ""),
            "already": (
                "It was done already",
                "You do not receive these e-mails. There is nothing else to do.",
                "",
            ),
            "broken": (
                "This link does not work",
                "It may have been cut short. Open it again from the e-mail, or reply to the e-mail and ask us to stop.",
                "",
            ),
        },
        "cart_link": {
            "expired": (
                "This link is too old",
                "Cart links work for a limited time. You can still find the products in the shop.",
                "",
            ),
            "ordered": (
                "Thank you for your order",
                "This cart has been ordered already. There is nothing else to do.",
                "",
            ),
            "gone": (
                "This cart is no longer there",
                "It was emptied, or the shop has cleared it. You can start a new one in the shop.",
                "",
            ),
            "broken": (
                "This link does not work",
                "It may have been cut short. Open it again from the e-mail.",
                "",
            ),
            "shop_away": (
                "The shop does not answer just now",
                "Wait a moment and try again.",
                "Try again",
            ),
        },
    },
    "es": {
        "unsubscribe": {
            "ask": (
                "¿Dejar de recibir estos correos?",
                "No te enviaremos más novedades, ofertas ni recordatorios del carrito. "
                "Los avisos de tus pedidos te seguirán llegando.",
                "Sí, dejar de recibirlos",
            ),
            "done": ("Hecho", "No te enviaremos más correos de este tipo.", ""),
            "already": ("Ya estaba hecho", "No recibes estos correos. No tienes que hacer nada más.", ""),
            "broken": (
                "Este enlace no funciona",
                "Puede que esté incompleto. Ábrelo de nuevo desde el correo, "
                "o responde al correo y pídenos que no te escribamos.",
                "",
            ),
        },
        "cart_link": {
            "expired": (
                "Este enlace ha caducado",
                "Los enlaces al carrito duran un tiempo limitado. Puedes encontrar los productos en la tienda.",
                "",
            ),
            "ordered": (
                "Gracias por tu pedido",
                "Este carrito ya es un pedido. No tienes que hacer nada más.",
                "",
            ),
            "gone": (
                "Este carrito ya no existe",
                "Se vació, o la tienda lo ha borrado. Puedes empezar otro en la tienda.",
                "",
            ),
            "broken": (
                "Este enlace no funciona",
                "Puede que esté incompleto. Ábrelo de nuevo desde el correo.",
                "",
            ),
            "shop_away": (
                "La tienda no responde ahora mismo",
                "Espera un momento y vuelve a intentarlo.",
                "Volver a intentarlo",
            ),
        },
    },
}
