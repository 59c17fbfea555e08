"""Four providers' real APIs, as anymail calls them, on loopback: what they are given, and what their answers mean."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from saleor_lifecycle.channels.channel import Outgoing, ProviderAccount
from saleor_lifecycle.channels.email import open_connection
from saleor_lifecycle.channels.outcomes import Refused, SendOutcome, Sent, Trouble, Unsure
from tests.channels.provider_api import Api, api

__all__ = ["api"]

MAIL = Outgoing(
    message_id=UUID("0192f0aa-0000-7000-8000-000000000001"),
    sender_name="Tienda Ñandú, S.L.",
    sender_address="hola@shop.example",
    reply_to="ayuda@shop.example",
    to_address="ana@example.org",
    subject="Te has dejado algo en tu carrito · 12,50 €",
    html="<p>Hola, Lucía</p>",
    text="Hola, Lucía",
    language="es",
    unsubscribe_url="https://app.example/unsubscribe/token",
    tags=("abandoned-cart-1",),
)
OWN = str(MAIL.message_id)


@dataclass(frozen=True)
class Case:
    name: str
    settings: dict[str, str]
    path: str
    own_id: Callable[[Any], str]  # our id in what it is given
    unsubscribe: Callable[[Any], str]
    sent: tuple[int, str]
    provider_id: str
    refused: tuple[int, str]


CASES = [
    Case(
        "postmark",
        {"SERVER_TOKEN": "token"},
        "/email",
        lambda given: given["Metadata"]["message_id"],
        lambda given: {one["Name"]: one["Value"] for one in given["Headers"]}["List-Unsubscribe"],
        (200, '{"To": "ana@example.org", "MessageID": "b7bc2f4a", "ErrorCode": 0, "Message": "OK"}'),
        "b7bc2f4a",
        (
            422,
            '{"ErrorCode": 406, "Message": "You tried to send to a recipient that has been marked as inactive. '
            "Found inactive addresses: ana@example.org. Inactive recipients are ones that have generated a hard bounce "
            'or a spam complaint. "}',
        ),
    ),
    Case(
        "mailgun",
        {"API_KEY": "key", "SENDER_DOMAIN": "shop.example"},
        "/shop.example/messages",
        lambda given: given["v:message_id"],
        lambda given: given["h:List-Unsubscribe"],
        (200, '{"id": "<20160306015544.116301.25145@example.com>", "message": "Queued. Thank you."}'),
        "<20160306015544.116301.25145@example.com>",
        (400, '{"message": "\'to\' parameter is not a valid address. please check documentation"}'),
    ),
    Case(
        "brevo",
        {"API_KEY": "key"},
        "/smtp/email",
        lambda given: json.loads(given["headers"]["X-Mailin-custom"])["message_id"],
        lambda given: given["headers"]["List-Unsubscribe"],
        (201, '{"messageId": "<201801020304.1234567890@smtp-relay.mailin.fr>"}'),
        "<201801020304.1234567890@smtp-relay.mailin.fr>",
        (400, '{"code": "invalid_parameter", "message": "email is not valid in to"}'),
    ),
    Case(
        "sparkpost",
        {"API_KEY": "key"},
        "/transmissions/",
        lambda given: given["metadata"]["message_id"],
        lambda given: given["content"]["headers"]["List-Unsubscribe"],
        (
            200,
            '{"results": {"id": "12345678901234567890", "total_accepted_recipients": 1, '
            '"total_rejected_recipients": 0}}',
        ),
        "12345678901234567890",
        (
            400,
            '{"errors": [{"code": "5002", "message": "at least one valid recipient is required", '
            '"description": "..."}]}',
        ),
    ),
]


def send(case: Case, api: Api, settings: Any, *mails: Outgoing, step: int = 1) -> list[SendOutcome]:
    settings.EMAIL_BACKEND = f"anymail.backends.{case.name}.EmailBackend"
    own = {f"{case.name}_{name}".upper(): value for name, value in {**case.settings, "API_URL": api.address}.items()}
    settings.ANYMAIL = {**own, "REQUESTS_TIMEOUT": 5}
    with open_connection(ProviderAccount()) as connection:
        # As a worker does: so many at once as the connection takes.
        return [one for start in range(0, len(mails), step) for one in connection.send(mails[start : start + step])]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_takes_our_id_and_the_way_out_and_gives_its_own_id(case: Case, api: Api, settings: Any) -> None:
    api.answers = [case.sent]
    assert send(case, api, settings, MAIL) == [Sent(case.provider_id)]
    ((path, given),) = api.given
    assert path == case.path
    assert case.own_id(given) == OWN
    assert case.unsubscribe(given) == f"<{MAIL.unsubscribe_url}>"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_that_it_refuses_or_loses_sends_no_other_twice(case: Case, api: Api, settings: Any) -> None:
    api.answers = [case.sent, case.refused, (503, "{}"), (502, "{}"), case.sent]
    mails = [replace(MAIL, message_id=UUID(int=number)) for number in range(5)]
    outcomes = send(case, api, settings, *mails)
    assert [type(outcome) for outcome in outcomes] == [Sent, Refused, Trouble, Unsure, Sent]
    assert [case.own_id(given) for _, given in api.given] == [str(mail.message_id) for mail in mails]
    assert isinstance(outcomes[1], Refused)
    assert "ana@" not in outcomes[1].reason


def several(many: int) -> list[Outgoing]:
    return [replace(MAIL, message_id=UUID(int=number), to_address=f"p{number}@example.org") for number in range(many)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_provider_that_refuses_the_account_refuses_no_message(case: Case, api: Api, settings: Any) -> None:
    api.answers = [(401, '{"message": "Invalid key for ana@example.org"}')]
    (outcome,) = send(case, api, settings, MAIL)
    assert isinstance(outcome, Trouble)
    assert outcome.is_of_account
    assert "401" in outcome.reason
    assert "ana@" not in outcome.reason


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize(
    ("said", "wait"), [("120", timedelta(minutes=2)), ("999999", timedelta(days=1)), ("soon", None), ("", None)]
)
def test_a_provider_that_asks_to_wait_is_waited_for(
    case: Case, said: str, wait: timedelta | None, api: Api, settings: Any
) -> None:
    api.answers, api.retry_after = [(429, "{}")], said
    (outcome,) = send(case, api, settings, MAIL)
    assert isinstance(outcome, Trouble)
    assert (outcome.wait, outcome.is_of_account) == (wait, False)


@pytest.mark.parametrize("code", [10, 400, 401, 405, 412, 413])
def test_postmarks_refusals_of_the_account_are_told_from_those_of_a_person(code: int, api: Api, settings: Any) -> None:
    api.answers = [(422, json.dumps({"ErrorCode": code, "Message": "The account may not send."}))]
    (outcome,) = send(CASES[0], api, settings, MAIL)
    assert isinstance(outcome, Trouble)
    assert outcome.is_of_account


# Postmark's batch


def answered(*codes: int) -> tuple[int, str]:
    """What Postmark says of a batch: of each mail in its turn."""
    told = {
        0: {"To": "p@example.org", "MessageID": "b7bc2f4a", "ErrorCode": 0, "Message": "OK"},
        300: {"ErrorCode": 300, "Message": "Invalid 'To' address: 'p1@example.org'."},
        400: {
            "ErrorCode": 400,
            "Message": "The 'From' address you supplied is not a Sender Signature.",
        },
        406: json.loads(CASES[0].refused[1].replace("ana@", "p1@")),
    }
    return 200, json.dumps([told[code] | ({} if code else {"To": f"p{n}@example.org"}) for n, code in enumerate(codes)])


def test_of_postmark_a_batch_is_one_call_with_each_mails_own_words(api: Api, settings: Any) -> None:
    mails = [replace(mail, html=f"<p>{mail.to_address}</p>", subject=mail.to_address) for mail in several(3)]
    api.answers = [answered(0, 0, 0)]
    assert send(CASES[0], api, settings, *mails, step=50) == [Sent("b7bc2f4a")] * 3
    ((path, given),) = api.given
    assert path == "/email/batch"
    assert [(one["To"], one["Subject"], one["HtmlBody"]) for one in given] == [
        (mail.to_address, mail.subject, mail.html) for mail in mails
    ]
    assert [CASES[0].own_id(one) for one in given] == [str(mail.message_id) for mail in mails]
    assert {CASES[0].unsubscribe(one) for one in given} == {f"<{MAIL.unsubscribe_url}>"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [(406, Refused), (300, Refused), (400, Trouble)],
)
def test_one_bad_recipient_of_a_batch_is_one_answer(code: int, expected: type, api: Api, settings: Any) -> None:
    api.answers = [answered(0, code, 0)]
    outcomes = send(CASES[0], api, settings, *several(3), step=50)
    assert [type(outcome) for outcome in outcomes] == [Sent, expected, Sent]
    assert "p1@" not in repr(outcomes[1])
    assert len(api.given) == 1


def test_an_address_that_is_none_is_not_handed_over_with_its_batch(api: Api, settings: Any) -> None:
    bad = replace(MAIL, to_address="ana@")
    api.answers = [answered(0, 0)]
    outcomes = send(CASES[0], api, settings, bad, *several(2), step=50)
    assert [type(outcome) for outcome in outcomes] == [Refused, Sent, Sent]
    assert [one["To"] for one in api.given[0][1]] == ["p0@example.org", "p1@example.org"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((401, '{"ErrorCode": 10, "Message": "Bad or missing Server API token."}'), Trouble),
        ((422, '{"ErrorCode": 10, "Message": "Bad or missing Server API token."}'), Trouble),
        ((429, "{}"), Trouble),
        ((503, "{}"), Trouble),
        ((502, "{}"), Unsure),
        ((413, "{}"), Refused),
        ((200, "not json"), Unsure),
        (answered(0), Unsure),
        ((200, "{}"), Unsure),
    ],
)
def test_what_is_said_of_a_whole_batch_holds_for_each(
    answer: tuple[int, str], expected: type, api: Api, settings: Any
) -> None:
    api.answers = [answer]
    outcomes = send(CASES[0], api, settings, *several(3), step=50)
    assert [type(outcome) for outcome in outcomes] == [expected] * 3
    assert len(api.given) == 1


@pytest.mark.parametrize("case", CASES[1:], ids=lambda case: case.name)
def test_the_others_are_given_one_at_a_time(case: Case, api: Api, settings: Any) -> None:
    api.answers = [case.sent] * 3
    assert send(case, api, settings, *several(3), step=50) == [Sent(case.provider_id)] * 3
    assert [case.own_id(given) for _, given in api.given] == [str(UUID(int=number)) for number in range(3)]
