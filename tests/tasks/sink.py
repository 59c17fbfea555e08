"""A provider in memory: it takes what it is handed, knows what it took by our message id, and may answer otherwise."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from saleor_lifecycle.channels.channel import Connection, Outgoing, ProviderAccount
from saleor_lifecycle.channels.outcomes import Refused, SendOutcome, Sent, Trouble, Unsure

ANSWERS: dict[str, SendOutcome] = {
    "refused": Refused("550 no"),
    "gone": Refused("550 5.1.1 no", is_address_bad=True),
    "later": Trouble("451 later"),
    "unsure": Unsure("the connection broke"),
}


@dataclass
class Sink(Connection):
    """``batch``: how many it takes in one call. Whoever's address begins with one of ``ANSWERS`` is answered so.

    "later" is said once of each message.
    """

    batch: int = 1
    taken: Counter[UUID] = field(default_factory=Counter)
    said: Counter[tuple[str, str]] = field(default_factory=Counter)
    put_off: set[UUID] = field(default_factory=set)
    is_away: bool = False

    @contextmanager
    def open(self, account: ProviderAccount) -> Iterator["Sink"]:
        yield self

    def send(self, messages: Sequence[Outgoing]) -> list[SendOutcome]:
        answers: list[SendOutcome] = []
        for message in messages:
            planned = ANSWERS.get("later" if self.is_away else message.to_address.partition(".")[0])
            if isinstance(planned, Trouble) and not self.is_away:
                planned = None if message.message_id in self.put_off else planned
                self.put_off.add(message.message_id)
            if planned is None or isinstance(planned, Unsure):
                self.taken[message.message_id] += 1
                self.said[message.to_address, *message.tags] += 1
            answers.append(planned or Sent(f"at the sink {message.message_id}"))
        return answers
