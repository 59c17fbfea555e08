"""How much of its customers' attention a shop takes."""

import re
from datetime import time

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import attention, attention_settings
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.channels.known import CHANNELS
from saleor_lifecycle.domain.attention import Caps
from saleor_lifecycle.domain.quiet_hours import QuietHours
from saleor_lifecycle.models.entry import within

from .access import Info, Needs, Permission
from .problems import Error, errors

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@strawberry.type(description="When nothing commercial leaves on a channel, by the clock where the customer is.")
class ChannelQuietHours:
    channel: str
    start: str = strawberry.field(description="Written like 21:00.")
    end: str = strawberry.field(description="Likewise; over midnight where it is the earlier.")


@strawberry.input
class ChannelQuietHoursInput:
    channel: str
    start: str
    end: str


@strawberry.type(
    description="How many commercial messages a customer gets at most, over all flows and channels, in any day, 7 days "
    "and 30 days; null: any number. Neither service messages nor what customers asked for count."
)
class AttentionSettings:
    per_day: int | None
    per_week: int | None
    per_month: int | None
    quiet_hours: list[ChannelQuietHours] = strawberry.field(description="On all other channels it is never quiet.")


@strawberry.type
class AttentionChange:
    settings: AttentionSettings | None
    errors: list[Error]


@strawberry.type
class AttentionQuery:
    @strawberry.field(
        description="How many messages a customer gets at most, and when it is quiet.",
        extensions=[Needs(Permission.USERS)],
    )
    def attention(self, info: Info) -> AttentionSettings:
        with within(info.context.installation_id):
            return _shown(attention.settings_of(info.context.installation_id))


@strawberry.type
class AttentionMutation:
    @strawberry.mutation(
        description="Set all of it: a cap that is left out is none, and so are the quiet hours of a channel that is "
        "not named.",
        extensions=[Needs(Permission.USERS)],
    )
    def attention_set(
        self,
        info: Info,
        quiet_hours: list[ChannelQuietHoursInput],
        per_day: int | None = None,
        per_week: int | None = None,
        per_month: int | None = None,
    ) -> AttentionChange:
        problems = [problem for given in quiet_hours if (problem := _wrong(given))]
        if problems:
            return AttentionChange(settings=None, errors=errors(problems))
        hours = {
            one.channel: QuietHours(time.fromisoformat(one.start), time.fromisoformat(one.end)) for one in quiet_hours
        }
        with within(info.context.installation_id):
            found = attention_settings.set_all(info.context.installation_id, Caps(per_day, per_week, per_month), hours)
            if found:
                return AttentionChange(settings=None, errors=errors(found))
            return AttentionChange(settings=_shown(attention.settings_of(info.context.installation_id)), errors=[])


def _wrong(given: ChannelQuietHoursInput) -> Problem | None:
    if given.channel not in CHANNELS:
        names = ", ".join(sorted(CHANNELS))
        return Problem("quiet_hours", Code.INVALID, f"There is no such channel; there are {names}.")
    if not (_CLOCK.fullmatch(given.start) and _CLOCK.fullmatch(given.end)):
        return Problem("quiet_hours", Code.INVALID, f"{given.channel}: hours are written like 21:00.")
    return None


def _shown(held: models.AttentionSettings) -> AttentionSettings:
    return AttentionSettings(
        per_day=held.per_day,
        per_week=held.per_week,
        per_month=held.per_month,
        quiet_hours=[
            ChannelQuietHours(channel=channel, start=one.start.isoformat("minutes"), end=one.end.isoformat("minutes"))
            for channel, one in sorted(held.hours().items())
            if one is not None
        ],
    )
