"""Whether mail arrives: what DNS says of the senders, what comes back, the pause that follows, and the warm-up."""

import re
from datetime import UTC, date, datetime, timedelta

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import deliverability, sender_domains, warm_ups
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.actions.sender_domains import EMAIL, MOST_SELECTORS
from saleor_lifecycle.domain import warm_up
from saleor_lifecycle.domain.deliverability import THRESHOLDS, WINDOW_DAYS, Harm, Standing, judge
from saleor_lifecycle.domain.sender_records import Check, Level
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.nudge import CHECK, SEND, nudge

from .access import Info, Needs, Permission
from .problems import Error, errors

strawberry.enum(Check, name="DomainCheck")
strawberry.enum(Level, name="DomainFindingLevel")
strawberry.enum(Harm, name="DeliveryHarm")
strawberry.enum(Standing, name="DeliveryStanding")

SHOWN_DAYS = 30
_SELECTOR = re.compile(r"[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?", re.IGNORECASE)


@strawberry.type
class DnsRecord:
    host: str
    type: str = strawberry.field(description="`TXT` or `CNAME`.")
    value: str = strawberry.field(description="Empty where only the mail provider shows it.")


@strawberry.type
class DomainFinding:
    check: Check
    level: Level
    code: str = strawberry.field(description="What was found, such as `spf_missing`; to be worded by whoever shows it.")
    found: str = strawberry.field(description="What stands in DNS, or where was looked.")
    count: int | None = strawberry.field(description="Lookups, records or bits, where the code speaks of them.")
    put: DnsRecord | None = strawberry.field(description="What to put where; null where nothing helps but a look.")


@strawberry.type
class SenderDomain:
    domain: str
    provider: str = strawberry.field(description="By anymail's name; empty for another mail server, or not known yet.")
    selectors: list[str] = strawberry.field(
        description="Below which DKIM keys are looked for, where the merchant said so."
    )
    checked_at: datetime | None
    is_being_checked: bool = strawberry.field(description="A check is due, or under way.")
    findings: list[DomainFinding]


@strawberry.type
class DeliveryRate:
    harm: Harm
    count: int = strawberry.field(description="Messages of the window that came to that harm.")
    rate: float | None = strawberry.field(description="Their share of those sent; null where none were.")
    warn_from: float
    pause_from: float
    standing: Standing = strawberry.field(description="`GOOD` also while too few were sent to say anything.")


@strawberry.type
class SendingDay:
    day: date = strawberry.field(description="In UTC.")
    sent: int
    bounced: int
    complained: int


@strawberry.type
class WarmUp:
    is_on: bool
    limit: int | None = strawberry.field(description="Commercial messages that may leave today; null: no limit.")
    used: int = strawberry.field(description="How many of them have left today.")
    begun_on: date | None = strawberry.field(description="The day of the first message; null until one left.")
    ends_on: date | None = strawberry.field(description="The first day without a limit; null while it is off.")


@strawberry.type
class Deliverability:
    domains: list[SenderDomain]
    window_days: int = strawberry.field(description="Days, today among them, that the rates are taken over.")
    sent: int = strawberry.field(description="Messages sent in the window, without what was forgiven.")
    rates: list[DeliveryRate]
    days: list[SendingDay] = strawberry.field(description="The last 30, each of them, oldest first.")
    warm_up: WarmUp
    paused_at: datetime | None = strawberry.field(description="Since when no commercial e-mail leaves; service does.")
    pause_reason: Harm | None


@strawberry.type
class DeliverabilityChange:
    deliverability: Deliverability | None
    errors: list[Error]


@strawberry.type
class DeliverabilityQuery:
    @strawberry.field(
        description="Whether e-mail arrives: the senders' domains, what comes back, the warm-up.",
        extensions=[Needs(Permission.USERS)],
    )
    def deliverability(self, info: Info) -> Deliverability:
        with within(info.context.installation_id):
            return _shown(info)


@strawberry.type
class DeliverabilityMutation:
    @strawberry.mutation(
        description="Look the senders' domains up in DNS again, now instead of tomorrow.",
        extensions=[Needs(Permission.USERS)],
    )
    def deliverability_check(self, info: Info) -> DeliverabilityChange:
        with within(info.context.installation_id):
            sender_domains.ask(info.context.installation_id, info.context.now)
            shown = _shown(info)
        nudge(CHECK, info.context.installation_id)
        return DeliverabilityChange(deliverability=shown, errors=[])

    @strawberry.mutation(
        description="Let commercial e-mail leave again after a pause. What led to it is not judged again.",
        extensions=[Needs(Permission.USERS)],
    )
    def deliverability_resume(self, info: Info) -> DeliverabilityChange:
        with within(info.context.installation_id):
            deliverability.resume(_installation(info), EMAIL, info.context.now)
            shown = _shown(info)
        nudge(SEND, info.context.installation_id)
        return DeliverabilityChange(deliverability=shown, errors=[])

    @strawberry.mutation(
        description="Begin the warm-up anew, from 50 commercial e-mails a day, or end it.",
        extensions=[Needs(Permission.USERS)],
    )
    def warm_up_set(self, info: Info, is_on: bool) -> DeliverabilityChange:
        with within(info.context.installation_id):
            (warm_ups.begin if is_on else warm_ups.end)(_installation(info), EMAIL)
            shown = _shown(info)
        nudge(SEND, info.context.installation_id)
        return DeliverabilityChange(deliverability=shown, errors=[])

    @strawberry.mutation(
        description="Below which selectors a domain's DKIM keys stand, as its mail provider shows them; none: below "
        "the provider's usual ones.",
        extensions=[Needs(Permission.USERS)],
    )
    def dkim_selectors_set(self, info: Info, domain: str, selectors: list[str]) -> DeliverabilityChange:
        given = list(dict.fromkeys(one.strip().lower().removesuffix("._domainkey") for one in selectors if one.strip()))
        with within(info.context.installation_id):
            if problem := _wrong(given):
                return DeliverabilityChange(deliverability=None, errors=errors([problem]))
            if not sender_domains.set_selectors(info.context.installation_id, domain, given, info.context.now):
                problem = Problem("domain", Code.NOT_FOUND, "Nobody writes from this domain.")
                return DeliverabilityChange(deliverability=None, errors=errors([problem]))
            shown = _shown(info)
        nudge(CHECK, info.context.installation_id)
        return DeliverabilityChange(deliverability=shown, errors=[])


def _wrong(selectors: list[str]) -> Problem | None:
    if len(selectors) > MOST_SELECTORS:
        return Problem("selectors", Code.INVALID, f"At most {MOST_SELECTORS} selectors fit here.")
    if any(not _SELECTOR.fullmatch(one) for one in selectors):
        return Problem("selectors", Code.INVALID, "A selector has letters, digits, dots and hyphens only.")
    return None


def _installation(info: Info) -> models.Installation:
    return models.Installation.objects.get(pk=info.context.installation_id)


def _shown(info: Info) -> Deliverability:
    installation_id, now = info.context.installation_id, info.context.now
    counts = deliverability.rates(installation_id, EMAIL, now)
    standings = judge(counts)
    row = models.SendingChannel.objects.filter(installation_id=installation_id, channel=EMAIL).first()
    domains = models.SenderDomain.objects.filter(installation_id=installation_id).order_by("domain")
    return Deliverability(
        domains=[_domain(one, now) for one in domains],
        window_days=WINDOW_DAYS,
        sent=counts.sent,
        rates=[
            DeliveryRate(
                harm=harm,
                count=counts.harmed(harm),
                rate=counts.rate(harm),
                warn_from=float(threshold.warn),
                pause_from=float(threshold.pause),
                standing=standings[harm],
            )
            for harm, threshold in THRESHOLDS.items()
        ],
        days=_days(installation_id, now),
        warm_up=_warm_up(row, now.astimezone(UTC).date()),
        paused_at=row.paused_at if row else None,
        pause_reason=Harm(row.pause_reason) if row and row.pause_reason else None,
    )


def _domain(row: models.SenderDomain, now: datetime) -> SenderDomain:
    return SenderDomain(
        domain=row.domain,
        provider=row.provider,
        selectors=row.selectors,
        checked_at=row.checked_at,
        is_being_checked=row.due_at is not None and row.due_at <= now + sender_domains.LEASE,
        findings=[
            DomainFinding(
                check=one.check,
                level=one.level,
                code=one.code,
                found=one.found,
                count=one.count,
                put=DnsRecord(host=one.put.host, type=one.put.kind, value=one.put.value) if one.put else None,
            )
            for one in sender_domains.read(row.findings)
        ],
    )


def _days(installation_id: int, now: datetime) -> list[SendingDay]:
    first = now.astimezone(UTC).date() - timedelta(days=SHOWN_DAYS - 1)
    held = {
        row.day: row
        for row in models.SendingDay.objects.filter(installation_id=installation_id, channel=EMAIL, day__gte=first)
    }
    days = (first + timedelta(days=number) for number in range(SHOWN_DAYS))
    rows = (held.get(day) or models.SendingDay(day=day) for day in days)
    return [SendingDay(day=row.day, sent=row.sent, bounced=row.bounced, complained=row.complained) for row in rows]


def _warm_up(row: models.SendingChannel | None, today: date) -> WarmUp:
    limit = warm_up.limit(row.warm_up_on, today) if row and row.is_warming_up else None
    if row is None or limit is None:
        return WarmUp(is_on=False, limit=None, used=0, begun_on=None, ends_on=None)
    return WarmUp(
        is_on=True,
        limit=limit,
        used=row.warmed if row.warmed_on == today else 0,
        begun_on=row.warm_up_on,
        ends_on=warm_up.ends_on(row.warm_up_on, today),
    )
