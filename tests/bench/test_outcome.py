import pytest

from saleor_lifecycle.bench.outcome import Measured, at_least, at_most


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


def test_the_size_that_does_worst_is_judged() -> None:
    small, large = Measured(10, [1.0], [1.0], 50.0), Measured(1000, [3.0], [2.0], 60.0)
    outcome = at_most(1.5, "a", [small, large], {"rounds": 1})
    assert (outcome.ratio, outcome.sizes["customers"], outcome.met) == (1.5, 1000, True)
    assert not at_most(1.4, "a", [small, large], {}).met


@pytest.mark.parametrize(("peak_mb", "is_met"), [(299.9, True), (300.0, False)], ids=["just below", "at the limit"])
def test_a_process_that_holds_too_much_memory_misses(peak_mb: float, is_met: bool) -> None:
    sizes = [Measured(10, [1.0], [1.0], peak_mb), Measured(1000, [1.0], [1.0], 10.0)]
    assert at_most(1.5, "a", sizes, {}).met is is_met


def test_the_print_shows_how_cost_grows() -> None:
    sizes = [Measured(10_000, [0.1], [0.1], 50.0), Measured(1_000_000, [0.2], [0.1], 60.0)]
    first, *rows = str(at_most(4, "a", sizes, {"rounds": 1})).splitlines()
    assert first.startswith("a: 2.00 of the floor")
    assert [row.split()[0] for row in rows] == ["10,000", "1,000,000"]
