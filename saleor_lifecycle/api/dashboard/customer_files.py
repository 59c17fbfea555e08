"""Files of customers: what their columns mean, what the import would do, and how far it has come.

They are handed in, and their refused lines are taken out, over plain HTTP: `web/files.py`.
"""

from datetime import datetime
from uuid import UUID

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import customer_files as files
from saleor_lifecycle.actions import mapping_checks
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.domain.backfill import Kind, Progress
from saleor_lifecycle.domain.customer_files import FileMapping, Reason, read_mapping
from saleor_lifecycle.domain.file_columns import guess
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.nudge import CUSTOMER_FILES, nudge

from ..errors import Refusal
from .access import Info, Needs, Permission
from .attributes import AttributeInput, MappedAttribute, attribute_of, shown_attribute
from .problems import Error, errors

strawberry.enum(models.CustomerFile.State, name="CustomerFileState")
strawberry.enum(Reason, name="CustomerFileReason", description="Why a line is refused.")

MOST = 50
SAMPLE = 20


@strawberry.type
class FileAttribute:
    column: int
    attribute: MappedAttribute


@strawberry.type(description="Columns by their index from 0. Words are compared without case.")
class CustomerFileMapping:
    email: int
    first_name: int | None
    last_name: int | None
    language: int | None
    consent: int | None
    consent_date: int | None
    consent_source: int | None
    consent_text: int | None
    attributes: list[FileAttribute]
    yes: list[str]
    no: list[str]
    neither: list[str]
    everyone: bool | None
    is_day_first: bool
    date: str
    source: str
    text: str


@strawberry.input
class FileAttributeInput:
    column: int
    attribute: AttributeInput


@strawberry.input(description="Columns by their index from 0.")
class CustomerFileMappingInput:
    email: int
    first_name: int | None = None
    last_name: int | None = None
    language: int | None = None
    consent: int | None = None
    consent_date: int | None = None
    consent_source: int | None = None
    consent_text: int | None = None
    attributes: list[FileAttributeInput] = strawberry.field(default_factory=list)
    yes: list[str] = strawberry.field(default_factory=list)
    no: list[str] = strawberry.field(default_factory=list)
    neither: list[str] = strawberry.field(default_factory=list, description="Words that say neither yes nor no.")
    everyone: bool | None = strawberry.field(default=None, description="Said of each line that says nothing itself.")
    is_day_first: bool = strawberry.field(default=False, description="3/4/2026 is in April.")
    date: str = strawberry.field(default="", description="When those consented whose line has no date.")
    source: str = strawberry.field(default="", description="Where those consented whose line has no source.")
    text: str = strawberry.field(default="", description="The words that they agreed to.")


@strawberry.type
class CustomerFileRefused:
    reason: Reason
    lines: int


@strawberry.type(description="What the import would do. People, not lines: an address may be there twice.")
class CustomerFileCounts:
    people: int
    new: int
    known: int
    yes: int
    no: int
    without: int = strawberry.field(description="Who says neither yes nor no: known to us, and never written to.")
    stays_no: int = strawberry.field(description="Who says yes in the file and said no here: it stays a no.")
    repeated: int = strawberry.field(description="Lines whose address stands in one before: the strictest counts.")
    values_left_out: int = strawberry.field(description="Texts that are no values of their attributes.")
    refused: list[CustomerFileRefused]


@strawberry.type
class CustomerFile:
    id: strawberry.ID
    name: str
    state: models.CustomerFile.State
    columns: list[str]
    sample: list[list[str]] = strawberry.field(description="The first lines, until they are imported.")
    lines: int
    guessed: CustomerFileMapping | None = strawberry.field(description="What the columns most likely mean.")
    mapping: CustomerFileMapping | None
    counts: CustomerFileCounts | None = strawberry.field(description="Null until all lines are read by a mapping.")
    done: int
    percent: float | None
    rate: float | None = strawberry.field(description="Lines a second.")
    seconds_left: int | None
    uploaded_at: datetime
    finished_at: datetime | None


@strawberry.type
class CustomerFileUpdate:
    file: CustomerFile | None
    errors: list[Error]


@strawberry.type
class CustomerFileDelete:
    errors: list[Error]


@strawberry.type
class CustomerFileQuery:
    @strawberry.field(
        description="The last handed in first, at most 50; a file stays 30 days.", extensions=[Needs(Permission.USERS)]
    )
    def customer_files(self, info: Info, first: int = 10) -> list[CustomerFile]:
        if not 1 <= first <= MOST:
            raise Refusal(f"first: give 1 to {MOST}.", "INVALID")
        with within(info.context.installation_id):
            return [_shown(file) for file in files.newest(info.context.installation_id, first)]

    @strawberry.field(extensions=[Needs(Permission.USERS)])
    def customer_file(self, info: Info, id: strawberry.ID) -> CustomerFile | None:
        with within(info.context.installation_id):
            file = _found(id)
            return _shown(file) if file else None


@strawberry.type
class CustomerFileMutation:
    @strawberry.mutation(
        description="Reads all lines by a mapping and counts; nobody is imported. With another as often as needed.",
        extensions=[Needs(Permission.USERS)],
    )
    def customer_file_read(
        self, info: Info, id: strawberry.ID, mapping: CustomerFileMappingInput
    ) -> CustomerFileUpdate:
        wanted = _mapping(mapping)
        with within(info.context.installation_id):
            file = _found(id)
            if file is None:
                return _missing()
            if problems := mapping_checks.of_file(wanted, len(file.columns)):
                return CustomerFileUpdate(file=None, errors=errors(problems))
            try:
                answer = CustomerFileUpdate(file=_shown(files.read_by(file, wanted, info.context.now)), errors=[])
            except files.NotNow as error:
                return _not_now(error)
        nudge(CUSTOMER_FILES, info.context.installation_id)
        return answer

    @strawberry.mutation(
        description="Imports a file that was read and counted. It starts no flow and turns no no into a yes.",
        extensions=[Needs(Permission.USERS)],
    )
    def customer_file_start(self, info: Info, id: strawberry.ID) -> CustomerFileUpdate:
        with within(info.context.installation_id):
            file = _found(id)
            if file is None:
                return _missing()
            try:
                answer = CustomerFileUpdate(file=_shown(files.start(file, info.context.now)), errors=[])
            except files.NotNow as error:
                return _not_now(error)
        nudge(CUSTOMER_FILES, info.context.installation_id)
        return answer

    @strawberry.mutation(
        description="Deletes a file with what is left of its lines; whom it has brought stays.",
        extensions=[Needs(Permission.USERS)],
    )
    def customer_file_delete(self, info: Info, id: strawberry.ID) -> CustomerFileDelete:
        with within(info.context.installation_id):
            file = _found(id)
            if file is not None:
                files.drop(file.pk)
        return CustomerFileDelete(errors=[])


def _found(given: strawberry.ID) -> models.CustomerFile | None:
    try:
        return files.find(UUID(given))
    except ValueError:
        return None


def _missing() -> CustomerFileUpdate:
    return CustomerFileUpdate(file=None, errors=errors([Problem("id", Code.INVALID, "There is no such file.")]))


def _not_now(error: files.NotNow) -> CustomerFileUpdate:
    return CustomerFileUpdate(file=None, errors=errors([Problem("id", Code.INVALID, str(error))]))


def _mapping(given: CustomerFileMappingInput) -> FileMapping:
    attributes = tuple((one.column, attribute_of(one.attribute)) for one in given.attributes)
    words = {name: tuple(word.strip().casefold() for word in getattr(given, name)) for name in ("yes", "no", "neither")}
    return FileMapping(**{**vars(given), "attributes": attributes, **words})


def _shown_mapping(mapping: FileMapping | None) -> CustomerFileMapping | None:
    if mapping is None:
        return None
    attributes = [FileAttribute(column=place, attribute=shown_attribute(one)) for place, one in mapping.attributes]
    words = {name: list(getattr(mapping, name)) for name in ("yes", "no", "neither")}
    same = {name: getattr(mapping, name) for name in FileMapping.__slots__}
    return CustomerFileMapping(**{**same, "attributes": attributes, **words})


def _shown(file: models.CustomerFile) -> CustomerFile:
    sample = files.sample(file, SAMPLE)
    # The same sums as of an import from the shop.
    progress = Progress(
        Kind.CUSTOMERS, file.done, file.lines, 0, file.started_at, file.updated_at, file.finished_at, ""
    )
    return CustomerFile(
        id=strawberry.ID(str(file.public_id)),
        name=file.name,
        state=models.CustomerFile.State(file.state),
        columns=file.columns,
        sample=sample,
        lines=file.lines,
        guessed=_shown_mapping(guess(file.columns, sample)),
        mapping=_shown_mapping(read_mapping(file.mapping)) if file.mapping else None,
        counts=_shown_counts(file),
        done=file.done,
        percent=progress.percent,
        rate=progress.rate,
        seconds_left=progress.seconds_left,
        uploaded_at=file.uploaded_at,
        finished_at=file.finished_at,
    )


def _shown_counts(file: models.CustomerFile) -> CustomerFileCounts | None:
    if "people" not in file.counts:
        return None
    refused = [
        CustomerFileRefused(reason=Reason(reason), lines=lines)
        for reason, lines in sorted(file.counts["refused"].items())
    ]
    return CustomerFileCounts(**{**file.counts, "refused": refused})
