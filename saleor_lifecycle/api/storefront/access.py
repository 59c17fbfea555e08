"""Who asks, and for whom."""

from dataclasses import dataclass, field
from datetime import datetime

import strawberry

from saleor_lifecycle.actions import identities
from saleor_lifecycle.models import Customer, Installation
from saleor_lifecycle.models.entry import within


@dataclass(slots=True)
class People:
    """The customers that a request is about. Those that a gateway names in one call are read at once."""

    installation_id: int
    is_phase_told: bool = False  # the merchant's answer, once anybody was looked up
    _asked: set[str] = field(default_factory=set)
    _found: dict[str, Customer | None] = field(default_factory=dict)

    def ask(self, user_id: str) -> None:
        """Have an account's customer read along with the next one that is looked up."""
        self._asked.add(user_id)

    def of(self, user_id: str) -> Customer | None:
        """Return an account's customer; None for one that we know nothing of, or that was deleted."""
        if user_id not in self._found:
            self.ask(user_id)
            missing = self._asked - self._found.keys()
            with within(self.installation_id):
                found = identities.customers_of(missing)
                installation = Installation.objects.only("is_projecting").get(pk=self.installation_id)
            self.is_phase_told = installation.is_projecting is True
            self._found.update({each: found.get(each) for each in missing})
        return self._found[user_id]


@dataclass(frozen=True, slots=True)
class Context:
    """A request whose token or key was verified, or that has none."""

    installation_id: int
    user_id: str | None  # the signed-in customer, or whom a server asks for; None: nobody
    email: str | None  # as the customer's token has it
    is_server: bool
    now: datetime
    people: People
    network: str = ""  # whence the request comes, where that counts against anybody

    def may_see(self, user_id: str) -> bool:
        """May this account's lifecycle be told?"""
        return self.is_server or user_id == self.user_id


Info = strawberry.Info[Context, None]
