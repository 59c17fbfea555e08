"""What a shop of drawn people tells in a while: webhook bodies in a usual mix, the same for the same seed.

Sixty people are at it at once. Half of them fill a cart, change it and leave; a third go on to an order, told of as it
is placed, paid and sent; the others open an account and confirm it. Two in three are known from the drawn shop.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from . import population
from .population import BLOCK, HANDLES, NOW, Handle, email, saleor_id

APP_ID = "QXBwOjE="
SEED = 11
NEW = 10**9
"""Numbers from here on belong to people, carts and orders that the drawn shop does not have."""
AT_ONCE = 60
VISITS = (
    ("CheckoutCreated", "CheckoutUpdated"),
    ("CheckoutCreated", "CheckoutUpdated", "CheckoutUpdated", "CheckoutUpdated"),
    ("CheckoutCreated", "CheckoutUpdated", "OrderCreated", "OrderFullyPaid", "OrderFulfilled"),
    ("CustomerCreated", "AccountConfirmed"),
)
VISIT_WEIGHTS = (25, 25, 33, 17)


def batches(people: int, size: int, seed: int = SEED) -> Iterator[list[bytes]]:
    """Yield batch after batch, without end, of what is told of a shop of so many people."""
    told = _told(people, Random(seed))
    while True:
        yield list(islice(told, size))


def _told(people: int, dice: Random) -> Iterator[bytes]:
    at, count = NOW, 0
    drawn: dict[int, list[int]] = {}
    visits: list[_Visit] = []
    while True:
        while len(visits) < AT_ONCE:
            count += 1
            visits.append(_visit(people, NEW + count, drawn, dice))
        at += timedelta(milliseconds=dice.randint(5, 40))
        visit = dice.choice(visits)
        yield visit.tell(at, dice)
        if not visit.steps:
            visits.remove(visit)


def _visit(people: int, number: int, drawn: dict[int, list[int]], dice: Random) -> "_Visit":
    steps = list(dice.choices(VISITS, VISIT_WEIGHTS)[0])
    if steps[0] == "CustomerCreated":
        return _Visit(number, number, Handle.UNCONFIRMED, steps)
    if dice.random() < 1 / 3:
        return _Visit(number, number, dice.choices(list(Handle), HANDLES)[0], steps)
    person = dice.randrange(people)
    start = person - person % BLOCK
    if start not in drawn:
        drawn[start] = population.draw(start, min(BLOCK, people - start)).handle.tolist()
    return _Visit(number, person, Handle(drawn[start][person - start]), steps)


class _Visit:
    """One person at it: ``number`` names their cart and their order."""

    def __init__(self, number: int, person: int, handle: Handle, steps: list[str]) -> None:
        self.steps = steps
        self._number, self._person, self._handle = number, person, handle
        self._lines: list[dict[str, Any]] = []
        self._began: datetime | None = None

    def tell(self, at: datetime, dice: Random) -> bytes:
        """Return the body of the next step."""
        typename = self.steps.pop(0)
        if self._began is None or typename == "OrderCreated":
            self._began = at
        body: dict[str, Any] = {
            "__typename": typename,
            "issuedAt": at.isoformat(timespec="microseconds"),
            "version": "3.23.28",
            "issuingPrincipal": None,
            "recipient": {"id": APP_ID},
        }
        if typename.startswith("Checkout"):
            body["checkout"] = self._checkout(at, dice)
        elif typename.startswith("Order"):
            body["order"] = self._order(at, typename)
        else:
            body["user"] = self._user(at, typename == "AccountConfirmed")
        return json.dumps(body).encode()

    def _checkout(self, at: datetime, dice: Random) -> dict[str, Any]:
        if not self._lines or dice.random() < 0.7:  # else an address was typed, or another app stamped it
            variant = saleor_id("ProductVariant", dice.randint(1, 500))
            self._lines.append({"quantity": dice.randint(1, 3), "variant": {"id": variant}})
        return {
            "id": saleor_id("Checkout", self._number),
            **self._moments(at),
            "email": email(self._person),
            "languageCode": "EN",
            "authorizeStatus": "NONE",
            "chargeStatus": "NONE",
            "user": self._reference(),
            "channel": {"slug": "default-channel"},
            "lines": self._lines,
            "metadata": [{"key": "marketing_consent", "value": "yes"}] if self._number % 2 else [],
        }

    def _order(self, at: datetime, typename: str) -> dict[str, Any]:
        amount = {"amount": 20.0 + self._number % 5000 / 100}
        is_paid, is_sent = typename != "OrderCreated", typename == "OrderFulfilled"
        return {
            "id": saleor_id("Order", self._number),
            "number": str(self._number),
            **self._moments(at),
            "status": "FULFILLED" if is_sent else "UNFULFILLED",
            "chargeStatus": "FULL" if is_paid else "NONE",
            "origin": "CHECKOUT",
            "checkoutId": saleor_id("Checkout", self._number),
            "userEmail": email(self._person),
            "languageCodeEnum": "EN",
            "user": self._reference(),
            "channel": {"slug": "default-channel"},
            "total": {"gross": {**amount, "currency": "EUR"}},
            "totalCharged": amount if is_paid else {"amount": 0.0},
            "totalRefunded": {"amount": 0.0},
            "lines": [
                {"quantity": line["quantity"], "productVariantId": line["variant"]["id"]} for line in self._lines
            ],
            "metadata": [],
        }

    def _user(self, at: datetime, is_confirmed: bool) -> dict[str, Any]:
        began = self._moments(at)
        return {
            "id": saleor_id("User", self._person),
            "email": email(self._person),
            "firstName": "Ada",
            "lastName": "Lovelace",
            "isStaff": False,
            "isActive": True,
            "isConfirmed": is_confirmed,
            "languageCode": "EN",
            "dateJoined": began["created"],
            "updatedAt": began["updatedAt"],
            "metadata": [],
        }

    def _moments(self, at: datetime) -> dict[str, str]:
        assert self._began is not None
        return {
            "created": self._began.isoformat(timespec="microseconds"),
            "updatedAt": at.isoformat(timespec="microseconds"),
        }

    def _reference(self) -> dict[str, str] | None:
        return None if self._handle == Handle.GUEST else {"id": saleor_id("User", self._person)}
