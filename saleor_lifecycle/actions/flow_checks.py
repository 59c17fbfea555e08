"""What is wrong with a flow's document in this shop: what it names has to be there."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from saleor_lifecycle.domain import flow_checks
from saleor_lifecycle.domain.customer_files import read_mapping
from saleor_lifecycle.domain.flow_documents import FlowDocument
from saleor_lifecycle.domain.flow_places import places, rules
from saleor_lifecycle.domain.flow_steps import Offer, Send, SetAttribute, StartFlow, TagStep
from saleor_lifecycle.domain.flow_triggers import DateTrigger
from saleor_lifecycle.domain.messages import SERVICE_TOPICS, Purpose
from saleor_lifecycle.domain.rules import facts_needed
from saleor_lifecycle.domain.values import Attribute, Type, Unfit, convert
from saleor_lifecycle.models import CustomerFile, Flow, Tag, Template
from saleor_lifecycle.models.documents import DocumentError, Fault
from saleor_lifecycle.models.flow_documents import FLOWS
from saleor_lifecycle.models.flow_uses import in_use, naming

from . import attributes, bases


class Beside(NamedTuple):
    """What will be there too, because it is brought along."""

    flows: Collection[str] = ()
    tags: Collection[str] = ()


NOTHING = Beside()


def read(installation_id: int, key: str, document: Any, beside: Beside = NOTHING) -> FlowDocument:
    """Return what can be published as the flow of that key. Raises DocumentError with all that is wrong."""
    flow = FLOWS.read(document)
    known = _attributes(installation_id)
    found = [
        *flow_checks.faults(flow, key, known),
        *as_service(installation_id, flow),
        *_of_topic(installation_id, flow),
        *_of_steps(installation_id, flow, known, beside.flows),
        *_of_trigger(flow, known),
        *_of_tags(installation_id, flow, beside.tags),
    ]
    if found:
        raise DocumentError([Fault(*fault) for fault in found])
    return flow


def faults(installation_id: int, key: str, document: Any) -> tuple[Fault, ...]:
    """Return what keeps a document from being published as the flow of that key."""
    try:
        read(installation_id, key, document)
    except DocumentError as error:
        return error.faults
    return ()


def lock_templates(installation_id: int, flow: FlowDocument) -> None:
    """Let no message that the flow sends go, or become commercial, until the transaction ends."""
    keys = {place.step.template for place in places(flow.steps) if isinstance(place.step, Send)}
    rows = Template.objects.select_for_update(no_key=True).filter(installation_id=installation_id, key__in=keys)
    list(rows.order_by("id").values_list("id"))


def as_service(installation_id: int, flow: FlowDocument) -> Iterator[Fault]:
    """Yield what would send something commercial under a topic of service."""
    if flow.topic not in SERVICE_TOPICS:
        return
    rows = Template.objects.filter(installation_id=installation_id, purpose=Purpose.COMMERCIAL.value)
    commercial = set(rows.values_list("key", flat=True))
    for place in places(flow.steps):
        if isinstance(place.step, Send) and (key := place.step.template) in commercial:
            yield Fault("topic", f"{key} is a commercial message, so it cannot go out as {flow.topic}")
        elif isinstance(place.step, Offer):
            yield Fault(place.path, f"an offer makes messages commercial, so they cannot go out as {flow.topic}")


def _of_topic(installation_id: int, flow: FlowDocument) -> Iterator[Fault]:
    if flow.topic not in SERVICE_TOPICS | {topic.key for topic in bases.topics(installation_id)}:
        yield Fault("topic", f'there is no topic "{flow.topic}"')


def _of_steps(
    installation_id: int, flow: FlowDocument, known: Mapping[str, Attribute], beside: Collection[str]
) -> Iterator[Fault]:
    rows = Template.objects.filter(installation_id=installation_id, archived_at=None).exclude(variants=None)
    templates = set(rows.values_list("key", flat=True))
    flows = set(Flow.objects.filter(installation_id=installation_id, archived_at=None).values_list("key", flat=True))
    for place in places(flow.steps):
        match place.step:
            case Send(template=template) if template not in templates:
                yield Fault(f"{place.path}.template", f'there is no message "{template}"')
            case StartFlow(flow=key) if key not in flows and key not in beside:
                yield Fault(f"{place.path}.flow", f'there is no flow "{key}"')
            case SetAttribute(attribute=name, value=value):
                if name not in known:
                    yield Fault(f"{place.path}.attribute", f'there is no attribute "{name}"')
                elif not _fits(value, known[name]):
                    yield Fault(f"{place.path}.value", f"does not fit the attribute, which is a {known[name].type}")


def _of_trigger(flow: FlowDocument, known: Mapping[str, Attribute]) -> Iterator[Fault]:
    if isinstance(flow.trigger, DateTrigger) and flow.trigger.date.startswith("attribute."):
        name = flow.trigger.date.removeprefix("attribute.")
        if name not in known:
            yield Fault("trigger.date", f'there is no attribute "{name}"')
        elif known[name].type is not Type.DATE:
            yield Fault("trigger.date", f"is no date but a {known[name].type}")


def _of_tags(installation_id: int, flow: FlowDocument, beside: Collection[str]) -> Iterator[Fault]:
    """Yield the rules that ask for a tag which nobody has and no flow gives."""
    asked = {
        name.removeprefix("tag."): path
        for path, rule in rules(flow)
        for name in facts_needed(rule)
        if name.startswith("tag.")
    }
    for tag in sorted(asked.keys() - tags_given(flow) - set(beside)):
        is_given = Tag.objects.filter(installation_id=installation_id, name=tag).exists()
        if not is_given and not naming(in_use(installation_id), "tag", tag).exists():
            yield Fault(asked[tag], f'there is no tag "{tag}"')


def tags_given(flow: FlowDocument) -> set[str]:
    """Return the tags that a flow gives."""
    steps = (place.step for place in places(flow.steps))
    return {step.tag for step in steps if isinstance(step, TagStep) and step.kind == "tag"}


def _attributes(installation_id: int) -> dict[str, Attribute]:
    """Return the shop's attributes by name: of metadata keys, and of imported files."""
    files = CustomerFile.objects.filter(
        installation_id=installation_id, mapping__isnull=False, finished_at__isnull=False
    )
    told = [one for row in files.order_by("id") for _, one in read_mapping(row.mapping or {}).attributes]
    told += [one.target for one in attributes.mappings(installation_id) if isinstance(one.target, Attribute)]
    return {one.name: one for one in told}


def _fits(value: object, attribute: Attribute) -> bool:
    match attribute.type:
        case _ if value is None:
            return True
        case Type.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case Type.BOOLEAN:
            return isinstance(value, bool)
    try:
        return isinstance(value, str) and convert(value, attribute) is not None
    except Unfit:
        return False
