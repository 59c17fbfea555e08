"""Pools of personal codes: thought up ahead of need, made in the shop by the outbox, taken back when they are over."""

import hmac
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import F, Q

from saleor_lifecycle.domain.flow_programs import Program
from saleor_lifecycle.domain.flow_steps import Offer
from saleor_lifecycle.domain.incentives import Incentive, ends_at, expires_on, spelled
from saleor_lifecycle.models import CodePool, FlowVersion, IncentiveSettings, Installation, Outbox, PersonalCode
from saleor_lifecycle.models.sets import insert

from . import outbox

PERMISSION = "MANAGE_DISCOUNTS"
LOOK_EVERY = timedelta(minutes=10)
AHEAD = timedelta(days=1)
"""Codes are there for whoever comes to an offer within that time."""
MOST_READY = 100
"""Of one pool; with more people than that at once, some wait a few minutes."""
AT_ONCE = 100
KEPT_FOR = timedelta(days=30)
"""How long a code that nobody was given outlives its day."""

State = PersonalCode.State


@dataclass(frozen=True, slots=True)
class Work:
    """What the shop has to be told of one pool."""

    row: Outbox
    pool: CodePool
    to_make: Sequence[str]
    to_take_back: Sequence[str]


def near(program: Program) -> dict[str, Incentive]:
    """Return, by the step at which somebody stands, the incentive of the offer that they stand at, or right before."""
    offers = {
        step.key: step.incentive
        for step in program.steps.values()
        if isinstance(step, Offer) and isinstance(step.incentive, Incentive)
    }
    before = {key: offers[behind] for key, behind in program.after.items() if behind in offers}
    return before | offers


def code_of(installation: Installation, percent: int, day: date, number: int) -> str:
    """Return the code of that number: the same whenever it is asked for, and for nobody else to guess."""
    # A restored database counts on from an older number: what it made after that is somebody's already.
    age = installation.restored_at.isoformat() if installation.restored_at else ""
    text = f"{installation.public_id}:voucher{age}:{percent}:{day.isoformat()}:{number}"
    return spelled(hmac.digest(settings.SUPPRESSION_KEY.encode(), text.encode(), "sha256"))


def look_soon(installation_id: int, now: datetime, is_urgent: bool) -> None:
    """Have somebody look whether codes run short: at once where they do, else if nobody is going to."""
    late = Q(due_at=None) | Q(due_at__gt=now) if is_urgent else Q(due_at=None)
    IncentiveSettings.objects.filter(late, pk=installation_id).update(due_at=now)


def refill(installation: Installation, now: datetime) -> None:
    """Think up the codes that those need who come to an offer soon, as far as the month's budget goes."""
    held = IncentiveSettings.objects.select_for_update().filter(pk=installation.pk, due_at__lte=now).first()
    if held is None:
        return
    programs = _giving(installation.pk)
    wanted = _wanted(installation, programs, now) if PERMISSION in installation.permissions else {}
    left = held.per_month - spent(installation, held, now)
    for (percent, day), count in sorted(wanted.items()):
        left -= _top_up(installation, percent, day, min(count, left, MOST_READY), now)
    _forget_old(now)
    held.due_at = now + LOOK_EVERY if programs else None
    held.save(update_fields=["due_at"])


def spent(installation: Installation, held: IncentiveSettings, now: datetime) -> int:
    """Return how many codes were given this month."""
    return held.taken if held.month == month_of(installation, now) else 0


def month_of(installation: Installation, now: datetime) -> date:
    """Return the first day of the shop's month."""
    return now.astimezone(ZoneInfo(installation.time_zone)).date().replace(day=1)


def _giving(installation_id: int) -> dict[int, Program]:
    """Return the versions that give codes, of flows that are on."""
    on = FlowVersion.objects.filter(
        installation_id=installation_id, flow__is_on=True, flow__archived_at=None, flow__is_shadow=False
    )
    # Most documents are not read: they name no incentive.
    naming = on.extra(where=["document::text LIKE %s"], params=['%"incentive"%'])
    programs = {version.pk: version.value() for version in naming}
    return {version_id: program for version_id, program in programs.items() if near(program)}


def _wanted(
    installation: Installation, programs: Mapping[int, Program], now: datetime
) -> Mapping[tuple[int, date], int]:
    """Return how many codes are needed of each worth and day, by who comes to an offer soon; not more than that."""
    zone = ZoneInfo(installation.time_zone)
    found: Counter[tuple[int, date]] = Counter()
    for version_id, program in programs.items():
        steps = near(program)
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT one.due_at, one.step FROM lifecycle_enrollment one
                WHERE one.flow_id = (SELECT flow_id FROM lifecycle_flowversion WHERE id = %(version)s)
                    AND one.version_id = %(version)s AND one.state = 'waiting' AND one.due_at <= %(until)s
                    AND one.step = ANY(%(steps)s) AND one.arm IN ('', 'treated') AND NOT one.is_shadow
                ORDER BY one.due_at LIMIT %(most)s
                """,
                {"version": version_id, "until": now + AHEAD, "steps": list(steps), "most": MOST_READY},
            )
            for due_at, step in cursor.fetchall():
                found[steps[step].percent, expires_on(steps[step], max(due_at, now), zone)] += 1
    return found


def _top_up(installation: Installation, percent: int, day: date, wanted: int, now: datetime) -> int:
    """Think up what a pool lacks, and return how many are promised of it."""
    if wanted <= 0:
        return 0
    pool, _ = CodePool.objects.select_for_update().get_or_create(
        installation=installation,
        percent=percent,
        expires_on=day,
        defaults={"ends_at": ends_at(day, ZoneInfo(installation.time_zone))},
    )
    lacking = wanted - PersonalCode.objects.filter(pool=pool, state__in=[State.MAKING, State.READY]).count()
    if lacking > 0:
        numbers = range(pool.numbered, pool.numbered + lacking)
        insert(PersonalCode, [_row(installation, pool, number) for number in numbers], skips_held=True)
        pool.numbered += lacking
        pool.save(update_fields=["numbered"])
        outbox.ask_voucher(installation.pk, [pool.pk], now)
    return wanted


def _row(installation: Installation, pool: CodePool, number: int) -> dict[str, Any]:
    return {
        "installation_id": installation.pk,
        "pool_id": pool.pk,
        "number": number,
        "code": code_of(installation, pool.percent, pool.expires_on, number),
        "state": State.MAKING.value,
        "order_id": "",
    }


def _forget_old(now: datetime) -> None:
    old = PersonalCode.objects.filter(pool__ends_at__lt=now - KEPT_FOR)
    old.filter(state__in=[State.MAKING, State.READY]).delete()


def lock_ready(installation_id: int, percent: int, day: date, most: int) -> list[PersonalCode]:
    """Return codes that can be given, and keep them from everybody else until the transaction ends."""
    ready = PersonalCode.objects.filter(
        pool__installation_id=installation_id, pool__percent=percent, pool__expires_on=day, state=State.READY
    )
    return list(
        ready.select_related("pool").select_for_update(skip_locked=True, of=("self",)).order_by("number")[:most]
    )


def work(rows: Sequence[Outbox], now: datetime) -> list[Work]:
    """Return what the shop is to be told of the pools of leased rows. What has ended ends by itself."""
    pools = CodePool.objects.in_bulk([int(row.key) for row in rows])
    PersonalCode.objects.filter(pool__in=pools, pool__ends_at__lt=now, state=State.WITHDRAWING).update(
        state=State.WITHDRAWN, ended_at=now
    )
    return [
        Work(row, pool, _codes(pool, State.MAKING) if pool.ends_at > now else [], _codes(pool, State.WITHDRAWING))
        for row in rows
        if (pool := pools.get(int(row.key)))
    ]


def _codes(pool: CodePool, state: PersonalCode.State) -> list[str]:
    held = PersonalCode.objects.filter(pool=pool, state=state).order_by("number")
    return list(held.values_list("code", flat=True)[:AT_ONCE])


def done(one: Work, voucher_id: str, now: datetime) -> None:
    """Note what the shop has done of a pool; where there is more to do it stays due."""
    # First, as whoever thinks codes up has the settings before pools and outbox.
    IncentiveSettings.objects.filter(pk=one.pool.installation_id).exclude(trouble="").update(trouble="")
    CodePool.objects.filter(pk=one.pool.pk).update(voucher_id=voucher_id)
    codes = PersonalCode.objects.filter(pool=one.pool)
    codes.filter(code__in=one.to_make, state=State.MAKING).update(state=State.READY)
    codes.filter(code__in=one.to_take_back, state=State.WITHDRAWING).update(state=State.WITHDRAWN, ended_at=now)
    waits = Q(state=State.WITHDRAWING) if one.pool.ends_at <= now else Q(state__in=[State.WITHDRAWING, State.MAKING])
    if codes.filter(waits).exists():
        outbox.release([one.row], now)
    else:
        outbox.settled(one.row, now)


def troubled(one: Work, trouble: str, now: datetime) -> None:
    """Put a pool off that the shop does not make."""
    IncentiveSettings.objects.filter(pk=one.pool.installation_id).update(trouble=trouble[:500])
    outbox.failed(one.row, trouble, now)


def gone(pool: CodePool) -> None:
    """Forget a voucher that staff have deleted: what could be given of it is made anew, what was given is over."""
    CodePool.objects.filter(pk=pool.pk).update(voucher_id="")
    PersonalCode.objects.filter(pool=pool, state=State.READY).update(state=State.MAKING)


def end_ordered(installation_id: int, order_ids: Collection[str], now: datetime) -> None:
    """Note which codes these orders used, and take the others of those who placed them back."""
    if not order_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_END_ORDERED, {"shop": installation_id, "orders": list(order_ids), "now": now})
        pools = {pool_id for (pool_id, state) in cursor.fetchall() if state == State.WITHDRAWING}
    outbox.ask_voucher(installation_id, sorted(pools), now)


_END_ORDERED = """
    WITH placed AS (
        SELECT one.order_id, one.voucher_code, one.created_at, identity.customer_id
        FROM lifecycle_order one LEFT JOIN lifecycle_identity identity ON identity.id = one.identity_id
        WHERE one.installation_id = %(shop)s AND one.order_id = ANY(%(orders)s)
            AND one.status NOT IN ('CANCELED', 'EXPIRED')
    ), used AS (
        UPDATE lifecycle_personalcode held SET state = 'used', ended_at = %(now)s, order_id = placed.order_id
        FROM placed WHERE held.installation_id = %(shop)s AND held.code = placed.voucher_code
            AND placed.voucher_code <> '' AND held.state <> 'used'
        RETURNING held.id, held.pool_id, held.state
    ), others AS (
        UPDATE lifecycle_personalcode held SET state = 'withdrawing'
        FROM placed WHERE held.customer_id = placed.customer_id AND held.state = 'given'
            AND held.given_at <= placed.created_at AND held.code <> placed.voucher_code
            AND held.code NOT IN (SELECT voucher_code FROM placed)
        RETURNING held.id, held.pool_id, held.state
    )
    SELECT pool_id, state FROM used UNION SELECT pool_id, state FROM others
"""


def withdraw(installation_id: int, codes: Q, now: datetime) -> None:
    """Take codes back that were given and not used."""
    given = PersonalCode.objects.filter(codes, installation_id=installation_id, state=State.GIVEN)
    pools = set(given.values_list("pool_id", flat=True))
    if pools:
        given.update(state=State.WITHDRAWING)
        outbox.ask_voucher(installation_id, sorted(pools), now)


def give_back(installation: Installation, enrollment_ids: Collection[int], now: datetime) -> None:
    """Have codes given again of which nobody was told, and their places in the month's budget."""
    given = PersonalCode.objects.filter(
        installation=installation, enrollment__in=enrollment_ids, state=State.GIVEN
    ).select_for_update(of=("self",))
    rows = list(given.order_by("id").values_list("id", "given_at"))
    month = month_of(installation, now)
    back = PersonalCode.objects.filter(id__in=[pk for pk, _ in rows])
    back.update(state=State.READY, key=None, given_at=None, customer=None, enrollment=None)
    this_month = sum(1 for _, at in rows if at and month_of(installation, at) == month)
    held = IncentiveSettings.objects.filter(pk=installation.pk, month=month, taken__gte=this_month)
    held.update(taken=F("taken") - this_month)


def forget(installation_id: int, customer_ids: Iterable[int], now: datetime) -> None:
    """Take the codes of those back who are erased, and forget whose any were."""
    people = list(customer_ids)
    withdraw(installation_id, Q(customer__in=people), now)
    PersonalCode.objects.filter(customer__in=people).update(customer=None, enrollment=None, key=None)
