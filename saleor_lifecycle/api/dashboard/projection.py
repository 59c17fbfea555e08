"""What is written to Saleor's customer records, how far it is, and whose records staff have edited."""

from datetime import datetime

import strawberry

from saleor_lifecycle.actions import projection
from saleor_lifecycle.domain.projection import MOST_AT_ONCE, PHASE
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within

from ..errors import Refusal
from .access import Info, Needs, Permission
from .cursors import cursor, read_cursor

MOST = 100


@strawberry.type
class Projection:
    row: strawberry.Private[Installation]

    # What counts rows is asked only where it is asked for: a page that watches asks every few seconds.
    @strawberry.field(description="About how many a yes would write: accounts, of which a person may have two.")
    def customers(self) -> int:
        with within(self.row.pk):
            return projection.count(self.row.pk)

    per_request: int
    per_minute: int = strawberry.field(description="At most, by all workers together.")

    @strawberry.field(
        description="Customers who are still to be written, or emptied, as far as they have been looked for."
    )
    def waiting(self) -> int:
        if not (self.row.is_projecting or self.row.is_clearing):
            return 0
        with within(self.row.pk):
            return projection.waiting(self.row.pk)

    is_clearing: bool = strawberry.field(description="It is off, and what it wrote is being emptied.")

    @strawberry.field(
        description="Records in which staff have changed the public phase again after it was put right once."
    )
    def edited(self) -> int:
        if not self.row.is_projecting:
            return 0
        with within(self.row.pk):
            return projection.edited(self.row.pk)

    has_attribute: bool = strawberry.field(description="A customer attribute carries the phase as well.")
    attribute_trouble: str = strawberry.field(
        description="Why the attribute could not be made, in English; else empty."
    )
    trouble: str = strawberry.field(description="Why the shop is left alone for a while, in English; else empty.")
    resumes_at: datetime | None = strawberry.field(description="Nothing is written before.")


@strawberry.type(description="A record that staff have edited, and that is left so until the phase moves.")
class EditedRecord:
    user_id: strawberry.ID
    phase: str = strawberry.field(description="What we had written.")
    edited_at: datetime
    cursor: str


@strawberry.type
class ProjectionQuery:
    @strawberry.field(
        description="Oldest edit first, at most 100; `after` is the cursor of the last row that was seen. Only edits "
        "of the public phase are known: Saleor's webhooks do not tell of private metadata.",
        extensions=[Needs(Permission.USERS)],
    )
    def edited_records(self, info: Info, first: int = 20, after: str | None = None) -> list[EditedRecord]:
        if not 1 <= first <= MOST:
            raise Refusal(f"first: give 1 to {MOST}.", "INVALID")
        with within(info.context.installation_id):
            rows = projection.edited_records(info.context.installation_id, first, read_cursor(after))
        return [
            EditedRecord(
                user_id=strawberry.ID(row.record),
                phase=row.written.get(PHASE, ""),
                edited_at=row.edited_at,
                cursor=cursor(row.edited_at, row.pk),
            )
            for row in rows
            if row.edited_at
        ]


def shown_projection(installation_id: int) -> Projection:
    """Return the state of the installation's projection."""
    row = Installation.objects.get(pk=installation_id)
    return Projection(
        row=row,
        per_request=MOST_AT_ONCE,
        per_minute=row.projection_per_minute,
        is_clearing=row.is_clearing,
        has_attribute=row.has_phase_attribute,
        attribute_trouble=row.attribute_trouble,
        trouble=row.projection_trouble,
        resumes_at=row.projection_at if row.projection_trouble else None,
    )
