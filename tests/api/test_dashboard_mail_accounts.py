"""How mail leaves, as the Dashboard shows and changes it."""

from typing import Any

import pytest

from saleor_lifecycle.channels import verification
from saleor_lifecycle.channels.providers import PROVIDERS
from saleor_lifecycle.channels.verification import Verdict, Verification
from saleor_lifecycle.models import Brand, Installation, MailAccount
from saleor_lifecycle.models.entry import within
from tests.api.conftest import Ask
from tests.channels.conftest import MailServer, mail_server

pytestmark = pytest.mark.django_db

__all__ = ["mail_server"]

SHOWN = """operatorsProvider
    accounts { channel provider verifiedAt heldAt heldReason settings { name isSet value endsWith } }
    senders { address channels isTrusted maySend askedAt verifiedAt }"""
ALL = f"{{ mail {{ {SHOWN} }} }}"
SAVE = f"""mutation ($provider: String!, $settings: [MailSettingInput!]!, $channel: String) {{
    mailAccountSave(provider: $provider, settings: $settings, channel: $channel) {{
        mail {{ {SHOWN} }} errors {{ field message code }} }} }}"""
VERIFY = f"""mutation ($channel: String) {{ mailAccountVerify(channel: $channel) {{
    verdict reason mail {{ {SHOWN} }} errors {{ field code }} }} }}"""
REMOVE = f"""mutation ($channel: String) {{ mailAccountRemove(channel: $channel) {{
    mail {{ {SHOWN} }} errors {{ field code }} }} }}"""
ASK_SENDER = f"""mutation ($address: String!) {{ mailSenderAsk(address: $address) {{
    mail {{ {SHOWN} }} errors {{ field code }} }} }}"""
KEY = "key-0123456789abcdef"


def save(ask: Ask, provider: str = "mailgun", channel: str = "", **given: str) -> dict[str, Any]:
    settings = [{"name": name, "value": value} for name, value in given.items()]
    answer: dict[str, Any] = ask(SAVE, provider=provider, settings=settings, channel=channel)["mailAccountSave"]
    return answer


def test_a_secret_goes_in_and_only_its_end_comes_out(ask: Ask, installation: Installation) -> None:
    answer = save(ask, api_key=KEY, region="eu")
    assert answer["errors"] == []
    (account,) = answer["mail"]["accounts"]
    assert account["settings"] == [
        {"name": "api_key", "isSet": True, "value": None, "endsWith": "cdef"},
        {"name": "sender_domain", "isSet": False, "value": "", "endsWith": None},
        {"name": "region", "isSet": True, "value": "eu", "endsWith": None},
    ]
    assert KEY not in str(answer)
    assert KEY not in str(ask(ALL))


def test_what_is_wrong_is_said_and_nothing_saved(ask: Ask, installation: Installation) -> None:
    answer = save(ask, api_key="two words", region="moon")
    assert answer["mail"] is None
    assert {error["field"] for error in answer["errors"]} == {"settings.apiKey", "settings.region"}
    assert "two words" not in str(answer)
    assert save(ask, "carrier-pigeon")["errors"][0]["field"] == "provider"
    assert save(ask, api_key=KEY, channel="no slug")["errors"][0]["field"] == "channel"
    with within(installation.pk):
        assert not MailAccount.objects.exists()


def test_every_provider_says_what_it_needs(ask: Ask) -> None:
    providers = ask("{ mail { providers { provider name isInstalled canVerify fields { name isSecret } } } }")["mail"]
    shown = {one["provider"]: one for one in providers["providers"]}
    assert set(shown) == set(PROVIDERS)
    assert shown["postmark"] == {
        "provider": "postmark",
        "name": "Postmark",
        "isInstalled": True,
        "canVerify": True,
        "fields": [{"name": "server_token", "isSecret": True}, {"name": "message_stream", "isSecret": False}],
    }
    assert not shown["mailgun"]["canVerify"]


def test_verifies_and_removes(ask: Ask, installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    save(ask, api_key=KEY, channel="default-channel")
    monkeypatch.setattr(verification, "verify", lambda *_: Verification(Verdict.REFUSED, "answered 401"))
    said = ask(VERIFY, channel="default-channel")["mailAccountVerify"]
    assert (said["verdict"], said["reason"]) == ("REFUSED", "answered 401")
    (account,) = said["mail"]["accounts"]
    assert account["heldReason"] == "answered 401"
    assert ask(VERIFY, channel="")["mailAccountVerify"]["errors"] == [{"field": "channel", "code": "NOT_FOUND"}]
    assert ask(REMOVE, channel="default-channel")["mailAccountRemove"]["mail"]["accounts"] == []
    assert ask(REMOVE, channel="default-channel")["mailAccountRemove"]["errors"][0]["code"] == "NOT_FOUND"


def test_senders_are_shown_with_what_they_may(
    ask: Ask, installation: Installation, settings: Any, mail_server: MailServer
) -> None:
    settings.TRUSTED_SENDERS = []
    with within(installation.pk):
        Brand.objects.update(sender_email="hola@shop.example")
    (sender,) = ask(ALL)["mail"]["senders"]
    assert sender == {
        "address": "hola@shop.example",
        "channels": [],
        "isTrusted": False,
        "maySend": False,
        "askedAt": None,
        "verifiedAt": None,
    }
    answer = ask(ASK_SENDER, address="hola@shop.example")["mailSenderAsk"]
    assert answer["errors"] == []
    assert answer["mail"]["senders"][0]["askedAt"] is not None
    assert len(mail_server.received) == 1
    save(ask, api_key=KEY)
    assert ask(ALL)["mail"]["senders"][0]["maySend"], "its own provider sees to it"


def test_the_operators_provider_is_named(ask: Ask, settings: Any) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.amazon_ses.EmailBackend"
    assert ask("{ mail { operatorsProvider } }")["mail"]["operatorsProvider"] == "amazon_ses"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert ask("{ mail { operatorsProvider } }")["mail"]["operatorsProvider"] == "smtp"
