"""The sandbox's schema against Saleor's own: it may be smaller, never different."""

from functools import cache
from pathlib import Path

import pytest
from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    get_named_type,
    is_required_argument,
    is_required_input_field,
    is_specified_scalar_type,
    parse,
    validate,
    visit,
)
from graphql.validation import ASTValidationRule, NoUnusedFragmentsRule, specified_rules

from saleor_lifecycle.sandbox.documents import DOCUMENTS
from saleor_lifecycle.sandbox.events import EVENTS
from saleor_lifecycle.sandbox.schema import SCHEMA

GRAPHQL = Path(__file__).parents[2] / "graphql" / "saleor"
FOLDERS = ("subscriptions", "queries", "mutations")


@cache
def saleor() -> GraphQLSchema:
    return build_schema((GRAPHQL / "schema.graphql").read_text(), assume_valid=True)


def documents() -> dict[str, str]:
    """Every document of the app with the fragments that it needs, and every one of the shoppers."""
    fragments = {path.stem: path.read_text() for path in sorted((GRAPHQL / "fragments").glob("*.graphql"))}
    found = {
        f"{folder}/{path.name}": _with_fragments(path.read_text(), fragments)
        for folder in FOLDERS
        for path in sorted((GRAPHQL / folder).glob("*.graphql"))
    }
    found |= {f"fragment {_name(text)}": _with_fragments(text, fragments) for text in fragments.values()}
    return found | {f"shoppers: {name}": text for name, text in DOCUMENTS.items()}


def _with_fragments(text: str, fragments: dict[str, str]) -> str:
    while missing := next((f for f in fragments.values() if f not in text and f"...{_name(f)}\n" in text), None):
        text += missing
    return text


def _name(fragment: str) -> str:
    return fragment.split("fragment ")[1].split()[0]


def _rules(name: str) -> list[type[ASTValidationRule]]:
    """All rules; a fragment by itself may be unused."""
    return [rule for rule in specified_rules if not name.startswith("fragment") or rule is not NoUnusedFragmentsRule]


OWN_TYPES = [name for name in SCHEMA.type_map if not name.startswith("__")]


def test_has_documents_to_compare() -> None:
    found = documents()

    assert {"subscriptions/checkouts.graphql", "queries/orders_since.graphql"} <= set(found)
    assert len(found) > 20


@pytest.mark.parametrize("name", documents())
def test_document_is_valid_here_and_in_saleor(name: str) -> None:
    document = parse(documents()[name])

    assert validate(SCHEMA, document, _rules(name)) == []
    assert validate(saleor(), document, _rules(name)) == []


@pytest.mark.parametrize("name", documents())
def test_document_sees_the_same_types_as_in_saleor(name: str) -> None:
    document = parse(documents()[name])

    assert _seen(SCHEMA, document) == _seen(saleor(), document)


def _seen(schema: GraphQLSchema, document: DocumentNode) -> list[object]:
    """For each field and argument of the document: its type, and what its enums and unions hold."""
    info = TypeInfo(schema)
    seen: list[object] = []

    class Looker(Visitor):
        def enter_field(self, node: object, *_: object) -> None:
            seen.append((node.name.value, str(info.get_parent_type()), str(info.get_type())))
            named = get_named_type(info.get_type())
            if isinstance(named, GraphQLEnumType):
                seen.append((named.name, set(named.values)))
            if isinstance(named, GraphQLUnionType):
                seen.append((named.name, {member.name for member in named.types}))

        def enter_argument(self, node: object, *_: object) -> None:
            seen.append((node.name.value, str(info.get_input_type())))

        def enter_object_field(self, node: object, *_: object) -> None:
            seen.append((node.name.value, str(info.get_input_type())))

    visit(document, TypeInfoVisitor(info, Looker()))
    return seen


@pytest.mark.parametrize("name", OWN_TYPES)
def test_type_is_of_saleors_kind(name: str) -> None:
    own, theirs = SCHEMA.type_map[name], saleor().type_map.get(name)

    # graphene's types are subclasses of graphql-core's
    assert isinstance(own, type(theirs)) or is_specified_scalar_type(own)


@pytest.mark.parametrize("name", [n for n in OWN_TYPES if hasattr(SCHEMA.type_map[n], "fields")])
def test_field_and_argument_is_saleors(name: str) -> None:
    own, theirs = SCHEMA.type_map[name], saleor().type_map[name]
    assert isinstance(own, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType)
    assert isinstance(theirs, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType)

    for key, field in own.fields.items():
        assert key in theirs.fields, f"{name}.{key} is unknown to Saleor"
        real = theirs.fields[key]
        assert (key, str(field.type)) == (key, str(real.type))
        for argument, given in getattr(field, "args", {}).items():
            assert argument in real.args, f"{name}.{key}({argument}:) is unknown to Saleor"
            assert (argument, str(given.type)) == (argument, str(real.args[argument].type))
        required = {a for a, v in getattr(real, "args", {}).items() if is_required_argument(v)}
        assert required <= set(getattr(field, "args", {}))
    if isinstance(theirs, GraphQLInputObjectType):
        assert {key for key, field in theirs.fields.items() if is_required_input_field(field)} <= set(own.fields)


@pytest.mark.parametrize("name", [n for n in OWN_TYPES if isinstance(SCHEMA.type_map[n], GraphQLEnumType)])
def test_enum_is_saleors_in_full(name: str) -> None:
    own, theirs = SCHEMA.type_map[name], saleor().type_map[name]
    assert isinstance(own, GraphQLEnumType)
    assert isinstance(theirs, GraphQLEnumType)

    assert set(own.values) == set(theirs.values)


@pytest.mark.parametrize("name", [n for n in OWN_TYPES if isinstance(SCHEMA.type_map[n], GraphQLObjectType)])
def test_interface_is_saleors(name: str) -> None:
    own, theirs = SCHEMA.type_map[name], saleor().type_map[name]
    assert isinstance(own, GraphQLObjectType)
    assert isinstance(theirs, GraphQLObjectType)

    assert {i.name for i in own.interfaces} <= {i.name for i in theirs.interfaces}


def test_issuing_principal_is_an_app_or_a_user() -> None:
    own, theirs = SCHEMA.type_map["IssuingPrincipal"], saleor().type_map["IssuingPrincipal"]
    assert isinstance(own, GraphQLUnionType)
    assert isinstance(theirs, GraphQLUnionType)

    assert {t.name for t in own.types} == {t.name for t in theirs.types}


def test_entities_are_entities_of_saleors() -> None:
    own, theirs = SCHEMA.type_map["_Entity"], saleor().type_map["_Entity"]
    assert isinstance(own, GraphQLUnionType)
    assert isinstance(theirs, GraphQLUnionType)

    assert {t.name for t in own.types} <= {t.name for t in theirs.types}


@pytest.mark.parametrize("event", EVENTS)
def test_event_exists_in_saleor(event: str) -> None:
    names = saleor().type_map["WebhookEventTypeAsyncEnum"]
    assert isinstance(names, GraphQLEnumType)

    assert event in names.values
    assert EVENTS[event].typename in saleor().type_map
