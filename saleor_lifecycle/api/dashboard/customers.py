"""One customer: where they stand, why, what would change it, and what they did last."""

import zoneinfo
from datetime import datetime

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import consent, projection
from saleor_lifecycle.domain import explanation
from saleor_lifecycle.domain.consent import Basis as ConsentBasis
from saleor_lifecycle.domain.explanation import Basis as ScoreBasis
from saleor_lifecycle.domain.explanation import Trigger
from saleor_lifecycle.domain.identity import IdentityKind
from saleor_lifecycle.domain.outlook import Outlook, outlook
from saleor_lifecycle.domain.phases import stand
from saleor_lifecycle.domain.projection import State as ProjectionState
from saleor_lifecycle.domain.scoring import Band
from saleor_lifecycle.models import timeline
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.models.timeline import ActivityKind

from .. import why
from ..errors import Refusal
from .access import Info, Needs, Permission
from .activities import Activity, activity_of
from .attributes import CustomerAttribute, attributes_of
from .cursors import cursor, read_cursor
from .identities import Identity, identities_of
from .money import Money
from .phases import Cause, Phase, Reason
from .touches import MarketingTouch, shown

strawberry.enum(Trigger, name="NextTrigger")
strawberry.enum(ScoreBasis, name="ScorePart")
strawberry.enum(Band)
strawberry.enum(ProjectionState, name="ProjectionState")
strawberry.enum(ActivityKind)
strawberry.enum(ConsentBasis, name="ConsentState")

MOST = 100
"""Rows of a customer's history that are answered at once."""


@strawberry.type
class Why:
    spoken: strawberry.Private[explanation.Why]
    zone: strawberry.Private[str]
    reason: Reason
    orders: int
    last_order_at: datetime | None
    cart_open_until: datetime | None
    score: int
    rung: str = strawberry.field(description="How the loss date was found; empty without one.")
    silence_days: int | None = strawberry.field(description="Whole days from the last order to the loss date.")

    @strawberry.field(
        description="The same in a few sentences, with what would change it; `language` is BCP-47, English where it "
        "is neither English nor Spanish."
    )
    def words(self, info: Info, language: str = "en") -> str:
        return why.words(self.spoken, why.speech(language, self.zone, info.context.now))


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
class PhaseChange:
    before: Phase | None
    after: Phase
    cause: Cause
    reason: Reason
    at: datetime
    cursor: str
    row: strawberry.Private[models.PhaseChange]
    zone: strawberry.Private[str]

    @strawberry.field(description="The same in a sentence, in English or Spanish.")
    def words(self, info: Info, language: str = "en") -> str:
        return why.change_words(self.row, why.speech(language, self.zone, info.context.now))


@strawberry.type
class Customer:
    row_id: strawberry.Private[int]
    zone: strawberry.Private[str]
    id: strawberry.ID
    phase: Phase
    phase_since: datetime | None = strawberry.field(
        description="Null for the seconds between the moment that changes the phase and its being written down."
    )
    why: Why = strawberry.field(description="Why: a code, its facts, and both in words.")
    next: list[Next] = strawberry.field(
        description="What would change the phase, and when; empty when nothing is foreseen."
    )
    score: Score
    orders: int
    last_order_at: datetime | None
    spent: list[Money]
    loss_at: datetime | None
    loss_rung: str = strawberry.field(
        description="How it was found: shop-fit, shop-median, fixed-40-90-180, set-by-merchant; empty without a date."
    )
    next_order_at: datetime | None = strawberry.field(
        description="When half of such customers, if they stay, have ordered again; null on the fixed rung."
    )
    chance_within_30_days: float | None = strawberry.field(
        name="chanceWithin30Days", description="Of an order, 0 to 1; null where the shop's orders carry no fit."
    )
    chance_within_90_days: float | None = strawberry.field(name="chanceWithin90Days")
    expected_orders_90_days: float | None = strawberry.field(name="expectedOrders90Days")
    attributes: list[CustomerAttribute] = strawberry.field(description="By mapped metadata keys and imported files.")
    consent: ConsentBasis = strawberry.field(description="To e-mails about carts.")

    @strawberry.field(description="What Saleor's record of them says of the phase.")
    def projection_state(self, info: Info) -> ProjectionState:
        with within(info.context.installation_id):
            installation = models.Installation.objects.get(pk=info.context.installation_id)
            return projection.state_of(installation, self.row_id)

    @strawberry.field(description="The earliest of all that is known; kept also when activities are too old.")
    def first_touch(self, info: Info) -> MarketingTouch | None:
        with within(info.context.installation_id):
            return shown(timeline.first_and_last(self.row_id)[0])

    @strawberry.field(description="The newest of all; an order's own stands with the order among the activities.")
    def last_touch(self, info: Info) -> MarketingTouch | None:
        with within(info.context.installation_id):
            return shown(timeline.first_and_last(self.row_id)[1])

    @strawberry.field(description="Newest first, at most 100; those older than the one whose cursor is `after`.")
    def activities(self, info: Info, first: int = 10, after: str | None = None) -> list[Activity]:
        _check_first(first)
        begins = _place(after) if after is not None else None
        with within(info.context.installation_id):
            found = timeline.entries(self.row_id, first, begins)
        return [activity_of(entry) for entry in found]

    @strawberry.field(
        description="The handles that are this person: accounts and e-mails; last those that staff keep apart from it."
    )
    def identities(self, info: Info) -> list[Identity]:
        with within(info.context.installation_id):
            return identities_of(self.row_id, info.context.installation_id)

    @strawberry.field(
        description="Newest first, at most 100; `after` is the cursor of the last row that was seen, so pages go back "
        "to the beginning."
    )
    def phase_changes(self, info: Info, first: int = 10, after: str | None = None) -> list[PhaseChange]:
        _check_first(first)
        place = read_cursor(after)
        with within(info.context.installation_id):
            rows = why.history(self.row_id, first, place)
        return [
            PhaseChange(
                before=Phase(row.before) if row.before else None,
                after=Phase(row.after),
                cause=Cause(row.cause),
                reason=Reason(row.reason),
                at=row.at,
                cursor=cursor(row.at, row.pk),
                row=row,
                zone=self.zone,
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
                models.Customer.objects.select_related("policy", "installation__fit")
                .filter(identities__kind=IdentityKind.USER.value, identities__value=user_id, phase_since__isnull=False)
                .first()
            )
            if row is None:
                return None
            held = consent.choices(row.installation, str(user_id), None, "email", info.context.now)
        return _shown(row, held["cart"].basis if "cart" in held else ConsentBasis.NONE, info.context.now)


def _shown(row: models.Customer, basis: ConsentBasis, now: datetime) -> Customer:
    """Return a customer as they stand at ``now``, which the stored row may be some seconds behind."""
    assert row.policy is not None
    profile, policy = row.profile(), row.policy.value()
    standing = stand(profile, policy, now)
    score = explanation.score(profile, standing, policy, now)
    known = why.why_of(row, now)
    zone = row.installation.time_zone
    expected = _expected(row, now)
    return Customer(
        row_id=row.pk,
        zone=zone,
        id=strawberry.ID(str(row.public_id)),
        phase=standing.phase,
        phase_since=known.since,
        why=Why(
            spoken=known,
            zone=zone,
            reason=known.reason,
            orders=known.orders,
            last_order_at=known.last_order_at,
            cart_open_until=known.cart_open_until,
            score=known.score,
            rung=known.rung,
            silence_days=known.silence_days,
        ),
        next=[Next(trigger=move.trigger, phase=move.phase, at=move.at) for move in known.moves],
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
        next_order_at=row.next_order_at,
        chance_within_30_days=expected.chance_30 if expected else None,
        chance_within_90_days=expected.chance_90 if expected else None,
        expected_orders_90_days=expected.orders_90 if expected else None,
        attributes=attributes_of(row),
        consent=basis,
    )


def _place(cursor: str) -> timeline.Place:
    try:
        return timeline.read_cursor(cursor)
    except ValueError:
        raise Refusal("after: give an activity's cursor.", "INVALID") from None


def _expected(row: models.Customer, now: datetime) -> Outlook | None:
    fit, first, last = row.installation.fit, row.first_order_day, row.last_order_day
    fitted = fit.parameters() if fit else None
    if fit is None or fitted is None or first is None or last is None:
        return None
    today = now.astimezone(zoneinfo.ZoneInfo(row.installation.time_zone)).date()
    return outlook(fitted, fit.curve, row.order_days, first, last, today)


def _check_first(first: int) -> None:
    if not 1 <= first <= MOST:
        raise Refusal(f"first: give 1 to {MOST}.", "INVALID")
