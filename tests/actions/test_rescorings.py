import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection

from saleor_lifecycle.actions import rescoring_blocks, rescorings
from saleor_lifecycle.actions.rescorings import Busy, NotProposed, Overtaken
from saleor_lifecycle.domain.policies import PolicyError, policy_document
from saleor_lifecycle.domain.prediction import RUNG_FIT, RUNG_SET
from saleor_lifecycle.domain.scoring import DEFAULT_POLICY, LossPolicy, Policy
from saleor_lifecycle.models import (
    Customer,
    Fit,
    Installation,
    Outbox,
    PhaseChange,
    PolicyVersion,
    Rescoring,
    RescoringPart,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import customers, sweep
from saleor_lifecycle.tasks.nudge import RESCORE
from saleor_lifecycle.tasks.rescorings import work
from tests.facts import account, order, tell

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
State = Rescoring.State
NINE_DAYS = replace(DEFAULT_POLICY, loss=LossPolicy(set_days=9.0))


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescoring_blocks, "BLOCK", 2)
    monkeypatch.setattr(rescorings, "PARTS", 2)


def people(installation: Installation, now: datetime, count: int = 8) -> None:
    """Buyers whose only orders lie 10, 20, ... days back, and one who has not bought."""
    facts = [order(now - 10 * n * DAY, f"order {n}", None, f"{n}@example.com") for n in range(1, count)]
    tell(installation, [*facts, account(now, joined=now)], now)


def propose(installation: Installation, policy: Policy, now: datetime) -> Rescoring:
    with within(installation.pk):
        fresh = Installation.objects.select_related("policy", "fit").get(pk=installation.pk)
        return rescorings.propose_policy(fresh, policy_document(policy), now)


def fit(installation: Installation, now: datetime, alpha: float = 51.0) -> Fit:
    with within(installation.pk):
        return Fit.objects.create(
            installation=installation,
            number=Fit.objects.count() + 1,
            day=now.date(),
            rung=RUNG_FIT,
            r=0.64,
            alpha=alpha,
            a=0.81,
            b=1.23,
            silences=[100.0, 90.0, 80.0],
            buyers=400,
            reorderers=200,
            created_at=now,
        )


def walk(installation: Installation, now: datetime) -> None:
    work(installation.pk, 60, clock=lambda: now)


def apply(installation: Installation, row: Rescoring, now: datetime) -> None:
    with within(installation.pk):
        rescorings.apply(installation.pk, row.pk, now)
    walk(installation, now)


def stored(installation: Installation, row: Rescoring) -> Rescoring:
    with within(installation.pk):
        return Rescoring.objects.get(pk=row.pk)


def dump(installation: Installation) -> dict[str, list[dict[str, Any]]]:
    with within(installation.pk):
        return {
            model.__name__: list(model.objects.order_by("pk").values())
            for model in (Customer, PhaseChange, Outbox, PolicyVersion, Rescoring, Installation)
        }


def test_a_preview_counts_who_would_move_and_writes_nothing(installation: Installation, now: datetime) -> None:
    people(installation, now)
    before = dump(installation)
    row = propose(installation, NINE_DAYS, now)
    assert (RESCORE, installation.pk) in sweep.due(now)
    walk(installation, now)
    found = stored(installation, row)
    assert (found.state, found.moves, found.looked, found.total) == (State.PROPOSED, {"retention>loss": 7}, 8, 8)
    after = dump(installation)
    assert {name: after[name] for name in ("Customer", "PhaseChange", "Outbox", "Installation")} == {
        name: before[name] for name in ("Customer", "PhaseChange", "Outbox", "Installation")
    }
    assert (RESCORE, installation.pk) not in sweep.due(now + DAY)


def test_applied_it_moves_them_with_its_cause(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    people(installation, now)
    people(other_installation, now)
    others = dump(other_installation)
    row = propose(installation, NINE_DAYS, now)
    walk(installation, now)
    apply(installation, row, now)
    assert stored(installation, row).state == State.APPLIED
    with within(installation.pk):
        moved = PhaseChange.objects.filter(cause="policy")
        assert set(moved.values_list("before", "after", "reason", "at")) == {
            ("retention", "loss", "silent_too_long", now)
        }
        assert moved.count() == Customer.objects.filter(phase="loss", phase_since=now, loss_rung=RUNG_SET).count() == 7
        assert set(Customer.objects.filter(merged_into=None).values_list("policy", flat=True)) == {row.policy_id}
        assert Installation.objects.get(pk=installation.pk).policy_id == row.policy_id
    assert dump(other_installation) == others


@pytest.mark.parametrize(
    ("policy", "is_scores_only"),
    [
        (replace(NINE_DAYS, theta=3.0, k=33.0), False),
        (replace(DEFAULT_POLICY, keeps_returned_buyers=False, k=33.0), False),
        (replace(DEFAULT_POLICY, customer=replace(DEFAULT_POLICY.customer, half_life_days=9.0), theta=3.0), True),
    ],
)
def test_what_sql_wrote_is_what_python_would(
    installation: Installation, now: datetime, policy: Policy, is_scores_only: bool
) -> None:
    people(installation, now)
    unmoved = dump(installation)["Customer"]
    row = propose(installation, policy, now)
    assert row.is_scores_only == is_scores_only
    walk(installation, now)
    apply(installation, row, now)
    before = dump(installation)["Customer"]
    assert before != unmoved
    people(installation, now)
    assert dump(installation)["Customer"] == before


def test_saleors_record_is_asked_for_where_something_changed(installation: Installation, now: datetime) -> None:
    people(installation, now)
    with within(installation.pk):
        Installation.objects.update(is_projecting=True)
    row = propose(installation, NINE_DAYS, now)
    walk(installation, now)
    apply(installation, row, now)
    with within(installation.pk):
        moved = set(PhaseChange.objects.filter(cause="policy").values_list("customer_id", flat=True))
        assert set(Outbox.objects.values_list("key", "due_at")) == {(str(one), now) for one in moved}


def test_a_refit_is_applied_by_itself(installation: Installation, now: datetime) -> None:
    people(installation, now)
    new = fit(installation, now)
    with within(installation.pk):
        row = rescorings.propose_fit(new, now)
    walk(installation, now)  # the preview
    walk(installation, now)
    assert stored(installation, row).state == State.APPLIED
    with within(installation.pk):
        assert Installation.objects.get(pk=installation.pk).fit_id == new.pk
        buyers = Customer.objects.filter(order_days=1)
        assert buyers.count() == 7
        assert set(buyers.values_list("loss_rung", flat=True)) == {RUNG_FIT}
        assert not buyers.filter(next_order_at=None).exists()


def test_a_refit_waits_for_a_merchant_who_wants_it_so(installation: Installation, now: datetime) -> None:
    people(installation, now)
    with within(installation.pk):
        Installation.objects.update(applies_refits=False)
        row = rescorings.propose_fit(fit(installation, now), now)
    walk(installation, now)
    walk(installation, now)
    assert stored(installation, row).state == State.PROPOSED
    with within(installation.pk):
        assert Installation.objects.get(pk=installation.pk).fit_id is None


def test_a_refit_that_moves_dates_by_less_than_a_day_writes_nothing(installation: Installation, now: datetime) -> None:
    people(installation, now)
    for alpha, writes in ((51.0, True), (51.2, False), (55.0, True)):
        before = dump(installation)["Customer"]
        with within(installation.pk):
            rescorings.propose_fit(fit(installation, now, alpha), now)
        walk(installation, now)
        walk(installation, now)
        assert (dump(installation)["Customer"] != before) == writes, alpha


def test_facts_that_come_in_during_the_walk_are_judged_by_what_holds(installation: Installation, now: datetime) -> None:
    people(installation, now)
    row = propose(installation, NINE_DAYS, now)
    walk(installation, now)
    with within(installation.pk):
        rescorings.apply(installation.pk, row.pk, now)
    tell(installation, [order(now, "new", None, "new@example.com")], now)
    with within(installation.pk):
        assert Customer.objects.get(first_order_at=now).loss_at == now + 9 * DAY


def test_who_comes_due_before_the_walk_is_judged_by_what_holds(installation: Installation, now: datetime) -> None:
    """By the old dates they would be lost; the new ones leave them another year."""
    people(installation, now)
    row = propose(installation, replace(DEFAULT_POLICY, loss=LossPolicy(set_days=540.0)), now)
    walk(installation, now)
    with within(installation.pk):
        rescorings.apply(installation.pk, row.pk, now)
    later = now + 175 * DAY
    assert customers.run(installation.pk, later) > 0
    with within(installation.pk):
        assert not PhaseChange.objects.filter(after="loss").exists()
        assert Customer.objects.filter(policy=row.policy, loss_rung=RUNG_SET).exists()
    walk(installation, later)
    assert stored(installation, row).state == State.APPLIED


def test_a_newer_proposal_takes_the_place_of_one_that_waits(installation: Installation, now: datetime) -> None:
    first = propose(installation, NINE_DAYS, now)
    second = propose(installation, replace(DEFAULT_POLICY, theta=5.0), now)
    assert (first.policy.number, second.policy.number) == (2, 3)  # type: ignore[union-attr]
    assert stored(installation, first).state == State.DISCARDED
    with pytest.raises(NotProposed), within(installation.pk):
        rescorings.apply(installation.pk, first.pk, now)
    assert stored(installation, second).state == State.PREVIEWING


def test_nothing_is_proposed_while_something_is_applied(installation: Installation, now: datetime) -> None:
    people(installation, now)
    row = propose(installation, NINE_DAYS, now)
    walk(installation, now)
    with within(installation.pk):
        rescorings.apply(installation.pk, row.pk, now)
    before = dump(installation)
    with pytest.raises(Busy):
        propose(installation, DEFAULT_POLICY, now)
    with pytest.raises(Busy), within(installation.pk):
        rescorings.propose_fit(fit(installation, now), now)
    assert dump(installation) == before


def test_a_document_that_is_none_leaves_no_trace(installation: Installation, now: datetime) -> None:
    before = dump(installation)
    with pytest.raises(PolicyError, match="theta"), within(installation.pk):
        rescorings.propose_policy(installation, policy_document(DEFAULT_POLICY) | {"theta": -1}, now)
    assert dump(installation) == before


def test_a_discarded_one_moves_nobody(installation: Installation, now: datetime) -> None:
    people(installation, now)
    row = propose(installation, NINE_DAYS, now)
    with within(installation.pk):
        rescorings.discard(installation.pk, row.pk, now)
    before = dump(installation)
    walk(installation, now)
    with pytest.raises(NotProposed), within(installation.pk):
        rescorings.discard(installation.pk, row.pk, now)
    assert dump(installation) == before


def test_one_whose_lease_was_taken_over_writes_nothing(installation: Installation, now: datetime) -> None:
    people(installation, now)
    propose(installation, NINE_DAYS, now)
    later = now + rescorings.LEASE
    with within(installation.pk):
        slow, other = (rescorings.claim(installation.pk, now) for _ in range(2))
        assert slow
        assert other
        assert rescorings.claim(installation.pk, now) is None
        assert {rescorings.claim(installation.pk, later), rescorings.claim(installation.pk, later)} == {slow, other}
    before = dump(installation)
    with pytest.raises(Overtaken), within(installation.pk):
        rescorings.walk(slow, later)
    assert dump(installation) == before


def test_one_that_was_discarded_during_a_block_writes_nothing(installation: Installation, now: datetime) -> None:
    people(installation, now)
    row = propose(installation, NINE_DAYS, now)
    with within(installation.pk):
        held = rescorings.claim(installation.pk, now)
        rescorings.discard(installation.pk, row.pk, now)
    before = dump(installation)
    assert held
    with pytest.raises(Overtaken), within(installation.pk):
        rescorings.walk(held, now)
    assert dump(installation) == before


def test_it_is_over_when_the_last_of_its_parts_is(installation: Installation, now: datetime) -> None:
    people(installation, now)
    row = propose(installation, NINE_DAYS, now)
    looked = []
    with within(installation.pk):
        held = [rescorings.claim(installation.pk, now) for _ in range(2)]
        assert all(held)
        assert not rescorings.is_due(installation.pk, now)
        while any(held):
            held = [part and rescorings.walk(part, now) for part in held]
            found = Rescoring.objects.get(pk=row.pk)
            looked.append((found.looked, RescoringPart.objects.count(), found.state))
    assert looked == [(4, 2, State.PREVIEWING), (8, 1, State.PREVIEWING), (8, 0, State.PROPOSED)]
    assert stored(installation, row).moves == {"retention>loss": 7}


def test_time_alone_moves_those_to_whom_some_part_has_come(installation: Installation, now: datetime) -> None:
    """By the old dates all of them are lost; those whom the walk has not come to are judged by the new ones first."""
    people(installation, now)
    row = propose(installation, replace(DEFAULT_POLICY, loss=LossPolicy(set_days=540.0)), now)
    walk(installation, now)
    with within(installation.pk):
        rescorings.apply(installation.pk, row.pk, now)
        first, second = rescorings.claim(installation.pk, now), rescorings.claim(installation.pk, now)
        assert first
        assert second
        rescorings.walk(second, now)
        walked = set(Customer.objects.filter(policy=row.policy).values_list("pk", flat=True))
        assert len(walked) == 2
        assert min(walked) > second.cursor >= first.until
        # As if the walk had left them where they are.
        Customer.objects.filter(pk__in=walked).update(loss_at=now, due_at=now + DAY)
    customers.run(installation.pk, now + 175 * DAY)
    with within(installation.pk):
        moved = PhaseChange.objects.filter(after="loss")
        assert {(change.customer_id, change.cause) for change in moved} == {(key, "time") for key in walked}
        judged = Customer.objects.filter(policy=row.policy, loss_rung=RUNG_SET).exclude(pk__in=walked)
        assert judged.filter(pk__lte=first.until).exists()
        assert judged.filter(pk__gt=second.cursor).exists()


class Killed(DatabaseError):
    """In the place of a worker's end: whatever its transaction had written is gone."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    left = [statement]

    def dies(execute: Any, *arguments: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        return execute(*arguments)

    with connection.execute_wrapper(dies):
        yield


def carried_through(installation: Installation, now: datetime, chance: random.Random | None) -> Any:
    """Propose a policy, apply it, then a fit: killed at random statements or not. Return all that it ended with."""
    people(installation, now)

    def go_on(until: State, row: Rescoring) -> None:
        at = now
        while stored(installation, row).state != until:
            at += rescorings.LEASE  # the sweep comes back when the dead one's lease is over
            try:
                with killed_at(chance.randint(1, 40) if chance else 10**9):
                    work(installation.pk, 60, clock=partial(max, now, now if chance is None else at))
            except Killed:
                kills.append(1)

    kills: list[int] = []
    row = propose(installation, replace(NINE_DAYS, theta=3.0), now)
    go_on(State.PROPOSED, row)
    with within(installation.pk):
        rescorings.apply(installation.pk, row.pk, now)
    go_on(State.APPLIED, row)
    with within(installation.pk):
        refit = rescorings.propose_fit(fit(installation, now), now)
    go_on(State.APPLIED, refit)
    return len(kills), _without_moments(dump(installation))


def _without_moments(rows: dict[str, list[dict[str, Any]]]) -> Any:
    """Less the ids, and when it was: later, if somebody was killed."""
    ids = {row["id"]: place for place, row in enumerate(rows["Customer"])}
    dropped = {
        "id",
        "public_id",
        "holdout_key",
        "merged_into_id",
        "phase_since",
        "at",
        "finished_at",
        "installation_id",
        "policy_id",
        "fit_id",
    }
    return {
        name: [
            {key: ids.get(value, value) if key == "customer_id" else value for key, value in row.items()
             if key not in dropped}
            for row in rows[name]
        ]
        for name in ("Customer", "PhaseChange", "PolicyVersion", "Rescoring")
    }  # fmt: skip


def test_killed_at_random_statements_it_ends_the_same(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    kills, ended = carried_through(installation, now, random.Random(4))
    assert kills > 10
    calm, ended_calmly = carried_through(other_installation, now, None)
    assert calm == 0
    for name, rows in ended.items():
        for some in (rows, ended_calmly[name]):
            some.sort(key=lambda row: (row.get("customer_id", 0), row.get("cause", "")))
        assert len(rows) == len(ended_calmly[name])
        for row, calm_row in zip(rows, ended_calmly[name], strict=True):
            assert {k: (v, calm_row[k]) for k, v in row.items() if v != calm_row[k]} == {}, name


def test_an_order_never_brings_the_loss_date_nearer(installation: Installation, now: datetime) -> None:
    policy = replace(DEFAULT_POLICY, loss=LossPolicy(per_channel={"default-channel": 200.0, "fast": 12.0}))
    row = propose(installation, policy, now)
    walk(installation, now)
    apply(installation, row, now)
    with within(installation.pk):
        Installation.objects.update(fit=fit(installation, now))
    chance = random.Random(7)
    for person in range(6):
        at, before = now, now
        for number in range(5):
            one = order(at, f"{person}-{number}", None, f"{person}@example.com", paid=chance.random() < 0.8)
            tell(installation, [replace(one, channel=chance.choice(["default-channel", "fast", "other"]))], at)
            with within(installation.pk):
                held = Customer.objects.get(identities__value=f"{person}@example.com")
            if held.loss_at is not None:
                assert held.loss_at >= before
                before = held.loss_at
            at += chance.randint(1, 60) * DAY
