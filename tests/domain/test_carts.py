from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.carts import SIGHTINGS_KEPT, Sighting, changed_at, lines_hash, observe

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)
TEA = lines_hash([("tea", 1)])


def after(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def seen(text: str) -> list[Sighting]:
    """A sighting a minute from noon on: one letter per content, "-" for an empty cart."""
    return [Sighting(after(minute), letter.replace("-", "")) for minute, letter in enumerate(text)]


def scan(sightings: list[Sighting]) -> datetime:
    """When the lines became what they are, by looking at every sighting there ever was."""
    ordered = sorted(sightings)
    changed = ordered[0].at
    for before, one in pairwise(ordered):
        if before.lines_hash != one.lines_hash:
            changed = one.at
    return changed


histories = st.lists(
    st.builds(Sighting, st.integers(0, 60).map(after), st.sampled_from(["", "tea", "two teas"])), min_size=1
)


@pytest.mark.parametrize(
    ("case", "one", "other", "is_equal"),
    [
        ("the same lines in another order", [("tea", 1), ("cup", 2)], [("cup", 2), ("tea", 1)], True),
        ("a line of nothing", [("tea", 1), ("cup", 0)], [("tea", 1)], True),
        ("another quantity", [("tea", 1)], [("tea", 2)], False),
        ("another variant", [("tea", 1)], [("cup", 1)], False),
        ("the quantities changed over", [("tea", 1), ("cup", 2)], [("tea", 2), ("cup", 1)], False),
        ("one line more", [("tea", 1)], [("tea", 1), ("cup", 1)], False),
        ("a variant that ends in a digit", [("tea 1", 1)], [("tea", 11)], False),
    ],
)
def test_equal_lines_have_equal_hashes(
    case: str, one: list[tuple[str, int]], other: list[tuple[str, int]], is_equal: bool
) -> None:
    assert (lines_hash(one) == lines_hash(other)) is is_equal, case


@pytest.mark.parametrize("lines", [[], [("tea", 0)], [("tea", 0), ("cup", 0)]])
def test_an_empty_cart_has_an_empty_hash(lines: list[tuple[str, int]]) -> None:
    assert lines_hash(lines) == ""


def test_a_hash_stays_what_is_stored() -> None:
    assert lines_hash([("UHJvZHVjdFZhcmlhbnQ6Mg==", 3), ("UHJvZHVjdFZhcmlhbnQ6MQ==", 1)]) == "30ae96eab4c97ef1"


@pytest.mark.parametrize(
    ("case", "contents", "minute"),
    [
        ("seen once", "a", 0),
        ("changed just now", "ab", 1),
        ("stamped by something else since", "abbb", 1),
        ("never changed", "aaaa", 0),
        ("changed and changed back", "aaba", 3),
        ("changed back, then stamped", "abaaa", 2),
        ("emptied", "aa-", 2),
        ("emptied and filled again", "a-a", 2),
    ],
)
def test_changed_when_its_lines_became_what_they_are(case: str, contents: str, minute: int) -> None:
    assert changed_at(seen(contents)) == after(minute), case
    assert changed_at(observe((), seen(contents))) == after(minute), case


def test_a_late_snapshot_cuts_a_stretch_in_two() -> None:
    stamped = observe((), seen("a a a"[::2]))
    between = Sighting(NOON + timedelta(seconds=90), "b")
    assert changed_at(stamped) == after(0)
    assert changed_at(observe(stamped, [between])) == after(2)


@given(history=histories, data=st.data())
def test_any_order_repetition_and_batching_leads_to_the_same_sightings(
    history: list[Sighting], data: st.DataObject
) -> None:
    distinct = sorted(set(history))[:SIGHTINGS_KEPT]
    arrivals = data.draw(st.permutations(distinct + data.draw(st.lists(st.sampled_from(distinct), max_size=10))))
    kept: tuple[Sighting, ...] = ()
    while arrivals:
        batch = data.draw(st.integers(1, len(arrivals)))
        kept, arrivals = observe(kept, arrivals[:batch]), arrivals[batch:]
    assert kept == observe((), distinct) == observe(kept, distinct)
    assert changed_at(kept) == scan(distinct)


@given(st.lists(st.sampled_from(["", "tea", "two teas"]), min_size=SIGHTINGS_KEPT, max_size=150))
def test_however_often_a_cart_is_stamped_the_date_is_right_when_nothing_comes_late(contents: list[str]) -> None:
    history = [Sighting(after(minute), lines) for minute, lines in enumerate(contents)]
    kept: tuple[Sighting, ...] = ()
    for number, sighting in enumerate(history, 1):
        kept = observe(kept, [sighting])
        assert len(kept) <= SIGHTINGS_KEPT
        assert changed_at(kept) == scan(history[:number])


def test_forty_sightings_are_all_kept() -> None:
    forty = seen("a" * SIGHTINGS_KEPT)
    assert observe((), forty) == tuple(forty)


@pytest.mark.parametrize(
    ("case", "contents", "kept"),
    [
        ("nothing ever changed", "a" * (SIGHTINGS_KEPT + 1), [0, SIGHTINGS_KEPT]),
        (
            "one stretch in the middle",
            "-" + "a" * (SIGHTINGS_KEPT - 1) + "b",
            [0, 1, SIGHTINGS_KEPT - 1, SIGHTINGS_KEPT],
        ),
        ("emptied at the end", "a" * SIGHTINGS_KEPT + "-", [0, SIGHTINGS_KEPT - 1, SIGHTINGS_KEPT]),
    ],
)
def test_one_more_leaves_the_ends_of_each_stretch_of_equal_lines(case: str, contents: str, kept: list[int]) -> None:
    history = seen(contents)
    assert observe((), history) == tuple(history[place] for place in kept), case


def test_one_change_more_pushes_the_oldest_out_whatever_the_order() -> None:
    changes = seen("ab" * (SIGHTINGS_KEPT // 2) + "a")
    assert observe((), changes) == tuple(changes[1:])
    assert observe(observe((), changes[1:]), changes[:1]) == tuple(changes[1:])
