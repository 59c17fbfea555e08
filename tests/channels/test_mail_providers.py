"""The table of providers held against anymail's own backends: a new version of it cannot part from it unseen."""

import pkgutil
from importlib import import_module
from typing import Any

import anymail.backends
import pytest
from anymail import utils
from django.core.exceptions import ImproperlyConfigured

from saleor_lifecycle.channels import providers
from saleor_lifecycle.channels.email import _build
from saleor_lifecycle.channels.providers import PROVIDERS, arguments, backend_of, complete, faults, lacks
from saleor_lifecycle.domain.provider_accounts import ProviderAccount
from tests.channels.test_providers import MAIL, OWN

NO_PROVIDERS = {"base", "base_requests", "console", "test", "sendinblue"}
"""Of anymail's modules: what others are made of, what sends nothing, and an old name of Brevo."""

OPERATORS = {
    *("ignore_unsupported_features", "ignore_recipient_status", "debug_api_requests", "send_defaults", "idna_encoder"),
    *("requests_timeout", "generate_message_id", "workaround_display_name_bugs", "prevent_header_encoding_bugs"),
    *("batch_send_mode", "use_bulk_api", "verify_attachment_extensions", "merge_field_format", "api_url"),
    *("username", "password"),  # of SendGrid's old API, which anymail only asks for to refuse them
}
"""How anymail goes about it, which no account says; ``api_url`` where it has a default."""

FREE = {
    "region_name": "eu-west-1",
    "api_url": "https://postal.example.com/",
    "host": "smtp.example.com",
    "sender_domain": "shop.example",
    "sandbox_id": "",
    "subaccount": "7",
}
APIS = sorted(set(PROVIDERS) - {"smtp"})


def filled_in(provider: str, is_whole: bool = True) -> dict[str, str]:
    fields = PROVIDERS[provider].fields
    given = {field.name: FREE.get(field.name, "k" * 20) for field in fields if not field.choices}
    if not is_whole:
        given = {field.name: given[field.name] for field in fields if field.is_needed and field.name in given}
    return complete(provider, given)


def account(provider: str, **changes: str) -> ProviderAccount:
    return ProviderAccount(provider, filled_in(provider) | changes, 1)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """What anymail's backends ask their settings for, and whether they insist."""
    names: dict[str, bool] = {}
    real = utils.get_anymail_setting

    def noting(name: str, default: Any = utils.UNSET, **more: Any) -> Any:
        names[name] = default is utils.UNSET
        return real(name, default=default, **more)

    for module in pkgutil.iter_modules(anymail.backends.__path__):
        if module.name != "sendinblue":
            held = import_module(f"anymail.backends.{module.name}")
            if hasattr(held, "get_anymail_setting"):
                monkeypatch.setattr(held, "get_anymail_setting", noting)
    return names


def test_every_provider_of_anymails_is_there() -> None:
    modules = {module.name for module in pkgutil.iter_modules(anymail.backends.__path__)}
    assert set(APIS) == modules - NO_PROVIDERS
    assert all(providers.is_installed(name) for name in PROVIDERS)


@pytest.mark.parametrize("provider", APIS)
def test_what_anymail_asks_for_is_what_an_account_says(provider: str, asked: dict[str, bool]) -> None:
    backend_of(account(provider), allow_private=False)
    said = set(arguments(provider, filled_in(provider)))
    assert set(asked) - OPERATORS == said - OPERATORS
    insisted = {name for name, is_needed in asked.items() if is_needed}
    assert insisted <= said


@pytest.mark.parametrize("provider", APIS)
def test_the_least_that_is_needed_will_do(provider: str) -> None:
    settings = filled_in(provider, is_whole=False)
    assert faults(provider, settings) == {}
    assert backend_of(ProviderAccount(provider, settings, 1), allow_private=False) is not None


@pytest.mark.parametrize(("provider", "field"), [(name, one) for name in PROVIDERS for one in PROVIDERS[name].fields])
def test_what_is_needed_may_not_be_missing(provider: str, field: providers.Field) -> None:
    settings = filled_in(provider) | {field.name: ""}
    if field.is_needed:
        assert faults(provider, settings) == {field.name: "This may not be empty."}
        with pytest.raises(ImproperlyConfigured):
            backend_of(ProviderAccount(provider, settings, 1), allow_private=False)
    elif provider != "smtp":
        assert faults(provider, settings) == {}


@pytest.mark.parametrize("provider", APIS)
def test_nothing_of_the_operators_account_is_in_another(provider: str, settings: Any) -> None:
    esp = import_module(f"anymail.backends.{provider}").EmailBackend.esp_name.upper().replace(" ", "_")
    names = {field.name for field in PROVIDERS[provider].fields} | set(arguments(provider, filled_in(provider)))
    settings.ANYMAIL = {f"{esp}_{name.upper()}": "operators" for name in names - {"region"}}
    settings.ANYMAIL |= {"SEND_DEFAULTS": {"tags": ["operators"]}, f"{esp}_SEND_DEFAULTS": {"tags": ["operators"]}}
    backend: Any = backend_of(ProviderAccount(provider, filled_in(provider, is_whole=False), 1), allow_private=False)
    assert "operators" not in repr(vars(backend))


@pytest.mark.parametrize("provider", APIS)
def test_a_mail_is_written_for_each_with_our_id_and_the_way_out(provider: str) -> None:
    backend: Any = backend_of(account(provider), allow_private=False)
    backend.open()
    payload = backend.build_message_payload(_build(MAIL, lacks(backend)), backend.send_defaults)
    if provider == "amazon_ses":
        said = payload.mime_message.as_string()
    else:
        said = str(payload.get_request_params(backend.api_url)["data"])
    backend.close()
    assert OWN in said
    assert MAIL.unsubscribe_url in said
    assert "List-Unsubscribe=One-Click" in said
    assert MAIL.tags[0] in said


@pytest.mark.parametrize(
    ("provider", "name", "value"),
    [
        ("postmark", "server_token", "two words"),
        ("postmark", "server_token", "line\nbreak"),
        ("postmark", "server_token", "ñ" * 20),
        ("postmark", "server_token", "k" * 501),
        ("mailgun", "region", "moon"),
        ("mailgun", "sender_domain", "shop.example/../other"),
        ("amazon_ses", "region_name", "evil.example/"),
        ("postal", "api_url", "ftp://postal.example.com/"),
        ("smtp", "port", "6379"),
        ("smtp", "host", "a b"),
        ("smtp", "security", "maybe"),
    ],
)
def test_what_cannot_be_right_is_refused(provider: str, name: str, value: str) -> None:
    settings = filled_in(provider) | {name: value}
    assert list(faults(provider, settings)) == [name]


@pytest.mark.parametrize("missing", ["username", "password"])
def test_smtp_signs_in_with_both_or_with_neither(missing: str) -> None:
    assert list(faults("smtp", filled_in("smtp") | {missing: ""})) == ["password"]
    assert faults("smtp", filled_in("smtp") | {"username": "", "password": ""}) == {}


def test_smtp_without_a_login_does_not_take_the_operators(settings: Any) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD, settings.EMAIL_USE_TLS = "operator", "secret", True
    backend: Any = backend_of(account("smtp", username="", password="", security="none"), allow_private=True)
    assert (backend.username, backend.password, backend.use_tls) == ("", "", False)


def test_secrets_are_in_no_ones_repr() -> None:
    assert "kkk" not in repr(account("postmark"))
