"""Addresses that are never written to: listed, looked up, added and, where that may be, let go."""

from datetime import datetime
from enum import StrEnum

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import suppressions
from saleor_lifecycle.actions.addresses import address_hash
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.domain.customer_files import is_email
from saleor_lifecycle.domain.suppressions import FOR_GOOD
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import suppressions as files

from ..errors import Refusal
from .access import Info, Needs, Permission
from .cursors import cursor, read_cursor
from .problems import Error, errors

MOST = 100
MOST_LINES = 1000
LONGEST_NOTE = 500


@strawberry.enum
class SuppressionReason(StrEnum):
    UNSUBSCRIBED = "unsubscribed"
    MANUAL = "manual"
    SOFT_BOUNCES = "soft_bounces"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


@strawberry.type(description="An address never written to. Only its keyed hash is kept.")
class Suppression:
    address_hash: strawberry.ID
    channel: str
    reason: SuppressionReason
    at: datetime
    may_be_lifted: bool


@strawberry.type
class SuppressionCount:
    reason: SuppressionReason
    count: int


@strawberry.type
class SuppressionList:
    of_channel: strawberry.Private[str]
    suppressions: list[Suppression] = strawberry.field(description="The newest first.")
    end_cursor: str | None
    has_next_page: bool

    @strawberry.field(description="How many stand on the whole list of the channel, the most frequent reason first.")
    def counts(self, info: Info) -> list[SuppressionCount]:
        with within(info.context.installation_id):
            found = suppressions.counts(self.of_channel)
        return [SuppressionCount(reason=SuppressionReason(reason), count=count) for reason, count in found]


@strawberry.type
class SuppressionAdd:
    added: int = strawberry.field(description="How many were not on the list, or for a milder reason.")
    errors: list[Error]


@strawberry.type
class SuppressionImport:
    lines: int = 0
    added: int = 0
    unread_lines: list[int] = strawberry.field(
        default_factory=list, description="Numbers of the lines that name no address."
    )
    errors: list[Error] = strawberry.field(default_factory=list)


@strawberry.type
class SuppressionLift:
    is_lifted: bool
    errors: list[Error]


@strawberry.type
class SuppressionQuery:
    @strawberry.field(
        description="With an address, that one, if it is on the list.", extensions=[Needs(Permission.USERS)]
    )
    def suppressions(
        self,
        info: Info,
        channel: str = "email",
        address: str | None = None,
        reason: SuppressionReason | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> SuppressionList:
        if not 1 <= first <= MOST:
            raise Refusal(f"first: give 1 to {MOST}.", "INVALID")
        begins = read_cursor(after)
        with within(info.context.installation_id):
            installation = models.Installation.objects.get(pk=info.context.installation_id)
            hashed = address_hash(installation, channel, address) if address else ""
            rows = suppressions.page(channel, first + 1, begins, hashed, reason.value if reason else "")
        shown = rows[:first]
        return SuppressionList(
            of_channel=channel,
            suppressions=[shown_suppression(row) for row in shown],
            end_cursor=cursor(shown[-1].at, shown[-1].pk) if shown else None,
            has_next_page=len(rows) > first,
        )


@strawberry.type
class SuppressionMutation:
    @strawberry.mutation(
        description="Never write to this address again. What is queued for its customer ends.",
        extensions=[Needs(Permission.USERS)],
    )
    def suppression_add(self, info: Info, address: str, channel: str = "email") -> SuppressionAdd:
        address, now = address.strip().lower(), info.context.now
        if not address or (channel == "email" and not is_email(address)):
            problem = Problem("address", Code.INVALID, "This is not an address.")
            return SuppressionAdd(added=0, errors=errors([problem]))
        with within(info.context.installation_id):
            installation = models.Installation.objects.get(pk=info.context.installation_id)
            named = suppressions.Named(address, "", suppressions.MANUAL, now)
            return SuppressionAdd(added=suppressions.suppress_named(installation, channel, [named], now), errors=[])

    @strawberry.mutation(
        description="Takes in lines of a CSV: addresses, or hashes of an earlier export, with reason and date where "
        "the first line names such columns. Nothing leaves the list by it. Longer files: the command suppressions.",
        extensions=[Needs(Permission.USERS)],
    )
    def suppressions_import(self, info: Info, csv: str, channel: str = "email") -> SuppressionImport:
        lines = csv.splitlines(keepends=True)
        if len(lines) > MOST_LINES:
            problem = Problem("csv", Code.INVALID, f"At most {MOST_LINES} lines are taken in at once.")
            return SuppressionImport(errors=errors([problem]))
        taken = files.take_in(info.context.installation_id, lines, channel, info.context.now)
        return SuppressionImport(lines=taken.lines, added=taken.new, unread_lines=taken.unread_lines)

    @strawberry.mutation(
        description="The address may be written to again, if it was unsubscribed or put here by hand; who let it go "
        "is kept. A customer's own no still counts until they take it back.",
        extensions=[Needs(Permission.USERS)],
    )
    def suppression_lift(
        self, info: Info, address_hash: strawberry.ID, note: str, channel: str = "email"
    ) -> SuppressionLift:
        if not note.strip() or len(note) > LONGEST_NOTE:
            problem = Problem("note", Code.REQUIRED, f"Say why, in at most {LONGEST_NOTE} characters.")
            return SuppressionLift(is_lifted=False, errors=errors([problem]))
        context = info.context
        with within(context.installation_id):
            installation = models.Installation.objects.get(pk=context.installation_id)
            done = suppressions.lift(
                installation, channel, str(address_hash), context.token.user_id, note.strip(), context.now
            )
        if done:
            return SuppressionLift(is_lifted=True, errors=[])
        problem = Problem(
            "address_hash",
            Code.INVALID,
            "There is no such address." if done is None else "What bounced or complained stays.",
        )
        return SuppressionLift(is_lifted=False, errors=errors([problem]))


def shown_suppression(row: models.Suppression) -> Suppression:
    """Return a suppressed address as the schema shows it."""
    return Suppression(
        address_hash=strawberry.ID(row.address_hash),
        channel=row.channel,
        reason=SuppressionReason(row.reason),
        at=row.at,
        may_be_lifted=row.reason not in FOR_GOOD,
    )
