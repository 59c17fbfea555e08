"""The channels that there are, by name."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from . import email, on_site, sms, webhook
from .channel import Connection, ProviderAccount

CHANNELS: dict[str, Callable[[ProviderAccount], AbstractContextManager[Connection]]] = {
    "email": email.open_connection,  # whatever EMAIL_BACKEND names: any of anymail's providers, or Django's SMTP
    "on_site": on_site.open_connection,
    "sms": sms.open_connection,
    "webhook": webhook.open_connection,
}

SHORT = frozenset({"on_site", "sms"})
"""Those that say a template's short text."""
