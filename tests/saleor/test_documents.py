"""Every document that is sent to a shop, against the schema of each Saleor that it is sent to."""

from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, parse, validate

from saleor_lifecycle.saleor import documents
from saleor_lifecycle.saleor.carts import carts_document
from saleor_lifecycle.saleor.versions import Version, read_version
from tests.saleor.sdl import SERVED, schema_of

# The shops that are there: the schemas are those of a branch's end, and 3.23 learned something on its way.
SHOPS = [(f"{version}.99", version) for version in SERVED]
ASKED = [
    (kind, path.stem)
    for kind in ("subscriptions", "queries", "mutations")
    for path in sorted((documents.folder() / kind).glob("*.graphql"))
]


SENT = [
    (shop, schema, kind, name)
    for shop, schema in SHOPS
    for kind, name in ASKED
    if read_version(shop) >= documents.SINCE.get((kind, name), read_version("3.21"))
]


def test_only_what_came_later_is_kept_from_older_shops() -> None:
    assert set(documents.SINCE) <= set(ASKED)
    for (kind, name), since in documents.SINCE.items():
        before = f"{since[0]}.{since[1] - 1}"
        assert validate(schema_of(before), parse(documents.document(kind, name))) != []


@pytest.mark.parametrize(("shop", "schema", "kind", "name"), SENT)
def test_every_document_is_valid_where_it_is_sent(shop: str, schema: str, kind: str, name: str) -> None:
    sent = parse(documents.document(kind, name, read_version(shop)))
    assert validate(schema_of(schema), sent) == []


@pytest.mark.parametrize("version", SERVED)
def test_the_guarded_read_of_carts_is_valid_everywhere(version: str) -> None:
    assert validate(schema_of(version), parse(carts_document(3))) == []


@pytest.mark.parametrize(("kind", "name"), ASKED)
@pytest.mark.parametrize("shop", ["3.21.0", "3.22.0", "3.23.22"])
def test_an_older_document_goes_by_the_same_name(shop: str, kind: str, name: str) -> None:
    newest, older = (
        parse(documents.document(kind, name, version)) for version in (read_version(None), read_version(shop))
    )
    operations = [
        one.name.value
        for document in (newest, older)
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode) and one.name
    ]
    assert len(operations) == 2
    assert len(set(operations)) == 1


@pytest.mark.parametrize(
    ("kind", "name", "change"),
    [
        ("subscriptions", "deletions", "3.23.0"),
        ("queries", "orders_since", "3.22.0"),
        ("queries", "own_webhooks", "3.23.23"),
    ],
)
def test_a_shop_gets_the_older_document_until_the_change(kind: str, name: str, change: str) -> None:
    at = read_version(change)
    before: Version = (at[0], at[1], at[2] - 1) if at[2] else (at[0], at[1] - 1, 99)
    assert documents.is_older(kind, name, before)
    assert not documents.is_older(kind, name, at)
    assert documents.document(kind, name, at) == documents.document(kind, name)
    assert documents.document(kind, name, before) != documents.document(kind, name)


def test_the_oldest_change_since_then_is_the_one_that_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for change in ("before_3.9", "before_3.10"):
        (tmp_path / change / "queries").mkdir(parents=True)
        (tmp_path / change / "queries" / "q.graphql").touch()
    monkeypatch.setattr(documents, "folder", lambda: tmp_path)
    found = [documents._older.__wrapped__("queries", "q", (3, minor, 0)) for minor in (8, 9, 10)]
    assert [path and path.parts[-3] for path in found] == ["before_3.9", "before_3.10", None]


def test_no_older_document_is_left_without_a_newer() -> None:
    for home in documents.folder().glob("before_*"):
        for path in home.glob("*/*.graphql"):
            assert (path.parent.name, path.stem) in ASKED


def test_adds_a_fragment_that_only_another_fragment_needs() -> None:
    composed = documents.with_fragments("query Q { orders(first: 1) { ...OrdersFound } }")
    assert composed.count("fragment OrdersFound on") == 1
    assert composed.count("fragment OrderFacts on") == 1
    assert "UserFacts" not in composed
