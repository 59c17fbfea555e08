"""What is wrong with the settings, found before the first request instead of by it."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ValidationError
from django.core.validators import validate_email


@register()
def check_settings(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Return what Saleor could not reach or nobody could read."""
    return [
        *public_url(settings.PUBLIC_URL),
        *token_keys(settings.TOKEN_KEYS),
        *suppression_key(),
        *networks(settings.SCANNER_NETWORKS),
        *twilio(),
        *mail_from(settings.MAIL_FROM),
    ]


def public_url(url: str) -> list[CheckMessage]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        hint = "Set it to where browsers and Saleor reach this app, such as https://lifecycle.example.com"
        return [Error(f"PUBLIC_URL is not an address: {url!r}", hint=hint, id="lifecycle.E001")]
    if parts.scheme == "http" and not _is_local(parts.hostname):
        hint = "Saleor's Dashboard is served over https and shows no http page inside it: put https before the app."
        return [Warning("PUBLIC_URL is not https", hint=hint, id="lifecycle.W001")]
    return []


def token_keys(keys: Sequence[str]) -> list[CheckMessage]:
    # The keys themselves are never shown: what is checked here is written to logs.
    bad = [number for number, key in enumerate(keys, start=1) if not _is_fernet_key(key)]
    if keys and not bad:
        return []
    which = f"key {bad[0]} of TOKEN_KEYS is no Fernet key" if bad else "TOKEN_KEYS is empty"
    hint = 'Make one: python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
    return [Error(which, hint=hint, id="lifecycle.E002")]


def suppression_key() -> list[CheckMessage]:
    if settings.SUPPRESSION_KEY:
        return []
    hint = "Set it once to a long random text, keep it with the backups, and never change it."
    return [Error("SUPPRESSION_KEY is empty", hint=hint, id="lifecycle.E003")]


def twilio() -> list[CheckMessage]:
    given = (settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_SENDER)
    if all(given) or not any(given):
        return []
    hint = "Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_SENDER, or none of them."
    return [Error("some of what SMS needs is missing", hint=hint, id="lifecycle.E005")]


def networks(texts: Sequence[str]) -> list[CheckMessage]:
    bad = [text for text in texts if not _is_network(text)]
    hint = "Write networks such as 192.0.2.0/24, with commas between."
    return [Error(f"SCANNER_NETWORKS holds no network: {text!r}", hint=hint, id="lifecycle.E004") for text in bad]


def mail_from(address: str) -> list[CheckMessage]:
    try:
        if address:
            validate_email(address)
    except ValidationError:
        return [Error(f"MAIL_FROM is no e-mail address: {address!r}", hint="Write it bare.", id="lifecycle.E006")]
    return []


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
