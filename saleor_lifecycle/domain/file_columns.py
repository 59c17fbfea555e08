"""What the columns of a file most likely mean, by the names that other programs give them."""

import re
from collections.abc import Sequence

from .customer_files import FileMapping, is_email
from .values import NO, YES

# In each the first that is there counts. Klaviyo: "Email", "Email Marketing Consent", "$consent_method"; SALESmanago:
# "email", "name", "Opt-in status"; Mailchimp: "Email Address", "OPTIN_TIME". Signs, spaces and case do not matter.
NAMES: dict[str, tuple[str, ...]] = {
    "email": ("email", "emailaddress", "mail", "correo", "correoelectronico", "direcciondecorreo", "subscriberemail"),
    "first_name": ("firstname", "nombre", "fname", "givenname", "name", "fullname", "nombrecompleto"),
    "last_name": ("lastname", "apellidos", "apellido", "lname", "surname", "familyname"),
    "language": ("language", "locale", "idioma", "lang", "preferredlanguage"),
    "consent": (
        *("emailmarketingconsent", "emailmarketingstatus", "emailconsent", "consent", "marketingconsent"),
        *("acceptsmarketing", "acceptsemailmarketing", "optin", "optinstatus", "emailoptin", "newsletter"),
        *("suscrito", "consentimiento", "subscribed", "subscriptionstatus", "status", "estado"),
    ),
    "consent_date": (
        *("emailmarketingconsenttimestamp", "consenttimestamp", "emailconsenttimestamp", "consentdate", "optintime"),
        *("confirmtime", "optindate", "optedinat", "subscribedat", "subscriptiondate", "fechadeconsentimiento"),
        *("fechaconsentimiento", "fechadealta", "dateadded"),
    ),
    "consent_source": (
        *("consentmethod", "consentsource", "initialsource", "source", "optinsource", "origen", "fuente"),
        *("origendelconsentimiento",),
    ),
    "consent_text": (
        "consenttext",
        "consentformtext",
        "consentwording",
        "textodeconsentimiento",
        "textodelconsentimiento",
    ),
}
SAYS_YES = ("subscribed", "subscribe", "opted in", "opt-in", "optin", "active", "suscrito", "activo", "confirmed")
SAYS_NO = (
    *("unsubscribed", "opted out", "opt-out", "optout", "suppressed", "cleaned", "bounced", "complained"),
    *("no suscrito", "baja", "dado de baja", "rechazado"),
)
SAYS_NEITHER = ("never_subscribed", "never subscribed", "not_subscribed", "not subscribed", "non-subscribed", "unknown")


def has_header(first: Sequence[str]) -> bool:
    """Does the first line name columns? One with an address in it does not."""
    return not any(is_email(field.strip().lower()) for field in first)


def guess(columns: Sequence[str], sample: Sequence[Sequence[str]]) -> FileMapping | None:
    """Return what the columns most likely mean; None where no column seems to hold addresses.

    ``sample``: some of the lines. What the merchant says of the whole file stays empty, the other columns unmapped.
    """
    plain = [_plain(column) for column in columns]
    found: dict[str, int] = {}
    for meaning, names in NAMES.items():
        place = next((plain.index(name) for name in names if name in plain), None)
        if place is not None:
            found[meaning] = place
    if "email" not in found:
        counts = [
            sum(len(row) > place and is_email(row[place].strip().lower()) for row in sample)
            for place in range(len(columns))
        ]
        if not any(counts):
            return None
        found["email"] = counts.index(max(counts))
    return FileMapping(
        **found,  # type: ignore[arg-type]  # only the columns' own fields are in it
        yes=(*sorted(YES), *SAYS_YES),
        no=(*sorted(NO), *SAYS_NO),
        neither=SAYS_NEITHER,
    )


def _plain(name: str) -> str:
    accents = str.maketrans("áéíóúñ", "aeioun")
    return re.sub(r"[\W_]", "", name.casefold().translate(accents))
