"""What is wrong with a mapping that a merchant gave, of metadata keys or of a file's columns."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC

from saleor_lifecycle.domain.attributes import (
    LONGEST_KEY,
    MOST_MAPPINGS,
    ConsentWords,
    KeyMapping,
    Origin,
)
from saleor_lifecycle.domain.consent import EVERY_TOPIC
from saleor_lifecycle.domain.customer_files import OF_LINES, FileMapping
from saleor_lifecycle.domain.values import Attribute, Type, Unfit, moment

from .brands import Code, Problem

LONGEST_NAME = 100
MOST_CHOICES = 100
MOST_WORDS = 100
LONGEST_TEXT = 1000


def of_keys(mappings: Sequence[KeyMapping], topics: Collection[str]) -> tuple[Problem, ...]:
    """Return what is wrong with what metadata keys are said to mean."""
    return tuple(_of_keys(mappings, topics))


def _of_keys(mappings: Sequence[KeyMapping], topics: Collection[str]) -> Iterator[Problem]:
    if len(mappings) > MOST_MAPPINGS:
        yield _problem("mappings", f"At most {MOST_MAPPINGS} keys can be mapped.")
    for mapping in mappings:
        if mapping.origin is Origin.FILE:
            yield _problem("origin", "Name users, checkouts or orders.")
        if not 1 <= len(mapping.key) <= LONGEST_KEY:
            yield _problem("key", f"A key has 1 to {LONGEST_KEY} characters.")
        if isinstance(mapping.target, Attribute):
            yield from _of_attribute(mapping.target)
        else:
            yield from _of_words(mapping.target, topics)
    if any(count > 1 for count in Counter(mappings_key(mapping) for mapping in mappings).values()):
        yield _problem("key", "The same key is mapped to the same twice.")
    yield from _of_types([one.target for one in mappings if isinstance(one.target, Attribute)])


def mappings_key(mapping: KeyMapping) -> tuple[str, ...]:
    """Return what may be mapped once: a key to an attribute, or to a topic on a channel."""
    target = mapping.target
    place = ("attribute", target.name) if isinstance(target, Attribute) else ("consent", target.topic, target.channel)
    return (mapping.origin.value, mapping.key, *place)


def of_file(mapping: FileMapping, columns: int) -> tuple[Problem, ...]:
    """Return what is wrong with what a file's columns are said to mean."""
    return tuple(_of_file(mapping, columns))


def _of_file(mapping: FileMapping, columns: int) -> Iterator[Problem]:
    for name in ("email", *OF_LINES):
        place = getattr(mapping, name)
        if place is not None and not 0 <= place < columns:
            yield _problem(name, "The file has no such column.")
    if len(mapping.attributes) > MOST_MAPPINGS:
        yield _problem("attributes", f"At most {MOST_MAPPINGS} attributes are taken from a file.")
    for place, attribute in mapping.attributes:
        if not 0 <= place < columns:
            yield _problem("attributes", "The file has no such column.")
        yield from _of_attribute(attribute)
    yield from _of_types([attribute for _, attribute in mapping.attributes])
    words = [*mapping.yes, *mapping.no, *mapping.neither]
    if len(words) > 3 * MOST_WORDS or len({word.casefold() for word in words}) < len(words):
        yield _problem("yes", f"Each word says one thing, and at most {MOST_WORDS} words say it.")
    if max(len(mapping.source), len(mapping.text), *map(len, words or [""])) > LONGEST_TEXT:
        yield _problem("text", f"At most {LONGEST_TEXT} characters fit here.")
    if mapping.date:
        try:
            moment(mapping.date, mapping.is_day_first, UTC)
        except Unfit:
            yield _problem("date", "This is not a date; write it like 2026-12-31.")


def _of_attribute(attribute: Attribute) -> Iterator[Problem]:
    if not 1 <= len(attribute.name.strip()) <= LONGEST_NAME or not attribute.name.isprintable():
        yield _problem("name", f"A name has 1 to {LONGEST_NAME} characters.")
    has_choices = 1 <= len(attribute.choices) <= MOST_CHOICES and all(
        1 <= len(choice.strip()) <= LONGEST_NAME for choice in attribute.choices
    )
    if attribute.type is Type.CHOICE and not has_choices:
        yield _problem("choices", f"Give 1 to {MOST_CHOICES} choices of at most {LONGEST_NAME} characters.")


def _of_types(attributes: Sequence[Attribute]) -> Iterator[Problem]:
    types: dict[str, Type] = {}
    for attribute in attributes:
        if types.setdefault(attribute.name, attribute.type) is not attribute.type:
            yield _problem("type", f"{attribute.name} has one type, whatever says it.")


def _of_words(words: ConsentWords, topics: Collection[str]) -> Iterator[Problem]:
    if words.topic not in (EVERY_TOPIC, *topics):
        yield _problem("topic", f"The topics are {', '.join(topics)}; none is every topic.")
    if words.channel != "email":
        yield _problem("channel", "The only channel is email.")
    said = [word.strip().casefold() for word in (*words.yes, *words.no)]
    if not words.yes or not words.no or len(said) > 2 * MOST_WORDS or "" in said or len(set(said)) < len(said):
        yield _problem("yes", "Give the words that say yes and those that say no; none can say both.")


def _problem(field: str, text: str) -> Problem:
    return Problem(field, Code.INVALID, text)
