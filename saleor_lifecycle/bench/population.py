"""A shop of people drawn by chance: one seed, one shop, whatever machine draws it.

It is drawn in blocks, each from a seed of its own. So a small shop is the beginning of a larger one, and memory does
not grow with the shop. Orders follow the MBG/NBD model with about the figures of the CDNOW shop; the shares of
accounts, guests, carts and states of orders are those of no shop in particular.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from saleor_lifecycle.domain.prediction import Parameters

SEED = 7
BLOCK = 10_000
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
"""When the shop stands still: everything in it lies before."""
SPAN = 1000
"""Days from the first people to ``NOW``."""
DRAWN = Parameters(r=0.64, alpha=51.0, a=0.81, b=1.23)
DAY = 86_400

Numbers = NDArray[np.int64]


class Handle(IntEnum):
    """How the shop knows somebody."""

    CONFIRMED = 0  # an account, and the e-mail is theirs
    UNCONFIRMED = 1
    GUEST = 2


HANDLES = (0.55, 0.15, 0.30)
BUYERS = 0.7
CARTED = 0.6
"""The share of orders whose checkout was told of."""
STATES = (
    ("FULFILLED", "FULL", 1, 0),  # status, charge status, and of the total the parts charged and refunded
    ("UNFULFILLED", "FULL", 1, 0),
    ("FULFILLED", "NONE", 0, 0),  # cash on delivery
    ("CANCELED", "NONE", 0, 0),
    ("RETURNED", "NONE", 0, 1),  # wholly refunded
    ("UNFULFILLED", "NONE", 0, 0),  # not paid yet
)
STATE_SHARES = (0.62, 0.23, 0.06, 0.04, 0.03, 0.02)
CURRENCIES = ("EUR", "USD")
OPEN_CARTS = 0.4
"""Carts a person leaves without ordering, on average."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some people with all they did, in parallel arrays. Times are whole seconds since 1970-01-01 UTC."""

    number: Numbers  # the person
    handle: Numbers
    joined: Numbers
    order: Numbers  # the order's own number
    buyer: Numbers
    ordered: Numbers
    state: Numbers  # in STATES
    cents: Numbers
    currency: Numbers  # in CURRENCIES
    cart: Numbers
    holder: Numbers
    changed: Numbers
    became: Numbers  # the order that came of the cart, or -1


def blocks(people: int, seed: int = SEED) -> Iterator[Block]:
    """Yield a shop of so many people, block by block."""
    for start in range(0, people, BLOCK):
        yield draw(start, min(BLOCK, people - start), seed)


def draw(start: int, people: int, seed: int = SEED) -> Block:
    """Return the people with the numbers from ``start`` on, a block at most."""
    dice = np.random.default_rng([seed, start])
    end = int(NOW.timestamp())
    handle = dice.choice(len(HANDLES), BLOCK, p=HANDLES)[:people]
    joined = (end - dice.integers(3600, SPAN * DAY, BLOCK))[:people]
    buyer, ordered = _orders(dice, joined, end)
    count = len(buyer)
    state = dice.choice(len(STATES), count, p=STATE_SHARES)
    cents = np.maximum(100, np.round(np.exp(dice.normal(3.6, 0.7, count)) * 100)).astype(np.int64)
    currency = (dice.random(count) < 0.05).astype(np.int64)
    order = start * 1000 + np.arange(count)
    carted = np.flatnonzero(dice.random(count) < CARTED)
    left = np.repeat(np.arange(people), dice.poisson(OPEN_CARTS, people))
    since = end - joined[left]
    changed = np.concatenate(
        [
            ordered[carted] - dice.integers(60, 3600, len(carted)),
            end - np.maximum(1, since * dice.random(len(left)) ** 2).astype(np.int64),
        ]
    )
    return Block(
        number=start + np.arange(people),
        handle=handle,
        joined=joined,
        order=order,
        buyer=start + buyer,
        ordered=ordered,
        state=state,
        cents=cents,
        currency=currency,
        cart=start * 1000 + np.arange(len(changed)),
        holder=start + np.concatenate([buyer[carted], left]),
        changed=changed,
        became=np.concatenate([order[carted], np.full(len(left), -1)]),
    )


def _orders(dice: np.random.Generator, joined: Numbers, end: int) -> tuple[Numbers, Numbers]:
    """Return whose each order is and when it was placed: the first on joining, more until somebody leaves."""
    people = len(joined)
    rate, leaves = dice.gamma(DRAWN.r, 1 / DRAWN.alpha, people), dice.beta(DRAWN.a, DRAWN.b, people)
    buying = np.flatnonzero(dice.random(people) < BUYERS)
    at = joined.astype(float)
    who, when = [buying], [joined[buying]]
    buying = buying[dice.random(len(buying)) > leaves[buying]]
    while len(buying):
        at[buying] += np.maximum(dice.exponential(1 / np.maximum(rate[buying], 1e-9)) * DAY, 600)
        buying = buying[at[buying] < end]
        who.append(buying)
        when.append(at[buying].astype(np.int64))
        buying = buying[dice.random(len(buying)) > leaves[buying]]
    return np.concatenate(who), np.concatenate(when)


def saleor_id(kind: str, number: int) -> str:
    """Return an id as Saleor writes them."""
    return base64.b64encode(f"{kind}:{number}".encode()).decode()


def email(number: int) -> str:
    return f"person{number}@people.example"
