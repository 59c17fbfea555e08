from collections.abc import Callable
from dataclasses import replace

import pytest

from saleor_lifecycle.domain.topics import MOST, READY, Topic, faults, read_topics, renewed, topics_document

NEWS = Topic("news", {"en": "News", "es": "Novedades"}, {"en": "What is new."})


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "News"), ("es", "Novedades"), ("es-MX", "Novedades"), ("ES-mx", "Novedades"), ("fr", "News")],
)
def test_speaks_the_readers_language_or_english(language: str, name: str) -> None:
    assert NEWS.name(language) == name


def test_speaks_the_first_language_where_english_is_missing_and_says_nothing_where_nothing_is_said() -> None:
    only = Topic("news", {"fr": "Nouvelles"})
    assert (only.name("de"), only.description("de")) == ("Nouvelles", "")


def test_the_ready_ones_are_without_fault_and_speak_both_languages() -> None:
    assert faults(READY) == []
    assert [topic.key for topic in READY] == ["cart", "news", "offers", "recommendations", "win-back", "reviews"]
    assert all(set(topic.names) == set(topic.descriptions) == {"en", "es"} for topic in READY)


@pytest.mark.parametrize(
    ("case", "change", "field"),
    [
        ("no key", lambda topic: replace(topic, key=""), "key"),
        ("capitals in the key", lambda topic: replace(topic, key="News"), "key"),
        ("a key of 41", lambda topic: replace(topic, key="a" * 41), "key"),
        ("no name", lambda topic: replace(topic, names={}), "names"),
        ("an empty name", lambda topic: replace(topic, names={"en": " "}), "names"),
        ("a name of 61", lambda topic: replace(topic, names={"en": "a" * 61}), "names"),
        ("a name on two lines", lambda topic: replace(topic, names={"en": "a\nb"}), "names"),
        ("no language", lambda topic: replace(topic, names={"": "News"}), "names"),
        ("a description of 301", lambda topic: replace(topic, descriptions={"en": "a" * 301}), "descriptions"),
    ],
)
def test_says_what_is_wrong(case: str, change: Callable[[Topic], Topic], field: str) -> None:
    assert [where for where, _ in faults([change(NEWS)])] == [field], case


@pytest.mark.parametrize(
    "change",
    [
        lambda topic: replace(topic, key="a" * 40),
        lambda topic: replace(topic, names={"en": "a" * 60}),
        lambda topic: replace(topic, descriptions={"en": "a" * 300}),
    ],
)
def test_the_longest_that_fits_is_no_fault(change: Callable[[Topic], Topic]) -> None:
    assert faults([change(NEWS)]) == []


def test_two_of_one_key_and_too_many_are_faults() -> None:
    assert [where for where, _ in faults([NEWS, NEWS])] == ["key"]
    assert faults([replace(NEWS, key=f"news-{number}") for number in range(MOST)]) == []
    assert [where for where, _ in faults([replace(NEWS, key=f"n{number}") for number in range(MOST + 1)])] == ["topics"]


def test_what_is_left_out_stays_archived_and_comes_back_when_it_is_named_again() -> None:
    offers = Topic("offers", {"en": "Offers"})
    left = renewed((NEWS, offers), (offers,))
    assert left == (offers, replace(NEWS, is_archived=True))
    assert renewed(left, (NEWS, offers)) == (NEWS, offers)


def test_is_read_as_it_was_stored() -> None:
    held = (NEWS, replace(READY[0], is_archived=True))
    assert read_topics(topics_document(held)) == held
