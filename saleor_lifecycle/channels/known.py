"""The channels that there are, by name."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from . import email
from .channel import Connection, ProviderAccount

CHANNELS: dict[str, Callable[[ProviderAccount], AbstractContextManager[Connection]]] = {"email": email.open_connection}
