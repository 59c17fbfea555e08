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
        sizes = ", ".join(f"{name.replace('_', ' ')} {size}" for name, size in self.sizes.items())
        return (
            f"{self.name}: {self.ratio:.2f} of the floor ({low:.2f} to {high:.2f}), aim {self.aim}, "
            f"{'met' if self.met else 'MISSED'}; {self.value:,.0f} against {self.floor:,.0f} {self.unit} ({sizes})"
        )


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
