"""Tables, the SQL over them, and the building of domain values."""

from .carts import Cart
from .consent import Consent, Suppression
from .customers import Customer, PhaseChange
from .events import Event
from .flows import Enrollment, Flow, FlowVersion
from .identities import Account, Identity
from .installations import Brand, Installation, PolicyVersion
from .messages import Message
from .orders import Fulfillment, Order
from .outbox import Outbox
from .templates import Template

__all__ = [
    "Account",
    "Brand",
    "Cart",
    "Consent",
    "Customer",
    "Enrollment",
    "Event",
    "Flow",
    "FlowVersion",
    "Fulfillment",
    "Identity",
    "Installation",
    "Message",
    "Order",
    "Outbox",
    "PhaseChange",
    "PolicyVersion",
    "Suppression",
    "Template",
]
