"""Mails through accounts of a shop's own: which they leave through, and what happens to one that is refused."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import brands, mail_accounts, senders
from saleor_lifecycle.domain.provider_accounts import OPERATORS
from saleor_lifecycle.models import Brand, Installation, MailAccount, Message, Outbox, SendingChannel
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import mail_accounts as tasks
from tests.channels.conftest import MailServer
from tests.channels.provider_api import Api, api
from tests.shop_server import ShopServer
from tests.tasks.abandoned import abandon, message, now, send, shop, standing

pytestmark = pytest.mark.django_db

__all__ = ["api", "now", "shop"]

SENT = (200, '{"To": "ada@example.com", "MessageID": "b7bc2f4a", "ErrorCode": 0, "Message": "OK"}')
REFUSED = (401, '{"ErrorCode": 10, "Message": "Bad or missing Server API token."}')
TOKEN = "a-server-token-of-postmark"
HOUR = timedelta(hours=1)


@pytest.fixture
def postmark(api: Api, settings: Any) -> Api:
    settings.ANYMAIL = {"POSTMARK_API_URL": api.address, "REQUESTS_TIMEOUT": 5}
    return api


def own(shop: Installation, now: datetime, channel: str = "", token: str = TOKEN) -> None:
    assert tasks.save(shop.pk, channel, "postmark", {"server_token": token}, now) == ()


def held(shop: Installation, channel: str = "") -> MailAccount:
    with within(shop.pk):
        return MailAccount.objects.get(channel=channel)


def test_mails_leave_through_the_shops_own_account(
    shop: Installation, now: datetime, postmark: Api, mail_server: MailServer
) -> None:
    own(shop, now)
    abandon(shop, now)
    postmark.answers = [SENT]
    send(shop)
    assert standing(shop) == ("sent", "")
    assert message(shop).provider_id == "b7bc2f4a"
    assert postmark.signed[0]["X-Postmark-Server-Token"] == TOKEN
    assert mail_server.received == []


@pytest.mark.parametrize(("channel", "is_own"), [("default-channel", True), ("elsewhere", False)])
def test_an_account_of_a_channel_serves_that_channel_alone(
    channel: str, is_own: bool, shop: Installation, now: datetime, postmark: Api, mail_server: MailServer
) -> None:
    own(shop, now, channel)
    abandon(shop, now)
    postmark.answers = [SENT]
    send(shop)
    assert standing(shop)[0] == "sent"
    assert (len(postmark.given), len(mail_server.received)) == ((1, 0) if is_own else (0, 1))


def test_an_account_that_is_refused_is_held_and_its_messages_wait(
    shop: Installation, now: datetime, postmark: Api, mail_server: MailServer, shop_server: ShopServer
) -> None:
    own(shop, now)
    abandon(shop, now)
    postmark.answers = [REFUSED]
    send(shop)
    row = held(shop)
    assert row.held_at is not None
    assert "401" in row.held_reason
    assert standing(shop) == ("queued", "account_held")
    with within(shop.pk):
        assert not SendingChannel.objects.exists(), "the channel may go on through other accounts"
        Message.objects.update(due_at=now)
    asked = list(shop_server.asked)
    assert send(shop) == 0, "nobody is asked about a message that cannot leave"
    assert len(postmark.given) == 1
    assert shop_server.asked == asked
    assert mail_server.received == [], "nothing leaves through the operator's in its place"


def problem(shop: Installation) -> dict[str, object]:
    with within(shop.pk):
        written: dict[str, object] = Outbox.objects.get(kind="problem", key="lifecycle.mail-provider").written
        return written


def test_an_account_that_was_mended_sends_what_waited(shop: Installation, now: datetime, postmark: Api) -> None:
    own(shop, now)
    abandon(shop, now)
    postmark.answers = [REFUSED, SENT]
    send(shop)
    assert problem(shop) != {}, "staff are told at Saleor"
    own(shop, now, token="another-token-of-postmark")
    assert held(shop).held_at is None
    assert problem(shop) == {}
    send(shop)
    assert standing(shop)[0] == "sent"
    assert [one["X-Postmark-Server-Token"] for one in postmark.signed] == [TOKEN, "another-token-of-postmark"]


@pytest.mark.parametrize("refusals", [1, 20])
def test_however_often_an_account_is_refused_no_message_fails(
    refusals: int, shop: Installation, now: datetime, postmark: Api
) -> None:
    own(shop, now)
    abandon(shop, now)
    postmark.answers = [REFUSED] * refusals
    for _ in range(refusals):
        send(shop)
        own(shop, now)
    assert standing(shop)[0] == "queued"
    assert len(postmark.given) == refusals


def test_messages_of_a_held_channel_wait_while_others_leave(
    shop: Installation, now: datetime, postmark: Api, mail_server: MailServer
) -> None:
    own(shop, now, "default-channel")
    with within(shop.pk):
        mail_accounts.hold(mail_accounts.account_of(shop.pk, "default-channel"), "no credit", now)
    abandon(shop, now)
    send(shop)
    waiting = message(shop)
    assert (waiting.state, waiting.reason, waiting.attempts) == ("queued", "account_held", 0)
    assert waiting.due_at is not None
    assert waiting.due_at > now + HOUR - timedelta(minutes=1)
    assert (postmark.given, mail_server.received) == ([], [])
    with within(shop.pk):
        assert mail_accounts.remove(shop.pk, "default-channel", now)
    send(shop)
    assert standing(shop)[0] == "sent"
    assert len(mail_server.received) == 1


def test_a_worker_that_read_the_old_secrets_does_not_hold_the_new_ones(shop: Installation, now: datetime) -> None:
    own(shop, now)
    with within(shop.pk):
        read = mail_accounts.account_of(shop.pk, "")
    own(shop, now, token="another-token-of-postmark")
    with within(shop.pk):
        mail_accounts.hold(read, "401", now)
    assert held(shop).held_at is None


def test_an_account_whose_secrets_nobody_can_open_is_held(
    shop: Installation, now: datetime, postmark: Api, settings: Any
) -> None:
    own(shop, now)
    abandon(shop, now)
    with within(shop.pk):
        MailAccount.objects.update(settings=b"sealed by a key that is gone")
    send(shop)
    assert held(shop).held_at is not None
    assert standing(shop)[0] == "queued"
    assert postmark.given == []


def test_the_operators_own_account_rests_when_it_is_refused(
    shop: Installation, now: datetime, postmark: Api, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL |= {"POSTMARK_SERVER_TOKEN": "operators"}
    abandon(shop, now)
    postmark.answers = [REFUSED]
    send(shop)
    assert standing(shop)[0] == "queued"
    with within(shop.pk):
        row = SendingChannel.objects.get()
    assert row.free_at is not None
    assert row.free_at > now
    assert "401" in row.trouble


def test_a_provider_is_left_alone_as_long_as_it_asks_to_be(shop: Installation, now: datetime, postmark: Api) -> None:
    own(shop, now)
    abandon(shop, now)
    postmark.answers, postmark.retry_after = [(429, "{}")], "7200"
    send(shop)
    with within(shop.pk):
        row = SendingChannel.objects.get()
    due_at = message(shop).due_at
    assert row.free_at is not None
    assert due_at is not None
    assert min(row.free_at, due_at) >= now + 2 * HOUR
    assert held(shop).held_at is None


# Secrets


def test_secrets_lie_sealed_and_in_no_log(
    shop: Installation, now: datetime, caplog: pytest.LogCaptureFixture, postmark: Api
) -> None:
    caplog.set_level("DEBUG")
    own(shop, now)
    abandon(shop, now)
    postmark.answers = [REFUSED]
    send(shop)
    assert TOKEN.encode() not in bytes(held(shop).settings)
    assert TOKEN not in caplog.text
    with within(shop.pk):
        account = mail_accounts.account_of(shop.pk, "")
    assert account.settings["server_token"] == TOKEN
    assert TOKEN not in repr(account)


def test_another_shop_sees_nothing_of_it(shop: Installation, other_installation: Installation, now: datetime) -> None:
    own(shop, now)
    with within(other_installation.pk):
        assert mail_accounts.account_of(other_installation.pk, "") == OPERATORS
        assert mail_accounts.account_of(shop.pk, "") == OPERATORS


SMTP = {"host": "smtp.example.com", "username": "u", "password": "p4ss"}


@pytest.mark.parametrize(
    ("change", "is_kept"),
    [
        ({}, True),
        ({"username": "v"}, True),
        ({"host": "evil.example.com"}, False),
        ({"port": "25"}, False),
        ({"security": "none"}, False),
    ],
)
def test_a_secret_that_is_not_given_stays_at_its_server(
    change: dict[str, str], is_kept: bool, shop: Installation, now: datetime
) -> None:
    assert tasks.save(shop.pk, "", "smtp", SMTP, now) == ()
    given = {name: value for name, value in (SMTP | change).items() if name != "password"}
    problems = tasks.save(shop.pk, "", "smtp", given, now)
    assert [problem.field for problem in problems] == ([] if is_kept else ["settings.password"])
    with within(shop.pk):
        stored = mail_accounts.account_of(shop.pk, "").settings
    assert stored["password"] == "p4ss"
    assert stored["host"] == "smtp.example.com", "with a problem nothing is stored"


def test_a_secret_does_not_go_along_to_another_provider(shop: Installation, now: datetime) -> None:
    assert tasks.save(shop.pk, "", "brevo", {"api_key": TOKEN}, now) == ()
    (problem,) = tasks.save(shop.pk, "", "resend", {}, now)
    assert problem.field == "settings.api_key"
    assert held(shop).provider == "brevo"


# Senders


def strangers(settings: Any) -> None:
    settings.TRUSTED_SENDERS = []


def test_on_the_operators_account_a_commercial_mail_waits_for_its_sender(
    shop: Installation, now: datetime, mail_server: MailServer, settings: Any
) -> None:
    strangers(settings)
    abandon(shop, now)
    send(shop)
    assert standing(shop) == ("queued", "sender_not_verified")
    assert mail_server.received == []
    with within(shop.pk):
        address = Brand.objects.get().sender_email
        senders.confirm(senders.ask(shop, address, now), now)
    send(shop)
    assert standing(shop)[0] == "sent"


def test_on_an_account_of_its_own_its_provider_sees_to_the_sender(
    shop: Installation, now: datetime, postmark: Api, settings: Any
) -> None:
    strangers(settings)
    own(shop, now)
    abandon(shop, now)
    postmark.answers = [SENT]
    send(shop)
    assert standing(shop)[0] == "sent"


def test_a_sender_of_a_channel_needs_a_yes_of_its_own(
    shop: Installation, now: datetime, mail_server: MailServer, settings: Any
) -> None:
    with within(shop.pk):
        brand = Brand.objects.get()
        settings.TRUSTED_SENDERS = [brand.sender_email]
        assert brands.set_channel(brand, "default-channel", {"sender_email": "other@elsewhere.example"}, now) == ()
    abandon(shop, now)
    send(shop)
    assert standing(shop) == ("queued", "sender_not_verified")
    assert mail_server.received == []


def test_the_question_goes_to_the_sender_alone_with_a_link(
    shop: Installation, now: datetime, mail_server: MailServer, settings: Any
) -> None:
    settings.MAIL_FROM = "app@operator.example"
    with within(shop.pk):
        address = Brand.objects.get().sender_email
    assert tasks.ask_sender(shop.pk, address.upper(), "es", now) == ()
    (mail,) = mail_server.received
    assert (mail["To"], mail["From"]) == (address, "app@operator.example")
    assert mail["List-Unsubscribe"] is None
    text = mail.get_body(("plain",))
    assert text is not None
    assert "https://app.example.com/sender/" in text.get_content()
    assert "escribir en tu nombre" in mail["Subject"]


def test_nobody_else_is_asked(shop: Installation, now: datetime, mail_server: MailServer) -> None:
    (problem,) = tasks.ask_sender(shop.pk, "stranger@example.org", "en", now)
    assert problem.code == "not_found"
    assert mail_server.received == []
    with within(shop.pk):
        assert senders.verified(shop.pk) == frozenset()


def test_a_verification_that_is_refused_holds_the_account(
    shop: Installation, now: datetime, postmark: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    own(shop, now)
    postmark.answers = [(200, "{}"), REFUSED, (503, "{}"), (200, json.dumps({"Name": "server"}))]
    said = [tasks.verify(shop.pk, "", now) for _ in range(1)]
    assert held(shop).verified_at == now
    said += [tasks.verify(shop.pk, "", now)]
    assert (held(shop).verified_at, held(shop).held_at) == (None, now)
    said += [tasks.verify(shop.pk, "", now)]
    assert held(shop).held_at == now, "that nobody answers mends nothing"
    said += [tasks.verify(shop.pk, "", now)]
    assert (held(shop).verified_at, held(shop).held_at) == (now, None)
    assert [one and one.verdict.value for one in said] == ["taken", "refused", "away", "taken"]
    assert [path for path, _ in postmark.given] == ["/server"] * 4


def test_there_is_nothing_to_verify_without_an_account(shop: Installation, now: datetime) -> None:
    assert tasks.verify(shop.pk, "", now) is None
