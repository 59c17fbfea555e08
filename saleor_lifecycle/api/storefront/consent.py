"""What the customer agrees to receive."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

import strawberry

from saleor_lifecycle.actions import bases, consent, flows, preferences
from saleor_lifecycle.domain.consent import EVERY_TOPIC, PERMITTING, Basis, Choice, Refusal, Source
from saleor_lifecycle.domain.preferences import Frequency, Preferences
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within

from .access import Info
from .languages import LanguageCode

LONGEST_TEXT = 5000


@strawberry.enum(
    description="The way that a message takes. WEBHOOK: a system of the merchant's own, such as for push messages; "
    "ON_SITE: lifecycleMe.messages."
)
class LifecycleMessageChannel(Enum):
    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"
    ON_SITE = "on_site"


@strawberry.enum(
    description="May messages be sent? SOFT_OPT_IN: they may, because of an order at which opting out was offered. "
    "NONE: never asked, so they may not."
)
class LifecycleConsentState(Enum):
    GRANTED = "granted"
    SOFT_OPT_IN = "soft_opt_in"
    REFUSED = "refused"
    NONE = "none"


@strawberry.enum
class LifecycleErrorCode(Enum):
    INVALID = "invalid"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    REQUIRED = "required"
    UNAUTHENTICATED = "unauthenticated"


strawberry.enum(
    Source,
    name="LifecycleConsentSource",
    description="ACCOUNT, CHECKOUT, ORDER: what the shop's own records say. UNSUBSCRIBE: a mail's link. "
    "STOREFRONT: this schema. IMPORT: what the shop brought along from the service that it used before. "
    "FORM: a form, confirmed by the address's holder. PREFERENCES: the page that a mail links to.",
)
strawberry.enum(
    Refusal,
    name="LifecycleRefusal",
    description="Why no messages are sent. A no in the shop's own records (ACCOUNT_SAYS_NO, CHECKOUT_SAYS_NO, "
    "ORDER_SAYS_NO) outweighs a yes given here; a no that the shop brought along (IMPORT_SAYS_NO) only an earlier one. "
    "ADDRESS_SUPPRESSED: the address is never written to; it may have bounced, "
    "or been unsubscribed by someone whose account has not confirmed it.",
)


@strawberry.type
class LifecyclePreference:
    topic: str
    channel: LifecycleMessageChannel
    is_granted: bool = strawberry.field(description="May messages be sent?")
    state: LifecycleConsentState
    source: Source | None = strawberry.field(description="Who said so last.")
    since: datetime | None
    reason: Refusal | None = strawberry.field(description="Why no messages are sent, when it is REFUSED.")


strawberry.enum(Frequency, name="LifecycleFrequency", description="How many commercial messages at most.")


@strawberry.type
class LifecyclePreferences:
    topics: list[LifecyclePreference]
    frequency: Frequency
    paused_until: datetime | None = strawberry.field(description="No commercial messages before.")
    is_personalised: bool | None = strawberry.field(
        description="May products be chosen for the customer, and may it be noted what they open and click? "
        "Null: they were never asked."
    )
    language_code: LanguageCode | None = strawberry.field(description="Of messages; null as the shop knows it.")


@strawberry.type
class LifecycleError:
    field: str | None
    message: str
    code: LifecycleErrorCode


@strawberry.input
class LifecycleConsentGiveInput:
    text: str = strawberry.field(description="What the customer had before them when they agreed; kept as evidence.")
    topics: list[str] | None = strawberry.field(default=None, description='Such as "cart"; all when left out.')
    channel: LifecycleMessageChannel = LifecycleMessageChannel.EMAIL
    language_code: LanguageCode | None = strawberry.field(default=None, description="The text's.")


@strawberry.input
class LifecycleConsentWithdrawInput:
    topics: list[str] | None = strawberry.field(default=None, description='Such as "cart"; all when left out.')
    channel: LifecycleMessageChannel = LifecycleMessageChannel.EMAIL


@strawberry.type
class LifecycleConsentGive:
    preferences: LifecyclePreferences | None = None
    effective: LifecycleConsentState | None = strawberry.field(
        default=None, description="What came of it for the topics named: the strictest, if they differ."
    )
    reason: Refusal | None = strawberry.field(default=None, description="Why it is REFUSED nevertheless.")
    errors: list[LifecycleError] = strawberry.field(default_factory=list)


@strawberry.type
class LifecycleConsentWithdraw:
    preferences: LifecyclePreferences | None = None
    errors: list[LifecycleError] = strawberry.field(default_factory=list)


@strawberry.type
class ConsentQuery:
    @strawberry.field(description="What the signed-in customer agreed to; null when nobody is signed in.")
    def lifecycle_preferences(
        self, info: Info, channel: LifecycleMessageChannel = LifecycleMessageChannel.EMAIL
    ) -> LifecyclePreferences | None:
        user_id = info.context.user_id
        if user_id is None:
            return None
        with within(info.context.installation_id):
            installation = Installation.objects.get(pk=info.context.installation_id)
            held = consent.choices(installation, user_id, info.context.email, channel.value, info.context.now)
            return shown(held, channel, preferences.of_account(user_id))


@strawberry.type
class ConsentMutation:
    @strawberry.mutation(
        description="The signed-in customer agrees to messages. It also ends their own unsubscription; "
        "a no in the shop's records still counts, and the answer says so."
    )
    def lifecycle_consent_give(self, info: Info, input: LifecycleConsentGiveInput) -> LifecycleConsentGive:
        errors = _errors(info, input.topics) + text_errors(input.text)
        if errors:
            return LifecycleConsentGive(errors=errors)
        topics = _topics(input.topics)
        evidence = f"{_teller(info)}, {input.language_code or 'language not said'}"
        choices = _say(info, consent.Word(True, topics, input.channel.value, evidence, input.text))
        if choices is None:
            return LifecycleConsentGive(errors=[GONE])
        strictest = min(
            (choice for topic, choice in choices.items() if EVERY_TOPIC in topics or topic in topics),
            key=lambda choice: (Basis.REFUSED, Basis.NONE, Basis.SOFT_OPT_IN, Basis.GRANTED).index(choice.basis),
        )
        return LifecycleConsentGive(
            preferences=_shown(info, choices, input.channel),
            effective=LifecycleConsentState(strictest.basis.value),
            reason=strictest.refusal,
        )

    @strawberry.mutation(description="The signed-in customer wants no more messages; queued ones do not leave.")
    def lifecycle_consent_withdraw(
        self, info: Info, input: LifecycleConsentWithdrawInput | None = None
    ) -> LifecycleConsentWithdraw:
        asked = input or LifecycleConsentWithdrawInput()
        if errors := _errors(info, asked.topics):
            return LifecycleConsentWithdraw(errors=errors)
        choices = _say(info, consent.Word(False, _topics(asked.topics), asked.channel.value, _teller(info)))
        if choices is None:
            return LifecycleConsentWithdraw(errors=[GONE])
        return LifecycleConsentWithdraw(preferences=_shown(info, choices, asked.channel))


SIGN_IN = LifecycleError(field=None, message="Sign in first.", code=LifecycleErrorCode.UNAUTHENTICATED)
GONE = LifecycleError(field=None, message="The account was deleted.", code=LifecycleErrorCode.NOT_FOUND)


def _errors(info: Info, topics: list[str] | None) -> list[LifecycleError]:
    if info.context.user_id is None:
        return [SIGN_IN]
    if topics is None:
        return []
    if not topics:
        return [
            LifecycleError(field="topics", message="Name a topic, or leave it out.", code=LifecycleErrorCode.REQUIRED)
        ]
    with within(info.context.installation_id):
        known = [topic.key for topic in bases.topics(info.context.installation_id)]
    if set(topics) <= set(known):
        return []
    message = f"There are these topics: {', '.join(known)}."
    return [LifecycleError(field="topics", message=message, code=LifecycleErrorCode.NOT_FOUND)]


def text_errors(text: str) -> list[LifecycleError]:
    if not text.strip():
        message = "Say what the customer had before them when they agreed."
        return [LifecycleError(field="text", message=message, code=LifecycleErrorCode.REQUIRED)]
    if len(text) > LONGEST_TEXT or "\x00" in text:
        message = f"At most {LONGEST_TEXT} characters of plain text."
        return [LifecycleError(field="text", message=message, code=LifecycleErrorCode.INVALID)]
    return []


def _topics(named: list[str] | None) -> tuple[str, ...]:
    return (EVERY_TOPIC,) if named is None else tuple(sorted(set(named)))


def _teller(info: Info) -> str:
    return "told by the shop's server" if info.context.is_server else "told by the customer"


def _say(info: Info, word: consent.Word) -> Mapping[str, Choice] | None:
    """Store the word and return what stands then; None for an account that was deleted."""
    context = info.context
    assert context.user_id is not None
    with within(context.installation_id):
        installation = Installation.objects.select_related("policy").get(pk=context.installation_id)
        customer_id = consent.say(installation, context.user_id, word, context.now)
        if customer_id is None:
            return None
        if not word.is_granted:
            flows.advance(installation, [customer_id], context.now)
        return consent.choices(installation, context.user_id, context.email, word.channel, context.now)


def _shown(info: Info, choices: Mapping[str, Choice], channel: LifecycleMessageChannel) -> LifecyclePreferences:
    assert info.context.user_id is not None
    with within(info.context.installation_id):
        return shown(choices, channel, preferences.of_account(info.context.user_id))


def shown(choices: Mapping[str, Choice], channel: LifecycleMessageChannel, wants: Preferences) -> LifecyclePreferences:
    """Return what stands for somebody, as the schema shows it."""
    return LifecyclePreferences(
        frequency=wants.frequency,
        paused_until=wants.paused_until,
        is_personalised=wants.is_personalised,
        language_code=LanguageCode(wants.language) if wants.language else None,
        topics=[
            LifecyclePreference(
                topic=topic,
                channel=channel,
                is_granted=choice.basis in PERMITTING,
                state=LifecycleConsentState(choice.basis.value),
                source=choice.source,
                since=choice.since,
                reason=choice.refusal,
            )
            for topic, choice in choices.items()
        ],
    )
