"""The shapes in which policies, fits and rescorings are shown and given."""

from datetime import date, datetime
from typing import Any

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.domain.phases import Phase
from saleor_lifecycle.domain.scoring import Kind, LossPolicy, Part
from saleor_lifecycle.domain.scoring import Policy as Figures
from saleor_lifecycle.models.timeline import ActivityKind

from .problems import Error

strawberry.enum(models.Rescoring.Kind, name="RescoringKind")
strawberry.enum(models.Rescoring.State, name="RescoringState")


@strawberry.type
class Weight:
    kind: ActivityKind
    weight: float


@strawberry.type
class ScorePolicy:
    half_life_days: float
    weights: list[Weight]


@strawberry.type
class ChannelLoss:
    channel: str
    days: float


@strawberry.type
class LossFigures:
    share: float = strawberry.field(description="Of the chance to be still a customer, how much is left at the date.")
    earliest_days: float
    latest_days: float
    set_days: float | None = strawberry.field(description="Set by the merchant in place of the shop's own figures.")
    per_channel: list[ChannelLoss] = strawberry.field(description="Set for those whose first order came through it.")


@strawberry.type
class Fit:
    day: date
    rung: str
    reason: str = strawberry.field(description="Why the shop's own orders do not carry a fit, as a code; or empty.")
    r: float | None
    alpha: float | None = strawberry.field(description="In days.")
    a: float | None
    b: float | None
    buyers: int
    reorderers: int
    silences: list[float] = strawberry.field(
        description="Days of silence that mean loss after one order day, two, and more, for a typical customer, "
        "within the policy's bounds."
    )


@strawberry.type
class Policy:
    version: int
    before: ScorePolicy
    customer: ScorePolicy
    theta: float
    k: float
    warm_from: float
    hot_from: float
    keeps_returned_buyers: bool
    loss: LossFigures
    fit: Fit | None = strawberry.field(description="Null before the first: 180, 90 and 40 days hold.")
    applies_refits: bool
    next_refit_at: datetime


@strawberry.type
class PhaseMove:
    before: Phase
    after: Phase
    customers: int


@strawberry.type
class Rescoring:
    id: strawberry.ID
    kind: models.Rescoring.Kind
    state: models.Rescoring.State
    percent: float = strawberry.field(description="Of the state that it is in.")
    customers: int = strawberry.field(description="How many would move, as far as was looked.")
    moves: list[PhaseMove]
    policy_version: int | None
    fit: Fit | None
    created_at: datetime
    finished_at: datetime | None


@strawberry.input
class WeightInput:
    kind: ActivityKind
    weight: float


@strawberry.input
class ScorePolicyInput:
    half_life_days: float | None = None
    weights: list[WeightInput] | None = None


@strawberry.input
class ChannelLossInput:
    channel: str
    days: float


@strawberry.input
class LossInput:
    share: float | None = None
    earliest_days: float | None = None
    latest_days: float | None = None
    set_days: float | None = strawberry.field(default=strawberry.UNSET, description="Null: no longer set.")
    per_channel: list[ChannelLossInput] | None = None


@strawberry.input(description="What is left out stays as it is; lists replace the ones that hold.")
class PolicyInput:
    before: ScorePolicyInput | None = None
    customer: ScorePolicyInput | None = None
    theta: float | None = None
    k: float | None = None
    warm_from: float | None = None
    hot_from: float | None = None
    keeps_returned_buyers: bool | None = None
    loss: LossInput | None = None


@strawberry.type
class RescoringResult:
    rescoring: Rescoring | None
    errors: list[Error]


@strawberry.type
class RefitSettingsUpdate:
    policy: Policy | None
    errors: list[Error]


def change(document: dict[str, Any], given: PolicyInput) -> dict[str, Any]:
    """Return the document with what was given in it."""
    for name in ("theta", "k", "warm_from", "hot_from", "keeps_returned_buyers"):
        if getattr(given, name) is not None:
            document[name] = getattr(given, name)
    for name, part in (("before", given.before), ("customer", given.customer)):
        if part and part.half_life_days is not None:
            document[name]["half_life_days"] = part.half_life_days
        if part and part.weights is not None:
            document[name]["weights"] = {row.kind.value: row.weight for row in part.weights}
    if given.loss:
        named = {name: getattr(given.loss, name) for name in ("share", "earliest_days", "latest_days")}
        document["loss"] |= {name: figure for name, figure in named.items() if figure is not None}
        if given.loss.set_days is not strawberry.UNSET:
            document["loss"]["set_days"] = given.loss.set_days
        if given.loss.per_channel is not None:
            document["loss"]["per_channel"] = {row.channel: row.days for row in given.loss.per_channel}
    return document


def show_policy(installation: models.Installation) -> Policy:
    assert installation.policy is not None
    figures: Figures = installation.policy.value()
    return Policy(
        version=installation.policy.number,
        before=_part(figures.before),
        customer=_part(figures.customer),
        theta=figures.theta,
        k=figures.k,
        warm_from=figures.warm_from,
        hot_from=figures.hot_from,
        keeps_returned_buyers=figures.keeps_returned_buyers,
        loss=_loss(figures.loss),
        fit=None if installation.fit is None else _fit(installation.fit, figures.loss),
        applies_refits=installation.applies_refits,
        next_refit_at=installation.refit_at,
    )


def _part(part: Part) -> ScorePolicy:
    return ScorePolicy(
        half_life_days=part.half_life_days,
        weights=[
            Weight(kind=ActivityKind(Kind(kind).value), weight=weight) for kind, weight in sorted(part.weights.items())
        ],
    )


def _loss(loss: LossPolicy) -> LossFigures:
    return LossFigures(
        share=loss.share,
        earliest_days=loss.earliest_days,
        latest_days=loss.latest_days,
        set_days=loss.set_days,
        per_channel=[ChannelLoss(channel=channel, days=days) for channel, days in sorted(loss.per_channel.items())],
    )


def _fit(fit: models.Fit, loss: LossPolicy) -> Fit:
    names = ("day", "rung", "reason", "r", "alpha", "a", "b", "buyers", "reorderers")
    return Fit(**{name: getattr(fit, name) for name in names}, silences=fit.silences_within(loss))


def show_rescoring(row: models.Rescoring) -> Rescoring:
    policy = row.policy or row.installation.policy
    assert policy is not None
    moves = sorted(row.moves.items(), key=lambda move: -move[1])
    return Rescoring(
        id=strawberry.ID(str(row.pk)),
        kind=models.Rescoring.Kind(row.kind),
        state=models.Rescoring.State(row.state),
        percent=row.percent,
        customers=sum(row.moves.values()),
        moves=[
            PhaseMove(before=Phase(before), after=Phase(after), customers=customers)
            for (before, _, after), customers in ((name.partition(">"), customers) for name, customers in moves)
        ],
        policy_version=None if row.policy is None else row.policy.number,
        fit=None if row.fit is None else _fit(row.fit, policy.value().loss),
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
