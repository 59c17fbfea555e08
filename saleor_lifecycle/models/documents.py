"""JSON documents as frozen dataclasses of the domain: read with each fault's place, written, described by a schema.

Unions of dataclasses are told apart by their ``kind``. Nothing is read that was not asked for, and nothing is made to
fit: "1" is no number.
"""

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, SchemaValidator, ValidationError, core_schema

T = TypeVar("T")
_DURATION = re.compile(
    r"-?P(?=.)(?:(?P<weeks>\d{1,4})W|(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,10})S)?)?)"
)
"""ISO 8601 without months and years, which are no lengths of time."""
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_NAMES = {
    "str": "a text",
    "string": "a text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "tuple": "a list",
    "list": "a list",
    "dict": "an object",
    "dataclass": "an object",
    "definition-ref": "an object",
}
"""What pydantic's types are called, and the errors about them."""
_NEVER_SCHEMAS = frozenset({"cls", "default", "expected", "metadata", "config", "serialization"})


class Fault(NamedTuple):
    """Where something is wrong in a document, such as ``steps[0].when.value``, "" for the whole; and why."""

    path: str
    reason: str


class DocumentError(ValueError):
    """A document that is none of its kind: all its faults."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{path}: {reason}" if path else reason for path, reason in self.faults))


class Reader(Generic[T]):
    """Reads and writes the documents of one type: a dataclass, or a union of such.

    ``check`` says of what fits the types what is wrong nevertheless.
    """

    def __init__(self, type_: Any, check: Callable[[T], Iterable[tuple[str, str]]] = lambda value: ()) -> None:
        found = TypeAdapter(type_).core_schema
        definitions = {each["ref"]: each for each in found.get("definitions", ())}
        self._schema: CoreSchema = _strict(found, definitions)
        self._validator = SchemaValidator(self._schema)
        self._check = check

    def read(self, document: Any) -> T:
        """Return what a parsed JSON document says. Raises DocumentError."""
        try:
            # As JSON: only there does "strict" know that a duration is a text and a tuple a list.
            text = json.dumps(document, allow_nan=False)
            value: T = self._validator.validate_json(text, strict=True)
        except ValidationError as refused:
            raise DocumentError(_faults(refused.errors(include_url=False), document)) from None
        except RecursionError:
            raise DocumentError([Fault("", "is nested too deeply")]) from None
        except (TypeError, ValueError):
            raise DocumentError([Fault("", "is no JSON: its numbers have to be finite")]) from None
        if _NUL.search(text):
            raise DocumentError([Fault("", "holds the character NUL, which cannot be stored")])
        if faults := [Fault(*found) for found in self._check(value)]:
            raise DocumentError(faults)
        return value

    def write(self, value: T) -> Any:
        """Return the document of a value, ready for JSON: what is as by default is left out, but each ``kind``."""
        return _written(value)

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema (2020-12) of the documents."""
        return {"$schema": _Closed.schema_dialect, **_Closed().generate(self._schema)}


class _Closed(GenerateJsonSchema):
    """Says of each object that it has no other fields, which pydantic looks for on the classes."""

    def dataclass_args_schema(self, schema: core_schema.DataclassArgsSchema) -> dict[str, Any]:
        return super().dataclass_args_schema(schema) | {"additionalProperties": False}


def _strict(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """Return pydantic's schema with unions told apart by kind, nothing unknown let in, and durations in one form.

    Without a discriminator each member of a union would be tried at each level: the work doubles with every level.
    """
    if isinstance(schema, list):
        return [_strict(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: value if key in _NEVER_SCHEMAS else _strict(value, definitions) for key, value in schema.items()}
    match inner.get("type"):
        case "dataclass-args":
            return inner | {"extra_behavior": "forbid"}
        case "dataclass-field" if inner["name"] == "kind" and inner["schema"]["type"] == "default":
            return inner | {"schema": inner["schema"]["schema"]}  # a document says it
        case "timedelta":
            return core_schema.no_info_plain_validator_function(_duration, json_schema_input_schema=inner)
        case "union":
            kinds = [_kinds(each, definitions) for each in schema["choices"]]
            if all(kinds):
                members = zip(kinds, inner["choices"], strict=True)
                choices = {kind: member for several, member in members for kind in several}
                return core_schema.tagged_union_schema(choices, "kind", ref=inner.get("ref"))
            what = dict.fromkeys(_NAMES.get(each["type"], each["type"]) for each in schema["choices"])
            return inner | {
                "custom_error_type": "union",
                "custom_error_message": f"Input should be {' or '.join(what)}",
            }
    return inner


def _kinds(schema: Any, definitions: Mapping[str, Any]) -> list[Any]:
    """Return the kinds that a member of a union may be of; none for what has none."""
    if schema["type"] == "definition-ref":
        schema = definitions[schema["schema_ref"]]
    fields = schema["schema"]["fields"] if schema["type"] == "dataclass" else ()
    told = [field["schema"].get("schema", field["schema"]) for field in fields if field["name"] == "kind"]
    return [kind for each in told if each["type"] == "literal" for kind in each["expected"]]


def _duration(value: Any) -> timedelta:
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("duration", "Input should be a duration such as P2D or PT30M")
    sign, numbers = -1 if value.startswith("-") else 1, found.groupdict("0")
    return sign * timedelta(**{unit: int(number) for unit, number in numbers.items()})


def _faults(errors: Sequence[ErrorDetails], document: Any) -> list[Fault]:
    found = []
    for error in errors:
        path = _path(error["loc"], document)
        if error["type"] in ("union_tag_invalid", "union_tag_not_found"):
            path = f"{path}.kind" if path else "kind"
        found.append(Fault(path, _reason(error)))
    return found


def _reason(error: ErrorDetails) -> str:
    told = error.get("ctx", {})
    match error["type"]:
        case "missing" | "union_tag_not_found":
            return "is missing"
        case "unexpected_keyword_argument":
            return "is not known here"
        case "union_tag_invalid":
            return f"is not one of {told['expected_tags']}".replace("'", "")
        case "literal_error" | "enum":
            return f"is not one of {told['expected']}".replace("'", "")
        case "json_invalid":
            return "is nested too deeply" if "recursion" in error["msg"] else "is no JSON"
        case "recursion_loop":
            return "is nested too deeply"
    what = _NAMES.get(error["type"].removesuffix("_type")) or error["msg"].removeprefix("Input should be ")
    return f"has to be {what}"


def _path(location: Sequence[int | str], document: Any) -> str:
    """Return where in the document pydantic means: its own location also names the kind of each union's member."""
    path, node, is_kind_told = "", document, False
    for part in location:
        if isinstance(node, dict) and part == node.get("kind") and not is_kind_told:
            is_kind_told = True
            continue
        if part == "[key]":
            continue
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            node = None
        is_kind_told = False
    return path


def _written(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case timedelta():
            return duration_text(value)
        case date() | time():  # moments too
            return value.isoformat()
        case Decimal():
            return str(value)
        case tuple() | list():
            return [_written(each) for each in value]
        case frozenset() | set():
            return sorted(_written(each) for each in value)
        case Mapping():
            return {key: _written(each) for key, each in value.items()}
    if not dataclasses.is_dataclass(value):
        return value
    fields = [(field.name, getattr(value, field.name), _default(field)) for field in dataclasses.fields(value)]
    return {name: _written(held) for name, held, default in fields if name == "kind" or held != default}


def _default(field: dataclasses.Field[Any]) -> Any:
    return field.default_factory() if callable(field.default_factory) else field.default


def duration_text(duration: timedelta) -> str:
    """Return a duration of whole seconds by ISO 8601: ``P2DT30M``; ``-P7D`` for seven days before."""
    if duration < timedelta():
        return f"-{duration_text(-duration)}"
    hours, seconds = divmod(duration.seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    clock = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
    days = f"{duration.days}D" if duration.days else ""
    return f"P{days}{'T' if clock else ''}{clock}" if days or clock else "PT0S"
