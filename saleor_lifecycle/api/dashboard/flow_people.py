"""The people in a flow, page by page."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import send_facts
from saleor_lifecycle.models import flow_people

from ..errors import Refusal
from .cursors import cursor, read_cursor

State = models.Enrollment.State
MOST = 100


@strawberry.type(description="One passage through a flow.")
class FlowPerson:
    customer: strawberry.ID
    user_id: strawberry.ID | None = strawberry.field(description="Saleor's; null for guests.")
    email: str | None
    state: State
    step: str = strawberry.field(description="The key of the step that it stands at; empty behind the last.")
    reason: str = strawberry.field(description="Why it ended, as a code or in the merchant's words.")
    arm: str = strawberry.field(
        description="treated, holdout (of this flow), everywhere (held out of all flows); empty where nobody is."
    )
    entered_at: datetime
    due_at: datetime | None = strawberry.field(description="When it is looked at again, if nothing happens before.")


@strawberry.type
class FlowPersonPage:
    people: list[FlowPerson]
    end_cursor: str | None = strawberry.field(description="For `after`.")
    has_next_page: bool


def page(flow: models.Flow, state: State, first: int, after: str | None) -> FlowPersonPage:
    """Return a page of who is in a flow, or was, the newest entry first."""
    if not 1 <= first <= MOST:
        raise Refusal(f"first: give 1 to {MOST}.", "INVALID")
    found = flow_people.people(flow, state, first, read_cursor(after))
    rows = found[:first]
    last = rows[-1] if rows else None
    return FlowPersonPage(
        people=_people(rows),
        end_cursor=cursor(last.entered_at, last.pk) if last else None,
        has_next_page=len(found) > first,
    )


def _people(rows: Sequence[models.Enrollment]) -> list[FlowPerson]:
    ids = {row.customer_id for row in rows}
    addresses = send_facts.addresses(ids, "email")
    users = send_facts.addresses(ids, "on_site")
    return [
        FlowPerson(
            customer=strawberry.ID(str(row.customer.public_id)),
            user_id=strawberry.ID(users[row.customer_id][0]) if row.customer_id in users else None,
            email=addresses[row.customer_id][0] if row.customer_id in addresses else None,
            state=State(row.state),
            step=row.step,
            reason=row.reason,
            arm=row.arm,
            entered_at=row.entered_at,
            due_at=row.due_at,
        )
        for row in rows
    ]
