"""Topics, and forms in which anybody asks to be written to; the address's holder confirms by e-mail."""

import strawberry

from saleor_lifecycle.actions import bases, opt_ins
from saleor_lifecycle.domain.customer_files import is_email
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.nudge import SEND, nudge

from .access import Info
from .consent import LifecycleError, LifecycleErrorCode, text_errors
from .languages import DEFAULT, LanguageCode

LONGEST_PAGE = 300


@strawberry.type(description="A kind of message that people may want or not.")
class LifecycleTopic:
    key: str
    name: str
    description: str


@strawberry.input
class LifecycleSubscribeInput:
    email: str
    text: str = strawberry.field(description="What the form said; kept as evidence.")
    topics: list[str] | None = strawberry.field(default=None, description="Keys of lifecycleTopics; all when left out.")
    language_code: LanguageCode | None = strawberry.field(default=None, description="The form's, and of the e-mails.")
    page: str = strawberry.field(default="", description="Which form it was, such as footer.")


@strawberry.type
class LifecycleSubscribe:
    is_accepted: bool = strawberry.field(
        default=False,
        description="The form was taken in. The same for every address, whatever is known of it: if it can be "
        "written to and is not being asked already, it gets one e-mail to confirm and one reminder.",
    )
    errors: list[LifecycleError] = strawberry.field(default_factory=list)


@strawberry.type
class FormQuery:
    @strawberry.field(description="The kinds of message that the shop sends, in the merchant's order.")
    def lifecycle_topics(self, info: Info, language_code: LanguageCode | None = None) -> list[LifecycleTopic]:
        language = language_code or DEFAULT
        with within(info.context.installation_id):
            topics = bases.topics(info.context.installation_id)
        return [
            LifecycleTopic(key=topic.key, name=topic.name(language), description=topic.description(language))
            for topic in topics
        ]


@strawberry.type
class FormMutation:
    @strawberry.mutation(
        description="Somebody has filled in a form with an e-mail address (double opt-in): nothing is sent to it but "
        "a question, until its holder confirms. Nobody has to be signed in. From one network address ten are taken "
        "in an hour (RATE_LIMITED); what a shop's server tells with its key is not counted."
    )
    def lifecycle_subscribe(self, info: Info, input: LifecycleSubscribeInput) -> LifecycleSubscribe:
        context, address = info.context, input.email.strip().lower()
        with within(context.installation_id):
            known = {topic.key for topic in bases.topics(context.installation_id)}
        errors = _errors(address, input, known)
        if errors:
            return LifecycleSubscribe(errors=errors)
        network = "" if context.is_server else context.network
        with within(context.installation_id):
            installation = Installation.objects.get(pk=context.installation_id)
            if not opt_ins.admit(installation, network, context.now):
                return LifecycleSubscribe(errors=[TOO_MANY])
            language = input.language_code or DEFAULT
            form = opt_ins.Form(address, tuple(input.topics or ()), language, input.text, input.page, network)
            opt_ins.ask(installation, form, context.now)
        nudge(SEND, context.installation_id)
        return LifecycleSubscribe(is_accepted=True)


TOO_MANY = LifecycleError(
    field=None, message="Too many forms from here; try again in an hour.", code=LifecycleErrorCode.RATE_LIMITED
)


def _errors(address: str, given: LifecycleSubscribeInput, known: set[str]) -> list[LifecycleError]:
    errors = text_errors(given.text)
    if not is_email(address):
        message = "This is not an e-mail address."
        errors.append(LifecycleError(field="email", message=message, code=LifecycleErrorCode.INVALID))
    if given.topics is not None and not (given.topics and set(given.topics) <= known):
        message = "Name topics that there are, or leave them out."
        errors.append(LifecycleError(field="topics", message=message, code=LifecycleErrorCode.NOT_FOUND))
    if len(given.page) > LONGEST_PAGE or not given.page.isprintable():
        message = f"At most {LONGEST_PAGE} characters."
        errors.append(LifecycleError(field="page", message=message, code=LifecycleErrorCode.INVALID))
    return errors
