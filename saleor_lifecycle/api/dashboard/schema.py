"""The dashboard schema, merged from its nouns. Exported to ``graphql/dashboard.graphql``.

Introspection stays on: the exported file is public, so hiding it hides nothing, and who gets this far has a token.
"""

import strawberry

from ..limits import Schema, extensions
from .attention import AttentionMutation, AttentionQuery
from .attributes import AttributeMutation, AttributeQuery
from .backfill import ImportMutation, ImportQuery
from .brands import BrandMutation, BrandQuery
from .consent import ConsentMutation, ConsentQuery
from .customer_files import CustomerFileMutation, CustomerFileQuery
from .customers import CustomerQuery
from .decisions import DecisionQuery
from .deliverability import DeliverabilityMutation, DeliverabilityQuery
from .delivery import DeliveryMutation, DeliveryQuery
from .delivery_reports import DeliveryReportMutation, DeliveryReportQuery
from .flow_editing import FlowEditingMutation, FlowEditingQuery
from .flow_entries import FlowEntryMutation, FlowEntryQuery
from .flows import FlowQuery
from .holdouts import HoldoutMutation, HoldoutQuery
from .identities import IdentityMutation, IdentityQuery
from .incentives import IncentiveMutation, IncentiveQuery
from .installations import InstallationMutation, InstallationQuery
from .mail_accounts import MailMutation, MailQuery
from .messages import MessageQuery
from .named_flows import NamedFlowMutation
from .phases import PhaseQuery
from .projection import ProjectionQuery
from .projection_settings import ProjectionMutation
from .scoring import ScoringMutation, ScoringQuery
from .sending import SendingMutation, SendingQuery
from .suppressions import SuppressionMutation, SuppressionQuery
from .templates import TemplateMutation, TemplateQuery
from .webhook_endpoints import WebhookEndpointMutation, WebhookEndpointQuery


@strawberry.type
class Query(
    InstallationQuery,
    PhaseQuery,
    CustomerQuery,
    FlowQuery,
    FlowEditingQuery,
    FlowEntryQuery,
    ImportQuery,
    ProjectionQuery,
    ScoringQuery,
    AttributeQuery,
    CustomerFileQuery,
    TemplateQuery,
    BrandQuery,
    SendingQuery,
    ConsentQuery,
    SuppressionQuery,
    MessageQuery,
    DecisionQuery,
    DeliveryReportQuery,
    IdentityQuery,
    WebhookEndpointQuery,
    MailQuery,
    DeliverabilityQuery,
    AttentionQuery,
    IncentiveQuery,
    HoldoutQuery,
    DeliveryQuery,
):
    pass


@strawberry.type
class Mutation(
    InstallationMutation,
    ProjectionMutation,
    FlowEditingMutation,
    FlowEntryMutation,
    NamedFlowMutation,
    ImportMutation,
    IdentityMutation,
    ScoringMutation,
    AttributeMutation,
    CustomerFileMutation,
    TemplateMutation,
    BrandMutation,
    SendingMutation,
    ConsentMutation,
    SuppressionMutation,
    DeliveryReportMutation,
    WebhookEndpointMutation,
    MailMutation,
    DeliverabilityMutation,
    AttentionMutation,
    IncentiveMutation,
    HoldoutMutation,
    DeliveryMutation,
):
    pass


schema = Schema(Query, Mutation, extensions=extensions())
