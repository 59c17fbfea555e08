"""Consent, as the merchant sets it up and as staff see it of one customer, with its evidence."""

from datetime import date, datetime, timedelta

import strawberry

from saleor_lifecycle import models
from saleor_lifecycle.actions import bases, consent_settings, suppressions
from saleor_lifecycle.domain.consent import Basis as ConsentBasis
from saleor_lifecycle.domain.consent import Choice, Refusal, Source
from saleor_lifecycle.domain.identity import IdentityKind
from saleor_lifecycle.domain.legal_basis import KNOWING, LASTS, SoftOptIn
from saleor_lifecycle.domain.preferences import Frequency, Preferences
from saleor_lifecycle.domain.topics import Topic
from saleor_lifecycle.models.entry import within

from .access import Info, Needs, Permission
from .problems import Error, errors
from .suppressions import Suppression, shown_suppression

strawberry.enum(Source, name="ConsentSource")
strawberry.enum(Refusal, name="ConsentRefusal")
strawberry.enum(Frequency, name="MessageFrequency", description="How many commercial messages at most.")
CHANNELS = ("email", "sms")


@strawberry.type
class TranslatedText:
    language: str = strawberry.field(description="BCP-47.")
    text: str


@strawberry.type(description="A kind of message that people may want or not.")
class ConsentTopic:
    key: str
    names: list[TranslatedText]
    descriptions: list[TranslatedText]
    is_archived: bool = strawberry.field(description="Offered to nobody any more; what was said of it stays.")


@strawberry.type(
    description="A country in which an order stands in for consent, until the customer says no (soft opt-in)."
)
class SoftOptInCountry:
    country: str = strawberry.field(description="ISO 3166, two letters.")
    offered_from: date = strawberry.field(description="Since this day opting out was offered at each order.")
    lasts_days: int


@strawberry.type
class ConsentSettings:
    topics: list[ConsentTopic]
    soft_opt_in: list[SoftOptInCountry] = strawberry.field(description="Everywhere else consent is needed.")
    soft_opt_in_possible: list[str] = strawberry.field(description="Countries whose law knows it, as far as we do.")
    is_tracking_default: bool = strawberry.field(
        description="Is it noted what people open and click who were never asked? It needs their consent in the EU."
    )


@strawberry.type(description="The latest word of one source about one topic on one channel.")
class ConsentWord:
    topic: str = strawberry.field(description="Empty: every topic.")
    channel: str
    source: Source
    is_granted: bool
    at: datetime
    evidence: str
    text: str | None = strawberry.field(description="What the person had before them, where it is known.")


@strawberry.type
class TopicChoice:
    topic: str
    channel: str
    basis: ConsentBasis
    refusal: Refusal | None = strawberry.field(description="Why no commercial message is sent.")
    source: Source | None = strawberry.field(description="Who says so; null for an order (SOFT_OPT_IN).")
    since: datetime | None


@strawberry.type
class CustomerConsent:
    choices: list[TopicChoice]
    words: list[ConsentWord] = strawberry.field(description="What the choices come from, the newest first.")
    country: str | None = strawberry.field(description="Of the newest order or cart that names one.")
    frequency: Frequency
    paused_until: datetime | None
    is_personalised: bool | None = strawberry.field(description="Null: never asked.")
    is_tracked: bool = strawberry.field(description="Is it noted what the customer opens and clicks?")
    language: str | None = strawberry.field(description="Of messages, BCP-47; null as the shop knows it.")
    suppressions: list[Suppression] = strawberry.field(
        description="The customer's addresses that are never written to, the newest first."
    )


@strawberry.input
class TranslatedTextInput:
    language: str
    text: str


@strawberry.input
class ConsentTopicInput:
    key: str
    names: list[TranslatedTextInput]
    descriptions: list[TranslatedTextInput] = strawberry.field(default_factory=list)


@strawberry.input
class SoftOptInInput:
    country: str
    offered_from: date
    lasts_days: int = 730


@strawberry.type
class ConsentSettingsUpdate:
    settings: ConsentSettings
    errors: list[Error]


@strawberry.type
class ConsentQuery:
    @strawberry.field(extensions=[Needs(Permission.USERS)])
    def consent_settings(self, info: Info) -> ConsentSettings:
        with within(info.context.installation_id):
            return _settings(info.context.installation_id)

    @strawberry.field(
        description="What a customer agreed to and how; null when the app knows nobody by that Saleor user id.",
        extensions=[Needs(Permission.USERS)],
    )
    def customer_consent(self, info: Info, user_id: strawberry.ID) -> CustomerConsent | None:
        installation_id = info.context.installation_id
        with within(installation_id):
            person = models.Customer.objects.filter(
                identities__kind=IdentityKind.USER.value, identities__value=user_id
            ).first()
            return None if person is None else _of_customer(installation_id, person, user_id, info.context.now)


@strawberry.type
class ConsentMutation:
    @strawberry.mutation(
        description="The topics from now on, in this order; those left out are archived.",
        extensions=[Needs(Permission.USERS)],
    )
    def consent_topics_update(self, info: Info, topics: list[ConsentTopicInput]) -> ConsentSettingsUpdate:
        installation_id = info.context.installation_id
        with within(installation_id):
            problems = consent_settings.set_topics(installation_id, [_topic(one) for one in topics])
            return ConsentSettingsUpdate(settings=_settings(installation_id), errors=errors(problems))

    @strawberry.mutation(
        description="Where an order stands in for consent. Say it only of countries in which opting out is offered at "
        "each order, without cost (in Spain LSSI 21.2), and map its key as consent of orders: a no stays a no.",
        extensions=[Needs(Permission.USERS)],
    )
    def consent_soft_opt_in_update(self, info: Info, countries: list[SoftOptInInput]) -> ConsentSettingsUpdate:
        installation_id = info.context.installation_id
        rules = {
            one.country.strip().upper(): SoftOptIn(
                one.offered_from, timedelta(days=max(0, min(one.lasts_days, LASTS.days + 1)))
            )
            for one in countries
        }
        with within(installation_id):
            problems = consent_settings.set_soft_opt_in(installation_id, rules, info.context.now)
            return ConsentSettingsUpdate(settings=_settings(installation_id), errors=errors(problems))

    @strawberry.mutation(extensions=[Needs(Permission.USERS)])
    def consent_tracking_set(self, info: Info, is_default: bool) -> ConsentSettingsUpdate:
        installation_id = info.context.installation_id
        with within(installation_id):
            consent_settings.set_tracking_default(installation_id, is_default)
            return ConsentSettingsUpdate(settings=_settings(installation_id), errors=[])


def _settings(installation_id: int) -> ConsentSettings:
    held = bases.settings_of(installation_id)
    return ConsentSettings(
        topics=[
            ConsentTopic(
                key=topic.key,
                names=[TranslatedText(language=language, text=text) for language, text in topic.names.items()],
                descriptions=[
                    TranslatedText(language=language, text=text) for language, text in topic.descriptions.items()
                ],
                is_archived=topic.is_archived,
            )
            for topic in held.topic_list()
        ],
        soft_opt_in=[
            SoftOptInCountry(country=country, offered_from=rule.offered_from, lasts_days=rule.lasts.days)
            for country, rule in sorted(held.rules().items())
        ],
        soft_opt_in_possible=sorted(KNOWING),
        is_tracking_default=held.is_tracking_default,
    )


def _topic(given: ConsentTopicInput) -> Topic:
    return Topic(
        given.key.strip(),
        {one.language.strip(): one.text.strip() for one in given.names},
        {one.language.strip(): one.text.strip() for one in given.descriptions if one.text.strip()},
    )


def _of_customer(installation_id: int, person: models.Customer, user_id: str, now: datetime) -> CustomerConsent:
    people, _ = bases.said_by(installation_id, [person.pk])
    installation = models.Installation.objects.get(pk=installation_id)
    wants = bases.preferences_of([person.pk]).get(person.pk, Preferences())
    used = {channel for _, channel, _ in people[person.pk].records} | {CHANNELS[0]}
    return CustomerConsent(
        choices=[
            _choice(topic, channel, choice)
            for channel in sorted(used)
            for topic, choice in bases.choices(installation, user_id, None, channel, now).items()
        ],
        words=_words(person),
        country=bases.countries([person.pk]).get(person.pk),
        frequency=wants.frequency,
        paused_until=wants.paused_until,
        is_personalised=wants.is_personalised,
        is_tracked=person.pk in bases.tracked(installation_id, [person.pk]),
        language=wants.language or None,
        suppressions=[shown_suppression(row) for row in suppressions.of_customer(installation, person.pk)],
    )


def _choice(topic: str, channel: str, choice: Choice) -> TopicChoice:
    return TopicChoice(
        topic=topic,
        channel=channel,
        basis=choice.basis,
        refusal=choice.refusal,
        source=choice.source,
        since=choice.since,
    )


def _words(person: models.Customer) -> list[ConsentWord]:
    rows = list(models.Consent.objects.filter(identity__customer=person).order_by("-at", "-id"))
    hashes = {row.text_hash for row in rows if row.text_hash}
    texts = dict(models.ConsentText.objects.filter(hash__in=hashes).values_list("hash", "text"))
    return [
        ConsentWord(
            topic=row.topic,
            channel=row.channel,
            source=Source(row.source),
            is_granted=row.is_granted,
            at=row.at,
            evidence=row.evidence,
            text=texts.get(row.text_hash),
        )
        for row in rows
    ]
