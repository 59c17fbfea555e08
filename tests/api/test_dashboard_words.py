"""Every code that the dashboard schema answers has its words in the extension, in English and in Spanish."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from graphql import GraphQLEnumType, build_schema

import saleor_lifecycle
from saleor_lifecycle.actions.sending import MERCHANT
from saleor_lifecycle.api.dashboard.schema import schema
from saleor_lifecycle.domain.flows import ExitReason
from saleor_lifecycle.domain.sending import RESTORED, DeferReason, SkipReason
from saleor_lifecycle.domain.suppressions import REASONS

WORDS = Path(saleor_lifecycle.__file__).parents[1] / "dashboard_extension/src/words"
SHOWN = {
    "ActivityKind": ("activity", "share"),
    "AttributeFault": ("fault",),
    "AttributeOrigin": ("origin",),
    "AttributeType": ("type",),
    "Band": ("band",),
    "Basis": ("basis",),
    "Cause": ("cause",),
    "ChecklistKey": ("checklist",),
    "ConsentRefusal": ("refusal",),
    "ConsentSource": ("source",),
    "ConsentState": ("consent",),
    "CustomerFileReason": ("file.reason",),
    "CustomerFileState": ("file",),
    "DeliveryEventKind": ("event",),
    "DeliveryHarm": ("harm", "rates.why"),
    "DeliverySource": ("delivered.source",),
    "DomainCheck": ("check",),
    "DomainFindingLevel": ("level", "arrival.verdict"),
    "EnrollmentState": ("decisions.state",),
    "FlowChangeKind": ("flows.change",),
    "FlowClock": ("flows.clock",),
    "FlowPeople": ("flows.people",),
    "FlowState": ("flows.state",),
    "FlowVerdict": ("flows.verdict",),
    "IdentityKind": ("identity",),
    "ImportKind": ("import.kind",),
    "ImportState": ("import.state",),
    "MailAccountVerdict": ("mail.said",),
    "MessageFrequency": ("frequency",),
    "MessagePurpose": ("purpose",),
    "MessageState": ("message",),
    "NextTrigger": ("next",),
    "Phase": ("phase", "phase.short", "phase.about"),
    "PhaseReason": ("why",),
    "ProjectionState": ("record",),
    "ScorePart": ("part",),
    "SuppressionReason": ("suppression",),
    "WebhookEndpointOff": ("endpoints.why",),
    "WebhookEvent": ("endpoints.event",),
}
"""Under which words an enum's values are said. The text of a suppression's reason has a second one beside it."""
SILENT = {
    "ClickVerdict",  # said by the event
    "DecisionKind",  # in sentences by the server, as obstacles are
    "FlowObstacle",
    "DeliverySource",  # in words by the server
    "DeliveryStanding",  # said by a colour and the pause
    "ErrorCode",  # beside a text by the server
    "InstallationState",  # one sentence, when it is not active
    "RescoringKind",
    "RescoringState",
    "TemplateContext",
    "TemplateFaultCode",  # beside a text by the server
}
REASONS_OF_MESSAGES = {*SkipReason, *DeferReason, *ExitReason, *REASONS, RESTORED}


def said(language: str) -> set[str]:
    """The ids of all words in a language."""
    texts = [path.read_text() for path in [WORDS / f"{language}.ts", *WORDS.glob(f"*.{language}.ts")]]
    return {name for text in texts for name in re.findall(r'^  "([\w.-]+)": ".+",$', text, re.MULTILINE)}


def enums() -> dict[str, GraphQLEnumType]:
    types = build_schema(schema.as_str()).type_map
    return {name: one for name, one in types.items() if isinstance(one, GraphQLEnumType) and name[0] != "_"}


def missing(language: str, ids: Iterable[str]) -> list[str]:
    return sorted(set(ids) - said(language))


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_value_of_an_enum_is_said(language: str) -> None:
    wanted = {
        f"{group}.{value}"
        for name, one in enums().items()
        if name not in SILENT
        for group in SHOWN.get(name, (name,))
        for value in one.values
    }
    assert len(wanted) > 100
    assert missing(language, wanted) == []


def test_no_enum_is_listed_that_there_is_not() -> None:
    assert (set(SHOWN) | SILENT) - set(enums()) == set()


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_reason_of_a_message_is_said(language: str) -> None:
    assert missing(language, {f"reason.{reason}" for reason in REASONS_OF_MESSAGES}) == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_why_a_message_waits_is_said_with_what_to_do_next(language: str) -> None:
    assert missing(language, {f"wait.{reason}{end}" for reason in DeferReason for end in ("", ".next")}) == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_who_switched_a_channel_off_is_said(language: str) -> None:
    assert missing(language, {f"off.{MERCHANT}"}) == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_why_an_address_is_suppressed_is_said_with_what_it_means(language: str) -> None:
    values = enums()["SuppressionReason"].values
    assert {value.lower() for value in values} == set(REASONS)
    assert missing(language, {f"suppression.{value}.about" for value in values}) == []
