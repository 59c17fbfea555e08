"""Personal codes: who is given one, out of the shop's budget."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from django.db import connection

from saleor_lifecycle.domain.carts import OPEN_FOR
from saleor_lifecycle.domain.incentives import SERIAL_WITHIN, Buyer, Incentive, NoCode, expires_on, refusal
from saleor_lifecycle.models import Decision, Enrollment, IncentiveSettings, Installation, Message, PersonalCode
from saleor_lifecycle.models.sets import ids, update

from . import code_pools, ledger

LEFT_AFTER = timedelta(hours=1)
"""A cart that changed since counts as being filled."""

State = PersonalCode.State
One = TypeVar("One")


class Wanted(NamedTuple):
    """A code that a flow wants to give. ``key`` makes it one of a kind, however often it is asked for."""

    customer_id: int
    enrollment_id: int
    key: str
    incentive: Incentive
    is_reached: bool = True  # the message that carries it may go to them


def take(installation: Installation, wanted: Sequence[Wanted], now: datetime) -> dict[int, Mapping[str, Any]]:
    """Return by enrollment the voucher's id and the code; who may have none is not named, and the ledger says why."""
    if not wanted:
        return {}
    keys = [one.key for one in wanted]
    held = {one.key: one for one in PersonalCode.objects.filter(key__in=keys).select_related("pool")}
    found = {one.enrollment_id: _carried(held[one.key]) for one in wanted if one.key in held}
    asking = [one for one in wanted if one.key not in held]
    may, refused = _entitled(installation, asking, now)
    given = _give(installation, may, now)
    refused |= {one.enrollment_id: code for one, code in given.items() if isinstance(code, NoCode)}
    steps = {one.enrollment_id: one.key.rpartition(":")[2] for one in asking}
    _tell(installation, {(one, None): (reason, steps[one]) for one, reason in refused.items()}, now)
    return found | {one.enrollment_id: _carried(code) for one, code in given.items() if isinstance(code, PersonalCode)}


def _carried(code: PersonalCode) -> Mapping[str, Any]:
    return {"id": code.pool.voucher_id, "code": code.code}


def _entitled(
    installation: Installation, asking: Sequence[Wanted], now: datetime
) -> tuple[list[Wanted], dict[int, NoCode]]:
    """Return those who may have a code, and by enrollment why others may not."""
    if code_pools.PERMISSION not in installation.permissions:
        return [], {one.enrollment_id: NoCode.NOT_PERMITTED for one in asking}
    buyers = _buyers({one.customer_id for one in asking}, now)
    may: list[Wanted] = []
    refused: dict[int, NoCode] = {}
    for one in asking:
        reason = refusal(one.incentive, buyers[one.customer_id], now) if one.is_reached else NoCode.NOT_REACHED
        if reason is None and any(other.customer_id == one.customer_id for other in may):
            reason = NoCode.HAD_ONE
        if reason is None:
            may.append(one)
        else:
            refused[one.enrollment_id] = reason
    return may, refused


def _give(installation: Installation, may: Sequence[Wanted], now: datetime) -> dict[Wanted, PersonalCode | NoCode]:
    """Give codes that are ready, as far as the month's budget goes; they are locked before the budget is."""
    if not may:
        return {}
    pairs: list[tuple[Wanted, PersonalCode]] = []
    for (percent, day), some in _by_pool(installation, {one: one.incentive for one in may}, now).items():
        pairs += zip(some, code_pools.lock_ready(installation.pk, percent, day, len(some)), strict=False)
    allowed = _charge(installation, len(pairs), now) if pairs else 0
    none = NoCode.NONE_READY if _left(installation, now) else NoCode.BUDGET_SPENT
    answers: dict[Wanted, PersonalCode | NoCode] = dict.fromkeys(may, none)
    for one, code in pairs[:allowed]:
        code.state, code.key, code.given_at = State.GIVEN, one.key, now
        code.customer_id, code.enrollment_id = one.customer_id, one.enrollment_id
        answers[one] = code
    columns = ("id", "state", "key", "given_at", "customer_id", "enrollment_id")
    update(PersonalCode, [{name: getattr(code, name) for name in columns} for _, code in pairs[:allowed]])
    return answers


def _by_pool(
    installation: Installation, wanting: Mapping[One, Incentive], now: datetime
) -> dict[tuple[int, date], list[One]]:
    zone = ZoneInfo(installation.time_zone)
    pools: dict[tuple[int, date], list[One]] = {}
    for one, incentive in wanting.items():
        pools.setdefault((incentive.percent, expires_on(incentive, now, zone)), []).append(one)
    return pools


def _charge(installation: Installation, count: int, now: datetime) -> int:
    """Take so many codes out of the month's budget, or what is left of it; return how many."""
    IncentiveSettings.objects.get_or_create(pk=installation.pk)
    held = IncentiveSettings.objects.select_for_update().get(pk=installation.pk)
    spent = code_pools.spent(installation, held, now)
    allowed = max(min(count, held.per_month - spent), 0)
    held.month, held.taken = code_pools.month_of(installation, now), spent + allowed
    held.save(update_fields=["month", "taken"])
    return allowed


def _left(installation: Installation, now: datetime) -> int:
    held = IncentiveSettings.objects.filter(pk=installation.pk).first() or IncentiveSettings()
    return max(held.per_month - code_pools.spent(installation, held, now), 0)


def without_code(
    installation: Installation, standing: Mapping[int, Incentive | None], due: Collection[int], now: datetime
) -> set[int]:
    """Return the enrollments for which no code is there yet, but may come; the others' are kept for them.

    Each with the incentive that it stands before. Who is not due, or stands elsewhere, keeps none from others. Where
    none will come, for lack of a permission or of budget, nobody waits.
    """
    if not standing or code_pools.PERMISSION not in installation.permissions or not _left(installation, now):
        return set()
    wanting = {one: incentive for one, incentive in standing.items() if incentive and one in due}
    lacking = standing.keys() - wanting.keys()
    for (percent, day), some in _by_pool(installation, wanting, now).items():
        lacking |= set(some[len(code_pools.lock_ready(installation.pk, percent, day, len(some))) :])
    IncentiveSettings.objects.get_or_create(pk=installation.pk)
    code_pools.look_soon(installation.pk, now, is_urgent=not lacking.isdisjoint(wanting))
    return lacking


def _buyers(customer_ids: Collection[int], now: datetime) -> dict[int, Buyer]:
    with connection.cursor() as cursor:
        cursor.execute(
            _BUYERS,
            {
                "people": ids(customer_ids),
                "since": now - SERIAL_WITHIN,
                "left": now - LEFT_AFTER,
                "open": now - OPEN_FOR,
            },
        )
        return {row[0]: Buyer(*row[1:]) for row in cursor.fetchall()}


_BUYERS = """
    SELECT person.id, placed.all, placed.with_code, COALESCE(held.left_behind, 0), COALESCE(held.has_voucher, false),
        (SELECT max(given_at) FROM lifecycle_personalcode WHERE customer_id = person.id)
    FROM unnest(%(people)s::bigint[]) AS person(id)
        CROSS JOIN LATERAL (
            SELECT count(*) AS all, count(*) FILTER (WHERE one.voucher_code <> '') AS with_code
            FROM lifecycle_identity identity JOIN lifecycle_order one ON one.identity_id = identity.id
            WHERE identity.customer_id = person.id AND one.status NOT IN ('CANCELED', 'EXPIRED')
        ) placed
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE one.changed_at > %(since)s AND one.changed_at <= %(left)s) AS left_behind,
                bool_or(one.voucher_code <> '' AND one.changed_at > %(open)s) AS has_voucher
            FROM lifecycle_identity identity JOIN lifecycle_cart one ON one.identity_id = identity.id
            WHERE identity.customer_id = person.id AND one.ordered_at IS NULL AND one.lines_hash <> ''
        ) held
"""


def left_out(installation: Installation, reasons: Mapping[int, NoCode], now: datetime) -> None:
    """Write down why messages leave without their code, by message; a code that works is somebody else's then."""
    rows = Message.objects.filter(id__in=reasons, enrollment__isnull=False).values_list("id", "enrollment_id", "step")
    untold = {pk: passage for pk, passage, _ in rows if passage and reasons[pk] is not NoCode.GONE}
    code_pools.give_back(installation, untold.values(), now)
    for message in Message.objects.filter(id__in=untold).only("id", "offer"):
        message.offer = {name: held for name, held in (message.offer or {}).items() if name != "voucher"} or None
        message.save(update_fields=["offer"])
    _tell(installation, {(passage, pk): (reasons[pk], step) for pk, passage, step in rows if passage}, now)


def _tell(
    installation: Installation, reasons: Mapping[tuple[int, int | None], tuple[NoCode, str]], now: datetime
) -> None:
    """Write down why there is no code, by the enrollment and the message that would have carried it."""
    if not reasons:
        return
    passages = Enrollment.objects.filter(id__in={enrollment_id for enrollment_id, _ in reasons})
    whose = {pk: (customer, flow) for pk, customer, flow in passages.values_list("id", "customer_id", "flow_id")}
    entries = [
        ledger.Entry(*whose[passage], Decision.Kind.REFUSED, reason.value, passage, message, step)
        for (passage, message), (reason, step) in reasons.items()
        if passage in whose
    ]
    ledger.record(installation.pk, entries, now)
