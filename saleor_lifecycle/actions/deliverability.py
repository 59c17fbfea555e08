"""How many messages bounced or were complained of, and the pause of commercial ones where these are too many."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.db.models import F, Sum

from saleor_lifecycle.domain.deliverability import WINDOW_DAYS, Counts, Harm, Standing, judge
from saleor_lifecycle.domain.problems import ProblemKey
from saleor_lifecycle.models import Installation, SendingChannel, SendingDay

from . import problems
from .sender_domains import EMAIL

KEPT = timedelta(days=400)
_WARNINGS = {Harm.BOUNCES: ProblemKey.BOUNCES, Harm.COMPLAINTS: ProblemKey.COMPLAINTS}


def count(installation_id: int, channel: str, days: Sequence[tuple[date, Counts]]) -> None:
    """Add to what was counted on these days, each of which is named once."""
    told = sorted(day for day in days if day[1] != Counts())
    if not told:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO lifecycle_sendingday AS held (installation_id, channel, day, sent, bounced, complained,
                forgiven_sent, forgiven_bounced, forgiven_complained)
            SELECT %s, %s, day, sent, bounced, complained, 0, 0, 0
            FROM unnest(%s::date[], %s::int[], %s::int[], %s::int[]) AS told(day, sent, bounced, complained)
            ORDER BY day
            ON CONFLICT (installation_id, channel, day) DO UPDATE SET sent = held.sent + EXCLUDED.sent,
                bounced = held.bounced + EXCLUDED.bounced, complained = held.complained + EXCLUDED.complained
            """,
            [
                installation_id,
                channel,
                [day for day, _ in told],
                [counts.sent for _, counts in told],
                [counts.bounced for _, counts in told],
                [counts.complained for _, counts in told],
            ],
        )


def note(installation: Installation, channel: str, counts: Counts, now: datetime) -> None:
    """Count messages that were handed over now."""
    count(installation.pk, channel, [(_day(now), counts)])
    if counts.bounced:
        judge_channel(installation, channel, now)


def note_events(installation: Installation, harmed: Collection[tuple[str, datetime, Harm]], now: datetime) -> None:
    """Count messages that turn out to have come to harm, each told as (channel, when, harm)."""
    for channel in sorted({channel for channel, _, _ in harmed}):
        days: dict[date, Counter[Harm]] = defaultdict(Counter)
        for name, at, harm in harmed:
            if name == channel:
                days[_day(at)][harm] += 1
        count(
            installation.pk,
            channel,
            [(day, Counts(0, found[Harm.BOUNCES], found[Harm.COMPLAINTS])) for day, found in days.items()],
        )
        judge_channel(installation, channel, now)


def rates(installation_id: int, channel: str, now: datetime) -> Counts:
    """Return what counts of the window that ends today, without what was forgiven."""
    held = SendingDay.objects.filter(installation_id=installation_id, channel=channel, day__gt=_before(now))
    sums = held.aggregate(
        sent=Sum(F("sent") - F("forgiven_sent"), default=0),
        bounced=Sum(F("bounced") - F("forgiven_bounced"), default=0),
        complained=Sum(F("complained") - F("forgiven_complained"), default=0),
    )
    return Counts(**sums)


def judge_channel(installation: Installation, channel: str, now: datetime) -> None:
    """Pause commercial e-mail where the rates say so, and have staff told of what they have to do.

    Other channels are counted and not judged: nobody has said from when on they do harm there.
    """
    if channel != EMAIL:
        return
    standings = judge(rates(installation.pk, channel, now))
    harm = next((harm for harm, standing in standings.items() if standing is Standing.PAUSED), None)
    if harm is not None:
        _pause(installation, channel, harm, now)
    is_paused = SendingChannel.objects.filter(
        installation=installation, channel=channel, paused_at__isnull=False
    ).exists()
    problems.tell(installation, ProblemKey.MAIL_PAUSED, is_paused, now)
    for one, standing in standings.items():
        problems.tell(installation, _WARNINGS[one], standing is Standing.WARNED and not is_paused, now)


def _pause(installation: Installation, channel: str, harm: Harm, now: datetime) -> None:
    SendingChannel.objects.get_or_create(installation=installation, channel=channel)
    held = SendingChannel.objects.filter(installation=installation, channel=channel, paused_at=None)
    held.update(paused_at=now, pause_reason=harm.value)


def resume(installation: Installation, channel: str, now: datetime) -> bool:
    """Let commercial messages leave again; return whether they were paused. What led to it is not judged again."""
    paused = SendingChannel.objects.filter(installation=installation, channel=channel, paused_at__isnull=False)
    days = SendingDay.objects.filter(installation=installation, channel=channel, day__gt=_before(now))
    if not paused.exists():
        return False
    # In the order in which whoever counts and judges takes these rows.
    days.update(forgiven_sent=F("sent"), forgiven_bounced=F("bounced"), forgiven_complained=F("complained"))
    is_resumed = paused.update(paused_at=None, pause_reason="") > 0
    for key in (ProblemKey.MAIL_PAUSED, *_WARNINGS.values()):
        problems.clear(installation.pk, key.value, now)
    return is_resumed


def expire(installation_id: int, now: datetime) -> None:
    """Delete what was counted too long ago."""
    SendingDay.objects.filter(installation_id=installation_id, day__lt=_day(now - KEPT)).delete()


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _before(now: datetime) -> date:
    return _day(now) - timedelta(days=WINDOW_DAYS)
