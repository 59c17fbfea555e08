"""Tables, the SQL over them, and the building of domain values."""

from .activities import Activity
from .attention import AttentionSettings
from .attributes import AttributeMap, FileEntry, FlowEntry
from .backfill import Backfill
from .brands import ChannelBrand
from .budgets import TestSendBudget, VisitBudget
from .carts import Cart
from .consent import Consent, ConsentText, Suppression, SuppressionLift
from .consent_settings import ConsentSettings
from .customer_files import CustomerFile, CustomerFileLine, CustomerFileRow
from .customers import Customer, PhaseChange
from .decisions import Decision
from .deliverability import SenderDomain, SendingDay
from .deliveries import DeliverySettings, OrderDelivery, SecondOrderDays
from .delivery_events import DeliveryEvent, ProviderWebhook
from .entries import Admission, Occasion, Tag
from .erasure import Erasure
from .events import Event
from .fits import Fit
from .flow_moves import FlowMove
from .flows import Enrollment, Flow, FlowHook, FlowVersion
from .identities import Account, EmailClaim, Identity, Separation
from .incentives import CodePool, IncentiveSettings, PersonalCode
from .installations import Brand, Installation, PolicyVersion
from .mail_accounts import MailAccount, Sender
from .messages import Message
from .opt_ins import FormBudget, OptIn
from .orders import Fulfillment, Order
from .outbox import Outbox
from .plans import Plan
from .preferences import Preference
from .products import Product, Variant
from .recommendations import CountedOrder, Learning, ProductCount, ProductPair
from .rescorings import Rescoring, RescoringPart
from .sending import SendingChannel
from .templates import Template, TemplateVariant, TemplateVersion
from .webhook_endpoints import WebhookEndpoint

__all__ = [
    "Account",
    "Activity",
    "Admission",
    "AttentionSettings",
    "AttributeMap",
    "Backfill",
    "Brand",
    "Cart",
    "ChannelBrand",
    "CodePool",
    "Consent",
    "ConsentSettings",
    "ConsentText",
    "CountedOrder",
    "Customer",
    "CustomerFile",
    "CustomerFileLine",
    "CustomerFileRow",
    "Decision",
    "DeliveryEvent",
    "DeliverySettings",
    "EmailClaim",
    "Enrollment",
    "Erasure",
    "Event",
    "FileEntry",
    "Fit",
    "Flow",
    "FlowEntry",
    "FlowHook",
    "FlowMove",
    "FlowVersion",
    "FormBudget",
    "Fulfillment",
    "Identity",
    "IncentiveSettings",
    "Installation",
    "Learning",
    "MailAccount",
    "Message",
    "Occasion",
    "OptIn",
    "Order",
    "OrderDelivery",
    "Outbox",
    "PersonalCode",
    "PhaseChange",
    "Plan",
    "PolicyVersion",
    "Preference",
    "Product",
    "ProductCount",
    "ProductPair",
    "ProviderWebhook",
    "Rescoring",
    "RescoringPart",
    "SecondOrderDays",
    "Sender",
    "SenderDomain",
    "SendingChannel",
    "SendingDay",
    "Separation",
    "Suppression",
    "SuppressionLift",
    "Tag",
    "Template",
    "TemplateVariant",
    "TemplateVersion",
    "TestSendBudget",
    "Variant",
    "VisitBudget",
    "WebhookEndpoint",
]
