"""The kinds of message that a person may want or not: each shop's own list, begun with a ready one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

MOST = 30
LONGEST_NAME = 60
LONGEST_DESCRIPTION = 300
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of message, in words by language (BCP-47); English or the first stands where a language is missing."""

    key: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    is_archived: bool = False  # offered to nobody any more; what was said of it stays

    def name(self, language: str) -> str:
        """Return what to call it to a reader of ``language``."""
        return _in(self.names, language) or self.key

    def description(self, language: str) -> str:
        """Return what it is, to a reader of ``language``; "" where nothing is said."""
        return _in(self.descriptions, language)


def _topic(key: str, english: tuple[str, str], spanish: tuple[str, str]) -> Topic:
    names, descriptions = zip(english, spanish, strict=True)
    languages = ("en", "es")
    return Topic(key, dict(zip(languages, names, strict=True)), dict(zip(languages, descriptions, strict=True)))


READY = (
    _topic(
        "cart",
        ("Cart reminders", "When you leave something in your cart."),
        ("Avisos del carrito", "Cuando dejas algo en el carrito."),
    ),
    _topic(
        "news",
        ("News", "What is new in the shop."),
        ("Novedades", "Lo nuevo de la tienda."),
    ),
    _topic(
        "offers",
        ("Offers", "Discounts and promotions."),
        ("Ofertas", "Descuentos y promociones."),
    ),
    _topic(
        "recommendations",
        ("Recommendations", "Products chosen for you."),
        ("Recomendaciones", "Productos elegidos para ti."),
    ),
    _topic(
        "win-back",
        ("If you have been away", "A word from time to time when you have not bought for long."),
        ("Si hace tiempo que no vienes", "Un correo de vez en cuando si llevas tiempo sin comprar."),
    ),
    _topic(
        "reviews",
        ("Reviews", "Asking what you think of what you bought."),
        ("Opiniones", "Para preguntarte qué te pareció lo que compraste."),
    ),
)


def faults(topics: Sequence[Topic]) -> list[tuple[str, str]]:
    """Return what is wrong with a list of topics: fields, and words for the merchant; empty when all is well."""
    found = [] if len(topics) <= MOST else [("topics", f"There can be {MOST} topics at most.")]
    keys = [topic.key for topic in topics]
    found += [("key", f"There are two topics {key!r}.") for key in sorted({key for key in keys if keys.count(key) > 1})]
    for topic in topics:
        if not _KEY.fullmatch(topic.key):
            found.append(("key", f"{topic.key!r}: a key has lower-case letters, digits and hyphens, 40 at most."))
        if not topic.names:
            found.append(("names", f"{topic.key}: say its name in one language at least."))
        for where, texts, longest in (
            ("names", topic.names, LONGEST_NAME),
            ("descriptions", topic.descriptions, LONGEST_DESCRIPTION),
        ):
            found += [(where, text) for text in _text_faults(topic.key, texts, longest)]
    return found


def _text_faults(key: str, texts: Mapping[str, str], longest: int) -> Iterable[str]:
    for language, text in texts.items():
        if not _LANGUAGE.fullmatch(language):
            yield f"{key}: {language!r} is no language; they are named like es or es-MX."
        if not text.strip() or len(text) > longest or not text.isprintable():
            yield f"{key}: in {language} it needs 1 to {longest} characters on one line."


def renewed(held: Sequence[Topic], given: Sequence[Topic]) -> tuple[Topic, ...]:
    """Return the topics as given; those that are left out stay, archived, because people have said things of them."""
    keys = {topic.key for topic in given}
    return (*given, *(replace(topic, is_archived=True) for topic in held if topic.key not in keys))


def read_topics(document: Iterable[Mapping[str, Any]]) -> tuple[Topic, ...]:
    """Return topics as they were stored."""
    return tuple(
        Topic(one["key"], dict(one["names"]), dict(one["descriptions"]), bool(one["is_archived"])) for one in document
    )


def topics_document(topics: Iterable[Topic]) -> list[dict[str, Any]]:
    """Return topics as they are stored."""
    return [
        {
            "key": topic.key,
            "names": dict(topic.names),
            "descriptions": dict(topic.descriptions),
            "is_archived": topic.is_archived,
        }
        for topic in topics
    ]


def _in(texts: Mapping[str, str], language: str) -> str:
    for wanted in (language, language.partition("-")[0].lower(), "en"):
        if wanted in texts:
            return texts[wanted]
    return next(iter(texts.values()), "")
