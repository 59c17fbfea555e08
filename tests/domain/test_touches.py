import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.touches import (
    LONGEST,
    LONGEST_CLICK_ID,
    Touch,
    clean,
    document,
    first,
    from_metadata,
    host,
    is_visitor,
    last,
    path,
    read_touch,
)

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
touches = st.lists(
    st.builds(
        Touch,
        at=st.integers(0, 5).map(lambda seconds: NOON + seconds * SECOND),
        source=st.sampled_from(["", "google", "боты", "広告"]),
        referrer=st.sampled_from(["", "a.example"]),
        visitor=st.sampled_from(["", "a", "b"]),
    ),
    min_size=1,
)


@given(touches, st.randoms())
def test_the_first_and_the_last_do_not_depend_on_the_order_of_arrival(held: list[Touch], chance: object) -> None:
    shuffled = list(held)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis's own Random
    begin = end = shuffled[0]
    for touch in shuffled:
        found = first([begin, end, touch]), last([begin, end, touch])
        assert found[0]
        assert found[1]
        begin, end = found
    assert (begin, end) == (first(held), last(held)), "kept one by one, or looked at all at once"
    assert begin.at == min(touch.at for touch in held)
    assert end.at == max(touch.at for touch in held)


@given(touches)
def test_what_is_stored_is_read_again(held: list[Touch]) -> None:
    assert [read_touch(json.loads(json.dumps(document(touch)))) for touch in held] == held


@pytest.mark.parametrize(
    ("case", "until", "expected"),
    [
        ("before all", NOON - SECOND, None),
        ("the moment itself", NOON, "one"),
        ("just before the next", NOON + 9 * SECOND, "one"),
        ("at the next", NOON + 10 * SECOND, "two"),
        ("no end", None, "two"),
    ],
)
def test_the_last_until_a_moment(case: str, until: datetime | None, expected: str | None) -> None:
    found = last([Touch(NOON, "one"), Touch(NOON + 10 * SECOND, "two")], until)
    assert (found.source if found else None) == expected, case


def test_of_nothing_there_is_neither() -> None:
    assert (first([]), last([])) == (None, None)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.Google.com/search?q=me", "www.google.com"),
        ("android-app://com.google.android.gm/", "com.google.android.gm"),
        ("google.com", "google.com"),
        ("https://ada:secret@blog.example:8443/x", "blog.example"),
        ("https://münchen.example/straße", "münchen.example"),
        ("https://例え.example/", "例え.example"),
        ("", None),
        ("https://", None),
        ("/only/a/path", None),
        ("https://[::1", None),
        ("two words", None),
        (f"https://{'a' * 201}/", None),
    ],
)
def test_the_host_of_an_address(address: str, expected: str | None) -> None:
    assert host(address) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/shoes?token=secret#x", "/shoes"),
        ("https://shop.example/zapatos/", "/zapatos/"),
        ("", ""),
        ("/" + "x" * LONGEST, None),
        ("https://[::1", None),
    ],
)
def test_the_path_of_an_address_is_without_its_query(address: str, expected: str | None) -> None:
    assert path(address) == expected


@pytest.mark.parametrize("said", ["verano", "лето", "夏のセール", "صيف\u200cنو", "καλοκαίρι", "גן", "ฤดูร้อน", "👩‍👧"])
def test_every_script_is_kept(said: str) -> None:
    found = from_metadata({"utm_campaign": f" {said}\x00 "}, NOON)
    assert found
    assert found.campaign == said == clean(said)


def test_metadata_says_what_the_address_of_a_visit_says() -> None:
    items = {
        "utm_source": "news",
        "utm_medium": "email",
        "utm_campaign": "spring",
        "utm_term": "shoes",
        "utm_content": "top",
        "referrer": "https://mail.example/inbox/7?who=ada",
        "fbclid": "IwAR0",
        "other": "x",
    }
    assert from_metadata(items, NOON) == Touch(
        NOON, "news", "email", "spring", "shoes", "top", "mail.example", "fbclid", "IwAR0"
    )


@pytest.mark.parametrize("items", [{}, {"other": "x"}, {"utm_source": "  "}, {"referrer": "???"}, {"utm_term": "x"}])
def test_metadata_that_does_not_say_whence_is_no_touch(items: dict[str, str]) -> None:
    assert from_metadata(items, NOON) is None


def test_what_is_too_long_in_metadata_is_cut() -> None:
    found = from_metadata({"utm_source": "s" * 999, "gclid": "g" * 9999}, NOON)
    assert found
    assert (len(found.source), len(found.click_id)) == (LONGEST, LONGEST_CLICK_ID)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 15, False),
        ("a" * 16, True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("8c3a4a52-71bf-4a62-9f4c-0d2f1f8f2b11", True),
        ("a b" * 8, False),
        ("ä" * 20, False),
        ("a" * 20 + "\n", False),
    ],
)
def test_a_visitor_is_named_by_a_few_plain_signs(text: str, expected: bool) -> None:
    assert is_visitor(text) is expected
