"""What can be wrong with a template: by code, with its place, in words for the merchant who wrote it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class FaultCode(StrEnum):
    BROKEN_LIQUID = "broken_liquid"
    BROKEN_MJML = "broken_mjml"
    NEVER_CLOSED = "never_closed"
    CLOSES_NOTHING = "closes_nothing"
    UNKNOWN_ELEMENT = "unknown_element"
    TOO_DEEP = "too_deep"
    TOO_LONG = "too_long"
    RESERVED = "reserved"
    LIQUID_LOST = "liquid_lost"
    UNKNOWN_NAME = "unknown_name"
    UNKNOWN_FILTER = "unknown_filter"
    RANGE = "range"
    GROUP = "group"
    TOO_SLOW = "too_slow"
    NOT_FILLED = "not_filled"
    SUBJECT_EMPTY = "subject_empty"
    SHORT_MISSING = "short_missing"
    OFFER_AS_SERVICE = "offer_as_service"
    UNSUBSCRIBE_MISSING = "unsubscribe_missing"
    FOOTER_MISSING = "footer_missing"
    ACTIVE_CONTENT = "active_content"
    # Of these a template may have any.
    SERVICE_FOOTER_MISSING = "service_footer_missing"
    SUBJECT_LONG = "subject_long"
    ALT_MISSING = "alt_missing"
    SIZE_MISSING = "size_missing"
    PLAIN_HTTP = "plain_http"
    FOREIGN_LINK = "foreign_link"
    LINK_EMPTY = "link_empty"
    TOO_LARGE = "too_large"


WARNINGS = frozenset(
    {
        FaultCode.SERVICE_FOOTER_MISSING,
        FaultCode.SUBJECT_LONG,
        FaultCode.ALT_MISSING,
        FaultCode.SIZE_MISSING,
        FaultCode.PLAIN_HTTP,
        FaultCode.FOREIGN_LINK,
        FaultCode.LINK_EMPTY,
        FaultCode.TOO_LARGE,
    }
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, in the subject, the html (its MJML) or the text; ``name`` says what it is about."""

    code: FaultCode
    part: str
    line: int | None = None
    name: str = ""
    near: str = ""  # what was meant, perhaps

    @property
    def is_error(self) -> bool:
        """Does it keep the template from being saved?"""
        return self.code not in WARNINGS

    def words(self, language: str = "en") -> str:
        """Return what is wrong in a sentence; in English where the language is not spoken here."""
        spoken = WORDS.get(language.partition("-")[0].lower(), WORDS["en"])
        near = spoken["near"].format(near=self.near) if self.near else ""
        return spoken[self.code].format(name=self.name) + near

    def __str__(self) -> str:
        return f"{self.part}{f', line {self.line}' if self.line else ''}: {self.words()}"


class TemplateError(Exception):
    """A template that cannot be used; ``problems`` are sentences for the merchant who wrote it."""

    def __init__(self, problems: Sequence[Fault | str]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(map(str, problems))
        self.faults = tuple(problem for problem in problems if isinstance(problem, Fault))


WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "near": '; did you mean "{near}"?',
        "broken_liquid": "{name}",
        "broken_mjml": "this is not readable as MJML ({name})",
        "never_closed": "{name} is never closed",
        "closes_nothing": "{name} closes nothing that is open here",
        "unknown_element": "there is no element {name}",
        "too_deep": "the elements are nested too deeply",
        "too_long": "at most {name} characters fit here",
        "reserved": 'the text "{name}" is reserved',
        "liquid_lost": "{name} is lost where it stands; put it into <mj-raw> or a text",
        "unknown_name": 'there is no value "{name}"',
        "unknown_filter": 'there is no filter "{name}"',
        "range": 'a range such as "{name}" is not allowed',
        "group": '"{name}" is a group of values; name one of them',
        "too_slow": "it takes too long to fill in",
        "not_filled": "{name}",
        "subject_empty": "nothing is left of it once it is filled in",
        "short_missing": "it has no short text, which this channel needs",
        "offer_as_service": '"{name}" makes a message commercial, so it cannot be a service message',
        "unsubscribe_missing": "a commercial message needs a link that ends them: {{{{ links.unsubscribe }}}}",
        "footer_missing": "a commercial message has to say who sends it and why: {name} is missing",
        "active_content": "{name} has no place in a mail: mail programs take it out or refuse the mail",
        "service_footer_missing": "a message should say who sends it: {name} is missing",
        "subject_long": "{name} characters: phones show about 40 and few programs more than 70",
        "alt_missing": "{name} has no alt text, for those who do not see pictures",
        "size_missing": "{name} has no width and height, so the mail jumps while it loads",
        "plain_http": "{name} goes over plain http; use https",
        "foreign_link": "{name} is not one of the shop's addresses",
        "link_empty": "a link leads nowhere",
        "too_large": "{name} kB once filled in: Gmail cuts mails off at 102 kB, and the way to unsubscribe with them",
    },
    "es": {
        "near": " ¿Querías decir «{near}»?",
        "broken_liquid": "Liquid no se entiende: {name}",
        "broken_mjml": "no se puede leer como MJML ({name})",
        "never_closed": "{name} no se cierra nunca",
        "closes_nothing": "{name} no cierra nada que esté abierto aquí",
        "unknown_element": "no existe el elemento {name}",
        "too_deep": "hay demasiados elementos unos dentro de otros",
        "too_long": "aquí caben {name} caracteres como máximo",
        "reserved": "el texto «{name}» está reservado",
        "liquid_lost": "{name} se pierde en ese lugar; ponlo dentro de <mj-raw> o de un texto",
        "unknown_name": "no existe el valor «{name}».",
        "unknown_filter": "no existe el filtro «{name}»",
        "range": "no se admite un intervalo como «{name}»",
        "group": "«{name}» es un grupo de valores; nombra uno de ellos",
        "too_slow": "tarda demasiado en rellenarse",
        "not_filled": "no se puede rellenar: {name}",
        "subject_empty": "no queda nada del asunto al rellenarlo",
        "short_missing": "no tiene texto corto, y este canal lo necesita",
        "offer_as_service": "«{name}» hace comercial el mensaje, así que no puede ser un aviso de servicio",
        "unsubscribe_missing": "un mensaje comercial necesita un enlace de baja: {{{{ links.unsubscribe }}}}",
        "footer_missing": "un mensaje comercial debe decir quién lo envía y por qué: falta {name}",
        "active_content": "{name} no puede ir en un correo: los programas lo quitan o rechazan el mensaje",
        "service_footer_missing": "un mensaje debería decir quién lo envía: falta {name}",
        "subject_long": "{name} caracteres: los móviles muestran unos 40 y pocos programas más de 70",
        "alt_missing": "{name} no tiene texto alternativo para quien no ve las imágenes",
        "size_missing": "{name} no tiene ancho y alto, y el correo salta al cargarse",
        "plain_http": "{name} va por http sin cifrar; usa https",
        "foreign_link": "{name} no es una dirección de la tienda",
        "link_empty": "un enlace no lleva a ninguna parte",
        "too_large": "{name} kB una vez relleno: Gmail corta los correos a los 102 kB, y con ellos la baja",
    },
}
