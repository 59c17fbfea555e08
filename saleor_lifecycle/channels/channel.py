"""What every channel is: a way to open a connection through somebody's account, and to hand it messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from saleor_lifecycle.domain.provider_accounts import ProviderAccount as ProviderAccount

from .outcomes import SendOutcome


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one person, all words ready."""

    message_id: UUID  # ours; the provider's events bring it back
    sender_name: str
    sender_address: str
    reply_to: str  # may be ""
    to_address: str
    subject: str  # one line
    html: str
    text: str
    language: str  # BCP-47
    unsubscribe_url: str  # may be "" for service messages
    tags: tuple[str, ...] = ()
    short: str = ""  # the words for channels without room for a mail


class Connection(Protocol):
    """An open way to a provider, for a batch. A channel's own is a subclass, with ``batch`` and ``send``."""

    @property
    def batch(self) -> int:
        """How many messages one call takes, and so how many stay unknown when a worker dies within it."""

    def prepare(self, messages: Sequence[Outgoing]) -> None:
        """Do ahead what needs neither the network nor the database; what was not prepared is sent all the same."""
        return None

    def send(self, messages: Sequence[Outgoing]) -> list[SendOutcome]:
        """What became of each; it raises only for faults of ours, before anything has left."""
