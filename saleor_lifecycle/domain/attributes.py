"""Attributes of customers: what merchants' own keys mean, and which of a customer's rows counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from .facts import Version
from .values import Attribute, Type, Unfit, Value, convert

MOST_MAPPINGS = 50
LONGEST_KEY = 255
LONGEST_RAW = 1000
"""Characters that are kept of what stands under a mapped key."""


class Origin(StrEnum):
    """Which row of a customer says it."""

    USER = "user"
    CHECKOUT = "checkout"
    ORDER = "order"
    FILE = "file"  # an imported one
    FLOW = "flow"  # a step of it


@dataclass(frozen=True, slots=True)
class ConsentWords:
    """Which words say yes and which no, about a topic on a channel; compared without case."""

    topic: str
    channel: str
    yes: tuple[str, ...]
    no: tuple[str, ...]

    def says(self, text: str) -> bool | None:
        """What a text says; None when it is none of the words."""
        word = text.strip().casefold()
        if word in {each.casefold() for each in self.no}:
            return False
        return True if word in {each.casefold() for each in self.yes} else None


@dataclass(frozen=True, slots=True)
class KeyMapping:
    """What a metadata key of an object means: an attribute, or consent."""

    origin: Origin
    key: str
    target: Attribute | ConsentWords


@dataclass(frozen=True, slots=True)
class Stated:
    """The values that one row of a customer says, and how new it is; None: there is no value any more."""

    origin: Origin
    version: Version
    values: Mapping[str, Value | None]


@dataclass(frozen=True, slots=True)
class Held:
    """A value that stands, and which row says so."""

    value: Value
    origin: Origin
    at: datetime


def values_of(mappings: Iterable[KeyMapping], origin: Origin, texts: Mapping[str, str]) -> dict[str, Value]:
    """Return the values that a row's texts are, by attribute; texts that are none are left out."""
    found: dict[str, Value] = {}
    for mapping in mappings:
        if mapping.origin is not origin or not isinstance(mapping.target, Attribute) or mapping.key not in texts:
            continue
        try:
            value = convert(texts[mapping.key], mapping.target)
        except Unfit:
            continue
        if value is not None:
            found[mapping.target.name] = value
    return found


def fold(stated: Iterable[Stated]) -> dict[str, Held]:
    """Return what stands for each attribute: the word of the newest row that says anything of it, in any order."""
    best: dict[str, tuple[Version, str, str, Held | None]] = {}
    for row in stated:
        for name, value in row.values.items():
            held = None if value is None else Held(value, row.origin, row.version.updated_at)
            said = (row.version, row.origin.value, repr(value), held)
            if name not in best or best[name][:3] < said[:3]:
                best[name] = said
    return {name: held for name in sorted(best) if (held := best[name][3]) is not None}


def read_mapping(document: Mapping[str, Any]) -> KeyMapping:
    """Return a mapping as it was stored."""
    target: Attribute | ConsentWords
    if "consent" in document:
        consent = document["consent"]
        target = ConsentWords(consent["topic"], consent["channel"], tuple(consent["yes"]), tuple(consent["no"]))
    else:
        target = read_attribute(document["attribute"])
    return KeyMapping(Origin(document["origin"]), document["key"], target)


def mapping_document(mapping: KeyMapping) -> dict[str, Any]:
    """Return a mapping as it is stored."""
    target = mapping.target
    said: dict[str, Any]
    if isinstance(target, ConsentWords):
        said = {"topic": target.topic, "channel": target.channel, "yes": list(target.yes), "no": list(target.no)}
        return {"origin": mapping.origin.value, "key": mapping.key, "consent": said}
    return {"origin": mapping.origin.value, "key": mapping.key, "attribute": attribute_document(target)}


def read_attribute(document: Mapping[str, Any]) -> Attribute:
    """Return an attribute as it was stored."""
    return Attribute(
        document["name"], Type(document["type"]), tuple(document["choices"]), bool(document["is_day_first"])
    )


def attribute_document(attribute: Attribute) -> dict[str, Any]:
    """Return an attribute as it is stored."""
    return {
        "name": attribute.name,
        "type": attribute.type.value,
        "choices": list(attribute.choices),
        "is_day_first": attribute.is_day_first,
    }
