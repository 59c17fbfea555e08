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

    Pages: unsubscribe (ask, done, late, already, broken), preferences (choose, saved, partly, no_good, broken),
    subscribe (sent, no_address, too_many, broken), confirm and sender (ask, done, already, expired,
    broken) and cart_link (expired, ordered, gone, broken, shop_away).
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
            "late": (
                "Done",
                "We will not send you these e-mails any more. One was already on its way and may still arrive.",
                "",
            ),
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
        "preferences": {
            "choose": (
                "Your e-mails",
                "Choose what we send you, and how often. Messages about your orders always reach you.",
                "",
            ),
            "saved": ("Saved", "This is what stands from now on.", ""),
            "partly": (
                "Saved, but not all of it counts",
                "The shop’s own records say no to some of these e-mails, and a no comes first. "
                "Change it in your account, or ask the shop.",
                "",
            ),
            "no_good": (
                "We cannot write to this address",
                "E-mails to it came back, were reported as unwanted, or the shop has put it aside, so we send none. "
                "You can still see and change what you chose.",
                "",
            ),
            "broken": (
                "This link does not work",
                "It may have been cut short. Open it again from the e-mail.",
                "",
            ),
        },
        "subscribe": {
            "sent": (
                "Look in your inbox",
                "We have sent you an e-mail. Open it and confirm that it was you; until then we will not write. "
                "If nothing comes within a few minutes, look in the spam folder.",
                "",
            ),
            "no_address": ("This is not an e-mail address", "Go back and check how it is written.", ""),
            "too_many": ("That was a little too often", "Wait an hour and try again.", ""),
            "broken": ("This form does not work", "The shop has to put it right. Please tell them.", ""),
        },
        "confirm": {
            "ask": (
                "Subscribe to our e-mails?",
                "With the button you confirm that you want to receive them. You can stop at any time.",
                "Yes, subscribe me",
            ),
            "done": ("Welcome", "You are subscribed. Each e-mail has a link with which you can change or end it.", ""),
            "already": ("It was done already", "You are subscribed. There is nothing else to do.", ""),
            "expired": (
                "This link is too old",
                "Fill in the form in the shop again, and we will send you a new one.",
                "",
            ),
            "broken": (
                "This link does not work",
                "It may have been cut short. Open it again from the e-mail.",
                "",
            ),
        },
        "sender": {
            "ask": (
                "May this shop write in your name?",
                "With the button you say that the shop may send its e-mails with this address as their sender.",
                "Yes, it may",
            ),
            "done": ("Done", "The shop may send its e-mails with this address as their sender.", ""),
            "already": ("It was done already", "This address is confirmed. There is nothing else to do.", ""),
            "expired": (
                "This link is too old",
                "Whoever runs the shop can send you a new one from its Dashboard.",
                "",
            ),
            "broken": (
                "This link does not work",
                "It may have been cut short. Open it again from the e-mail.",
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
            "late": (
                "Hecho",
                "No te enviaremos más correos de este tipo. Uno ya estaba saliendo y puede que aún te llegue.",
                "",
            ),
            "already": ("Ya estaba hecho", "No recibes estos correos. No tienes que hacer nada más.", ""),
            "broken": (
                "Este enlace no funciona",
                "Puede que esté incompleto. Ábrelo de nuevo desde el correo, "
                "o responde al correo y pídenos que no te escribamos.",
                "",
            ),
        },
        "preferences": {
            "choose": (
                "Tus correos",
                "Elige qué te enviamos y cada cuánto. Los avisos de tus pedidos te llegarán siempre.",
                "",
            ),
            "saved": ("Guardado", "Así queda a partir de ahora.", ""),
            "partly": (
                "Guardado, pero no todo cuenta",
                "En los datos de la tienda consta un no a algunos de estos correos, y un no va primero. "
                "Cámbialo en tu cuenta o pídeselo a la tienda.",
                "",
            ),
            "no_good": (
                "No podemos escribir a esta dirección",
                "Los correos volvieron, se marcaron como no deseados o la tienda la ha apartado, "
                "así que no enviamos ninguno. "
                "Puedes ver y cambiar lo que elegiste.",
                "",
            ),
            "broken": (
                "Este enlace no funciona",
                "Puede que esté incompleto. Ábrelo de nuevo desde el correo.",
                "",
            ),
        },
        "subscribe": {
            "sent": (
                "Mira tu correo",
                "Te hemos enviado un correo. Ábrelo y confirma que has sido tú; hasta entonces no te escribiremos. "
                "Si no llega en unos minutos, mira en la carpeta de correo no deseado.",
                "",
            ),
            "no_address": ("Esto no es una dirección de correo", "Vuelve atrás y revisa cómo está escrita.", ""),
            "too_many": ("Demasiadas veces seguidas", "Espera una hora y vuelve a intentarlo.", ""),
            "broken": ("Este formulario no funciona", "La tienda tiene que arreglarlo. Por favor, avísales.", ""),
        },
        "confirm": {
            "ask": (
                "¿Suscribirte a nuestros correos?",
                "Con el botón confirmas que quieres recibirlos. Puedes dejarlo cuando quieras.",
                "Sí, quiero suscribirme",
            ),
            "done": (
                "Te damos la bienvenida",
                "Ya tienes tu suscripción. Cada correo lleva un enlace para cambiarla o dejarla.",
                "",
            ),
            "already": ("Ya estaba hecho", "Ya tienes tu suscripción. No tienes que hacer nada más.", ""),
            "expired": (
                "Este enlace ha caducado",
                "Vuelve a rellenar el formulario en la tienda y te enviaremos otro.",
                "",
            ),
            "broken": (
                "Este enlace no funciona",
                "Puede que esté incompleto. Ábrelo de nuevo desde el correo.",
                "",
            ),
        },
        "sender": {
            "ask": (
                "¿Puede esta tienda escribir en tu nombre?",
                "Con el botón dices que la tienda puede enviar sus correos con esta dirección como remitente.",
                "Sí, puede",
            ),
            "done": ("Hecho", "La tienda puede enviar sus correos con esta dirección como remitente.", ""),
            "already": ("Ya estaba hecho", "Esta dirección está confirmada. No tienes que hacer nada más.", ""),
            "expired": (
                "Este enlace ha caducado",
                "Quien lleva la tienda puede pedir otro desde su Dashboard.",
                "",
            ),
            "broken": (
                "Este enlace no funciona",
                "Puede que esté incompleto. Ábrelo de nuevo desde el correo.",
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
