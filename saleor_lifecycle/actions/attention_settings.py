"""What a merchant says of attention: the caps over all flows and channels, and when it is quiet."""

from collections.abc import Mapping

from saleor_lifecycle.domain.attention import Caps
from saleor_lifecycle.domain.quiet_hours import DEFAULTS, QuietHours, hours_document
from saleor_lifecycle.models import AttentionSettings

from .brands import Code, Problem

MOST = 100
"""The greatest cap; above it none is meant."""


def set_all(installation_id: int, caps: Caps, hours: Mapping[str, QuietHours]) -> tuple[Problem, ...]:
    """Store the caps and the channels that have quiet hours; with a problem, return it and store nothing.

    Messages that wait keep their moment; they are decided anew when it comes.
    """
    given = {"per_day": caps.day, "per_week": caps.week, "per_month": caps.month}
    problems = [
        Problem(name, Code.INVALID, f"Give 0 to {MOST} messages, or nothing for any number.")
        for name, most in given.items()
        if most is not None and not 0 <= most <= MOST
    ]
    problems += [
        Problem("quiet_hours", Code.INVALID, f"{channel}: quiet hours end at another time than they start.")
        for channel, one in sorted(hours.items())
        if one.start == one.end
    ]
    if problems:
        return tuple(problems)
    AttentionSettings.objects.update_or_create(
        pk=installation_id,
        defaults={**given, "quiet_hours": hours_document({**dict.fromkeys(DEFAULTS), **hours})},
    )
    return ()
