"""What goes with what somebody bought: learnt from a shop's own orders, ranked, and explained.

Counted are customers, not orders, so nobody speaks for many. A customer *bought* a product on each day of an order of
it that counts; two products *go together* for those who bought both within ``TOGETHER_DAYS``.

How likely a customer is to buy a product b next is taken as its share of all customers, times how much oftener than by
chance it was bought with each product a that they have: the lift, drawn towards 1 by ``DRAWN`` customers. Only pairs
of ``SUPPORT`` customers or more, and of a lift above 1, say something. The root keeps products that say the same from
being counted as if each said something new.

    score(b) = buyers(b) * product over a of sqrt((together(a, b) + d) / (buyers(a) * buyers(b) / customers + d))

Judged by ``hit_rate`` (CONTRIBUTING.md says how): the lift alone, the share of a's buyers, the cosine and the
log-likelihood ratio all named what was bought next more seldom than what sells most.
"""

import math
from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

TOGETHER_DAYS = 90
MOST_PRODUCTS = 100
"""Of one customer, those bought last: whoever buys for a whole town does not say more of what goes together."""
SUPPORT = 5
"""So many customers have to have bought both before anything is told of it."""
SIGNIFICANT = 3.84
"""The log-likelihood ratio from which two products are said to go together: chance gets there once in 20."""
DRAWN = 20.0
CONSUMABLE = 0.3
"""From this share of buyers who bought it again on, a product is one that is used up."""
CONSUMABLE_BUYERS = 20
"""So many have to have bought it before that is judged."""
RESTING_DAYS = 30
"""What is used up is not offered to whoever bought it since."""


@dataclass(slots=True)
class Counts:
    """What a shop's orders said. Products are numbers; of the pairs, the smaller comes first."""

    customers: int = 0
    buyers: Counter[int] = field(default_factory=Counter)
    again: Counter[int] = field(default_factory=Counter)  # of them those who bought it on two days at least
    together: Counter[tuple[int, int]] = field(default_factory=Counter)


def count(histories: Iterable[Mapping[int, Collection[int]]]) -> Counts:
    """Return the counts of customers, each given as the days on which they bought each product."""
    counts = Counts()
    for days in histories:
        if days:
            counts.customers += 1
        counts.buyers.update(days.keys())
        counts.again.update(product for product, when in days.items() if len(set(when)) > 1)
        for one, other in combinations(sorted(newest(days)), 2):
            if _is_near(days[one], days[other]):
                counts.together[one, other] += 1
    return counts


def _is_near(days: Collection[int], others: Collection[int]) -> bool:
    # Most were bought once: asked first, because it answers nearly all.
    return abs(max(days) - max(others)) <= TOGETHER_DAYS or any(
        abs(day - other) <= TOGETHER_DAYS for day in days for other in others
    )


def newest(days: Mapping[int, Collection[int]]) -> list[int]:
    """Return the products that were bought last, at most ``MOST_PRODUCTS``."""
    return sorted(days, key=lambda product: (-max(days[product]), product))[:MOST_PRODUCTS]


def is_consumable(buyers: int, again: int) -> bool:
    """Return whether those who have a product want it again."""
    return buyers >= CONSUMABLE_BUYERS and again >= CONSUMABLE * buyers


def significance(together: int, one: int, other: int, customers: int) -> float:
    """Return the log-likelihood ratio of two products' going together; 0 where they do so no oftener than by chance.

    ``one`` and ``other`` are their buyers. T. Dunning, Accurate Methods for the Statistics of Surprise and Coincidence,
    1993.
    """
    if together * customers <= one * other:
        return 0.0
    cells = (together, one - together, other - together, customers - one - other + together)
    rows = (one, customers - one, other, customers - other)
    return 2 * (sum(map(_entropy, cells)) + _entropy(customers) - sum(map(_entropy, rows)))


def _entropy(cell: int) -> float:
    return cell * math.log(cell) if cell > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """Products by rank, and the bought one that speaks most for the first of them."""

    products: tuple[int, ...] = ()
    because: int | None = None


class Partner(NamedTuple):
    """A product that goes with another: for so many customers, and what that says, as a logarithm."""

    together: int
    says: float


def partners(counts: Counts) -> dict[int, dict[int, Partner]]:
    """Return by product the others that were bought with it by enough customers, and oftener than by chance."""
    found: dict[int, dict[int, Partner]] = {}
    for (one, other), together in counts.together.items():
        by_chance = counts.buyers[one] * counts.buyers[other] / counts.customers
        if together >= SUPPORT and together > by_chance:
            partner = Partner(together, math.log((together + DRAWN) / (by_chance + DRAWN)) / 2)
            found.setdefault(one, {})[other] = found.setdefault(other, {})[one] = partner
    return found


def rank(
    counts: Counts,
    goes_with: Mapping[int, Mapping[int, Partner]],
    liked: Sequence[int],
    bought: Collection[int],
    left_out: Collection[int],
    most: int,
    here: Container[int] = (),
) -> Ranked:
    """Return what to offer to somebody who ``bought`` these; nothing where none goes with them beyond chance.

    First comes the likeliest of those that do, so that what everybody buys anyway does not push it out; then by score.

    ``goes_with`` is ``partners``; ``liked`` are the products that most customers bought, which may be offered as well;
    ``left_out`` are those that may not. Those that are sold ``here``, where they shop, come before all others, which
    may not be for sale there.
    """
    says: dict[int, float] = dict.fromkeys(liked, 0.0)
    for one in bought:
        for other, partner in goes_with.get(one, {}).items():
            says[other] = says.get(other, 0.0) + partner.says
    chances = {other: math.log(counts.buyers[other]) + said for other, said in says.items() if other not in left_out}
    ranked = sorted(chances, key=lambda product: (product not in here, -chances[product], product))
    for first in ranked:
        told = {one: goes_with[one][first] for one in bought if first in goes_with.get(one, {})}
        if told := {one: held for one, held in told.items() if _is_significant(counts, one, first, held.together)}:
            because = max(told, key=lambda one: (told[one].says, -one))
            return Ranked((first, *(other for other in ranked if other != first))[:most], because)
    return Ranked()


def _is_significant(counts: Counts, one: int, other: int, together: int) -> bool:
    return significance(together, counts.buyers[one], counts.buyers[other], counts.customers) >= SIGNIFICANT
