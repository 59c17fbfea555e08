"""Messages that stand on the shop's own site: to be there is to be delivered, and the storefront asks what is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from .channel import Connection, Outgoing, ProviderAccount
from .outcomes import SendOutcome, Sent


class OnSiteConnection(Connection):
    """Nothing leaves: what may be sent stands there from then on, and is looked at again whenever it is shown."""

    batch = 100

    def send(self, messages: Sequence[Outgoing]) -> list[SendOutcome]:
        """Each is there."""
        return [Sent("") for _ in messages]


@contextmanager
def open_connection(account: ProviderAccount) -> Iterator[OnSiteConnection]:
    """There is nobody to connect to."""
    yield OnSiteConnection()
