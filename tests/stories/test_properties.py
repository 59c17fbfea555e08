"""What holds whatever a shop tells, through the real actions: order of arrival, the moment of the next change, loss."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from saleor_lifecycle.domain.facts import Fact, Version
from saleor_lifecycle.models import Customer, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import customers
from tests.end_state import end_state
from tests.facts import ADA, GRACE, account, cart, deletion, order, tell

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
QUIET: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}

users = st.sampled_from([ADA, GRACE])
emails = st.sampled_from(["ada@example.com", "grace@example.com"])
checkouts = st.sampled_from(["c1", "c2"])
steps = st.integers(0, 12)
OWNERS = {"o1": (ADA, "ada@example.com"), "o2": (None, "ada@example.com"), "o3": (None, "grace@example.com")}
STATES = (
    {"status": "UNFULFILLED", "charge_status": "FULL", "charged": Decimal(20)},
    {"status": "UNFULFILLED", "charge_status": "NONE", "charged": Decimal(0)},
    {"status": "FULFILLED", "charge_status": "NONE", "charged": Decimal(0)},
    {"status": "CANCELED", "charge_status": "FULL", "charged": Decimal(20)},
    {"status": "FULFILLED", "charge_status": "NONE", "charged": Decimal(0), "refunded": Decimal(20)},
)


def _account(user: str, email: str, at: int, confirmed: bool, consent: bool | None) -> Fact:
    return account(NOW + at * HOUR, user, email, confirmed=confirmed, consent=consent, joined=NOW - DAY)


def _cart(checkout: str, user: str | None, email: str | None, at: int, is_empty: bool, consent: bool | None) -> Fact:
    held = cart(NOW + at * HOUR, checkout, user, email, () if is_empty else ((f"v{at % 3}", 1),), consent=consent)
    return replace(held, created_at=NOW)


def _order(order_id: str, state: int, at: int) -> Fact:
    user, email = OWNERS[order_id]
    placed = NOW - int(order_id[1]) * 40 * DAY
    checkout = "c1" if order_id == "o2" else None
    return replace(order(NOW + at * HOUR, order_id, user, email, checkout), created_at=placed, **STATES[state])  # type: ignore[arg-type]


said = st.sampled_from([None, True, False])
shop = st.lists(
    st.one_of(
        st.builds(_account, users, emails, steps, st.booleans(), said),
        st.builds(
            _cart, st.sampled_from(["c1", "c2"]), st.none() | users, st.none() | emails, steps, st.booleans(), said
        ),
        st.builds(_order, st.sampled_from(sorted(OWNERS)), st.integers(0, 4), steps),
    ),
    min_size=1,
    max_size=9,
)


def unlike(facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts with digests of their own, as bodies that differ have."""
    return [
        replace(fact, version=Version(fact.version.updated_at, fact.version.issued_at, f"{number:03}"))  # type: ignore[type-var, union-attr]
        for number, fact in enumerate(facts)
    ]


@settings(max_examples=30, **QUIET)
@given(told=shop, gone=st.sampled_from([None, None, ADA]), seed=st.integers(0, 2**16))
# A guest's cart, begun before an erasure, that says yes to e-mails after it.
@example(
    told=[
        _order("o1", 0, 0),
        _account(ADA, "ada@example.com", 0, True, None),
        _cart("c1", None, "ada@example.com", 7, False, True),
    ],
    gone=ADA,
    seed=42,
)
def test_facts_in_any_order_repeated_and_split_give_the_same_profile(
    installation: Installation, told: list[Fact], gone: str | None, seed: int
) -> None:
    facts = unlike(told) + ([deletion(NOW + 6 * HOUR, gone)] if gone else [])
    chance = random.Random(seed)
    arrivals = facts + chance.choices(facts, k=chance.randint(0, 4))
    chance.shuffle(arrivals)
    batches, rest = [], arrivals
    while rest:
        size = chance.randint(1, len(rest))
        batches.append(rest[:size])
        rest = rest[size:]
    assert state_after(installation, batches) == state_after(installation, [facts])


def state_after(installation: Installation, batches: list[list[Fact]]) -> dict[str, Any]:
    """Return the end state, and leave the database as it was."""
    with transaction.atomic():
        for batch in batches:
            tell(installation, batch, NOW + DAY)
        with within(installation.pk):
            state = end_state()
        transaction.set_rollback(True)
    return state


# One person's history, for what brute force can answer: the account was made and confirmed, all else is drawn.
ago = st.integers(0, 24 * 420)
rows = st.lists(
    st.tuples(st.sampled_from(["cart", "cart ordered", "empty cart", "paid", "unpaid", "returned", "cancelled"]), ago),
    max_size=6,
    unique_by=lambda row: row[1],
)
History = list[tuple[str, int]]


def tell_history(installation: Installation, history: History, joined: int) -> None:
    facts: list[Fact] = [account(NOW, joined=NOW - joined * HOUR)]
    for number, (kind, hours) in enumerate(history):
        at, name = NOW - hours * HOUR, str(number)
        if "cart" in kind:
            facts.append(cart(at, name, lines=() if kind == "empty cart" else (("v", 1),)))
        if kind not in ("cart", "empty cart"):
            placed = order(at, name, checkout=name if kind == "cart ordered" else None, paid=kind != "unpaid")
            if kind == "returned":
                placed = replace(placed, charge_status="NONE", charged=Decimal(0), refunded=Decimal(20))
            facts.append(replace(placed, status="CANCELED") if kind == "cancelled" else placed)
    tell(installation, facts, NOW)


def brute(history: History, joined: int, at: datetime, slack: float) -> tuple[str, str]:
    """Return phase and band by the definitions (DESIGN §2), a second time; ``slack`` is the noise of floats."""

    def left(hours: int, half_life: int) -> float:
        return 2.0 ** -((at - NOW + hours * HOUR) / (half_life * DAY))

    bought = sorted({NOW - hours * HOUR for kind, hours in history if kind in ("paid", "cart ordered")})
    back = sorted(NOW - hours * HOUR for kind, hours in history if kind == "returned")
    carts = [hours for kind, hours in history if kind in ("cart", "cart ordered")]
    counting = bought or back
    if counting:
        orders = [hours for kind, hours in history if kind in ("paid", "cart ordered", "returned")]
        returns = [hours for kind, hours in history if kind == "returned"]
        score = sum(30 * left(hours, 90) for hours in orders) + sum(4 * left(hours, 90) for hours in carts)
        score -= sum(15 * left(hours, 90) for hours in returns)
        return "retention" if at < lost(counting) else "loss", band(score * (1 + slack))
    score = (4 * left(joined, 7) + sum(12 * left(hours, 7) for hours in carts)) * (1 + slack)
    open_until = [NOW - hours * HOUR + 30 * DAY for kind, hours in history if kind == "cart"]
    is_interested = score >= 10 or any(at < until for until in open_until)
    return "sales" if is_interested else "education", band(score)


def lost(bought: list[datetime]) -> datetime:
    """Return the loss date on the fixed rung: the last orders of the shop's days, 180, 90, then 40 days."""
    last_of_day = list({moment.date(): moment for moment in bought}.values())
    return max(moment + {0: 180, 1: 90}.get(number, 40) * DAY for number, moment in enumerate(last_of_day))


def band(score: float) -> str:
    shown = 100 * score / (score + 20) if score > 0 else 0.0
    return "hot" if shown >= 55 else "warm" if shown >= 25 else "cold"


@settings(max_examples=30, **QUIET)
@given(history=rows, joined=ago, data=st.data())
def test_nobody_moves_before_they_are_due_and_everybody_does_then(
    installation: Installation, history: History, joined: int, data: st.DataObject
) -> None:
    with transaction.atomic():
        tell_history(installation, history, joined)
        at, looks = NOW, 0
        while True:
            with within(installation.pk):
                held = Customer.objects.get(merged_into=None)
            stands = (held.phase, held.band)
            assert stands in (brute(history, joined, at, 1e-9), brute(history, joined, at, -1e-9))
            if held.due_at is None:
                break
            assert held.due_at > at, "a look leaves the next one ahead"
            between = at + (held.due_at - SECOND - at) * data.draw(st.floats(0, 1))
            assert brute(history, joined, between, 1e-9) == stands
            assert brute(history, joined, held.due_at - SECOND, 1e-9) == stands
            assert brute(history, joined, held.due_at, -1e-9) != stands, "the first second of something else"
            at = held.due_at
            assert customers.run(installation.pk, at - SECOND) == 0
            assert customers.run(installation.pk, at) == 1
            looks += 1
            assert looks < 8, "phases and bands are few"
        assert brute(history, joined, at + 4000 * DAY, 1e-9) == stands
        transaction.set_rollback(True)


@settings(max_examples=30, **QUIET)
@given(hours=st.lists(ago, min_size=2, max_size=8, unique=True))
@example(hours=[24 * 100, 24 * 40, 1])
def test_an_order_never_brings_the_loss_date_nearer(installation: Installation, hours: list[int]) -> None:
    with transaction.atomic():
        dates = []
        for number, one in enumerate(sorted(hours, reverse=True)):
            tell(installation, [order(NOW - one * HOUR, str(number))], NOW)
            with within(installation.pk):
                dates.append(Customer.objects.values_list("loss_at", flat=True).get())
        assert dates == sorted(dates)
        transaction.set_rollback(True)
