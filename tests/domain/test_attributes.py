from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.attributes import (
    ConsentWords,
    KeyMapping,
    Origin,
    Stated,
    fold,
    mapping_document,
    read_mapping,
    values_of,
)
from saleor_lifecycle.domain.facts import Version
from saleor_lifecycle.domain.values import Attribute, Type

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)
TIER = KeyMapping(Origin.USER, "tier", Attribute("tier", Type.CHOICE, ("gold", "silver")))
POINTS = KeyMapping(Origin.ORDER, "points", Attribute("points", Type.NUMBER))
NEWS = KeyMapping(Origin.CHECKOUT, "news", ConsentWords("cart", "email", ("Sí",), ("No",)))


def version(minutes: int, digest: str = "d") -> Version:
    at = NOON + timedelta(minutes=minutes)
    return Version(at, at, digest)


@pytest.mark.parametrize("mapping", [TIER, POINTS, NEWS])
def test_a_mapping_is_read_as_it_was_stored(mapping: KeyMapping) -> None:
    assert read_mapping(mapping_document(mapping)) == mapping


def test_a_row_says_what_its_own_mapped_keys_are() -> None:
    texts = {"tier": "GOLD", "points": "12", "other": "x"}
    assert values_of([TIER, POINTS, NEWS], Origin.USER, texts) == {"tier": "gold"}
    assert values_of([TIER], Origin.USER, {"tier": "lead"}) == {}, "no value"


def test_the_newest_row_that_says_anything_counts() -> None:
    held = fold(
        [
            Stated(Origin.USER, version(1), {"tier": "gold", "city": "Vigo"}),
            Stated(Origin.ORDER, version(2), {"tier": "silver"}),
            Stated(Origin.FILE, version(3), {}),
        ]
    )
    assert [(name, one.value, one.origin) for name, one in held.items()] == [
        ("city", "Vigo", Origin.USER),
        ("tier", "silver", Origin.ORDER),
    ]
    assert held["tier"].at == NOON + timedelta(minutes=2)


rows = st.builds(
    Stated,
    st.sampled_from(Origin),
    st.builds(version, st.integers(0, 3), st.sampled_from("ab")),
    st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from([True, False, 0, 1, "x"])),
)


@given(st.lists(rows, max_size=6).flatmap(lambda held: st.tuples(st.just(held), st.permutations(held))))
def test_the_order_of_rows_does_not_matter(both: tuple[list[Stated], list[Stated]]) -> None:
    held, shuffled = both
    assert repr(fold(held)) == repr(fold(shuffled)) == repr(fold([*held, *held]))


@pytest.mark.parametrize(("text", "says"), [(" sí ", True), ("NO", False), ("", None), ("true", None)])
def test_only_the_words_that_were_given_say_anything(text: str, says: bool | None) -> None:
    assert isinstance(NEWS.target, ConsentWords)
    assert NEWS.target.says(text) is says
