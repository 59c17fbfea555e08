"""What a bench found. Only the ratio to its floor is judged; absolute figures belong to the machine."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """Medians over rounds; ``spread`` holds the lowest and highest of each."""

    name: str
    sizes: Mapping[str, Any]
    value: float
    floor: float
    unit: str
    ratio: float
    aim: str
    met: bool
    spread: Mapping[str, tuple[float, float]]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        low, high = self.spread["ratio"]
        plain = {name: size for name, size in self.sizes.items() if name != "growth"}
        sizes = ", ".join(f"{name.replace('_', ' ')} {size}" for name, size in plain.items())
        line = (
            f"{self.name}: {self.ratio:.2f} of the floor ({low:.2f} to {high:.2f}), aim {self.aim}, "
            f"{'met' if self.met else 'MISSED'}; {self.value:,.0f} against {self.floor:,.0f} {self.unit} ({sizes})"
        )
        return "\n".join([line, *(_row(size) for size in self.sizes.get("growth", ()))])


def at_least(
    aim: float, name: str, unit: str, values: Sequence[float], floors: Sequence[float], sizes: Mapping[str, Any]
) -> Outcome:
    """Return the outcome of a bench whose value should be no less than ``aim`` of its floor.

    The ratio is the median of the rounds' own ratios: a round's value and floor were taken one right after the
    other, so what the machine did meanwhile touches both.
    """
    ratios = [value / floor for value, floor in zip(values, floors, strict=True)]
    ratio = median(ratios)
    return Outcome(
        name=name,
        sizes=dict(sizes),
        value=round(median(values), 1),
        floor=round(median(floors), 1),
        unit=unit,
        ratio=round(ratio, 3),
        aim=f">= {aim}",
        met=ratio >= aim,
        spread={
            "value": (round(min(values), 1), round(max(values), 1)),
            "floor": (round(min(floors), 1), round(max(floors), 1)),
            "ratio": (round(min(ratios), 3), round(max(ratios), 3)),
        },
    )


PEAK_MB = 300.0
"""What a worker's memory has to stay under, whatever the size of the shop."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of the rounds at one size, ours and the floor's, and the most memory that our process ever held."""

    customers: int
    values: Sequence[float]
    floors: Sequence[float]
    peak_mb: float

    @property
    def ratio(self) -> float:
        return median(value / floor for value, floor in zip(self.values, self.floors, strict=True))


def at_most(aim: float, name: str, measured: Sequence[Measured], sizes: Mapping[str, Any]) -> Outcome:
    """Return the outcome of a bench whose time should be no more than ``aim`` of its floor's, at every size.

    The size that does worst is judged; the others stand beside it, so that one sees how cost grows. No process may
    have held more than ``PEAK_MB``.
    """
    worst = max(measured, key=lambda one: one.ratio)
    ratios = [value / floor for value, floor in zip(worst.values, worst.floors, strict=True)]
    values, floors = ([one * 1000 for one in times] for times in (worst.values, worst.floors))
    growth = [
        {
            "customers": one.customers,
            "value": round(median(one.values) * 1000, 1),
            "floor": round(median(one.floors) * 1000, 1),
            "ratio": round(one.ratio, 3),
            "peak_mb": round(one.peak_mb),
        }
        for one in measured
    ]
    return Outcome(
        name=name,
        sizes={"customers": worst.customers, **sizes, "growth": growth},
        value=round(median(values), 1),
        floor=round(median(floors), 1),
        unit="ms",
        ratio=round(worst.ratio, 3),
        aim=f"<= {aim}, and under {PEAK_MB:.0f} MB",
        met=worst.ratio <= aim and all(one.peak_mb < PEAK_MB for one in measured),
        spread={
            "value": (round(min(values), 1), round(max(values), 1)),
            "floor": (round(min(floors), 1), round(max(floors), 1)),
            "ratio": (round(min(ratios), 3), round(max(ratios), 3)),
        },
    )


def _row(size: Mapping[str, Any]) -> str:
    return (
        f"    {size['customers']:>9,} customers: {size['value']:>10,.0f} against {size['floor']:>8,.0f} ms, "
        f"{size['ratio']:.2f}; {size['peak_mb']} MB at most"
    )
