"""The few settings that make one of the four flows that the app brings."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import admissions, named_flows
from saleor_lifecycle.domain.incentives import Incentive
from saleor_lifecycle.domain.named_flows import INCENTIVES, WIN_BACK, Clock, Settings, delays

strawberry.enum(Clock, name="FlowClock", description="From when a delay counts.")


@strawberry.type
class FlowDelay:
    key: str = strawberry.field(description="`idle` is the time after which a cart counts as abandoned.")
    seconds: int
    counts: Clock
    template: str = strawberry.field(description="The message that is sent then; empty for none.")


@strawberry.type(description="A code for one customer alone.")
class FlowIncentive:
    percent: int = strawberry.field(description="Off the order; 0: its delivery is free.")
    lasts_days: int


@strawberry.type(description="What makes one of the flows that the app brings.")
class FlowSettings:
    delays: list[FlowDelay]
    days_before: int | None = strawberry.field(
        description="When the first message leaves, before the loss date; null in flows that do not go by it."
    )
    incentive: FlowIncentive | None
    may_have_incentive: bool
    holdout: float
    per_hour: int | None = strawberry.field(
        description="Of those who were lost before the flow was switched on; null: a fiftieth of them a day, and at "
        "least 20 an hour."
    )


@strawberry.type(description="Those who were lost before the flow was there to wait for their loss dates.")
class FlowExisting:
    people: int = strawberry.field(description="So many at most come in: the rules of entry hold for them too.")
    per_hour: int


@strawberry.input
class FlowDelayInput:
    key: str
    seconds: int


@strawberry.input
class FlowIncentiveInput:
    percent: int
    lasts_days: int


@strawberry.input(description="What is left out stays.")
class FlowSettingsInput:
    delays: list[FlowDelayInput] = strawberry.field(default_factory=list)
    days_before: int | None = None
    incentive: FlowIncentiveInput | None = None
    without_incentive: bool = False
    holdout: float | None = None
    per_hour: int | None = None
    without_pace: bool = strawberry.field(default=False, description="The app finds the pace itself, as at first.")


def shown(flow: models.Flow) -> FlowSettings | None:
    """Return a flow's settings as the schema has them; None where the flow holds more than these."""
    held = named_flows.settings_of(flow)
    if held is None:
        return None
    code = held.incentive
    return FlowSettings(
        delays=[
            FlowDelay(key=one.key, seconds=int(lasts.total_seconds()), counts=one.counts, template=one.template)
            for one, lasts in delays(flow.key, held)
        ],
        days_before=held.days_before if flow.key == WIN_BACK else None,
        incentive=None if code is None else FlowIncentive(percent=code.percent, lasts_days=code.lasts.days),
        may_have_incentive=flow.key in INCENTIVES,
        holdout=held.holdout,
        per_hour=held.per_hour,
    )


def existing(flow: models.Flow, now: datetime) -> FlowExisting | None:
    """Return whom switching a flow on would let in; None of one that takes nobody who is there already."""
    found = admissions.existing(flow, now)
    return None if found is None else FlowExisting(people=found.people, per_hour=found.per_hour)


def given(flow: models.Flow, wanted: FlowSettingsInput) -> tuple[Mapping[str, timedelta], Mapping[str, Any]]:
    """Return the delays that were given, and the other settings, by the names that ``Settings`` has for them."""
    plain = {name: getattr(wanted, name) for name in ("days_before", "holdout", "per_hour")}
    changed: dict[str, Any] = {name: value for name, value in plain.items() if value is not None}
    if wanted.without_pace:
        changed["per_hour"] = None
    if wanted.without_incentive:
        changed["incentive"] = None
    elif wanted.incentive is not None:
        changed["incentive"] = _code(flow, wanted.incentive)
    return {one.key: timedelta(seconds=one.seconds) for one in wanted.delays}, changed


def _code(flow: models.Flow, wanted: FlowIncentiveInput) -> Incentive:
    held: Settings | None = named_flows.settings_of(flow)
    like = (held.incentive if held else None) or INCENTIVES.get(flow.key, INCENTIVES[WIN_BACK])
    # More days than a date holds are refused as too many.
    return replace(like, percent=wanted.percent, lasts=timedelta(days=min(max(wanted.lasts_days, 0), 10_000)))
