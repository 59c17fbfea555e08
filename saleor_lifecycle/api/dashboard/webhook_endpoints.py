"""The merchant's own systems that are told what happens: where, by which secret, and what they did not take."""

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from urllib.parse import urlsplit
from uuid import UUID

import strawberry
from django.conf import settings

from saleor_lifecycle import models
from saleor_lifecycle.actions import webhook_endpoints
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.domain.webhooks import WebhookEvent
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.outbound import AddressRefused, public_addresses
from saleor_lifecycle.tasks import webhooks
from saleor_lifecycle.tasks.nudge import WEBHOOKS, nudge

from .access import Info, Needs, Permission
from .problems import Error, errors

strawberry.enum(
    WebhookEvent,
    name="WebhookEvent",
    description="CONSENT_GIVEN, CONSENT_WITHDRAWN: somebody agreed to messages, or wants no more. ADDRESS_SUPPRESSED: "
    "an address is never written to again. FLOW_STEP: a step of a flow tells of somebody. MESSAGE_SEND: a message of "
    "the channel webhook, for the receiver to bring to its person; one endpoint at most.",
)


@strawberry.enum(description="FAILING: it took nothing for five days. GONE: it answered that it wants no more (410).")
class WebhookEndpointOff(Enum):
    MERCHANT = "merchant"
    FAILING = "failing"
    GONE = "gone"


@strawberry.type(description="Something that an endpoint did not take, and that is tried again.")
class WebhookFailure:
    event: str
    attempts: int
    error: str = strawberry.field(description="What the endpoint answered, cut; or why it did not.")
    next_attempt_at: datetime | None


@strawberry.type
class WebhookEndpoint:
    id: strawberry.ID
    url: str
    events: list[WebhookEvent]
    created_at: datetime
    former_secret_until: datetime | None = strawberry.field(
        description="Until then the secret before the last change signs as well."
    )
    off_at: datetime | None = strawberry.field(description="Since when it is told nothing; null: it is.")
    off_reason: WebhookEndpointOff | None
    failing_since: datetime | None = strawberry.field(
        description="Since when it took nothing. After five days it is switched off."
    )
    resumes_at: datetime | None = strawberry.field(description="It is left alone until then, after trouble.")
    trouble: str = strawberry.field(description="The last, in English; empty where there was none.")
    last_taken_at: datetime | None
    waiting: int = strawberry.field(description="What is still to be told.")
    given_up: int = strawberry.field(description="What it was never told: it did not take it, or was switched off.")
    failures: list[WebhookFailure] = strawberry.field(
        description=f"The newest {webhook_endpoints.FAILED_SHOWN} that wait for another attempt."
    )


@strawberry.type
class WebhookEndpointChange:
    endpoint: WebhookEndpoint | None = None
    errors: list[Error] = strawberry.field(default_factory=list)


@strawberry.type
class WebhookEndpointSecret:
    endpoint: WebhookEndpoint | None = None
    secret: str | None = strawberry.field(
        default=None, description="What signs for it, as Standard Webhooks has it. Shown only now."
    )
    errors: list[Error] = strawberry.field(default_factory=list)


@strawberry.type
class WebhookEndpointTest:
    is_taken: bool = strawberry.field(default=False, description="It answered with a status from 200 to 299.")
    answer: str = strawberry.field(default="", description="What it answered otherwise, or why it did not.")
    status: int | None = None
    errors: list[Error] = strawberry.field(default_factory=list)


@strawberry.type
class WebhookEndpointQuery:
    @strawberry.field(
        description="Addresses of the merchant's that are told what happens, the oldest first.",
        extensions=[Needs(Permission.USERS)],
    )
    def webhook_endpoints(self, info: Info) -> list[WebhookEndpoint]:
        with within(info.context.installation_id):
            return [_shown(one, info.context.now) for one in webhook_endpoints.standings(info.context.installation_id)]


@strawberry.type
class WebhookEndpointMutation:
    @strawberry.mutation(
        description=f"Tell an address what happens from now on; {webhook_endpoints.MOST} at most. It begins with "
        "https:// and is reached over the public internet.",
        extensions=[Needs(Permission.USERS)],
    )
    def webhook_endpoint_add(self, info: Info, url: str, events: list[WebhookEvent]) -> WebhookEndpointSecret:
        url, asked = url.strip(), _names(events)
        unreachable = _unreachable(url)
        with within(info.context.installation_id):
            installation = models.Installation.objects.select_for_update(no_key=True).get(
                pk=info.context.installation_id
            )
            others = models.WebhookEndpoint.objects.filter(installation=installation)
            problems = webhook_endpoints.faults(url, asked, others, settings.ALLOW_PRIVATE_ADDRESSES) or unreachable
            if others.count() >= webhook_endpoints.MOST:
                problems = [Problem("url", Code.INVALID, f"There can be {webhook_endpoints.MOST} endpoints at most.")]
            if problems:
                return WebhookEndpointSecret(errors=errors(problems))
            row, secret = webhook_endpoints.add(installation, url, asked, info.context.now)
            return WebhookEndpointSecret(endpoint=_one(info, row), secret=secret)

    @strawberry.mutation(
        description="Change where an endpoint is and what it is told; null leaves as it is.",
        extensions=[Needs(Permission.USERS)],
    )
    def webhook_endpoint_update(
        self, info: Info, id: strawberry.ID, url: str | None = None, events: list[WebhookEvent] | None = None
    ) -> WebhookEndpointChange:
        url, asked = (url.strip() if url is not None else None), (_names(events) if events is not None else None)
        unreachable = _unreachable(url) if url is not None else []
        with within(info.context.installation_id):
            row = _locked(id)
            if row is None:
                return WebhookEndpointChange(errors=errors([MISSING]))
            others = models.WebhookEndpoint.objects.filter(installation=row.installation_id).exclude(pk=row.pk)
            problems = webhook_endpoints.faults(url, asked, others, settings.ALLOW_PRIVATE_ADDRESSES) or unreachable
            if problems:
                return WebhookEndpointChange(errors=errors(problems))
            webhook_endpoints.change(row, url, asked)
            return WebhookEndpointChange(endpoint=_one(info, row))

    @strawberry.mutation(
        description="Make a new secret; the one before it signs as well for 24 hours.",
        extensions=[Needs(Permission.USERS)],
    )
    def webhook_endpoint_rotate(self, info: Info, id: strawberry.ID) -> WebhookEndpointSecret:
        with within(info.context.installation_id):
            row = _locked(id)
            if row is None:
                return WebhookEndpointSecret(errors=errors([MISSING]))
            secret = webhook_endpoints.rotate(row, info.context.now)
            return WebhookEndpointSecret(endpoint=_one(info, row), secret=secret)

    @strawberry.mutation(
        description="Switch an endpoint off, or on again. What happens meanwhile it is never told.",
        extensions=[Needs(Permission.USERS)],
    )
    def webhook_endpoint_switch(self, info: Info, id: strawberry.ID, is_on: bool) -> WebhookEndpointChange:
        with within(info.context.installation_id):
            row = _locked(id)
            if row is None:
                return WebhookEndpointChange(errors=errors([MISSING]))
            if is_on:
                webhook_endpoints.switch_on(row)
            else:
                webhook_endpoints.switch_off(row, models.WebhookEndpoint.Off.MERCHANT, info.context.now)
            webhook_endpoints.tell_staff(row.installation, info.context.now)
            shown = _one(info, row)
        nudge(WEBHOOKS, info.context.installation_id)
        return WebhookEndpointChange(endpoint=shown)

    @strawberry.mutation(
        description="Send an endpoint a trial, signed like the rest, of the type `test`, and say what it answers.",
        extensions=[Needs(Permission.USERS)],
    )
    def webhook_endpoint_test(self, info: Info, id: strawberry.ID) -> WebhookEndpointTest:
        named = _uuid(id)
        answer = webhooks.test(info.context.installation_id, named, info.context.now) if named else None
        if answer is None:
            return WebhookEndpointTest(errors=errors([MISSING]))
        return WebhookEndpointTest(is_taken=answer.is_taken, answer=answer.told, status=answer.status or None)

    @strawberry.mutation(
        description="Remove an endpoint with all that waits for it.", extensions=[Needs(Permission.USERS)]
    )
    def webhook_endpoint_remove(self, info: Info, id: strawberry.ID) -> WebhookEndpointChange:
        with within(info.context.installation_id):
            row = _locked(id)
            if row is None:
                return WebhookEndpointChange(errors=errors([MISSING]))
            row.delete()
            webhook_endpoints.tell_staff(row.installation, info.context.now)
            return WebhookEndpointChange()


MISSING = Problem("id", Code.NOT_FOUND, "There is no such endpoint.")


def _unreachable(url: str) -> list[Problem]:
    """Return why an address cannot be reached over the public internet; its form is looked at elsewhere."""
    try:
        parts = urlsplit(url)
        if parts.hostname and not settings.ALLOW_PRIVATE_ADDRESSES:
            public_addresses(parts.hostname, parts.port or 443)
    except (AddressRefused, ValueError):
        return [Problem("url", Code.INVALID, "This address is not reached over the public internet.")]
    return []


def _names(events: Iterable[WebhookEvent]) -> list[str]:
    return sorted({event.value for event in events})


def _locked(id: strawberry.ID) -> models.WebhookEndpoint | None:
    named = _uuid(id)
    return webhook_endpoints.locked(named) if named else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _one(info: Info, row: models.WebhookEndpoint) -> WebhookEndpoint:
    found = webhook_endpoints.standings(row.installation_id)
    return next(_shown(one, info.context.now) for one in found if one.endpoint.pk == row.pk)


def _shown(one: webhook_endpoints.Standing, now: datetime) -> WebhookEndpoint:
    row = one.endpoint
    return WebhookEndpoint(
        id=strawberry.ID(str(row.public_id)),
        url=row.url,
        events=[WebhookEvent(event) for event in row.events],
        created_at=row.created_at,
        former_secret_until=row.former_until if row.former_until and row.former_until > now else None,
        off_at=row.off_at,
        off_reason=WebhookEndpointOff(row.off_reason) if row.off_reason else None,
        failing_since=row.failing_since,
        resumes_at=row.free_at if row.free_at and row.free_at > now else None,
        trouble=row.trouble,
        last_taken_at=row.served_at,
        waiting=one.waiting,
        given_up=row.lost,
        failures=[
            WebhookFailure(
                event=failed.written.get("event", ""),
                attempts=failed.attempts,
                error=failed.error,
                next_attempt_at=failed.due_at,
            )
            for failed in one.failed
        ],
    )
