import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, connection

from saleor_lifecycle.actions import fits, rescorings
from saleor_lifecycle.domain.calibration import HORIZONS, calibrate, calibrate_split
from saleor_lifecycle.domain.fit import Reason, fit
from saleor_lifecycle.domain.ladder import interval_medians
from saleor_lifecycle.domain.order_days import OrderDays, known, order_days, ordered_between, triples
from saleor_lifecycle.domain.policies import policy_document
from saleor_lifecycle.domain.prediction import RUNG_FIT, RUNG_FIXED, Parameters
from saleor_lifecycle.domain.scoring import DEFAULT_POLICY
from saleor_lifecycle.models import Customer, Fit, Identity, Installation, Order, Rescoring, histories
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import fits as tasks
from saleor_lifecycle.tasks import sweep
from saleor_lifecycle.tasks.nudge import REFIT
from saleor_lifecycle.tasks.rescorings import work

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
EPOCH_DAY = datetime(1970, 1, 1).toordinal()  # noqa: DTZ001  # of a date


def shop(installation: Installation, now: datetime, buyers: int = 600) -> OrderDays:
    """Give an installation buyers of the last two years, half of whom come back; return their order days."""
    chance = random.Random(3)
    with within(installation.pk):
        customers = Customer.objects.bulk_create(
            Customer(installation=installation, created_at=now, phase_since=now) for _ in range(buyers)
        )
        identities = Identity.objects.bulk_create(
            Identity(installation=installation, kind="user", value=f"{n}", customer=customer)
            for n, customer in enumerate(customers)
        )
        who, days, orders = [], [], []
        for number, identity in enumerate(identities):
            at, rate = now - chance.uniform(1, 700) * DAY, chance.gammavariate(0.8, 1 / 40)
            leaves = chance.betavariate(0.8, 1.6)
            while at < now:
                who.append(number)
                days.append(at.toordinal() - EPOCH_DAY)
                orders.append(_order(installation, identity, f"{len(orders)}", at))
                if chance.random() < leaves:
                    break
                at += chance.expovariate(rate + 1e-6) * DAY
        Order.objects.bulk_create(orders)
    return order_days(who, days)


def _order(installation: Installation, identity: Identity, number: str, at: datetime) -> Order:
    return Order(
        installation=installation,
        order_id=number,
        identity=identity,
        status="FULFILLED",
        charge_status="FULL",
        total=1,
        charged=1,
        refunded=0,
        currency="EUR",
        created_at=at,
        updated_at=at,
        issued_at=at,
    )


def ask(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        fits.ask(installation.pk, now)


def test_sums_in_sql_are_those_of_the_arrays(installation: Installation, now: datetime) -> None:
    orders = shop(installation, now, 150)
    today = now.toordinal() - EPOCH_DAY
    with within(installation.pk):
        values = histories.orders_of(installation.pk, *histories.EVERYBODY, "UTC", True)
        found = histories.known(values, now.date())
        medians = histories.medians(values, now.date())
    assert medians == interval_medians(orders, today)
    for horizon in (0, *HORIZONS):
        then = known(orders, today - horizon)
        rows, expected = found[horizon].histories, triples(then)
        order = np.lexsort((rows.age, rows.t_x, rows.x))
        for name in ("x", "t_x", "age", "weight"):
            assert (getattr(rows, name)[order] == getattr(expected, name)).all(), (horizon, name)
        came = ordered_between(orders, then, today - horizon, today) > 0
        assert found[horizon].came.sum() == came.sum()


def test_a_curve_from_sums_is_the_one_from_each_customer() -> None:
    chance = np.linspace(0.05, 0.9, 40)
    customers, came = np.full(40, 100), np.arange(40) * 2
    one_by_one = np.concatenate([np.arange(100) < number for number in came])
    assert calibrate(chance, came, customers).predicted == pytest.approx(
        calibrate(np.repeat(chance, 100), one_by_one).predicted
    )


def test_a_fit_is_stored_and_proposed(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    orders = shop(installation, now)
    ask(installation, now)
    assert (REFIT, installation.pk) in sweep.due(now)
    new = tasks.run(installation.pk, now)
    assert new is not None
    expected = fit(triples(known(orders, now.toordinal() - EPOCH_DAY)))
    assert isinstance(expected, Parameters)
    assert (new.rung, new.reason, new.number, new.buyers) == (RUNG_FIT, "", 1, 600)
    found = new.parameters()
    assert found is not None
    assert [found.r, found.alpha, found.a, found.b] == pytest.approx(
        [expected.r, expected.alpha, expected.a, expected.b], rel=1e-5
    )
    assert set(new.curves) == {"30", "90"}
    assert (REFIT, installation.pk) not in sweep.due(now + DAY), "a week later"
    for _ in range(2):
        work(installation.pk, 60, clock=lambda: now)
    with within(installation.pk):
        assert Rescoring.objects.get().state == Rescoring.State.APPLIED
        assert Installation.objects.get(pk=installation.pk).fit_id == new.pk
        assert Customer.objects.filter(loss_rung=RUNG_FIT, order_days__gt=0, channel="").count() == 600
    with within(other_installation.pk):
        assert not Fit.objects.exists()


def test_a_small_shop_is_told_why_and_nobody_moves(installation: Installation, now: datetime) -> None:
    ask(installation, now)
    new = tasks.run(installation.pk, now)
    assert new is not None
    assert (new.rung, new.reason, new.buyers) == (RUNG_FIXED, Reason.FEW_BUYERS, 0)
    with within(installation.pk):
        assert Installation.objects.get(pk=installation.pk).fit_id == new.pk
        assert not Rescoring.objects.exists()


def test_none_is_made_before_its_time(installation: Installation, now: datetime) -> None:
    assert tasks.run(installation.pk, now) is None
    with within(installation.pk):
        assert not Fit.objects.exists()


def test_one_whose_lease_was_taken_over_stores_nothing(installation: Installation, now: datetime) -> None:
    ask(installation, now)
    with within(installation.pk):
        slow = fits.measure(installation.pk, now)
        assert slow is not None
        assert fits.measure(installation.pk, now) is None
        assert fits.measure(installation.pk, now + fits.LEASE) is not None
        assert fits.store(slow, fits.fitted(slow), now) is None
        assert not Fit.objects.exists()


def test_it_waits_while_a_change_is_applied(installation: Installation, now: datetime) -> None:
    shop(installation, now)
    ask(installation, now)
    assert tasks.run(installation.pk, now)
    state = Rescoring.State.PREVIEWING.value
    while state == Rescoring.State.PREVIEWING:
        work(installation.pk, 0, clock=lambda: now)  # the preview, which begins to apply it
        with within(installation.pk):
            state = Rescoring.objects.get().state
    assert state == Rescoring.State.APPLYING
    ask(installation, now)
    assert tasks.run(installation.pk, now) is None
    with within(installation.pk):
        assert Fit.objects.count() == 1
    assert (REFIT, installation.pk) in sweep.due(now + fits.LEASE)


@pytest.mark.parametrize("is_previewed", [False, True])
def test_it_waits_a_day_for_the_merchant_who_has_a_policy_before_them(
    installation: Installation, now: datetime, is_previewed: bool
) -> None:
    with within(installation.pk):
        held = Installation.objects.select_related("policy", "fit").get(pk=installation.pk)
        proposal = rescorings.propose_policy(held, policy_document(replace(DEFAULT_POLICY, theta=12.0)), now)
    if is_previewed:
        work(installation.pk, 60, clock=lambda: now)
    ask(installation, now)
    assert tasks.run(installation.pk, now) is None
    with within(installation.pk):
        assert not Fit.objects.exists()
        assert rescorings.current(installation.pk) == proposal
        assert Installation.objects.get(pk=installation.pk).refit_at == now + DAY
        rescorings.discard(installation.pk, proposal.pk, now)
    assert tasks.run(installation.pk, now + DAY) is not None


def test_a_policy_that_is_proposed_while_it_is_measured_stays(installation: Installation, now: datetime) -> None:
    shop(installation, now)
    ask(installation, now)
    with within(installation.pk):
        measured = fits.measure(installation.pk, now)
        assert measured is not None
        held = Installation.objects.select_related("policy", "fit").get(pk=installation.pk)
        proposal = rescorings.propose_policy(held, policy_document(replace(DEFAULT_POLICY, theta=12.0)), now)
    with pytest.raises(rescorings.Busy), within(installation.pk):
        fits.store(measured, fits.fitted(measured), now)
    with within(installation.pk):
        assert not Fit.objects.exists()
        assert rescorings.current(installation.pk) == proposal


@pytest.mark.parametrize("statement", range(1, 30, 2))
def test_killed_at_any_statement_nothing_is_half_done(
    installation: Installation, now: datetime, statement: int
) -> None:
    class Killed(DatabaseError):
        pass

    left = [statement]

    def dies(execute: Any, *arguments: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        return execute(*arguments)

    ask(installation, now)
    try:
        with connection.execute_wrapper(dies):
            tasks.run(installation.pk, now)
    except Killed:
        with within(installation.pk):
            assert not Fit.objects.exists()
        assert tasks.run(installation.pk, now + fits.LEASE) is not None
    with within(installation.pk):
        assert Fit.objects.count() == 1
        assert Installation.objects.get(pk=installation.pk).fit_id == Fit.objects.get().pk
        assert rescorings.current(installation.pk) is None


def test_a_curve_of_too_few_changes_nothing(installation: Installation, now: datetime) -> None:
    shop(installation, now, 50)
    with within(installation.pk):
        values = histories.orders_of(installation.pk, *histories.EVERYBODY, "UTC", True)
        split = histories.known(values, now.date())[30]
    assert calibrate_split(split, 30, None).predicted == (0.0, 1.0)
