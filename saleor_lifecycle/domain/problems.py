"""What staff are told in Saleor's Dashboard because nobody else can put it right, under keys that stay the same."""

from enum import StrEnum


class ProblemKey(StrEnum):
    BOUNCES = "lifecycle.bounces"
    COMPLAINTS = "lifecycle.complaints"
    MAIL_PAUSED = "lifecycle.mail-paused"
    MAIL_PROVIDER = "lifecycle.mail-provider"
    OUTBOUND_WEBHOOK = "lifecycle.outbound-webhook"
    PERMISSIONS = "lifecycle.permissions"


CRITICAL = frozenset({ProblemKey.MAIL_PAUSED, ProblemKey.MAIL_PROVIDER})
"""Because of these, messages do not leave."""

# Without figures: a problem that says something new each hour would be a new one each hour.
_WORDS = {
    ProblemKey.BOUNCES: (
        "More than 2 % of the e-mails of the last seven days went to addresses that do not exist. At 5 % commercial "
        "e-mail is paused. Look at where these addresses come from.",
        "Más del 2 % de los correos de los últimos siete días fueron a direcciones que no existen. Al 5 % se pausan "
        "los correos comerciales. Mira de dónde salen esas direcciones.",
    ),
    ProblemKey.COMPLAINTS: (
        "More than 0.1 % of the e-mails of the last seven days were reported as spam. At 0.3 % commercial e-mail is "
        "paused. Write less often, and only to people who asked for it.",
        "Más del 0,1 % de los correos de los últimos siete días se marcaron como spam. Al 0,3 % se pausan los correos "
        "comerciales. Escribe menos, y solo a quien lo pidió.",
    ),
    ProblemKey.MAIL_PAUSED: (
        "Commercial e-mail is paused, because too many e-mails bounced or were reported as spam. Open the app, under "
        "“Will my mail arrive?”, to see why and to go on.",
        "Los correos comerciales están en pausa, porque demasiados rebotaron o se marcaron como spam. Abre la "
        "aplicación, en «¿Llegarán mis correos?», para ver por qué y seguir.",
    ),
    ProblemKey.MAIL_PROVIDER: (
        "The mail provider takes no messages: its credentials may be wrong, or the account blocked. Messages wait.",
        "El proveedor de correo no acepta mensajes: puede que las credenciales no sean correctas o que la cuenta esté "
        "bloqueada. Los mensajes esperan.",
    ),
    ProblemKey.OUTBOUND_WEBHOOK: (
        "An address that is to be told of changes took nothing, and was switched off. Open the app to see which.",
        "Una dirección a la que hay que avisar de los cambios no aceptó nada y se desactivó. Abre la aplicación para "
        "ver cuál.",
    ),
    ProblemKey.PERMISSIONS: (
        "The app lacks a permission that it asked for, so Saleor withholds what it covers: events, or vouchers. "
        "Install the app again to grant it.",
        "A la aplicación le falta un permiso que pidió, y Saleor no le pasa lo que cubre: eventos o cupones. Instálala "
        "de nuevo para concederlo.",
    ),
}


def words(key: ProblemKey, language: str) -> str:
    """Return what is said of a problem; in Spanish where that is the shop's language, else in English."""
    english, spanish = _WORDS[key]
    return spanish if language.partition("-")[0] == "es" else english
