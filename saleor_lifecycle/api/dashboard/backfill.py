"""The import of what the shop held before the app."""

from datetime import datetime

import strawberry

from saleor_lifecycle.actions import backfill as backfills
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.domain.backfill import IMPORTED, Kind, Progress, State, caught_up_at, whole
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.nudge import BACKFILL, nudge

from .access import Info, Needs, Permission
from .problems import Error, errors

strawberry.enum(Kind, name="ImportKind")
strawberry.enum(State, name="ImportState")


@strawberry.type
class ImportPart:
    kind: Kind
    state: State
    done: int
    total: int | None = strawberry.field(description="As the shop counted when it began.")
    skipped: int = strawberry.field(description="Of those done, the ones that could not be taken in.")
    percent: float | None
    rate: float | None = strawberry.field(description="Rows a second.")
    seconds_left: int | None
    started_at: datetime | None
    finished_at: datetime | None
    error: str = strawberry.field(description="What it waits for, in English; it is tried again by itself.")


@strawberry.type
class Import:
    state: State
    pages_per_second: float = strawberry.field(description="How fast the shop is read at most; a page is 100 rows.")
    parts: list[ImportPart] = strawberry.field(description="All are read at the same time.")
    caught_up_at: datetime | None = strawberry.field(
        description="Everything that the shop had until then is known; null until all was read once. What changed is"
        " read every night, failed deliveries every hour, and both when the app is switched on again."
    )
    catch_up_error: str = strawberry.field(description="What that waits for, in English; it is tried again by itself.")


@strawberry.type
class ImportStart:
    import_: Import | None = strawberry.field(name="import")
    errors: list[Error]


@strawberry.type
class ImportQuery:
    @strawberry.field(
        name="import",
        description="What the shop held before the app, and how far it has been read; null if it never was.",
        extensions=[Needs(Permission.USERS)],
    )
    def import_(self, info: Info) -> Import | None:
        with within(info.context.installation_id):
            return _shown(info.context.installation_id)


@strawberry.type
class ImportMutation:
    @strawberry.mutation(
        description="Goes on where it stopped; from the beginning if it is over, or with `restart`.",
        extensions=[Needs(Permission.USERS)],
    )
    def import_start(self, info: Info, restart: bool = False, pages_per_second: float | None = None) -> ImportStart:
        installation_id = info.context.installation_id
        with within(installation_id):
            if pages_per_second is not None:
                try:
                    backfills.set_rate(Installation.objects.get(pk=installation_id), pages_per_second)
                except ValueError as error:
                    problem = Problem("pages_per_second", Code.INVALID, str(error))
                    return ImportStart(import_=None, errors=errors([problem]))
            backfills.start(installation_id, info.context.now, restart)
            started = _shown(installation_id)
        nudge(BACKFILL, installation_id)
        return ImportStart(import_=started, errors=[])


def _shown(installation_id: int) -> Import | None:
    progress = backfills.progress(installation_id)
    if not progress:
        return None
    parts = [part for part in progress if part.kind in IMPORTED]
    rates = Installation.objects.values_list("import_pages_per_second", flat=True)
    return Import(
        state=whole(parts),
        pages_per_second=rates.get(pk=installation_id),
        parts=[_part(part) for part in parts],
        caught_up_at=caught_up_at(progress),
        catch_up_error=next((part.error for part in progress if part.finished_at and part.error), ""),
    )


def _part(part: Progress) -> ImportPart:
    return ImportPart(
        kind=part.kind,
        state=part.state,
        done=part.done,
        total=part.total,
        skipped=part.skipped,
        percent=part.percent,
        rate=part.rate,
        seconds_left=part.seconds_left,
        started_at=part.started_at,
        finished_at=part.finished_at,
        error="" if part.state is State.FINISHED else part.error,
    )
