import pytest
from pytest_django import Settings

from saleor_lifecycle.checks import check_settings, public_url, token_keys

GOOD = "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="


def test_good_settings_pass() -> None:
    assert check_settings() == []


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://app.example.com", []),
        ("https://app.example.com/below/a/path", []),
        ("http://127.0.0.1:8000", []),
        ("http://[::1]:8000", []),
        ("http://localhost:8000", []),
        ("http://app.example.com", ["lifecycle.W001"]),
        ("http://10.0.0.1", ["lifecycle.W001"]),
        ("app.example.com", ["lifecycle.E001"]),
        ("ftp://app.example.com", ["lifecycle.E001"]),
        ("https://", ["lifecycle.E001"]),
        ("https://app.example.com/?a=b", ["lifecycle.E001"]),
        ("", ["lifecycle.E001"]),
    ],
)
def test_the_public_address_is_one_that_saleor_can_use(url: str, found: list[str]) -> None:
    assert [message.id for message in public_url(url)] == found


@pytest.mark.parametrize(
    ("keys", "trouble"),
    [
        ([GOOD], None),
        ([GOOD, GOOD], None),
        ([], "TOKEN_KEYS is empty"),
        (["short"], "key 1 of TOKEN_KEYS is no Fernet key"),
        ([GOOD, GOOD[:-2]], "key 2 of TOKEN_KEYS is no Fernet key"),
        ([GOOD, ""], "key 2 of TOKEN_KEYS is no Fernet key"),
    ],
)
def test_every_token_key_can_decrypt(keys: list[str], trouble: str | None) -> None:
    assert [message.msg for message in token_keys(keys)] == ([trouble] if trouble else [])


def test_no_key_is_ever_told(settings: Settings) -> None:
    settings.TOKEN_KEYS = ["not-a-key-but-a-secret"]
    assert "not-a-key-but-a-secret" not in str(check_settings())


def test_a_suppression_key_is_needed(settings: Settings) -> None:
    settings.SUPPRESSION_KEY = ""
    assert [message.id for message in check_settings()] == ["lifecycle.E003"]


@pytest.mark.parametrize(
    ("sid", "token", "sender", "found"),
    [
        ("", "", "", []),
        ("AC1", "secret", "MG1", []),
        ("AC1", "", "MG1", ["lifecycle.E005"]),
        ("", "x", "", ["lifecycle.E005"]),
    ],
)
def test_sms_has_all_that_it_needs_or_nothing(
    settings: Settings, sid: str, token: str, sender: str, found: list[str]
) -> None:
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_SENDER = sid, token, sender
    assert [message.id for message in check_settings()] == found


@pytest.mark.parametrize(("address", "ids"), [("", []), ("app@operator.example", []), ("app", ["lifecycle.E006"])])
def test_the_apps_own_sender_is_an_address(address: str, ids: list[str], settings: Settings) -> None:
    settings.MAIL_FROM = address
    assert [message.id for message in check_settings()] == ids
