"""Templates: written, looked through, published, put away; how they read, and one test mail."""

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import templates
from saleor_lifecycle.actions.brands import Problem
from saleor_lifecycle.channels.faults import Fault
from saleor_lifecycle.channels.mentions import ALWAYS_THERE
from saleor_lifecycle.channels.names import names_of
from saleor_lifecycle.channels.templates import FILTERS
from saleor_lifecycle.domain import sms
from saleor_lifecycle.domain.messages import Context, Purpose
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import previews
from saleor_lifecycle.tasks import templates as writing

from .access import Info, Needs, Permission
from .problems import errors
from .template_types import (
    Template,
    TemplateChange,
    TemplateCheck,
    TemplateDelete,
    TemplateNames,
    TemplatePreview,
    TemplateSave,
    TemplateTestSend,
    TemplateWordsInput,
    all_errors,
    shown_faults,
    shown_version,
)


@strawberry.type
class TemplateQuery:
    @strawberry.field(
        description="By key; those that are put away only if asked for.", extensions=[Needs(Permission.USERS)]
    )
    def templates(self, info: Info, is_archived: bool = False) -> list[Template]:
        with within(info.context.installation_id):
            rows = models.Template.objects.filter(archived_at__isnull=not is_archived).prefetch_related("variants")
            return [Template(row=row) for row in rows.order_by("key")]

    @strawberry.field(extensions=[Needs(Permission.USERS)])
    def template(self, info: Info, key: str) -> Template | None:
        return _find(info, key)

    @strawberry.field(extensions=[Needs(Permission.USERS)])
    def template_names(self, info: Info, context: Context) -> TemplateNames:
        return TemplateNames(names=sorted(names_of(context) | ALWAYS_THERE), filters=sorted(FILTERS | {"money"}))

    @strawberry.field(
        description="Looks words through as saving them would, and saves nothing.", extensions=[Needs(Permission.USERS)]
    )
    def template_check(
        self, info: Info, context: Context, purpose: Purpose, words: TemplateWordsInput
    ) -> TemplateCheck:
        looked, problems = writing.look(info.context.installation_id, _written(words), context, purpose)
        text = looked.source.text if looked.source else None
        return TemplateCheck(text=text, faults=shown_faults(looked.faults), errors=all_errors(problems, looked.faults))

    @strawberry.field(
        description="Words as a customer would read them now, with what the shop says; without one, or where it says "
        "nothing, with invented values. Its links lead nowhere. Asks the shop; show it in a sandboxed frame.",
        extensions=[Needs(Permission.USERS)],
    )
    def template_preview(
        self,
        info: Info,
        context: Context,
        purpose: Purpose,
        words: TemplateWordsInput,
        user_id: strawberry.ID | None = None,
        channel: str = "",
    ) -> TemplatePreview:
        shown = _preview(info, context, purpose, words, user_id, channel)
        return TemplatePreview(
            subject=shown.words.subject if shown.words else None,
            html=shown.words.html if shown.words else None,
            text=shown.words.text if shown.words else None,
            short_text=shown.words.short if shown.words else None,
            sms_segments=sms.count(shown.words.short).segments if shown.words else None,
            invented=list(shown.invented),
            faults=shown_faults(shown.faults),
            errors=all_errors(shown.problems, shown.faults),
        )


@strawberry.type
class TemplateMutation:
    @strawberry.mutation(
        description="Makes a template with its first words, and publishes them.", extensions=[Needs(Permission.USERS)]
    )
    def template_create(
        self, info: Info, key: str, context: Context, purpose: Purpose, words: TemplateWordsInput, name: str = ""
    ) -> TemplateSave:
        return _saved(
            info,
            key,
            writing.make(
                info.context.installation_id,
                key,
                name,
                context,
                purpose,
                _written(words),
                info.context.token.user_id,
                info.context.now,
            ),
        )

    @strawberry.mutation(
        description="Saves words as the next version in their language, and lets it be sent unless `publishes` is "
        "false. With an error nothing is saved; warnings are told.",
        extensions=[Needs(Permission.USERS)],
    )
    def template_save(self, info: Info, key: str, words: TemplateWordsInput, publishes: bool = True) -> TemplateSave:
        who, now = info.context.token.user_id, info.context.now
        saved = writing.save(info.context.installation_id, key, _written(words), publishes, who, now)
        return _saved(info, key, saved)

    @strawberry.mutation(
        description="Sends a version that was saved earlier from now on, if it is still in order.",
        extensions=[Needs(Permission.USERS)],
    )
    def template_publish(self, info: Info, key: str, language: str, number: int) -> TemplateSave:
        saved = writing.publish(info.context.installation_id, key, language, number, info.context.now)
        return _saved(info, key, saved)

    @strawberry.mutation(
        description="Changes name and purpose; a purpose only while no flow sends it, and if its words suit it.",
        extensions=[Needs(Permission.USERS)],
    )
    def template_update(
        self,
        info: Info,
        key: str,
        name: str | None = None,
        purpose: Purpose | None = None,
        placement: str | None = None,
    ) -> TemplateChange:
        problems, faults = writing.describe(info.context.installation_id, key, name, purpose, placement)
        return _changed(info, key, problems, faults)

    @strawberry.mutation(
        description="Makes a template with the words that another one sends.", extensions=[Needs(Permission.USERS)]
    )
    def template_copy(self, info: Info, key: str, new_key: str, name: str = "") -> TemplateChange:
        who, now = info.context.token.user_id, info.context.now
        return _changed(info, new_key, writing.copy(info.context.installation_id, key, new_key, name, who, now))

    @strawberry.mutation(
        description="Puts a template away, or brings it back; what a flow sends cannot be put away.",
        extensions=[Needs(Permission.USERS)],
    )
    def template_archive(self, info: Info, key: str, is_archived: bool = True) -> TemplateChange:
        with within(info.context.installation_id):
            row = templates.locked(info.context.installation_id, key)
            if row is None:
                return _changed(info, key, (writing.missing("key"),))
            try:
                templates.archive(row, info.context.now) if is_archived else templates.restore(row)
            except templates.InUse as error:
                return _changed(info, key, (writing.in_use(error),))
        return _changed(info, key, ())

    @strawberry.mutation(
        description="Deletes a template with all its words, for good; what a flow sends cannot be deleted.",
        extensions=[Needs(Permission.USERS)],
    )
    def template_delete(self, info: Info, key: str) -> TemplateDelete:
        with within(info.context.installation_id):
            row = templates.locked(info.context.installation_id, key)
            if row is None:
                return TemplateDelete(errors=errors([writing.missing("key")]))
            try:
                templates.delete(row)
            except templates.InUse as error:
                return TemplateDelete(errors=errors([writing.in_use(error)]))
        return TemplateDelete(errors=[])

    @strawberry.mutation(
        description="Mails words, marked as a test, to one address, by default to whoever asks. It is no message: it "
        "counts nowhere, and its links lead nowhere. At most 20 an hour.",
        extensions=[Needs(Permission.USERS)],
    )
    def template_test_send(
        self,
        info: Info,
        context: Context,
        purpose: Purpose,
        words: TemplateWordsInput,
        to: str | None = None,
        user_id: strawberry.ID | None = None,
        channel: str = "",
    ) -> TemplateTestSend:
        shown = _preview(info, context, purpose, words, user_id, channel)
        if shown.words is None:
            return TemplateTestSend(address=None, errors=all_errors(shown.problems, shown.faults))
        address = (to or info.context.token.email).strip()
        problems = previews.send_test(info.context.installation_id, shown, purpose, address, info.context.now)
        return TemplateTestSend(address=None if problems else address, errors=errors(problems))


def _find(info: Info, key: str) -> Template | None:
    with within(info.context.installation_id):
        row = models.Template.objects.filter(key=key).prefetch_related("variants").first()
    return Template(row=row) if row else None


def _written(words: TemplateWordsInput) -> writing.Written:
    return writing.Written(words.language, words.subject, words.mjml, words.text, words.short_text)


def _preview(
    info: Info, context: Context, purpose: Purpose, words: TemplateWordsInput, user_id: str | None, channel: str
) -> previews.Preview:
    return previews.preview(
        info.context.installation_id, _written(words), context, purpose, user_id, channel, info.context.now
    )


def _saved(info: Info, key: str, saved: writing.Saved) -> TemplateSave:
    with within(info.context.installation_id):
        found = models.TemplateVariant.objects.filter(version=saved.version) if saved.version else None
        published = saved.version.pk if saved.version and found is not None and found.exists() else None
    return TemplateSave(
        template=_find(info, key) if saved.version else None,
        version=shown_version(saved.version, published) if saved.version else None,
        faults=shown_faults(saved.faults),
        errors=all_errors(saved.problems, saved.faults),
    )


def _changed(info: Info, key: str, problems: tuple[Problem, ...], faults: tuple[Fault, ...] = ()) -> TemplateChange:
    wrong = all_errors(problems, faults)
    return TemplateChange(template=None if wrong else _find(info, key), faults=shown_faults(faults), errors=wrong)
