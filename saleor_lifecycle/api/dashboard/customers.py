"""One customer: where they stand, why, what would change it, and what they did last."""

from datetime import datetime

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import consent
from saleor_lifecycle.domain import explanation
from saleor_lifecycle.domain.consent import Basis as ConsentBasis
from saleor_lifecycle.domain.explanation import Basis as ScoreBasis
from saleor_lifecycle.domain.explanation import Trigger
from saleor_lifecycle.domain.identity import IdentityKind
from saleor_lifecycle.domain.phases import stand
from saleor_lifecycle.domain.scoring import Band
from saleor_lifecycle.models import timeline
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.models.timeline import ActivityKind

from ..errors import Refusal
from .access import Info, Needs, Permission
from .identities import Identity, identities_of
from .money import Money
from .phases import Cause, Phase, Reason

strawberry.enum(Trigger, name="NextTrigger")
strawberry.enum(ScoreBasis, name="ScorePart")
strawberry.enum(Band)
strawberry.enum(ActivityKind)
strawberry.enum(ConsentBasis, name="ConsentState")

MOST = 100
"""Rows of a customer's history that are answered at once."""


@strawberry.type
class Why:
    reason: Reason
    orders: int
    last_order_at: datetime | None
    cart_open_until: datetime | None
    score: int


@strawberry.type(description="An order always leads to RETENTION (trigger ORDER, at null); time leads where `at` says.")
class Next:
    trigger: Trigger
    phase: Phase
    at: datetime | None


@strawberry.type(
    description="How much of the score each kind of activity gives now, before saturation; negative for returns."
)
class ScoreShare:
    kind: ActivityKind
    points: float


@strawberry.type
class Score:
    value: int = strawberry.field(description="0 to 100, at the moment of asking.")
    part: ScoreBasis
    band: Band
    band_until: datetime | None
    parts: list[ScoreShare]


@strawberry.type
class Activity:
    kind: ActivityKind
    at: datetime
    reference: str = strawberry.field(description="An order's number, a message's step; never personal data.")
    money: Money | None


@strawberry.type
class PhaseChange:
    before: Phase | None
    after: Phase
    cause: Cause
    reason: Reason
    at: datetime


@strawberry.type
class Customer:
    row_id: strawberry.Private[int]
    id: strawberry.ID
    phase: Phase
    phase_since: datetime | None = strawberry.field(
        description="Null for the seconds between the moment that changes the phase and its being written down."
    )
    why: Why = strawberry.field(description="Why: a code and its facts, worded by the extension.")
    next: list[Next] = strawberry.field(
        description="What would change the phase, and when; empty when nothing is foreseen."
    )
    score: Score
    orders: int
    last_order_at: datetime | None
    spent: list[Money]
    loss_at: datetime | None
    loss_rung: str
    consent: ConsentBasis = strawberry.field(description="To e-mails about carts.")

    @strawberry.field(description="Newest first, at most 100.")
    def activities(self, info: Info, first: int = 10) -> list[Activity]:
        _check_first(first)
        with within(info.context.installation_id):
            found = timeline.activities(self.row_id, first)
        return [
            Activity(
                kind=activity.kind,
                at=activity.at,
                reference=activity.reference,
                money=None if activity.amount is None else Money(amount=activity.amount, currency=activity.currency),
            )
            for activity in found
        ]

    @strawberry.field(
        description="The handles that are this person: accounts and e-mails; last those that staff keep apart from it."
    )
    def identities(self, info: Info) -> list[Identity]:
        with within(info.context.installation_id):
            return identities_of(self.row_id, info.context.installation_id)

    @strawberry.field(description="Newest first, at most 100.")
    def phase_changes(self, info: Info, first: int = 10) -> list[PhaseChange]:
        _check_first(first)
        with within(info.context.installation_id):
            rows = list(models.PhaseChange.objects.filter(customer_id=self.row_id).order_by("-at", "-id")[:first])
        return [
            PhaseChange(
                before=Phase(row.before) if row.before else None,
                after=Phase(row.after),
                cause=Cause(row.cause),
                reason=Reason(row.reason),
                at=row.at,
            )
            for row in rows
        ]


@strawberry.type
class CustomerQuery:
    @strawberry.field(
        description="Null when the app knows nobody by that Saleor user id.", extensions=[Needs(Permission.USERS)]
    )
    def customer(self, info: Info, user_id: strawberry.ID) -> Customer | None:
        with within(info.context.installation_id):
            row = (
                models.Customer.objects.select_related("policy", "installation")
                .filter(identities__kind=IdentityKind.USER.value, identities__value=user_id, phase_since__isnull=False)
                .first()
            )
            if row is None:
                return None
            cart = consent.choices(row.installation, str(user_id), None, "email")["cart"]
        return _shown(row, cart.basis, info.context.now)


def _shown(row: models.Customer, basis: ConsentBasis, now: datetime) -> Customer:
    """Return a customer as they stand at ``now``, which the stored row may be some seconds behind."""
    assert row.policy is not None
    profile, policy = row.profile(), row.policy.value()
    standing = stand(profile, policy, now)
    score = explanation.score(profile, standing, policy, now)
    open_until = profile.cart_open_until
    return Customer(
        row_id=row.pk,
        id=strawberry.ID(str(row.public_id)),
        phase=standing.phase,
        phase_since=row.phase_since if row.phase == standing.phase else None,
        why=Why(
            reason=standing.reason,
            orders=profile.orders,
            last_order_at=profile.last_order_at,
            cart_open_until=open_until if open_until and open_until > now else None,
            score=score.value,
        ),
        next=[
            Next(trigger=move.trigger, phase=move.phase, at=move.at)
            for move in explanation.foreseen(profile, policy, now)
        ],
        score=Score(
            value=score.value,
            part=score.basis,
            band=score.band,
            band_until=score.band_until,
            parts=[ScoreShare(kind=ActivityKind(kind.value), points=points) for kind, points in score.shares],
        ),
        orders=profile.orders,
        last_order_at=profile.last_order_at,
        spent=[Money(amount=amount, currency=currency) for currency, amount in profile.spent],
        loss_at=row.loss_at,
        loss_rung=row.loss_rung,
        consent=basis,
    )


def _check_first(first: int) -> None:
    if not 1 <= first <= MOST:
        raise Refusal(f"first: give 1 to {MOST}.", "INVALID")
