"""Whether a provider takes an account's secrets, asked without sending anything."""

import smtplib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from types import MappingProxyType
from typing import Any
from urllib.parse import urljoin

import requests
from django.core.exceptions import ImproperlyConfigured

from saleor_lifecycle.domain.provider_accounts import ProviderAccount

from .failures import told
from .providers import backend_of

PATIENCE_SECONDS = 10


class Verdict(StrEnum):
    TAKEN = "taken"
    REFUSED = "refused"
    AWAY = "away"  # nobody answered, or not now
    UNTOLD = "untold"  # the provider has no such call, or not for this key; a test mail tells


@dataclass(frozen=True, slots=True)
class Verification:
    """What a provider says of an account; ``reason`` in its words, without the secrets."""

    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Question:
    """A call that changes nothing. ``path`` is below the address that mails go to, or a whole one."""

    path: str
    headers: Callable[[Any], Mapping[str, str]] = lambda backend: {}
    auth: Callable[[Any], tuple[str, str] | None] = lambda backend: None
    body: Callable[[Any], object] = lambda backend: None  # with one it is a POST
    untold_by: frozenset[int] = frozenset()  # a key that may send, and may not ask this


_QUESTIONS: Mapping[str, _Question] = MappingProxyType(
    {
        "brevo": _Question("account", headers=lambda backend: {"api-key": backend.api_key}),
        "mailersend": _Question(
            "api-quota", headers=lambda backend: _bearer(backend.api_token), untold_by=frozenset({403})
        ),
        "mailjet": _Question("/v3/REST/sender?Limit=1", auth=lambda backend: (backend.api_key, backend.secret_key)),
        "mailtrap": _Question("https://mailtrap.io/api/accounts", headers=lambda backend: _bearer(backend.api_token)),
        "mandrill": _Question("users/ping2.json", body=lambda backend: {"key": backend.api_key}),
        "postmark": _Question("server", headers=lambda backend: {"X-Postmark-Server-Token": backend.server_token}),
        # A key for sending alone is told so with 401, a wrong one gets 403.
        "resend": _Question("domains", headers=lambda backend: _bearer(backend.api_key), untold_by=frozenset({401})),
        "scaleway": _Question("domains?page_size=1", headers=lambda backend: {"X-Auth-Token": backend.secret_key}),
        "sendgrid": _Question("scopes", headers=lambda backend: _bearer(backend.api_key)),
        "sparkpost": _Question(
            "account", headers=lambda backend: {"Authorization": backend.api_key}, untold_by=frozenset({403})
        ),
        "unisender_go": _Question(
            "system/info.json", headers=lambda backend: {"X-API-KEY": backend.api_key}, body=lambda backend: {}
        ),
    }
)
"""Not here: Mailgun, whose sending keys may only send and are answered as wrong ones are; Postal has no such call."""


def can_verify(provider: str) -> bool:
    """Return whether a provider can be asked at all."""
    return provider in _QUESTIONS or provider in ("smtp", "amazon_ses")


def verify(account: ProviderAccount, allow_private: bool) -> Verification:
    """Return whether a provider takes an account; over SMTP a connection is opened, and signed in to."""
    if not can_verify(account.provider):
        return Verification(Verdict.UNTOLD)
    try:
        backend = backend_of(account, allow_private)
    except ImproperlyConfigured as error:
        return Verification(Verdict.REFUSED, told(str(error)))
    if account.provider == "smtp":
        return _connect(backend)
    if account.provider == "amazon_ses":
        return _ask_amazon(backend)
    return _ask(backend, _QUESTIONS[account.provider])


def _connect(backend: Any) -> Verification:
    try:
        backend.open()
        backend.connection.ehlo_or_helo_if_needed()  # whoever is not signed in to has said nothing yet
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
        return Verification(Verdict.REFUSED, told(str(error)))
    except (smtplib.SMTPException, OSError) as error:
        return Verification(Verdict.AWAY, told(str(error) or type(error).__name__))
    finally:
        with suppress(smtplib.SMTPException, OSError):
            backend.close()
    return Verification(Verdict.TAKEN)


def _ask(backend: Any, question: _Question) -> Verification:
    body = question.body(backend)
    try:
        with backend.create_session() as session:
            response = session.request(
                "GET" if body is None else "POST",
                urljoin(backend.api_url, question.path),
                headers=question.headers(backend),
                auth=question.auth(backend),
                json=body,
                timeout=PATIENCE_SECONDS,
                allow_redirects=False,
            )
    except requests.RequestException as error:
        return Verification(Verdict.AWAY, type(error).__name__)
    reason = told(f"{backend.esp_name} answered {response.status_code}: {response.text}")
    if response.status_code == 200:
        return Verification(Verdict.TAKEN)
    if response.status_code in question.untold_by:
        return Verification(Verdict.UNTOLD, reason)
    return Verification(Verdict.REFUSED if response.status_code in (400, 401, 403) else Verdict.AWAY, reason)


def _ask_amazon(backend: Any) -> Verification:
    from_boto: Any = import_module("botocore.exceptions")  # there only with Amazon SES
    try:
        backend.open()
        backend.client.get_account()
    except from_boto.ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        # A key that may send need not be one that may read the account.
        return Verification(Verdict.UNTOLD if "AccessDenied" in code else Verdict.REFUSED, told(code))
    except from_boto.BotoCoreError as error:
        return Verification(Verdict.AWAY, type(error).__name__)
    finally:
        backend.close()
    return Verification(Verdict.TAKEN)


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}
