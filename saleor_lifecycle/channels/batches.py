"""Several mails in one call, where a provider takes them whole: each with its own words, headers and answer.

Postmark does: its batch is a list of the very objects that it takes one by one, so anymail writes each and reads each
one's answer. Of the others that anymail knows a batch of:

- Mailgun, SendGrid, Mandrill, SparkPost, Unisender Go, Amazon SES and Brevo fill one text in for many
  recipients. Words that differ from the first line to the last, each with its own links, would have to go in as one
  variable that is the whole mail, which none of them promises to leave as it is, nor to track links in; and their
  answer is one for all, so that of a batch with a bad recipient nobody could say who got theirs.
- MailerSend answers a batch before it has looked at it; Resend refuses a whole batch for one bad mail unless asked
  otherwise by a header of its own; Mailjet and Mailtrap take lists of whole mails, which anymail does not write.
- Scaleway, Postal and SMTP take one.

All of these are sent one by one, over one connection: one bad recipient is one answer, and a worker that dies leaves
one mail unknown.
"""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin

import requests
from anymail.exceptions import AnymailError, AnymailRequestsAPIError
from anymail.message import AnymailMessage
from django.core.mail.backends.base import BaseEmailBackend

from .failures import judge, judge_status, wait_of
from .outcomes import Refused, SendOutcome, Sent, Unsure
from .providers import name_of

MOST = {"postmark": 50}
"""Mails in one call. Postmark takes 500 of 50 MB; so many are unknown when a worker dies, until they are reported."""


def most_at_once(backend: BaseEmailBackend) -> int:
    """Return how many mails a backend's provider is given in one call."""
    return MOST.get(name_of(backend), 1)


def send(backend: Any, mails: Sequence[AnymailMessage]) -> list[SendOutcome]:
    """Return what became of each mail, sent in one call to Postmark."""
    backend.open()
    outcomes: dict[int, SendOutcome] = {}
    payloads: dict[int, Any] = {}
    for number, mail in enumerate(mails):
        try:
            payloads[number] = backend.build_message_payload(mail, backend.send_defaults)
        except AnymailError as error:
            outcomes[number] = judge(error)
    if payloads:
        answers = _call(backend, list(payloads.values()), mails[next(iter(payloads))])
        outcomes |= {
            number: _read(backend, answer, payload, mails[number])
            for (number, payload), answer in zip(payloads.items(), answers, strict=True)
        }
    return [outcomes[number] for number in range(len(mails))]


def _call(backend: Any, payloads: Sequence[Any], first: AnymailMessage) -> list[SendOutcome | dict[str, Any]]:
    """Return for each what Postmark answered, or what became of all."""
    request = payloads[0].get_request_params(backend.api_url)
    request |= {"url": urljoin(backend.api_url, "email/batch"), "data": json.dumps([one.data for one in payloads])}
    request.setdefault("timeout", backend.timeout)
    try:
        response = backend.session.request(**request)
    except requests.RequestException as error:
        lost = AnymailRequestsAPIError("no answer", email_message=first)
        lost.__cause__ = error
        return [judge(lost)] * len(payloads)
    if response.status_code != 200:
        whole = judge_status(response.status_code, backend.esp_name, response.text, wait_of(response))
        return [whole] * len(payloads)
    try:
        answers = response.json()
    except ValueError:
        answers = None
    # In the order of what was asked; with one missing nobody could say whose the others are.
    if not isinstance(answers, list) or len(answers) != len(payloads):
        return [Unsure("the provider did not say what became of each")] * len(payloads)
    return answers


class _Answer:
    """One mail's answer out of a batch's, as the answer to a call of its own."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said
        self.text = json.dumps(said)
        self.status_code = 200 if said.get("ErrorCode", 0) == 0 else 422
        self.headers: dict[str, str] = {}

    def json(self) -> dict[str, Any]:
        return self.said


def _read(backend: Any, answer: SendOutcome | dict[str, Any], payload: Any, mail: AnymailMessage) -> SendOutcome:
    if not isinstance(answer, dict):
        return answer
    try:
        status = backend.parse_recipient_status(_Answer(answer), payload, mail)
    except AnymailError as error:
        return judge(error)
    (one,) = status.values()
    if one.status in ("sent", "queued"):
        return Sent(str(one.message_id))
    if one.status in ("invalid", "rejected", "failed"):
        return Refused("the provider refuses this address", is_address_bad=one.status == "invalid")
    return Unsure("the provider did not say what became of it")
