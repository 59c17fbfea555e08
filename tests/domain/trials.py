"""Trials of a flow as chance would have them: a hash holds people out, who may convert and spend, day after day."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from saleor_lifecycle.domain.intervals import Sums

DAYS = 50


@dataclass(frozen=True, slots=True)
class Trial:
    """What was known at the end of each day of the treated and of the held-out, and what is true."""

    looks: tuple[tuple[Sums, Sums], ...]
    difference: float
    relative: float


def trials(family: str, seed: int, is_a_a: bool) -> Iterator[Trial]:
    """Yield trials without end: 500 to 60,000 people, 0.5 to 30% convert, mostly one in ten held out.

    Amounts are log-normal (σ from 0.4 to 1.5) or gamma (shape from 0.5 to 3), beside many zeros; "shares" has none.
    What a flow brings, or costs, lies in how many convert and, with amounts, in how much they spend.
    """
    chance = np.random.default_rng(seed)
    while True:
        people = int(np.exp(chance.uniform(np.log(500), np.log(60_000))))
        share = chance.choice([0.1, 0.1, 0.1, 0.05, 0.2, 0.3, 0.5])
        rate = np.exp(chance.uniform(np.log(0.005), np.log(0.3)))
        lift = 0.0 if is_a_a else chance.choice([-0.2, 0.05, 0.1, 0.3, 0.6])
        dearer = 1.0 if is_a_a or family == "shares" else chance.choice([0.9, 1.0, 1.15])
        shape = chance.uniform(0.4, 1.5) if family == "log-normal" else chance.uniform(0.5, 3)
        entered = chance.multinomial(people, np.ones(DAYS) / DAYS)
        held_out = chance.binomial(entered, share)
        arms, mean = [], 1.0
        for those, likely, scale in ((entered - held_out, rate * (1 + lift), dearer), (held_out, rate, 1.0)):
            converted = chance.binomial(those, likely)
            if family == "shares":
                amounts = np.ones(converted.sum())
            elif family == "log-normal":
                amounts, mean = scale * chance.lognormal(3.5, shape, converted.sum()), np.exp(3.5 + shape**2 / 2)
            else:
                amounts, mean = scale * chance.gamma(shape, 40, converted.sum()), 40 * shape
            arms.append(_daily(those, converted, amounts))
        yield Trial(
            tuple(zip(*arms, strict=True)),
            float(rate * mean * ((1 + lift) * dearer - 1)),
            float((1 + lift) * dearer - 1),
        )


def _daily(people: np.ndarray, converted: np.ndarray, amounts: np.ndarray) -> list[Sums]:
    until = np.cumsum(converted)
    powers = [np.concatenate([[0.0], np.cumsum(amounts**power)])[until].tolist() for power in (1, 2, 3)]
    return [Sums(*row) for row in zip(np.cumsum(people).tolist(), until.tolist(), *powers, strict=True)]
