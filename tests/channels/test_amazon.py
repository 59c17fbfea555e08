"""What Amazon answers comes as botocore's errors, whose names say more than their statuses."""

from typing import Any

import pytest
from anymail.exceptions import AnymailAPIError

from saleor_lifecycle.channels.failures import judge
from saleor_lifecycle.channels.outcomes import Refused, Trouble


def answered(name: str, text: str, status: int = 400) -> AnymailAPIError:
    error = AnymailAPIError("failed")
    response: dict[str, Any] = {"Error": {"Code": name, "Message": text}}
    error.response = response | {"ResponseMetadata": {"HTTPStatusCode": status}}
    return error


@pytest.mark.parametrize(
    ("name", "text", "status", "expected"),
    [
        ("MessageRejected", "Email address is not verified: hola@shop.example", 400, "account"),
        ("MessageRejected", "The message contains a virus", 400, "refused"),
        ("AccountSuspendedException", "", 400, "account"),
        ("SendingPausedException", "", 400, "account"),
        ("AccessDeniedException", "", 403, "account"),
        ("InvalidClientTokenId", "", 403, "account"),
        ("LimitExceededException", "Daily message quota exceeded", 400, "later"),
        ("TooManyRequestsException", "", 429, "later"),
        ("BadRequestException", "", 400, "refused"),
    ],
)
def test_its_names_tell_the_account_from_the_message(name: str, text: str, status: int, expected: str) -> None:
    outcome = judge(answered(name, text, status))
    told = {"account": (Trouble, True), "later": (Trouble, False), "refused": (Refused, False)}[expected]
    assert (type(outcome), getattr(outcome, "is_of_account", False)) == told
    assert "hola@" not in repr(outcome)
