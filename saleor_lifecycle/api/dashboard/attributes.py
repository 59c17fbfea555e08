"""What metadata keys of users, checkouts and orders mean: typed attributes, and consent."""

from collections.abc import Iterable
from datetime import datetime

import strawberry
from cryptography.fernet import InvalidToken

from saleor_lifecycle import models
from saleor_lifecycle.actions import attributes as actions
from saleor_lifecycle.actions import bases, mapping_checks
from saleor_lifecycle.domain.attributes import ConsentWords, KeyMapping, Origin
from saleor_lifecycle.domain.values import Attribute, Fault, Type, Unfit, convert
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.errors import ShopError
from saleor_lifecycle.tasks.attributes import texts_under
from saleor_lifecycle.tasks.nudge import ATTRIBUTES, nudge

from ..errors import Refusal
from .access import Info, Needs, Permission
from .problems import Error, errors

strawberry.enum(Origin, name="AttributeOrigin", description="Which record of a customer says it.")
strawberry.enum(Type, name="AttributeType")
strawberry.enum(Fault, name="AttributeFault", description="Why a text is no value of its attribute.")

MOST = 100


@strawberry.type
class CustomerAttribute:
    name: str
    value: str
    origin: Origin
    at: datetime = strawberry.field(description="When that record was last changed.")


@strawberry.input
class AttributeInput:
    name: str
    type: Type
    choices: list[str] = strawberry.field(default_factory=list)
    is_day_first: bool = strawberry.field(default=False, description="3/4/2026 is in April.")


@strawberry.input
class ConsentWordsInput:
    yes: list[str]
    no: list[str]
    topic: str = strawberry.field(default="", description="Empty: every topic.")
    channel: str = "email"


@strawberry.input(description="Either an attribute or consent.")
class AttributeMappingInput:
    origin: Origin
    key: str
    attribute: AttributeInput | None = None
    consent: ConsentWordsInput | None = None


@strawberry.type
class MappedAttribute:
    name: str
    type: Type
    choices: list[str]
    is_day_first: bool


@strawberry.type
class MappedConsent:
    topic: str
    channel: str
    yes: list[str]
    no: list[str]


@strawberry.type
class AttributeMapping:
    origin: Origin
    key: str
    attribute: MappedAttribute | None
    consent: MappedConsent | None


@strawberry.type
class AttributeMappingsUpdate:
    mappings: list[AttributeMapping]
    is_shop_to_be_read_again: bool = strawberry.field(
        description="A key is new, so nothing is known of what stands under it: `importStart(restart: true)` reads it."
    )
    errors: list[Error]


@strawberry.type
class AttributePreviewRow:
    text: str = strawberry.field(description="As it stands in the shop.")
    value: str | None = strawberry.field(description="What it would be; null when it says nothing, or is no value.")
    fault: Fault | None


@strawberry.type
class AttributeMappingPreview:
    rows: list[AttributePreviewRow] = strawberry.field(description="Of the newest that have the key.")
    fit: int = strawberry.field(description="How many of them are values; of consent, yes or no.")
    unfit: int
    yes: int
    no: int


@strawberry.type
class AttributeQuery:
    @strawberry.field(extensions=[Needs(Permission.USERS)])
    def attribute_mappings(self, info: Info) -> list[AttributeMapping]:
        with within(info.context.installation_id):
            return _shown(actions.mappings(info.context.installation_id))

    @strawberry.field(
        description="Asks the shop now for its newest records with the key, at most 100, and changes nothing.",
        extensions=[Needs(Permission.USERS)],
    )
    def attribute_mapping_preview(
        self, info: Info, input: AttributeMappingInput, first: int = 20
    ) -> AttributeMappingPreview:
        if not 1 <= first <= MOST:
            raise Refusal(f"first: give 1 to {MOST}.", "INVALID")
        mapping = _mapping(input)
        with within(info.context.installation_id):
            installation = models.Installation.objects.get(pk=info.context.installation_id)
            topics = _topics(info)
        if problems := mapping_checks.of_keys([mapping], topics):
            raise Refusal(f"{problems[0].field}: {problems[0].text}", "INVALID")
        try:
            texts = texts_under(installation, mapping.origin, mapping.key, first)
        except (ShopError, InvalidToken) as error:
            raise Refusal(f"The shop could not be asked ({type(error).__name__}).", "SHOP_AWAY") from None
        return _preview([_row(text, mapping) for text in texts], mapping)


@strawberry.type
class AttributeMutation:
    @strawberry.mutation(
        description="Says what all keys mean from now on; with an error in one, nothing changes. "
        "What customers' records held under a key that was mapped before is read anew within minutes.",
        extensions=[Needs(Permission.USERS)],
    )
    def attribute_mappings_update(self, info: Info, mappings: list[AttributeMappingInput]) -> AttributeMappingsUpdate:
        installation_id = info.context.installation_id
        wanted = [_mapping(one) for one in mappings]
        with within(installation_id):
            problems = mapping_checks.of_keys(wanted, _topics(info))
            held = actions.mappings(installation_id)
            if problems:
                return AttributeMappingsUpdate(
                    mappings=_shown(held), is_shop_to_be_read_again=False, errors=errors(problems)
                )
            actions.set_mappings(installation_id, wanted, info.context.now)
        nudge(ATTRIBUTES, installation_id)
        new = {(one.origin, one.key) for one in wanted} - {(one.origin, one.key) for one in held}
        return AttributeMappingsUpdate(mappings=_shown(wanted), is_shop_to_be_read_again=bool(new), errors=[])


def attribute_of(given: AttributeInput) -> Attribute:
    """Return an attribute as the domain reads it."""
    return Attribute(given.name.strip(), given.type, tuple(one.strip() for one in given.choices), given.is_day_first)


def _mapping(given: AttributeMappingInput) -> KeyMapping:
    if given.attribute is not None and given.consent is None:
        return KeyMapping(given.origin, given.key, attribute_of(given.attribute))
    if given.consent is not None and given.attribute is None:
        words = given.consent
        return KeyMapping(
            given.origin, given.key, ConsentWords(words.topic, words.channel, tuple(words.yes), tuple(words.no))
        )
    raise Refusal("mappings: name either an attribute or consent.", "INVALID")


def _topics(info: Info) -> list[str]:
    return [topic.key for topic in bases.topics(info.context.installation_id)]


def _row(text: str, mapping: KeyMapping) -> AttributePreviewRow:
    if isinstance(mapping.target, ConsentWords):
        says = mapping.target.says(text)
        fault = Fault.NOT_YES_OR_NO if says is None and text.strip() else None
        return AttributePreviewRow(text=text, value=None if says is None else plain(says), fault=fault)
    try:
        value = convert(text, mapping.target)
    except Unfit as unfit:
        return AttributePreviewRow(text=text, value=None, fault=unfit.fault)
    return AttributePreviewRow(text=text, value=None if value is None else plain(value), fault=None)


def _preview(rows: list[AttributePreviewRow], mapping: KeyMapping) -> AttributeMappingPreview:
    is_consent = isinstance(mapping.target, ConsentWords)
    return AttributeMappingPreview(
        rows=rows,
        fit=sum(row.value is not None for row in rows),
        unfit=sum(row.fault is not None for row in rows),
        yes=sum(row.value == "true" for row in rows) if is_consent else 0,
        no=sum(row.value == "false" for row in rows) if is_consent else 0,
    )


def attributes_of(customer: models.Customer) -> list[CustomerAttribute]:
    """Return what is known of a customer, by name."""
    return [
        CustomerAttribute(
            name=name,
            value=plain(held["value"]),
            origin=Origin(held["origin"]),
            at=datetime.fromisoformat(held["at"]),
        )
        for name, held in sorted(customer.attributes.items())
    ]


def plain(value: object) -> str:
    """Return a value as text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(mappings: Iterable[KeyMapping]) -> list[AttributeMapping]:
    return [
        AttributeMapping(
            origin=mapping.origin,
            key=mapping.key,
            attribute=shown_attribute(mapping.target) if isinstance(mapping.target, Attribute) else None,
            consent=MappedConsent(
                topic=mapping.target.topic,
                channel=mapping.target.channel,
                yes=list(mapping.target.yes),
                no=list(mapping.target.no),
            )
            if isinstance(mapping.target, ConsentWords)
            else None,
        )
        for mapping in mappings
    ]


def shown_attribute(attribute: Attribute) -> MappedAttribute:
    """Return an attribute as the schema shows it."""
    return MappedAttribute(
        name=attribute.name,
        type=attribute.type,
        choices=list(attribute.choices),
        is_day_first=attribute.is_day_first,
    )
