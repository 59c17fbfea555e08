"""The mail providers that there are, what each needs of an account, and the backend that sends through one.

The fields bear the names of anymail's own settings. A test reads from anymail's backends which settings they ask for,
so that a new version of it that wants another is noticed.
"""

import re
import warnings
from collections.abc import Mapping, Set
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from anymail.exceptions import AnymailImproperlyInstalled, AnymailNotSupportedWarning
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.base import BaseEmailBackend

from saleor_lifecycle.domain.provider_accounts import ProviderAccount

from .public_hosts import PublicSMTPBackend, only_public

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Field:
    """What an account has to say of one of anymail's settings. ``choices``: its values, the first where none is given;
    of ``api_url`` they are names for ``urls``."""

    name: str
    is_secret: bool = False
    is_needed: bool = True
    choices: tuple[str, ...] = ()
    form: str = r"[!-~]+"  # one word of plain ASCII, as it goes into headers and addresses


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider: its name, what it needs, and how many mails, each with its own words, one call takes."""

    name: str
    fields: tuple[Field, ...]
    urls: Mapping[str, str] | None = None  # of its regions


def _secret(name: str) -> Field:
    return Field(name, is_secret=True)


def _more(name: str, form: str = r"[!-~]+") -> Field:
    return Field(name, is_needed=False, form=form)


_REGION = r"[a-z]{2}(-[a-z0-9]+)+"
_HOST = r"[A-Za-z0-9.:\-\[\]]{1,253}"

PROVIDERS: Mapping[str, Provider] = {
    "amazon_ses": Provider(
        "Amazon SES",
        (
            Field("access_key_id"),
            _secret("secret_access_key"),
            Field("region_name", form=_REGION),
            _more("configuration_set_name"),
        ),
    ),
    "brevo": Provider("Brevo", (_secret("api_key"),)),
    "mailersend": Provider("MailerSend", (_secret("api_token"),)),
    "mailgun": Provider(
        "Mailgun",
        (_secret("api_key"), _more("sender_domain", _HOST), Field("region", choices=("us", "eu"))),
        {"us": "https://api.mailgun.net/v3", "eu": "https://api.eu.mailgun.net/v3"},
    ),
    "mailjet": Provider("Mailjet", (_secret("api_key"), _secret("secret_key"))),
    "mailtrap": Provider("Mailtrap", (_secret("api_token"), _more("sandbox_id", r"\d+"))),
    "mandrill": Provider("Mandrill", (_secret("api_key"),)),
    "postal": Provider("Postal", (_secret("api_key"), Field("api_url", form=r"https?://[!-~]+"))),
    "postmark": Provider("Postmark", (_secret("server_token"), _more("message_stream"))),
    "resend": Provider("Resend", (_secret("api_key"),)),
    "scaleway": Provider(
        "Scaleway",
        (_secret("secret_key"), Field("project_id"), Field("region", choices=("fr-par",))),
    ),
    "sendgrid": Provider("SendGrid", (_secret("api_key"),)),
    "smtp": Provider(
        "SMTP",
        (
            Field("host", form=_HOST),
            Field("port", choices=("587", "465", "2525", "25")),
            Field("security", choices=("starttls", "tls", "none")),
            _more("username"),
            Field("password", is_secret=True, is_needed=False, form=r"[^\x00-\x1f]+"),
        ),
    ),
    "sparkpost": Provider(
        "SparkPost",
        (_secret("api_key"), _more("subaccount", r"\d+"), Field("region", choices=("us", "eu"))),
        {"us": "https://api.sparkpost.com/api/v1/", "eu": "https://api.eu.sparkpost.com/api/v1/"},
    ),
    "unisender_go": Provider(
        "Unisender Go",
        (_secret("api_key"), Field("region", choices=("go1", "go2"))),
        {
            "go1": "https://go1.unisender.ru/en/transactional/api/v1/",
            "go2": "https://go2.unisender.ru/en/transactional/api/v1/",
        },
    ),
}
"""By anymail's names, and ``smtp``. Not here: ``sendinblue``, an old name of Brevo."""

FREELY_NAMED = {"postal": ("api_url",), "smtp": ("host", "port", "security")}
"""Providers whose server the account itself names, and how it is reached: it has to be on the public internet, each
time it is called, and hears no secret that was meant for another."""


_LACKS = {"mailersend": {"metadata"}, "mailjet": {"message_id"}, "postal": {"metadata"}}
"""What of a mail a provider has no place for, and refuses: our id then comes back by the other, or not at all.

Mailjet sets the Message-ID itself (https://documentation.mailjet.com/hc/en-us/articles/360043194494).
"""


def name_of(backend: BaseEmailBackend) -> str:
    """Return through whose API a backend sends, by anymail's name; for SMTP, ``smtp``."""
    return type(backend).__module__.rpartition(".")[2]


def lacks(backend: BaseEmailBackend) -> Set[str]:
    """Return what of a mail a backend's provider has no place for: ``metadata``, or a ``message_id`` of ours."""
    return _LACKS.get(name_of(backend), frozenset())


def complete(provider: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return an account's settings: what is given, without blanks around it, and the first choice where nothing is."""
    held = {field.name: given.get(field.name, "").strip() for field in PROVIDERS[provider].fields}
    defaults = {field.name: field.choices[0] for field in PROVIDERS[provider].fields if field.choices}
    return {name: value or defaults.get(name, "") for name, value in held.items()}


def faults(provider: str, settings: Mapping[str, str]) -> dict[str, str]:
    """Return, by field, what is wrong with completed settings; whether the secrets are right, only ``verify`` tells."""
    found = {field.name: _fault(field, settings) for field in PROVIDERS[provider].fields}
    return {name: text for name, text in found.items() if text}


def _fault(field: Field, settings: Mapping[str, str]) -> str | None:
    value = settings.get(field.name, "")
    if field.name == "password" and bool(value) != bool(settings.get("username")):
        return "Give a user name and a password, or neither."
    if not value:
        return "This may not be empty." if field.is_needed else None
    if len(value) > LONGEST:
        return f"At most {LONGEST} characters fit here."
    if field.choices and value not in field.choices:
        return f"Choose one of {', '.join(field.choices)}."
    if not re.fullmatch(field.form, value):
        return "This is not written as the provider shows it."
    return None


def is_installed(provider: str) -> bool:
    """Return whether what a provider's backend needs is installed here: Amazon's wants boto3."""
    try:
        return provider == "smtp" or import_module(f"anymail.backends.{provider}") is not None
    except AnymailImproperlyInstalled:
        return False


def backend_of(account: ProviderAccount, allow_private: bool) -> BaseEmailBackend:
    """Return the backend that sends through an account of somebody's own. Raises ImproperlyConfigured.

    Nothing of the operator's own account is in it: what is not said is given as not said, or anymail would look for it
    in the environment.
    """
    if account.provider not in PROVIDERS or faults(account.provider, account.settings):
        raise ImproperlyConfigured("the account's settings cannot be read")
    if account.provider == "smtp":
        return _smtp(account.settings, allow_private)
    try:
        kind = import_module(f"anymail.backends.{account.provider}").EmailBackend
    except AnymailImproperlyInstalled as error:
        raise ImproperlyConfigured(str(error)) from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AnymailNotSupportedWarning)  # of SendGrid, which no longer lets anymail test
        backend: Any = kind(**arguments(account.provider, account.settings))
    backend.send_defaults = {}
    if account.provider in FREELY_NAMED and not allow_private:
        only_public(backend)
    return backend


def arguments(provider: str, settings: Mapping[str, str]) -> dict[str, object]:
    """Return what anymail's backend of a provider is made with."""
    given: dict[str, object] = {name: value or None for name, value in settings.items()}
    if provider == "amazon_ses":
        names = ("access_key_id", "secret_access_key", "region_name")
        key, secret, region = (given.pop(name) for name in names)
        session = {"aws_access_key_id": key, "aws_secret_access_key": secret, "region_name": region}
        return {**given, "session_params": session, "client_params": {}, "message_tag_name": None}
    if urls := PROVIDERS[provider].urls:
        given["api_url"] = urls[str(given.pop("region"))]
    return given


def _smtp(settings: Mapping[str, str], allow_private: bool) -> BaseEmailBackend:
    return PublicSMTPBackend(
        host=settings["host"],
        port=int(settings["port"]),
        # "" and not None, for which Django would take the operator's.
        username=settings.get("username", ""),
        password=settings.get("password", ""),
        use_tls=settings["security"] == "starttls",
        use_ssl=settings["security"] == "tls",
        allow_private=allow_private,
    )
