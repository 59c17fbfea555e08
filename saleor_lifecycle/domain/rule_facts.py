"""What a rule may ask of a customer: the names of facts with their types, and how one is read at a moment."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any

from .phases import Phase, Standing, stand
from .profile import Profile
from .scoring import DEFAULT_POLICY, Band, Part, Policy, falls_below, shown, unshown, value

EVENTS = (
    "order_placed",
    "order_fulfilled",
    "order_delivered",
    "order_cancelled",
    "order_returned",
    "cart_changed",
    "visited",
    "product_viewed",
    "message_clicked",
    "subscribed",
    "unsubscribed",
    "account_created",
)
WRITTEN_TO = "is_written_to"
"""Has any message of the passage that asks left, or may one have? Outside flows nobody knows."""
FactValue = str | int | float | bool | Decimal | datetime | Collection[str]


class FactType(StrEnum):
    NUMBER = "number"
    MONEY = "money"  # of one currency, which its name says
    TEXT = "text"
    LANGUAGE = "language"  # BCP-47; "es" is also who speaks es-MX
    FLAG = "flag"
    CHOICE = "choice"
    MOMENT = "moment"
    DAY = "day"  # of the shop, as its ISO 8601 text
    ANY = "any"  # what a trigger brought along: nobody said of which type it is


@dataclass(frozen=True, slots=True)
class Spec:
    """The type of a fact, and what a choice may be."""

    type: FactType
    choices: tuple[str, ...] = ()


NAMED: Mapping[str, Spec] = {
    "phase": Spec(FactType.CHOICE, tuple(Phase)),
    "phase_since": Spec(FactType.MOMENT),
    "band": Spec(FactType.CHOICE, tuple(Band)),
    "score": Spec(FactType.NUMBER),
    "orders": Spec(FactType.NUMBER),
    "order_days": Spec(FactType.NUMBER),
    "first_order_at": Spec(FactType.MOMENT),
    "last_order_at": Spec(FactType.MOMENT),
    "last_placed_at": Spec(FactType.MOMENT),
    "next_order_at": Spec(FactType.MOMENT),
    "second_order_usual_at": Spec(FactType.MOMENT),
    "loss_at": Spec(FactType.MOMENT),
    "last_order.items": Spec(FactType.NUMBER),
    "last_order.channel": Spec(FactType.TEXT),
    "last_order.is_returned": Spec(FactType.FLAG),
    "cart_changed_at": Spec(FactType.MOMENT),
    "cart_open_until": Spec(FactType.MOMENT),
    "cart.items": Spec(FactType.NUMBER),
    "channel": Spec(FactType.TEXT),
    "language": Spec(FactType.LANGUAGE),
    "country": Spec(FactType.TEXT),
    WRITTEN_TO: Spec(FactType.FLAG),
}
DOTTED: tuple[tuple[re.Pattern[str], Spec], ...] = (
    (re.compile(r"spent\.[A-Z]{3}"), Spec(FactType.MONEY)),
    (re.compile(r"last_order\.total\.[A-Z]{3}"), Spec(FactType.MONEY)),
    (re.compile(r"tag\..{1,100}"), Spec(FactType.FLAG)),
    (re.compile(r"consent\.[a-z0-9][a-z0-9-]{0,39}\.[a-z_]{1,20}"), Spec(FactType.FLAG)),
    # The merchant's own say of which type each is (rule_checks); where that is not asked, they may be of any.
    (re.compile(r"attribute\..{1,100}"), Spec(FactType.ANY)),
    (re.compile(r"property\..{1,100}"), Spec(FactType.ANY)),
)


def spec(name: str) -> Spec | None:
    """Return what is known of the fact of that name; None where there is none."""
    return NAMED.get(name) or next((found for pattern, found in DOTTED if pattern.fullmatch(name)), None)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one customer, free of ``now``: what decays or comes due is worked out when it is read.

    What stands in ``values`` goes before what the profile says. What is in neither is not known.
    """

    values: Mapping[str, FactValue] = field(default_factory=dict)
    ends: Mapping[str, datetime] = field(default_factory=dict)  # when a flag that holds stops holding
    events: Mapping[str, datetime] = field(default_factory=dict)  # the last moment of each
    entered_at: datetime | None = None  # of the enrollment that asks
    profile: Profile | None = None
    policy: Policy = DEFAULT_POLICY
    moved: tuple[str, datetime] | None = None  # the phase that was written down last, and since when
    zone: tzinfo = UTC  # the shop's

    def within(self, entered_at: datetime, properties: Mapping[str, Any]) -> "Facts":
        """Return the facts as an enrollment sees them: since when it runs, and what its trigger brought along."""
        named = ((f"property.{name}", _plain(value)) for name, value in properties.items())
        values = {**self.values, **{name: value for name, value in named if value is not None}}
        return replace(self, values=values, entered_at=entered_at)


def _plain(value: Any) -> FactValue | None:
    """Return what a rule can ask of a JSON value: a list of texts as their set; None of what holds others."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return frozenset(value)
    return value if isinstance(value, str | int | float | bool) else None


_OF_PROFILE = frozenset(
    {
        *("orders", "order_days", "first_order_at", "last_order_at", "last_placed_at", "next_order_at"),
        *("cart_open_until", "channel"),
    }
)
OF_ROW = _OF_PROFILE | {"phase", "phase_since", "band", "score", "loss_at", "spent", "attribute"}
"""What a customer's own row knows, by the first part of its name."""


def read(facts: Facts, name: str, now: datetime) -> FactValue | None:
    """Return the fact at ``now``; None where it is not known."""
    if name in facts.ends and now >= rounded_up(facts.ends[name]):
        return False
    if (held := facts.values.get(name)) is not None:
        return None if held == "" else held
    profile = facts.profile
    if profile is None:
        return None
    if name in _OF_PROFILE:
        found: FactValue | None = getattr(profile, name)
        return None if found == "" else found
    match name.partition("."):
        case ("phase", _, _):
            return stand(profile, facts.policy, now).phase.value
        case ("band", _, _):
            return stand(profile, facts.policy, now).band.value
        case ("phase_since", _, _):
            # In the seconds before a move of time is written down nobody can tell.
            phase, at = facts.moved or ("", now)
            return at if phase == stand(profile, facts.policy, now).phase else None
        case ("score", _, _):
            return score(profile, facts.policy, now)
        case ("loss_at", _, _):
            return profile.loss.at if profile.loss else None
        case ("spent", _, currency):
            return dict(profile.spent).get(currency, Decimal(0))
    return None


def standing(facts: Facts, now: datetime) -> Standing | None:
    """Return where the customer stands at ``now``; None where no profile was loaded."""
    return stand(facts.profile, facts.policy, now) if facts.profile else None


def score(profile: Profile, policy: Policy, now: datetime) -> int:
    """Return the score that people see, 0 to 99; each whole point lasts until the second that ``point_ends`` says."""
    u, part = _engagement(profile, policy)
    found = min(int(shown(value(u, part, now), policy)), 99)
    # The formula falls a part of a second before the stored boundaries do.
    while found < 99 and (until := point_ends(profile, policy, found + 1)) and now < until:
        found += 1
    while found and (until := point_ends(profile, policy, found)) and now >= until:
        found -= 1
    return found


def point_ends(profile: Profile, policy: Policy, point: int) -> datetime | None:
    """Return the second at which the score falls below a point, 1 to 99; None where it never was there."""
    u, part = _engagement(profile, policy)
    return falls_below(u, unshown(point, policy), part)


def rounded_up(at: datetime) -> datetime:
    """Return the first whole second at or after a moment."""
    return at if not at.microsecond else at.replace(microsecond=0) + timedelta(seconds=1)


def _engagement(profile: Profile, policy: Policy) -> tuple[float | None, Part]:
    return (profile.before_u, policy.before) if profile.loss is None else (profile.customer_u, policy.customer)
