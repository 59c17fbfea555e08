"""Providers asked about an account, with nothing sent: what is asked, and what their answers mean."""

from typing import Any
from urllib.parse import urljoin

import pytest

from saleor_lifecycle.channels import verification
from saleor_lifecycle.channels.providers import PROVIDERS
from saleor_lifecycle.channels.verification import Verdict, can_verify, verify
from saleor_lifecycle.domain.provider_accounts import ProviderAccount
from tests.channels.conftest import MailServer, free_port
from tests.channels.provider_api import Api, api
from tests.channels.test_mail_providers import account

__all__ = ["api"]

SECRET = "k" * 20
ASKED = sorted(verification._QUESTIONS)


def ask(provider: str, api: Api, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Verdict:
    """Ask a provider whose API stands on loopback, wherever its own does."""
    monkeypatch.setattr(verification, "urljoin", lambda base, path: urljoin(api.address, path.split("//")[-1]))
    said = verify(account(provider), allow_private=True)
    assert SECRET not in said.reason
    return said.verdict


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.TAKEN),
        (400, Verdict.REFUSED),
        (429, Verdict.AWAY),
        (500, Verdict.AWAY),
        (302, Verdict.AWAY),
    ],
)
@pytest.mark.parametrize("provider", ASKED)
def test_the_answer_says_whether_the_account_is_taken(
    provider: str, status: int, verdict: Verdict, api: Api, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    api.answers = [(status, "{}")]
    assert ask(provider, api, monkeypatch, settings) is verdict
    ((path, body),) = api.given
    assert "send" not in path.partition("?")[0].removeprefix("/v3/REST/sender")
    assert SECRET in str(api.signed) + str(body) or "Basic" in str(api.signed)


@pytest.mark.parametrize("provider", ASKED)
def test_a_wrong_key_is_told_from_one_that_may_only_send(
    provider: str, api: Api, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    api.answers = [(401, "{}"), (403, "{}")]
    said = [ask(provider, api, monkeypatch, settings) for _ in range(2)]
    refused, untold = Verdict.REFUSED, Verdict.UNTOLD
    told = {"resend": [untold, refused], "sparkpost": [refused, untold], "mailersend": [refused, untold]}
    assert said == told.get(provider, [refused, refused])


@pytest.mark.parametrize("provider", sorted(set(PROVIDERS) - {*ASKED, "smtp", "amazon_ses"}))
def test_of_a_provider_without_such_a_call_nothing_is_claimed(provider: str, api: Api) -> None:
    assert verify(account(provider), allow_private=True).verdict is Verdict.UNTOLD
    assert not can_verify(provider)
    assert api.given == []


def smtp(server_port: int, **changes: str) -> ProviderAccount:
    settings = {"host": "127.0.0.1", "port": str(server_port), "security": "none"}
    return ProviderAccount("smtp", settings | changes, 1)


@pytest.fixture
def any_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saleor_lifecycle.channels.providers._fault", lambda *_: None)


@pytest.mark.usefixtures("any_port")
def test_over_smtp_a_connection_is_opened_and_nothing_sent(mail_server: MailServer) -> None:
    assert verify(smtp(mail_server.port), allow_private=True).verdict is Verdict.TAKEN
    assert (mail_server.connections, mail_server.received) == (1, [])


@pytest.mark.usefixtures("any_port")
def test_over_smtp_a_login_that_cannot_be_is_refused(mail_server: MailServer) -> None:
    said = verify(smtp(mail_server.port, username="u", password="secret-of-u"), allow_private=True)
    assert said.verdict is Verdict.REFUSED
    assert "secret" not in said.reason


@pytest.mark.usefixtures("any_port")
def test_over_smtp_a_server_that_is_not_there_is_away() -> None:
    assert verify(smtp(free_port()), allow_private=True).verdict is Verdict.AWAY


def test_settings_that_cannot_be_read_are_refused() -> None:
    assert verify(ProviderAccount("postmark", {}, 1), allow_private=True).verdict is Verdict.REFUSED
