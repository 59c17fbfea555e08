"""Four providers' real APIs, as anymail calls them, on loopback: what they are given, and what their answers mean."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import pytest

from saleor_lifecycle.channels.channel import Outgoing, ProviderAccount
from saleor_lifecycle.channels.email import open_connection
from saleor_lifecycle.channels.outcomes import Refused, SendOutcome, Sent, Trouble, Unsure

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


@dataclass
class Api:
    """A provider's HTTP API: it keeps what it is given, and answers what it is told to."""

    address: str = ""
    answers: list[tuple[int, str]] = field(default_factory=list)
    given: list[tuple[str, Any]] = field(default_factory=list)  # path, body


def parsed(body: bytes, kind: str) -> Any:
    if kind.startswith("application/json"):
        return json.loads(body)
    if "urlencoded" in kind:
        return {name: texts[0] for name, texts in parse_qs(body.decode()).items()}
    form = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    return {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True).decode()
        for part in form.iter_parts()  # type: ignore[attr-defined]
    }


@pytest.fixture
def api() -> Iterator[Api]:
    state = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.given.append((self.path, parsed(body, self.headers["Content-Type"])))
            status, answer = state.answers.pop(0)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer.encode())))
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


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


def send(case: Case, api: Api, settings: Any, *mails: Outgoing) -> list[SendOutcome]:
    settings.EMAIL_BACKEND = f"anymail.backends.{case.name}.EmailBackend"
    own = {f"{case.name}_{name}".upper(): value for name, value in {**case.settings, "API_URL": api.address}.items()}
    settings.ANYMAIL = {**own, "REQUESTS_TIMEOUT": 5}
    with open_connection(ProviderAccount()) as connection:
        return connection.send(mails)


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
