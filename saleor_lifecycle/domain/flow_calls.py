"""What another system says when it names a customer for a flow."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_PROPERTIES = 50
LONGEST_NAME = 60
LONGEST_TEXT = 500
LONGEST_KEY = 200
_NAME = re.compile(rf"[A-Za-z_][A-Za-z0-9_.-]{{0,{LONGEST_NAME - 1}}}")
_USER = re.compile(r"[A-Za-z0-9+/=_-]{1,100}")


@dataclass(frozen=True, slots=True)
class FlowCall:
    """Whom, by one of both, and for which occasion; "" is a new one."""

    email: str = ""  # lower case
    user_id: str = ""
    key: str = ""
    properties: Mapping[str, str | int | float | bool] | None = None


class FlowCallError(ValueError):
    """What is wrong with one field; the text says nothing of what stood in it."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field, self.text = field, text


def read_call(given: Any) -> FlowCall:
    """Return a call as JSON holds it. Raises FlowCallError."""
    if not isinstance(given, Mapping):
        raise FlowCallError("", "The body has to be a JSON object.")
    if unknown := sorted(given.keys() - {"email", "user_id", "key", "properties"}):
        raise FlowCallError(unknown[0][:LONGEST_NAME], "There is no such field.")
    email, user = _text(given, "email", 254).lower(), _text(given, "user_id", 100)
    if bool(email) is bool(user):
        raise FlowCallError("email", "Name the customer by email or by user_id, one of both.")
    if email and (email.count("@") != 1 or email != email.strip()):
        raise FlowCallError("email", "This is not an e-mail address.")
    if user and not _USER.fullmatch(user):
        raise FlowCallError("user_id", "This is not the id of a Saleor user, as its API gives it.")
    return FlowCall(email, user, _text(given, "key", LONGEST_KEY), _properties(given.get("properties")))


def _text(given: Mapping[str, Any], field: str, longest: int) -> str:
    text = given.get(field)
    if text is None:
        return ""
    if not _is_text(text, longest):
        raise FlowCallError(field, f"Give a text of at most {longest} characters.")
    return str(text)


def _properties(given: Any) -> dict[str, str | int | float | bool]:
    if given is None:
        return {}
    if not isinstance(given, Mapping) or len(given) > MOST_PROPERTIES:
        raise FlowCallError("properties", f"Give an object of at most {MOST_PROPERTIES} names.")
    for name, value in given.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise FlowCallError("properties", f"A name has at most {LONGEST_NAME} letters, digits or _.- in it.")
        is_number = isinstance(value, int | float) and math.isfinite(value) and abs(value) < 2**53
        if not is_number and not _is_text(value, LONGEST_TEXT):
            raise FlowCallError(
                f"properties.{name}", f"Give a text of at most {LONGEST_TEXT} characters, a number, true or false."
            )
    return dict(given)


def _is_text(value: Any, longest: int) -> bool:
    """Can it be stored? PostgreSQL's texts hold every character but NUL, and no half of one."""
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
