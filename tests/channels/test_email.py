import json
import logging
import smtplib
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.core.mail.backends.smtp import EmailBackend

from saleor_lifecycle.channels.channel import Outgoing, ProviderAccount
from saleor_lifecycle.channels.email import make_message_id, open_connection
from saleor_lifecycle.channels.failures import judge
from saleor_lifecycle.channels.outcomes import Refused, SendOutcome, Sent, Trouble, Unsure

MESSAGE_ID = UUID("0192f0aa-0000-7000-8000-000000000001")
UNSUBSCRIBE = "https://app.example/unsubscribe/" + "t" * 90
MAIL = Outgoing(
    message_id=MESSAGE_ID,
    sender_name="Tienda Ñandú, S.L.",
    sender_address="hola@shop.example",
    reply_to="ayuda@shop.example",
    to_address="ana@example.org",
    subject="Te has dejado algo en tu carrito · 12,50 €",
    html="<p>Hola, Lucía</p>",
    text="Hola, Lucía",
    language="es",
    unsubscribe_url=UNSUBSCRIBE,
    tags=("abandoned-cart-1",),
)


def send(message: Outgoing) -> SendOutcome:
    with open_connection(ProviderAccount()) as connection:
        (outcome,) = connection.send([message])
    return outcome


def test_arrives_whole_with_our_id_and_one_click_unsubscription(mail_server: Any) -> None:
    outcome = send(MAIL)

    assert outcome == Sent(f"{MESSAGE_ID}@shop.example")
    (arrived,) = mail_server.received
    assert arrived["Message-ID"] == f"<{MESSAGE_ID}@shop.example>"
    assert arrived["Subject"] == MAIL.subject
    sender = arrived["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == (MAIL.sender_name, MAIL.sender_address)
    assert (arrived["To"], arrived["Reply-To"]) == (MAIL.to_address, MAIL.reply_to)
    assert arrived["List-Unsubscribe"].strip() == f"<{UNSUBSCRIBE}>"
    assert arrived["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert arrived["Content-Language"] == "es"
    text, html = arrived.iter_parts()
    assert (text.get_content_type(), text.get_content().strip()) == ("text/plain", MAIL.text)
    assert (html.get_content_type(), html.get_content().strip()) == ("text/html", MAIL.html)


@pytest.mark.parametrize("address", ["ana@example.org", "ana@españa.example"])
def test_arrives_as_it_would_when_it_was_prepared(mail_server: Any, address: str) -> None:
    mail = replace(MAIL, to_address=address)
    with open_connection(ProviderAccount()) as connection:
        plain = connection.send([mail])
        connection.prepare([mail])
        assert mail_server.received[1:] == []
        assert connection.send([mail]) == plain == [Sent(f"{MESSAGE_ID}@shop.example")]
    one, other = (
        [arrived.as_bytes().replace(arrived.get_boundary().encode(), b""), arrived["Date"]]
        for arrived in mail_server.received
    )
    assert one[0].replace(one[1].encode(), b"") == other[0].replace(other[1].encode(), b"")


def test_is_written_by_a_backend_that_does_more_than_djangos(mail_server: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Signing"
    with open_connection(ProviderAccount()) as connection:
        connection.prepare([MAIL])
        connection.send([MAIL])
    (arrived,) = mail_server.received
    assert arrived["X-Signed"] == "yes"


class Signing(EmailBackend):
    def _send(self, email_message: Any) -> Any:
        email_message.extra_headers["X-Signed"] = "yes"
        return super()._send(email_message)  # type: ignore[misc]


def test_a_prepared_mail_to_no_address_is_refused(mail_server: Any) -> None:
    mail = replace(MAIL, to_address="no address")
    with open_connection(ProviderAccount()) as connection:
        connection.prepare([mail])
        assert connection.send([mail]) == [Refused("the address is not valid", is_address_bad=True)]
    assert mail_server.connections == 0


def test_leaves_out_the_unsubscription_of_a_service_message(mail_server: Any) -> None:
    send(replace(MAIL, unsubscribe_url="", reply_to=""))

    (arrived,) = mail_server.received
    assert arrived["List-Unsubscribe"] is None
    assert arrived["List-Unsubscribe-Post"] is None
    assert arrived["Reply-To"] is None


def test_names_an_international_domain_in_the_message_id() -> None:
    assert make_message_id(MESSAGE_ID, "hola@ñandú.example") == f"{MESSAGE_ID}@xn--and-6ma2c.example"


@pytest.mark.parametrize(
    ("command", "answer", "expected"),
    [
        ("RCPT", "550 5.1.1 nobody of that name", Refused("550 5.1.1 nobody of that name", is_address_bad=True)),
        ("RCPT", "550 relaying denied", Refused("550 relaying denied")),
        ("RCPT", "554 5.7.1 blocked", Refused("554 5.7.1 blocked")),
        ("RCPT", "451 4.7.1 greylisted", Trouble("451 4.7.1 greylisted")),
        ("RCPT", "421 closing", Trouble),
        ("MAIL", "530 5.7.0 authentication required", Trouble),
        ("MAIL", "552 5.3.4 too large", Refused),
        ("MAIL", "451 later", Trouble),
        ("DATA", "554 5.7.1 looks like spam", Refused("554 5.7.1 looks like spam")),
        ("DATA", "451 try later", Trouble("451 try later")),
        ("DATA", "421 closing", Trouble),
        ("DATA", "299 what", Unsure),
        ("MAIL", None, Trouble),
        ("RCPT", None, Trouble),
        ("DATA", None, Unsure),
    ],
)
def test_tells_from_the_servers_answer_whether_it_may_be_sent_again(
    mail_server: Any, command: str, answer: str | None, expected: Any
) -> None:
    mail_server.answers[command] = [answer]

    outcome = send(MAIL)

    assert outcome == expected if not isinstance(expected, type) else isinstance(outcome, expected)
    assert mail_server.received == []


def test_is_unsure_when_the_server_takes_the_mail_and_says_nothing(mail_server: Any, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    mail_server.answers["DATA"] = ["silence"]

    assert isinstance(send(MAIL), Unsure)


def test_is_in_trouble_when_nobody_listens(settings: Any, unused_port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused_port

    assert isinstance(send(MAIL), Trouble)


@pytest.mark.parametrize("address", ["", "ana", "ana@", "ana@x.org\nBcc: all@x.org", "ana@x.org, eva@x.org"])
def test_refuses_what_is_no_single_address(mail_server: Any, address: str) -> None:
    assert send(replace(MAIL, to_address=address)) == Refused("the address is not valid", is_address_bad=True)
    assert mail_server.received == []


def test_keeps_a_line_break_in_the_senders_name_out_of_the_headers(mail_server: Any) -> None:
    send(replace(MAIL, sender_name="Olmo\r\nBcc: all@x.org"))

    (arrived,) = mail_server.received
    assert arrived["Bcc"] is None


def test_uses_one_connection_for_a_batch_and_goes_on_after_a_refusal(mail_server: Any) -> None:
    mail_server.answers["RCPT"] = ["250 OK", "550 5.1.1 no", "250 OK"]
    with open_connection(ProviderAccount()) as connection:
        outcomes = connection.send([MAIL, MAIL, MAIL])

    assert [type(outcome) for outcome in outcomes] == [Sent, Refused, Sent]
    assert mail_server.connections == 1


@pytest.mark.parametrize("answer", [None, "421 too many mails on this connection"])
def test_connects_again_when_the_server_ended_a_connection_between_two_mails(
    mail_server: Any, answer: str | None
) -> None:
    mail_server.answers["MAIL"] = ["250 OK", answer]
    with open_connection(ProviderAccount()) as connection:
        outcomes = connection.send([MAIL, MAIL])

    assert [type(outcome) for outcome in outcomes] == [Sent, Sent]
    assert len(mail_server.received) == 2
    assert mail_server.connections == 2


def test_never_repeats_by_itself_what_may_have_left(mail_server: Any) -> None:
    mail_server.answers["DATA"] = ["250 OK", None, "250 OK"]
    with open_connection(ProviderAccount()) as connection:
        outcomes = connection.send([MAIL, MAIL, MAIL])

    assert [type(outcome) for outcome in outcomes] == [Sent, Unsure, Sent]
    assert len(mail_server.received) == 2


def test_cuts_addresses_out_of_reasons_and_logs(mail_server: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    mail_server.answers["RCPT"] = ["550 5.1.1 <ana@example.org>: user ana@example.org unknown"]

    outcome = send(MAIL)

    assert outcome == Refused("550 5.1.1 <(address)>: user (address) unknown", is_address_bad=True)
    assert "ana@example.org" not in "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("saleor_lifecycle")
    )


def test_carries_our_id_through_a_providers_api_and_keeps_the_providers(provider: Any) -> None:
    assert send(MAIL) == Sent("at-the-provider")
    (request,) = provider.requests
    assert f'"message_id": "{MESSAGE_ID}"'.encode() in request
    assert b"abandoned-cart-1" in request
    assert b"List-Unsubscribe=One-Click" in request


def says(status: int, body: str) -> Callable[[Any], None]:
    def plan(provider: Any) -> None:
        provider.status, provider.body = status, body

    return plan


# Postmark's own words, which anymail has to read for want of a field.
INACTIVE = json.dumps(
    {
        "ErrorCode": 406,
        "Message": "You tried to send to a recipient that has been marked as inactive.\n"
        "Found inactive addresses: ana@example.org.\n"
        "Inactive recipients are ones that have generated a hard bounce or a spam complaint. ",
    }
)


def hangs_up(provider: Any) -> None:
    provider.body = None


def is_silent(provider: Any) -> None:
    provider.is_silent = True


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (says(429, "slower"), Trouble),
        (says(500, "sorry"), Trouble),
        (says(503, "sorry"), Trouble),
        (says(401, "who are you"), Trouble),
        (says(502, "bad gateway"), Unsure),
        (says(504, "gateway time-out"), Unsure),
        (says(413, "too large"), Refused),
        (says(200, "not json"), Unsure),
        (says(422, INACTIVE), Refused),
        (says(422, '{"ErrorCode": 406, "Message": "Words that anymail does not know"}'), Unsure),
        (hangs_up, Unsure),
        (is_silent, Unsure),
    ],
)
def test_tells_from_a_providers_answer_whether_it_may_be_sent_again(
    provider: Any, plan: Callable[[Any], None], expected: type
) -> None:
    plan(provider)

    outcome = send(MAIL)

    assert isinstance(outcome, expected)
    assert "ana@example.org" not in repr(outcome)
    assert len(provider.requests) == 1


def test_is_in_trouble_when_the_provider_cannot_be_reached(provider: Any, settings: Any, unused_port: int) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "POSTMARK_API_URL": f"http://127.0.0.1:{unused_port}/"}

    assert isinstance(send(MAIL), Trouble)


def test_is_in_trouble_when_the_provider_lacks_a_feature_that_we_use(provider: Any) -> None:
    # Postmark takes one tag.
    assert isinstance(send(replace(MAIL, tags=("one", "two"))), Trouble)
    assert provider.requests == []


@pytest.mark.parametrize(
    ("error", "is_of_account"),
    [
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 bad credentials"), True),
        (smtplib.SMTPAuthenticationError(454, b"4.7.0 try later"), False),
        (smtplib.SMTPSenderRefused(550, b"5.7.1 not your sender", "hola@shop.example"), True),
        (smtplib.SMTPSenderRefused(451, b"later", "hola@shop.example"), False),
        (smtplib.SMTPNotSupportedError("AUTH is not supported"), True),
        (smtplib.SMTPServerDisconnected("closed"), False),
        (OSError("nobody listens"), False),
    ],
)
def test_tells_an_account_that_is_refused_from_a_server_that_is_busy(error: Exception, is_of_account: bool) -> None:
    outcome = judge(error)
    assert isinstance(outcome, Trouble)
    assert outcome.is_of_account is is_of_account
    assert "hola@" not in outcome.reason
