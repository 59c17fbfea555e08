"""What became of one attempt to send, whatever the channel."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took the message; ``provider_id`` is its name there and in later events."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider will never take this message; ``is_address_bad`` where it says that nobody lives there."""

    reason: str
    is_address_bad: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """Nothing left and a later attempt may succeed, not before ``wait`` is over where the provider says so.

    ``is_of_account``: no message would leave, until somebody mends the account.
    """

    reason: str
    is_of_account: bool = False
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unsure:
    """The message may have left; nobody can say. Never send it again."""

    reason: str


SendOutcome = Sent | Refused | Trouble | Unsure
