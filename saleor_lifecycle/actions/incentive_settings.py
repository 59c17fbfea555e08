"""What a merchant says of codes, and how many there are."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from saleor_lifecycle.models import IncentiveSettings, Installation, PersonalCode

from . import code_pools
from .brands import Code, Problem

MOST_PER_MONTH = 1_000_000
KNOWING_COSTS = "MANAGE_PRODUCTS"
"""Not asked for by the manifest: a merchant who grants it has the margin kept."""

State = PersonalCode.State


@dataclass(frozen=True, slots=True)
class Standing:
    """How it goes with a shop's codes; ``given`` counts those that were used or taken back, too."""

    is_permitted: bool
    per_month: int
    given_this_month: int
    margin_percent: int
    is_margin_kept: bool
    ready: int
    given: int
    used: int
    withdrawn: int
    trouble: str


def settings_of(installation: Installation) -> IncentiveSettings:
    """Return what the shop has set, else what it begins with; nothing is stored by asking."""
    return IncentiveSettings.objects.filter(pk=installation.pk).first() or IncentiveSettings(installation=installation)


def set_all(installation: Installation, per_month: int | None, margin_percent: int | None) -> tuple[Problem, ...]:
    """Store what is given; with a problem, return it and store nothing. Codes that were given stay."""
    problems = []
    if per_month is not None and not 0 <= per_month <= MOST_PER_MONTH:
        problems.append(Problem("per_month", Code.INVALID, f"Give 0 to {MOST_PER_MONTH} codes a month."))
    if margin_percent is not None and not 0 <= margin_percent <= 100:
        problems.append(Problem("margin_percent", Code.INVALID, "Give 0 to 100 per cent."))
    given = {"per_month": per_month, "margin_percent": margin_percent}
    said = {name: value for name, value in given.items() if value is not None}
    if said and not problems:
        IncentiveSettings.objects.update_or_create(pk=installation.pk, defaults=said)
    return tuple(problems)


def standing(installation: Installation, now: datetime) -> Standing:
    """Return how it goes with the shop's codes."""
    held = settings_of(installation)
    counted = PersonalCode.objects.filter(installation=installation).aggregate(
        ready=Count("id", filter=Q(state=State.READY, pool__ends_at__gt=now)),
        given=Count("id", filter=Q(given_at__isnull=False)),
        used=Count("id", filter=Q(state=State.USED)),
        withdrawn=Count("id", filter=Q(state__in=[State.WITHDRAWING, State.WITHDRAWN])),
    )
    return Standing(
        is_permitted=code_pools.PERMISSION in installation.permissions,
        per_month=held.per_month,
        given_this_month=code_pools.spent(installation, held, now),
        margin_percent=held.margin_percent,
        is_margin_kept=KNOWING_COSTS in installation.permissions,
        trouble=held.trouble,
        **counted,
    )
