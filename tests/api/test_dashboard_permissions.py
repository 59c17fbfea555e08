"""Every root field of the dashboard schema, walked: none answers a token without its permission."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType, build_schema, get_named_type

from saleor_lifecycle.api.dashboard.access import Context
from saleor_lifecycle.api.dashboard.schema import schema
from saleor_lifecycle.models import Installation
from saleor_lifecycle.saleor.tokens import DashboardToken

pytestmark = pytest.mark.django_db

FREE = {"viewer"}
BUILT = build_schema(schema.as_str())
ROOTS = [
    (operation, name)
    for operation, root in (("query", BUILT.query_type), ("mutation", BUILT.mutation_type))
    if root is not None
    for name in root.fields
]
NEEDED = {
    "customerMessages": "MANAGE_USERS",
    "customerFlows": "MANAGE_USERS",
    "flowPassages": "MANAGE_USERS",
    "flowWhyNot": "MANAGE_USERS",
    "mail": "MANAGE_USERS",
    "mailAccountSave": "MANAGE_USERS",
    "mailAccountVerify": "MANAGE_USERS",
    "mailAccountRemove": "MANAGE_USERS",
    "mailSenderAsk": "MANAGE_USERS",
    "deliveryReports": "MANAGE_USERS",
    "deliveryReportsSetUp": "MANAGE_USERS",
    "deliveryReportsEnd": "MANAGE_USERS",
    "installation": "MANAGE_USERS",
    "checklist": "MANAGE_USERS",
    "phases": "MANAGE_USERS",
    "movement": "MANAGE_USERS",
    "customer": "MANAGE_USERS",
    "cartFlow": "MANAGE_CHECKOUTS",
    "installationUpdate": "MANAGE_USERS",
    "projectionSet": "MANAGE_USERS",
    "flows": "MANAGE_CHECKOUTS",
    "flow": "MANAGE_CHECKOUTS",
    "flowMovePlan": "MANAGE_CHECKOUTS",
    "flowCreate": "MANAGE_CHECKOUTS",
    "flowDraftSave": "MANAGE_CHECKOUTS",
    "flowRestore": "MANAGE_CHECKOUTS",
    "flowPublish": "MANAGE_CHECKOUTS",
    "flowCopy": "MANAGE_CHECKOUTS",
    "flowRename": "MANAGE_CHECKOUTS",
    "flowArchive": "MANAGE_CHECKOUTS",
    "flowUnarchive": "MANAGE_CHECKOUTS",
    "flowSwitch": "MANAGE_CHECKOUTS",
    "flowSet": "MANAGE_CHECKOUTS",
    "flowAdmissions": "MANAGE_USERS",
    "flowEnter": "MANAGE_USERS",
    "flowAdmissionStart": "MANAGE_USERS",
    "flowAdmissionStop": "MANAGE_USERS",
    "flowHookCreate": "MANAGE_USERS",
    "serverKeyCreate": "MANAGE_USERS",
    "activityRetentionSet": "MANAGE_USERS",
    "import": "MANAGE_USERS",
    "importStart": "MANAGE_USERS",
    "customerSeparate": "MANAGE_USERS",
    "customerRejoin": "MANAGE_USERS",
    "phaseAttributeSet": "MANAGE_USERS",
    "editedRecords": "MANAGE_USERS",
    "projectionPaceSet": "MANAGE_USERS",
    "policy": "MANAGE_USERS",
    "rescoring": "MANAGE_USERS",
    "policyPropose": "MANAGE_USERS",
    "rescoringApply": "MANAGE_USERS",
    "rescoringDiscard": "MANAGE_USERS",
    "refitSettingsUpdate": "MANAGE_USERS",
    "attributeMappings": "MANAGE_USERS",
    "attributeMappingPreview": "MANAGE_USERS",
    "attributeMappingsUpdate": "MANAGE_USERS",
    "customerFiles": "MANAGE_USERS",
    "customerFile": "MANAGE_USERS",
    "customerFileRead": "MANAGE_USERS",
    "customerFileStart": "MANAGE_USERS",
    "customerFileDelete": "MANAGE_USERS",
    "templates": "MANAGE_USERS",
    "template": "MANAGE_USERS",
    "templateNames": "MANAGE_USERS",
    "templateCheck": "MANAGE_USERS",
    "templatePreview": "MANAGE_USERS",
    "templateCreate": "MANAGE_USERS",
    "templateSave": "MANAGE_USERS",
    "templatePublish": "MANAGE_USERS",
    "templateUpdate": "MANAGE_USERS",
    "templateCopy": "MANAGE_USERS",
    "templateArchive": "MANAGE_USERS",
    "templateDelete": "MANAGE_USERS",
    "templateTestSend": "MANAGE_USERS",
    "channelBrands": "MANAGE_USERS",
    "channelBrandUpdate": "MANAGE_USERS",
    "shopChannels": "MANAGE_USERS",
    "accountWithEmail": "MANAGE_USERS",
    "incentives": "MANAGE_USERS",
    "incentivesUpdate": "MANAGE_USERS",
    "attention": "MANAGE_USERS",
    "deliverySettings": "MANAGE_USERS",
    "deliverySettingsUpdate": "MANAGE_USERS",
    "attentionSet": "MANAGE_USERS",
    "holdout": "MANAGE_USERS",
    "holdoutSet": "MANAGE_USERS",
    "sending": "MANAGE_USERS",
    "sendingStop": "MANAGE_USERS",
    "sendingResume": "MANAGE_USERS",
    "sendingPaceSet": "MANAGE_USERS",
    "deliverability": "MANAGE_USERS",
    "deliverabilityCheck": "MANAGE_USERS",
    "deliverabilityResume": "MANAGE_USERS",
    "warmUpSet": "MANAGE_USERS",
    "dkimSelectorsSet": "MANAGE_USERS",
    "consentSettings": "MANAGE_USERS",
    "customerConsent": "MANAGE_USERS",
    "consentTopicsUpdate": "MANAGE_USERS",
    "consentSoftOptInUpdate": "MANAGE_USERS",
    "consentTrackingSet": "MANAGE_USERS",
    "suppressions": "MANAGE_USERS",
    "suppressionAdd": "MANAGE_USERS",
    "suppressionsImport": "MANAGE_USERS",
    "suppressionLift": "MANAGE_USERS",
    "webhookEndpoints": "MANAGE_USERS",
    "webhookEndpointAdd": "MANAGE_USERS",
    "webhookEndpointUpdate": "MANAGE_USERS",
    "webhookEndpointRotate": "MANAGE_USERS",
    "webhookEndpointSwitch": "MANAGE_USERS",
    "webhookEndpointTest": "MANAGE_USERS",
    "webhookEndpointRemove": "MANAGE_USERS",
}
MAPPING = '{origin: USER, key: "tier", attribute: {name: "tier", type: TEXT}}'
SOMETHING = {
    "ID": '"VXNlcjox"',
    "String": '"en"',
    "Boolean": "true",
    "Int": "1",
    "InstallationInput": "{}",
    "FlowInput": "{}",
    "FlowSettingsInput": "{}",
    "FlowState": "OFF",
    "FlowPeople": "STAY",
    "DateTime": '"2026-01-01T00:00:00Z"',
    "PolicyInput": "{}",
    "AttributeMappingInput": MAPPING,
    "CustomerFileMappingInput": "{email: 0}",
    "TemplateWordsInput": '{language: "en", subject: "", mjml: ""}',
    "WebhookEvent": "[CONSENT_GIVEN]",
    "UUID": '"00000000-0000-4000-8000-000000000000"',
    "TemplateContext": "CART",
    "MessagePurpose": "COMMERCIAL",
    "BrandInput": "{}",
    "MailSettingInput": '{name: "api_key", value: ""}',
    "ConsentTopicInput": '{key: "news", names: [{language: "en", text: "News"}]}',
    "SoftOptInInput": '{country: "ES", offeredFrom: "2026-01-01"}',
    "ChannelQuietHoursInput": '{channel: "sms", start: "21:00", end: "10:00"}',
}


@pytest.fixture(autouse=True)
def _no_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fields that ask a shop are told that nothing is there."""
    monkeypatch.setattr("saleor_lifecycle.api.dashboard.attributes.texts_under", lambda *_: [])
    monkeypatch.setattr("saleor_lifecycle.api.dashboard.brands.shop_channels", lambda *_: {})


def field(operation: str, name: str) -> GraphQLField:
    root = BUILT.query_type if operation == "query" else BUILT.mutation_type
    assert isinstance(root, GraphQLObjectType)
    return root.fields[name]


def question(operation: str, name: str) -> str:
    """Ask for one root field with whatever it insists on, and one field of what it answers."""
    asked = field(operation, name)
    given = ", ".join(
        f"{key}: {SOMETHING[get_named_type(argument.type).name]}"
        for key, argument in asked.args.items()
        if isinstance(argument.type, GraphQLNonNull)
    )
    return f"{operation} {{ {name}{f'({given})' if given else ''} {{ __typename }} }}"


def context(installation: Installation, now: datetime, *permissions: str) -> Context:
    return Context(installation.pk, DashboardToken("VXNlcjoyMQ==", "staff@example.com", frozenset(permissions)), now)


@pytest.mark.parametrize(("operation", "name"), [root for root in ROOTS if root[1] not in FREE])
@pytest.mark.parametrize("others", [(), ("MANAGE_ORDERS", "MANAGE_STAFF"), "all but the one"], ids=str)
def test_denies_a_token_without_the_permission_and_reads_nothing(
    installation: Installation, now: datetime, operation: str, name: str, others: tuple[str, ...] | str
) -> None:
    held = set(NEEDED.values()) - {NEEDED[name]} if isinstance(others, str) else set(others)
    with CaptureQueriesContext(connection) as queries:
        result = schema.execute_sync(question(operation, name), context_value=context(installation, now, *held))
    assert [error.extensions for error in result.errors or ()] == [
        {"code": "PERMISSION_DENIED", "permission": NEEDED[name]}
    ]
    assert not result.data or result.data[name] is None
    assert len(queries) == 0


@pytest.mark.parametrize(("operation", "name"), [root for root in ROOTS if root[1] not in FREE])
def test_answers_a_token_with_the_permission(
    installation: Installation, now: datetime, operation: str, name: str
) -> None:
    result = schema.execute_sync(question(operation, name), context_value=context(installation, now, NEEDED[name]))
    assert result.errors is None


@pytest.mark.parametrize(("operation", "name"), [root for root in ROOTS if root[1] not in FREE])
def test_says_in_its_description_what_it_needs(operation: str, name: str) -> None:
    assert (field(operation, name).description or "").startswith(f"{NEEDED[name]}.")


def test_who_looks_is_told_without_any_permission(installation: Installation, now: datetime) -> None:
    result = schema.execute_sync(
        "{ viewer { userId email permissions appPermissionsMissing } }", context_value=context(installation, now)
    )
    assert result.data == {
        "viewer": {
            "userId": "VXNlcjoyMQ==",
            "email": "staff@example.com",
            "permissions": [],
            "appPermissionsMissing": ["MANAGE_CHECKOUTS", "MANAGE_DISCOUNTS", "MANAGE_ORDERS", "MANAGE_USERS"],
        }
    }
