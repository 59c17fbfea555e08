"""What an error while sending means: refused for good, worth another attempt, or unknown.

The question is always whether the provider can have taken the message. Only where it certainly has not may it
be sent again; a doubt is ``Unsure``. Reasons are shown to merchants, and addresses are cut out of them.
"""

import json
import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from traceback import walk_tb
from typing import Any

import requests
from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
)
from urllib3.exceptions import NewConnectionError

from .outcomes import Refused, Trouble, Unsure

_ADDRESS = re.compile(r"[^\s<>\"'(:,@]+@[^\s<>\"'):,]+")
# RFC 3463: what is wrong with the addressee; 5.1.7 and 5.1.8 speak of the sender.
_BAD_ADDRESS = re.compile(r"\b5\.1\.(1|2|3|6|10)\b")
_RETRY_STATUSES = {408, 429, 500, 503}
# No key, no money, no right, no such domain: what is said of one mail holds for all, until somebody mends it.
_ACCOUNT_STATUSES = {401, 402, 403, 404}
# Postmark's: token, sender (unknown, not confirmed), may not send, pending, inactive. Its status for all of them is
# 422, as for a bad recipient. https://postmarkapp.com/developer/api/overview#error-codes
_ACCOUNT_CODES = {10, 400, 401, 405, 412, 413}
# Amazon's, which come with status 400; its "MessageRejected" is of the sender where it says so.
_ACCOUNT_NAMES = {
    *("AccountSuspendedException", "SendingPausedException", "MailFromDomainNotVerifiedException"),
    *("InvalidClientTokenId", "SignatureDoesNotMatch", "UnrecognizedClientException"),
}
_LATER_NAMES = {"LimitExceededException", "Throttling", "ThrottlingException"}
LONGEST_WAIT = timedelta(days=1)
_UNSURE_STATUSES = {502, 504}  # a gateway lost sight of a request that it had passed on
# botocore is there only with Amazon SES.
_UNREACHED_BY_BOTO = {"EndpointConnectionError", "ConnectTimeoutError", "NoCredentialsError"}


def judge(error: Exception) -> Refused | Trouble | Unsure:
    """What the error says of the message that was being sent."""
    if isinstance(error, AnymailError):
        return _judge_anymail(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return _judge_answer(code, answer, is_about_address=True)
    if isinstance(error, smtplib.SMTPDataError):
        return _judge_answer(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
        return replace(_trouble_of(error), is_of_account=True)
    if isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code == 552:
        # Too large, which a server that knows SIZE says at MAIL.
        return _judge_answer(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPNotSupportedError):
        # Who may not send this mail may send none; of a "later" nothing is said of the account.
        return replace(_trouble_of(error), is_of_account=getattr(error, "smtp_code", 500) >= 500)
    if _was_handing_over(error):
        return Unsure(told(f"the connection broke after the message was handed over: {error}"))
    return _trouble_of(error)


def is_connection_lost(error: Exception) -> bool:
    """Whether the next message needs a new connection."""
    if isinstance(error, AnymailError):
        return False  # requests mends its own
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return any(code == 421 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == 421
    return isinstance(error, OSError)


def _trouble_of(error: Exception) -> Trouble:
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
        return Trouble(told(f"{error.smtp_code} {text}"))
    return Trouble(told(str(error) or type(error).__name__))


def _judge_answer(code: int, answer: bytes | str, is_about_address: bool = False) -> Refused | Trouble | Unsure:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    reason = told(f"{code} {text}")
    if 500 <= code < 600:
        return Refused(reason, is_address_bad=is_about_address and bool(_BAD_ADDRESS.search(text)))
    return Trouble(reason) if 400 <= code < 500 else Unsure(reason)


def _was_handing_over(error: Exception) -> bool:
    """Whether smtplib was inside DATA; before it comes the same error, and only the traceback tells.

    A connection lost between the command and its 354 counts too, although nothing had left: rather one mail
    too few than one too many.
    """
    return any(frame.f_code is smtplib.SMTP.data.__code__ for frame, _ in walk_tb(error.__traceback__))


def _judge_anymail(error: AnymailError) -> Refused | Trouble | Unsure:
    if isinstance(error, AnymailRecipientsRefused):
        status = error.email_message.anymail_status.status if error.email_message else set()
        return Refused("the provider refuses this address", is_address_bad=status == {"invalid"})
    if isinstance(error, AnymailInvalidAddress):
        return Refused("an address of this message is not valid")
    if not isinstance(error, AnymailAPIError):  # an unsupported feature: settings, and nothing was sent
        return Trouble(told(str(error)))
    status = _http_status(error)
    if status is None:
        return _judge_lost_request(error.__cause__)
    if isinstance(error.response, dict) and (said := _judge_name(error.response, _body(error))):
        return said
    return judge_status(status, error.esp_name or "the provider", _body(error), wait_of(error.response))


def _judge_name(response: Mapping[str, Any], body: str) -> Trouble | None:
    """What botocore's name of an error says that its status does not."""
    name = str(response.get("Error", {}).get("Code", ""))
    if name in _ACCOUNT_NAMES or (name == "MessageRejected" and "not verified" in body):
        return Trouble(told(f"Amazon SES answered {name}: {body}"), is_of_account=True)
    return Trouble(told(f"Amazon SES answered {name}: {body}")) if name in _LATER_NAMES else None


def judge_status(status: int, provider: str, body: str, wait: timedelta | None = None) -> Refused | Trouble | Unsure:
    """What an HTTP status that is no success says of what was in the request."""
    reason = told(f"{provider} answered {status}: {body}")
    if status in _ACCOUNT_STATUSES or (provider == "Postmark" and status == 422 and _code(body) in _ACCOUNT_CODES):
        return Trouble(reason, is_of_account=True)
    if status in _RETRY_STATUSES:
        return Trouble(reason, wait=wait)
    return Refused(reason) if 400 <= status < 500 else Unsure(reason)


def _code(body: str) -> int | None:
    try:
        code = json.loads(body)["ErrorCode"]
    except (ValueError, LookupError, TypeError):
        return None
    return code if isinstance(code, int) else None


def wait_of(response: object) -> timedelta | None:
    """Return how long a provider asks to be left alone, in Retry-After; RFC 9110 knows dates too, which none sends."""
    said = str(getattr(response, "headers", {}).get("Retry-After", ""))
    return min(timedelta(seconds=int(said)), LONGEST_WAIT) if said.isdecimal() and len(said) < 9 else None


def _http_status(error: AnymailAPIError) -> int | None:
    if isinstance(error.response, dict):  # botocore's ClientError
        found = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return found if isinstance(found, int) else None
    return error.status_code if isinstance(error.status_code, int) else None


def _body(error: AnymailAPIError) -> str:
    if isinstance(error.response, dict):
        return str(error.response.get("Error", {}).get("Message", ""))
    return str(getattr(error.response, "text", ""))


def _judge_lost_request(cause: BaseException | None) -> Trouble | Unsure:
    """A request without an answer: harmless when no connection stood, else anything may have happened."""
    reason = f"no answer from the provider: {type(cause).__name__}"
    # urllib3's reason, under requests' error.
    why = getattr(cause.args[0], "reason", None) if cause and cause.args else None
    details = getattr(why, "args", ())
    is_unreached = (
        isinstance(cause, requests.ConnectTimeout | requests.exceptions.ProxyError)
        or isinstance(why, NewConnectionError)
        or any(isinstance(detail, ssl.SSLCertVerificationError) for detail in details)
        or type(cause).__name__ in _UNREACHED_BY_BOTO
    )
    return Trouble(reason) if is_unreached else Unsure(reason)


def told(text: str) -> str:
    """Return what a provider says as it may be shown: on one line, without addresses, no longer than a remark."""
    return _ADDRESS.sub("(address)", " ".join(text.split()))[:300]
