"""The switches over what leaves, its pace, and what waits."""

from datetime import datetime

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import sending
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.channels.known import CHANNELS
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.nudge import SEND, nudge

from .access import Info, Needs, Permission
from .flows import ReasonCount
from .problems import Error, errors


@strawberry.type
class SendingChannel:
    of_installation: strawberry.Private[int]
    channel: str
    off_at: datetime | None = strawberry.field(description="Since when nothing leaves on this channel; null: it sends.")
    off_reason: str = strawberry.field(description="`merchant`, or what else switched it off; empty while it sends.")
    per_minute: int | None = strawberry.field(description="Messages a minute, at most; null: no limit of ours.")
    resumes_at: datetime | None = strawberry.field(
        description="Nothing leaves before: the pace, or a rest after trouble."
    )
    trouble: str = strawberry.field(description="Why the provider is left alone for a while, in English; else empty.")
    service_only: str = strawberry.field(
        description="Why only service messages leave: `paused`, because too many bounced or were reported as spam, or "
        "`warm_up`, because as many left today as may; else empty."
    )
    waiting: int = strawberry.field(description="Messages whose moment has come.")
    scheduled: int = strawberry.field(description="Messages whose moment is still to come.")
    leaving: int = strawberry.field(description="Messages that are being handed over right now.")

    @strawberry.field(
        description="Why messages wait that were looked at already, by reason code, the most frequent first; of the "
        "10,000 whose turn is next. A reason that is no code is what the provider said."
    )
    def waits(self, info: Info) -> list[ReasonCount]:
        with within(info.context.installation_id):
            found = sending.waits(self.of_installation, self.channel)
        return [ReasonCount(reason=reason, count=count) for reason, count in found]


@strawberry.type
class Sending:
    off_at: datetime | None = strawberry.field(description="Since when nothing leaves on any channel; null: it sends.")
    held_at: datetime | None = strawberry.field(
        description="Since when nothing leaves because the database was restored or copied; an operator of the app "
        "ends this, not the merchant."
    )
    channels: list[SendingChannel]


@strawberry.type
class SendingChange:
    sending: Sending | None
    errors: list[Error]


@strawberry.type
class SendingQuery:
    @strawberry.field(
        description="Whether messages leave, how fast, and how many wait.", extensions=[Needs(Permission.USERS)]
    )
    def sending(self, info: Info) -> Sending:
        with within(info.context.installation_id):
            return _shown(info)


@strawberry.type
class SendingMutation:
    @strawberry.mutation(
        description="Nothing more leaves, on one channel or, without one, on any. What waits stays; a message that is "
        "being handed over right now may still arrive.",
        extensions=[Needs(Permission.USERS)],
    )
    def sending_stop(self, info: Info, channel: str | None = None) -> SendingChange:
        with within(info.context.installation_id):
            if problem := _unknown(channel):
                return SendingChange(sending=None, errors=errors([problem]))
            sending.stop(_installation(info), channel, info.context.now)
            return SendingChange(sending=_shown(info), errors=[])

    @strawberry.mutation(
        description="Messages leave again. What waited goes, or is skipped where it is of no use any more.",
        extensions=[Needs(Permission.USERS)],
    )
    def sending_resume(self, info: Info, channel: str | None = None) -> SendingChange:
        with within(info.context.installation_id):
            if problem := _unknown(channel):
                return SendingChange(sending=None, errors=errors([problem]))
            sending.resume(_installation(info), channel)
            shown = _shown(info)
        nudge(SEND, info.context.installation_id)
        return SendingChange(sending=shown, errors=[])

    @strawberry.mutation(
        description="How many messages a minute leave on a channel at most, 1 to 600000; null: no limit of ours.",
        extensions=[Needs(Permission.USERS)],
    )
    def sending_pace_set(self, info: Info, channel: str, per_minute: int | None = None) -> SendingChange:
        with within(info.context.installation_id):
            problem = _unknown(channel)
            try:
                if not problem:
                    sending.set_pace(_installation(info), channel, per_minute)
            except ValueError as error:
                problem = Problem("per_minute", Code.INVALID, str(error))
            if problem:
                return SendingChange(sending=None, errors=errors([problem]))
            return SendingChange(sending=_shown(info), errors=[])


def _unknown(channel: str | None) -> Problem | None:
    if channel is None or channel in CHANNELS:
        return None
    return Problem("channel", Code.INVALID, f"There is no such channel; there are {', '.join(sorted(CHANNELS))}.")


def _installation(info: Info) -> models.Installation:
    return models.Installation.objects.get(pk=info.context.installation_id)


def _shown(info: Info) -> Sending:
    held = _installation(info)
    standings = sending.standings(held.pk, sorted(CHANNELS), info.context.now)
    return Sending(
        off_at=held.sending_off_at,
        held_at=held.held_at,
        channels=[
            SendingChannel(
                of_installation=held.pk,
                channel=one.channel,
                off_at=one.off_at,
                off_reason=one.off_reason,
                per_minute=one.per_minute,
                resumes_at=one.free_at if one.free_at and one.free_at > info.context.now else None,
                trouble=one.trouble,
                service_only=one.service_only,
                waiting=one.waiting,
                scheduled=one.scheduled,
                leaving=one.leaving,
            )
            for one in standings
        ],
    )
