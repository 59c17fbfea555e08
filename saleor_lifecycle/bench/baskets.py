"""What recommendations learnt on one part of a shop's baskets say of the rest, beside what the shop sells most."""

import csv
import gzip
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from saleor_lifecycle.domain.recommendations import count, newest, partners, rank

SHOWN = 4
LEARNT_WEEKS, TESTED_WEEKS = 32, 8
MOST_LIKED = 100


class BasketsError(Exception):
    """A file that cannot be read; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Line:
    household: str
    product: str
    on: date


@dataclass(frozen=True, slots=True)
class Hits:
    """Of ``lines`` of products that were new to their household, how many were among the four named to it before."""

    households: int
    lines: int
    ours: int
    popularity: int
    ours_only: int  # lines that ours named and popularity did not
    popularity_only: int
    explained: int  # households for which a bought product speaks

    def significance(self) -> float:
        """Return McNemar's z of the lines that only one of the two named."""
        apart = self.ours_only + self.popularity_only
        return (self.ours_only - self.popularity_only) / apart**0.5 if apart else 0.0


def read(path: Path, product_column: str) -> list[Line]:
    """Return the lines of a gzipped CSV, oldest first. Raises BasketsError."""
    lines = []
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 1):
            try:
                on = datetime.fromisoformat(row["transaction_timestamp"]).date()
                lines.append(Line(row["household_id"], row[product_column], on))
            except (KeyError, ValueError) as error:
                raise BasketsError(f"{path}: row {number} has no {error}") from error
    return sorted(lines, key=lambda line: line.on)


def judge(lines: Sequence[Line]) -> Hits:
    """Return how often what was learnt on the first weeks names what households first bought in the weeks after."""
    begin = lines[0].on
    learnt_until = begin + timedelta(weeks=LEARNT_WEEKS)
    ends = learnt_until + timedelta(weeks=TESTED_WEEKS)
    number = {product: place for place, product in enumerate(sorted({line.product for line in lines}))}
    bought: dict[str, dict[int, list[int]]] = {}
    wanted: dict[str, set[int]] = {}
    for line in lines:
        product = number[line.product]
        if line.on < learnt_until:
            bought.setdefault(line.household, {}).setdefault(product, []).append(line.on.toordinal())
        elif line.on < ends and product not in bought.get(line.household, {product: []}):
            wanted.setdefault(line.household, set()).add(product)
    return _hits(bought, wanted)


def _hits(bought: Mapping[str, Mapping[int, Collection[int]]], wanted: Mapping[str, Collection[int]]) -> Hits:
    counts = count(bought.values())
    goes_with = partners(counts)
    liked = sorted(counts.buyers, key=lambda product: (-counts.buyers[product], product))[:MOST_LIKED]
    ours = popularity = ours_only = popularity_only = explained = 0
    for household, products in wanted.items():
        held = bought[household]
        most = _first(liked, held)
        ranked = rank(counts, goes_with, liked, newest(held), held, SHOWN)
        explained += ranked.because is not None
        named = set(ranked.products) or most
        ours += len(named & set(products))
        popularity += len(most & set(products))
        ours_only += len((named - most) & set(products))
        popularity_only += len((most - named) & set(products))
    return Hits(len(wanted), sum(map(len, wanted.values())), ours, popularity, ours_only, popularity_only, explained)


def _first(liked: Iterable[int], held: Collection[int]) -> set[int]:
    """Return what most bought and this household did not."""
    return set([product for product in liked if product not in held][:SHOWN])
