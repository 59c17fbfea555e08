"""What an error while sending means: refused for good, worth another attempt, or unknown.

The question is always whether the provider can have taken the message. Only where it certainly has not may it
be sent again; a doubt is ``Unsure``. Reasons are shown to merchants, and addresses are cut out of them.
"""

import re
import smtplib
import ssl
from traceback import walk_tb

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
_RETRY_STATUSES = {401, 403, 404, 408, 429, 500, 503}  # the first three are for an operator to mend
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
    if isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code == 552:
        # Too large, which a server that knows SIZE says at MAIL.
        return _judge_answer(error.smtp_code, error.smtp_error)
    if _was_handing_over(error):
        return Unsure(_told(f"the connection broke after the message was handed over: {error}"))
    return Trouble(_told(str(error) or type(error).__name__))


def is_connection_lost(error: Exception) -> bool:
    """Whether the next message needs a new connection."""
    if isinstance(error, AnymailError):
        return False  # requests mends its own
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return any(code == 421 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == 421
    return isinstance(error, OSError)


def _judge_answer(code: int, answer: bytes | str, is_about_address: bool = False) -> Refused | Trouble | Unsure:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    reason = _told(f"{code} {text}")
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
        return Trouble(_told(str(error)))
    status = _http_status(error)
    if status is None:
        return _judge_lost_request(error.__cause__)
    reason = _told(f"{error.esp_name or 'the provider'} answered {status}: {_body(error)}")
    if status in _RETRY_STATUSES:
        return Trouble(reason)
    return Refused(reason) if 400 <= status < 500 else Unsure(reason)


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


def _told(text: str) -> str:
    return _ADDRESS.sub("(address)", " ".join(text.split()))[:300]
