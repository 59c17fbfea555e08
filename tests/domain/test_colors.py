import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_lifecycle.domain.colors import READABLE, contrast, is_color, readable_on

COLORS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ff0000", 1.0),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    assert round(contrast(one, other), 2) == expected


@given(COLORS)
def test_light_or_dark_words_can_be_read_on_every_color(color: str) -> None:
    assert contrast(readable_on(color), color) >= READABLE


@given(COLORS, COLORS)
def test_contrast_is_the_same_both_ways_and_between_1_and_21(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.0000001


@pytest.mark.parametrize("text", ["", "red", "#fff", "#12345g", "#FFFFFF", "#ffffff;", "#ffffff\n"])
def test_what_is_not_written_as_stored_is_no_color(text: str) -> None:
    assert not is_color(text)
