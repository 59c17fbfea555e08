import pytest

from saleor_lifecycle.bench.outcome import at_least


@pytest.mark.parametrize(
    ("values", "is_met"),
    [([69.0, 69.9, 90.0], False), ([69.0, 70.0, 90.0], True), ([10.0, 71.0, 72.0], True)],
    ids=["just below", "at the aim", "one bad round"],
)
def test_the_median_of_the_rounds_ratios_is_judged(values: list[float], is_met: bool) -> None:
    assert at_least(0.7, "a", "requests per second", values, [100.0] * 3, {}).met is is_met


def test_a_slow_machine_is_no_worse_than_a_fast_one() -> None:
    slow, fast = (at_least(0.7, "a", "a second", [80.0 * k], [100.0 * k], {}) for k in (1, 100))
    assert (slow.ratio, slow.met) == (fast.ratio, fast.met) == (0.8, True)


def test_everything_that_is_promised_is_in_the_object() -> None:
    outcome = at_least(0.7, "a", "a second", [80.0, 90.0, 60.0], [100.0, 100.0, 100.0], {"rounds": 3})
    assert outcome.as_dict() == {
        "name": "a",
        "sizes": {"rounds": 3},
        "value": 80.0,
        "floor": 100.0,
        "unit": "a second",
        "ratio": 0.8,
        "aim": ">= 0.7",
        "met": True,
        "spread": {"value": (60.0, 90.0), "floor": (100.0, 100.0), "ratio": (0.6, 0.9)},
    }
