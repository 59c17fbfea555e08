"""Fits: what a shop's own orders say of loss, measured anew each week.

Whoever fits holds a lease, the installation's ``refit_at``, and writes only under it: the fit, its proposal and the
next week's date come in one transaction, or not at all.
"""

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max

from saleor_lifecycle.domain.calibration import HORIZONS, Curve, Split, calibrate_split
from saleor_lifecycle.domain.fit import Unfittable, fit
from saleor_lifecycle.domain.ladder import loss_rules, next_refit, rule_without_fit, typical_silences
from saleor_lifecycle.domain.prediction import FIXED, RUNG_FIT, LossRule, Parameters
from saleor_lifecycle.domain.scoring import LossPolicy
from saleor_lifecycle.models import Fit, Installation, histories

from . import rescorings

LEASE = timedelta(minutes=10)
POLICY_FIRST = timedelta(days=1)
"""So long a fit waits for the merchant, who has a policy before them; then it looks again."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What a fit is made of: sums only, so that a million customers weigh a few megabytes."""

    installation_id: int
    lease: datetime
    day: date  # of the shop, the last that was looked at
    known: dict[int, Split]  # by how many days before
    orders: dict[str, Any]  # of which
    loss: LossPolicy
    start: Parameters | None  # last week's


@dataclass(frozen=True, slots=True)
class Fitted:
    parameters: Parameters | Unfittable
    curves: Mapping[int, Curve]  # by horizon


def ask(installation_id: int, now: datetime) -> None:
    """Make a fit due now."""
    Installation.objects.filter(pk=installation_id).update(refit_at=now)


def measure(installation_id: int, now: datetime) -> Measured | None:
    """Return what the fit that is due is made of, and lease it; None if none is, or another is at it, or it waits."""
    due = Installation.objects.filter(pk=installation_id, refit_at__lte=now).exclude(state=Installation.State.REMOVED)
    installation = due.select_for_update(of=("self",), skip_locked=True, no_key=True).first()
    if installation is None:
        return None
    waits = rescorings.is_policy_proposed(installation_id)
    installation.refit_at = now + (POLICY_FIRST if waits else LEASE)
    installation.save(update_fields=["refit_at"])
    if waits:
        return None
    policy = installation.scoring().policy
    day = now.astimezone(zoneinfo.ZoneInfo(installation.time_zone)).date()
    orders = histories.orders_of(
        installation.pk, *histories.EVERYBODY, installation.time_zone, policy.keeps_returned_buyers
    )
    return Measured(
        installation.pk,
        installation.refit_at,
        day,
        histories.known(orders, day),
        orders,
        policy.loss,
        installation.fit.parameters() if installation.fit else None,
    )


def fitted(measured: Measured) -> Fitted:
    """Return the fit with its curves. Takes seconds for a large shop, and no database."""
    found = fit(measured.known[0].histories, measured.start)
    if isinstance(found, Unfittable):
        return Fitted(found, {})
    return Fitted(found, {horizon: calibrate_split(measured.known[horizon], horizon, found) for horizon in HORIZONS})


def store(measured: Measured, found: Fitted, now: datetime) -> Fit | None:
    """Store a fit and propose it; return None if the lease is another's by now. Raises ``rescorings.Busy``.

    One that says what holds already moves nobody and is taken at once.
    """
    new = _row(measured, found, now)
    rescorings.lock(measured.installation_id)
    rows = Installation.objects.select_for_update(of=("self",), no_key=True)
    installation = rows.filter(pk=new.installation_id, refit_at=measured.lease).first()
    if installation is None:
        return None
    new.number = (Fit.objects.filter(installation=installation).aggregate(last=Max("number"))["last"] or 0) + 1
    new.save()
    installation.refit_at = next_refit(now, installation.time_zone)
    if new.value() == (installation.fit.value() if installation.fit else FIXED):
        installation.fit = new
    else:
        rescorings.propose_fit(new, now)
    installation.save(update_fields=["refit_at", "fit"])
    return new


def _row(measured: Measured, found: Fitted, now: datetime) -> Fit:
    shop, parameters = measured.known[0].histories, None
    if isinstance(found.parameters, Unfittable):
        rule = rule_without_fit(*histories.medians(measured.orders, measured.day), FIXED.settings)
        reason = found.parameters.reason.value
    else:
        parameters, reason = found.parameters, ""
        rule = LossRule(RUNG_FIT, parameters)
    return Fit(
        installation_id=measured.installation_id,
        day=measured.day,
        rung=rule.rung,
        reason=reason,
        r=parameters.r if parameters else None,
        alpha=parameters.alpha if parameters else None,
        a=parameters.a if parameters else None,
        b=parameters.b if parameters else None,
        silences=list(typical_silences(loss_rules(rule, measured.loss).shop, shop)),
        buyers=int(shop.weight.sum()),
        reorderers=int(shop.weight[shop.x > 0].sum()),
        curves={str(horizon): [curve.predicted, curve.observed] for horizon, curve in found.curves.items()},
        created_at=now,
    )
