"""Connections to servers that somebody else has named: made, looked at, and dropped where they lead into a network.

The peer is looked at once the socket stands and before a word is said, so a name that points elsewhere a moment after
it was checked leads nowhere either.
"""

import smtplib
import socket
import ssl
from typing import Any

from django.core.mail.backends.smtp import EmailBackend as SMTPBackend
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

from saleor_lifecycle.domain.internet import is_public


class NotPublic(OSError):
    """The host's address is not on the public internet."""


def check_peer(connected: socket.socket) -> None:
    """Nothing, if a socket's other end is on the public internet; else NotPublic, and the socket is closed."""
    if not is_public(str(connected.getpeername()[0])):
        connected.close()
        raise NotPublic("the server is in a private network, which this app does not call")


class _PublicSMTP(smtplib.SMTP):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        check_peer(made)
        return made


class _PublicSMTPOverTLS(smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> ssl.SSLSocket:
        # Looked at before the handshake, which SMTP_SSL's own would begin.
        plain: socket.socket = smtplib.SMTP._get_socket(self, host, port, timeout)  # type: ignore[attr-defined]
        check_peer(plain)
        return self.context.wrap_socket(plain, server_hostname=host)


class PublicSMTPBackend(SMTPBackend):
    """Django's SMTP, which connects to public addresses only, unless ``allow_private``."""

    def __init__(self, allow_private: bool = False, **given: Any) -> None:
        super().__init__(**given)
        self._allow_private = allow_private

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Return what connects."""
        if self._allow_private:
            return smtplib.SMTP_SSL if self.use_ssl else smtplib.SMTP
        return _PublicSMTPOverTLS if self.use_ssl else _PublicSMTP


class _PublicHTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn(), self)


class _PublicHTTPS(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn(), self)


def _checked(made: socket.socket, connection: HTTPConnection) -> socket.socket:
    try:
        check_peer(made)
    except NotPublic as error:
        # In urllib3's words for what never stood: nothing can have been taken by anybody.
        raise NewConnectionError(connection, str(error)) from None
    return made


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _PublicHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPS


class PublicAdapter(HTTPAdapter):
    """Of a session of requests: it connects to public addresses only."""

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        """Make the pools whose connections are looked at."""
        super().init_poolmanager(*given, **named)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


def only_public(backend: Any) -> None:
    """Let an anymail backend's sessions connect to public addresses only, without the environment's proxies."""
    make = backend.create_session

    def create_session() -> Any:
        session = make()
        session.trust_env = False  # behind a proxy, the wrong address would be looked at
        session.mount("https://", PublicAdapter())
        session.mount("http://", PublicAdapter())
        return session

    backend.create_session = create_session
