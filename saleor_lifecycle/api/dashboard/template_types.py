"""Templates as the schema shows them: their words by language and version, and what is wrong with them."""

from datetime import datetime

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import templates
from saleor_lifecycle.actions.brands import Code, Problem
from saleor_lifecycle.channels.faults import Fault, FaultCode
from saleor_lifecycle.domain.messages import Context, Purpose
from saleor_lifecycle.models.entry import within

from .access import Info
from .problems import Error, errors

strawberry.enum(Context, name="TemplateContext", description="What a template's words may name.")
strawberry.enum(Purpose, name="MessagePurpose")
strawberry.enum(FaultCode, name="TemplateFaultCode")

VERSIONS = 50


@strawberry.type(description="One thing that is wrong with a template.")
class TemplateFault:
    fault: strawberry.Private[Fault]

    @strawberry.field(description="subject, html (the MJML) or text.")
    def part(self) -> str:
        return self.fault.part

    @strawberry.field(description="Of the part as it was written; null where it is about all of it.")
    def line(self) -> int | None:
        return self.fault.line

    @strawberry.field
    def code(self) -> FaultCode:
        return self.fault.code

    @strawberry.field(description="Errors keep a template from being saved, warnings do not.")
    def is_error(self) -> bool:
        return self.fault.is_error

    @strawberry.field(description="In that language (en, es), else in English.")
    def message(self, language: str = "en") -> str:
        return self.fault.words(language)


@strawberry.type(description="Words that were saved; they never change.")
class TemplateVersion:
    language: str
    number: int
    subject: str
    mjml: str
    text: str
    short_text: str = strawberry.field(description="What SMS and places on the site say; empty where neither is used.")
    is_text_made: bool = strawberry.field(description="From the MJML, because nobody wrote one.")
    saved_at: datetime
    saved_by: strawberry.ID | None = strawberry.field(description="A staff member's id at Saleor; null: a ready one.")
    is_published: bool


@strawberry.type
class Template:
    row: strawberry.Private[models.Template]

    @strawberry.field
    def key(self) -> str:
        return self.row.key

    @strawberry.field
    def name(self) -> str:
        return self.row.name

    @strawberry.field
    def context(self) -> Context:
        return Context(self.row.context)

    @strawberry.field
    def purpose(self) -> Purpose:
        return Purpose(self.row.purpose)

    @strawberry.field(description="Where on the site its messages stand, in the storefront's words; empty: anywhere.")
    def placement(self) -> str:
        return self.row.placement

    @strawberry.field
    def created_at(self) -> datetime:
        return self.row.created_at

    @strawberry.field(description="Put away: no flow may begin to send it.")
    def archived_at(self) -> datetime | None:
        return self.row.archived_at

    @strawberry.field(description="Languages in which it speaks.")
    def languages(self) -> list[str]:
        return sorted(variant.language for variant in self.row.variants.all())

    @strawberry.field(description="Languages in which there are words, sent or not.")
    def written_languages(self, info: Info) -> list[str]:
        with within(info.context.installation_id):
            return list(self.row.versions.order_by("language").values_list("language", flat=True).distinct())

    @strawberry.field(description="Keys of the flows that send it; while there are any, it cannot go.")
    def used_by(self, info: Info) -> list[str]:
        with within(info.context.installation_id):
            return sorted(name for name in templates.used_by(self.row.installation_id, self.row.key) if name)

    @strawberry.field(description="What is sent, by language.")
    def variants(self, info: Info) -> list[TemplateVersion]:
        with within(info.context.installation_id):
            held = self.row.variants.select_related("version").order_by("language")
            return [shown_version(variant.version, variant.version_id) for variant in held]

    @strawberry.field(description=f"Of one language, the newest first, at most {VERSIONS}; before that number.")
    def versions(self, info: Info, language: str, before: int | None = None) -> list[TemplateVersion]:
        with within(info.context.installation_id):
            published = self.row.variants.filter(language=language).values_list("version_id", flat=True).first()
            rows = self.row.versions.filter(language=language).order_by("-number")
            rows = rows if before is None else rows.filter(number__lt=before)
            return [shown_version(row, published) for row in rows[:VERSIONS]]


@strawberry.type(description="What may be written between the braces.")
class TemplateNames:
    names: list[str] = strawberry.field(description="Full paths; `[]` marks a list, which `for` goes through.")
    filters: list[str]


@strawberry.input
class TemplateWordsInput:
    language: str
    subject: str
    mjml: str
    text: str = ""
    short_text: str = strawberry.field(default="", description="For SMS and places on the site; one paragraph.")


@strawberry.type
class TemplateSave:
    template: Template | None
    version: TemplateVersion | None = strawberry.field(description="Null where something keeps it from being saved.")
    faults: list[TemplateFault]
    errors: list[Error]


@strawberry.type
class TemplateCheck:
    text: str | None = strawberry.field(description="The plain text as it would be saved.")
    faults: list[TemplateFault]
    errors: list[Error]


@strawberry.type
class TemplatePreview:
    subject: str | None
    html: str | None
    text: str | None
    short_text: str | None
    sms_segments: int | None = strawberry.field(
        description="As how many SMS the short text goes, and is paid for; at most 10 are sent."
    )
    invented: list[str] = strawberry.field(description="Groups of values that are not the shop's or the customer's.")
    faults: list[TemplateFault]
    errors: list[Error]


@strawberry.type
class TemplateChange:
    template: Template | None
    faults: list[TemplateFault]
    errors: list[Error]


@strawberry.type
class TemplateDelete:
    errors: list[Error]


@strawberry.type
class TemplateTestSend:
    address: str | None = strawberry.field(description="Where it went.")
    errors: list[Error]


def shown_version(row: models.TemplateVersion, published: int | None) -> TemplateVersion:
    """Return a version as the schema has it; ``published`` is the row that is sent in its language."""
    return TemplateVersion(
        language=row.language,
        number=row.number,
        subject=row.subject,
        mjml=row.mjml,
        text=row.text,
        short_text=row.short_text,
        is_text_made=row.is_text_made,
        saved_at=row.saved_at,
        saved_by=strawberry.ID(row.saved_by) if row.saved_by else None,
        is_published=row.pk == published,
    )


def shown_faults(faults: tuple[Fault, ...]) -> list[TemplateFault]:
    """Return what is wrong as the schema has it."""
    return [TemplateFault(fault=fault) for fault in faults]


def all_errors(problems: tuple[Problem, ...], faults: tuple[Fault, ...]) -> list[Error]:
    """Return the problems, and those faults that are errors under the input field that they are about."""
    found = [
        Problem({"html": "mjml"}.get(fault.part, fault.part), Code.INVALID, str(fault))
        for fault in faults
        if fault.is_error
    ]
    return errors([*problems, *found])
