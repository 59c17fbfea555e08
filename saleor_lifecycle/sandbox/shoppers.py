"""Shoppers who live by a script: the same seed gives the same lives, played over the GraphQL API."""

import logging
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from . import outbound
from .catalogue import CHANNEL, STAFF_EMAIL, STAFF_PASSWORD, WAREHOUSE
from .checkouts import PAID_KEY
from .documents import DOCUMENTS
from .storefront_html import CONSENT_KEY

_log = logging.getLogger(__name__)
_FIRST_NAMES = ("Ana", "Luis", "Marta", "Tom", "Ida", "Pau", "Nora", "Iker", "Zoe", "Leo")
_LAST_NAMES = ("Ruiz", "Vega", "Soler", "Reed", "Holm", "Ferrer", "Blake", "Sanz", "Hart", "Prat")
_TOKEN_AGE = 200  # seconds; Saleor's access tokens live for 300


class ScriptFailed(Exception):
    """A step was refused; a script that fits the shop never is."""


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    first_name: str
    last_name: str
    language: str
    has_account: bool
    consents: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One thing one shopper does; ``number`` is a product variant, a quantity or nothing."""

    person: Person
    verb: str
    number: int = 0


def script(seed: int, shoppers: int) -> list[Step]:
    """All lives mixed into one row of steps, each life in its own order."""
    chance = random.Random(seed)
    lives = [list(_life(chance, _person(chance, seed, n))) for n in range(shoppers)]
    mixed: list[Step] = []
    while any(lives):
        mixed.append(chance.choice([life for life in lives if life]).pop(0))
    return mixed


def _person(chance: random.Random, seed: int, number: int) -> Person:
    first, last = chance.choice(_FIRST_NAMES), chance.choice(_LAST_NAMES)
    email = f"{first}.{last}.{seed}.{number}@example.com".lower()
    language = chance.choice(("EN", "ES"))
    return Person(email, first, last, language, chance.random() < 0.5, chance.random() < 0.6)


def _life(chance: random.Random, person: Person) -> Iterator[Step]:
    if person.has_account:
        yield Step(person, "register")
        yield Step(person, "confirm")
    for _ in range(chance.choice((1, 1, 2))):
        yield from _cart(chance, person)
    if person.has_account and chance.random() < 0.08:
        yield Step(person, "delete account")


def _cart(chance: random.Random, person: Person) -> Iterator[Step]:
    """One cart: opened, changed, and then ordered, emptied or left."""
    yield Step(person, "open cart", chance.randrange(1000))
    if not person.has_account:
        yield Step(person, "give e-mail")
    if person.consents:
        yield Step(person, "consent")
    for _ in range(chance.randrange(4)):
        verb = chance.choice(("add", "add", "change quantity"))
        yield Step(person, verb, chance.randrange(1000) if verb == "add" else chance.randint(1, 4))
    ending = chance.choices(("leave", "order unpaid", "order paid", "empty cart"), (5, 2, 3, 1))[0]
    yield Step(person, ending)
    if ending.startswith("order"):
        yield from _aftermath(chance, person, ending == "order paid")


def _aftermath(chance: random.Random, person: Person, is_paid: bool) -> Iterator[Step]:
    if not is_paid and chance.random() < 0.2:
        yield Step(person, "cancel order")
        return
    if not is_paid:
        yield Step(person, "mark as paid")
    if chance.random() < 0.7:
        yield Step(person, "fulfil")
    if chance.random() < 0.1:
        yield Step(person, "refund")


@dataclass(slots=True)
class Hands:
    """What the script's shoppers hold: tokens, their cart, their last order."""

    client: httpx.Client
    api_url: str
    tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    variants: list[str] = field(default_factory=list)
    carts: dict[str, dict[str, Any]] = field(default_factory=dict)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)

    def ask(self, name: str, token: str | None = None, **variables: Any) -> dict[str, Any]:
        """The first field of the answer; a refusal raises."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = {"query": DOCUMENTS[name], "variables": variables}
        answer = self.client.post(self.api_url, json=body, headers=headers).json()
        data = next(iter((answer.get("data") or {}).values()), None)
        if answer.get("errors") or data is None or data.get("errors"):
            raise ScriptFailed(f"{name}: {answer.get('errors') or (data or {}).get('errors')}")
        return dict(data)

    def token(self, email: str, password: str) -> str:
        known, since = self.tokens.get(email, ("", -_TOKEN_AGE))
        if known and time.monotonic() - since < _TOKEN_AGE:
            return known
        token = str(self.ask("logIn", email=email, password=password)["token"])
        self.tokens[email] = token, time.monotonic()
        return token

    def staff(self) -> str:
        return self.token(STAFF_EMAIL, STAFF_PASSWORD)

    def own(self, person: Person) -> str | None:
        return self.token(person.email, _password(person)) if person.has_account else None


def _password(person: Person) -> str:
    return f"password of {person.email}"


def play(hands: Hands, step: Step) -> None:
    """Do one step in the shop."""
    _VERBS[step.verb](hands, step.person, step.number)


def run_script(
    api_url: str,
    seed: int,
    shoppers: int,
    pace: float = 0.0,
    stopping: threading.Event | None = None,
) -> list[Step]:
    """The steps that were played, in order: always the same ones for the same seed and number."""
    played: list[Step] = []
    with outbound.client() as client:
        hands = Hands(client, api_url)
        for step in script(seed, shoppers):
            if stopping and stopping.wait(pace):
                break
            if not stopping and pace:
                time.sleep(pace)
            play(hands, step)
            played.append(step)
    return played


def keep_shopping(api_url: str, seed: int, shoppers: int, pace: float, stopping: threading.Event) -> None:
    """One script after the other, each with new shoppers, until it is told to stop."""
    while not stopping.is_set():
        try:
            run_script(api_url, seed, shoppers, pace, stopping)
        except (ScriptFailed, httpx.HTTPError, ValueError):
            _log.exception("The shoppers of seed %d gave up", seed)
        seed += 1


def _register(hands: Hands, person: Person, number: int) -> None:
    details = {
        "email": person.email,
        "password": _password(person),
        "firstName": person.first_name,
        "lastName": person.last_name,
        "languageCode": person.language,
        "channel": CHANNEL.slug,
        "redirectUrl": "http://127.0.0.1/confirm",
        "metadata": _consent(person),
    }
    hands.ask("register", input=details)


def _confirm(hands: Hands, person: Person, number: int) -> None:
    """By the staff: the confirmation's own token travels in an event that only apps see."""
    hands.ask("confirm", hands.staff(), id=_user_id(hands, person), input={"isConfirmed": True})


def _delete(hands: Hands, person: Person, number: int) -> None:
    hands.ask("deleteCustomer", hands.staff(), id=_user_id(hands, person))


def _open(hands: Hands, person: Person, number: int) -> None:
    lines = [{"variantId": _variant(hands, number), "quantity": 1 + number % 3}]
    details = {"channel": CHANNEL.slug, "lines": lines, "languageCode": person.language}
    hands.carts[person.email] = hands.ask("openCart", hands.own(person), input=details)["checkout"]


def _give_email(hands: Hands, person: Person, number: int) -> None:
    hands.ask("giveEmail", id=hands.carts[person.email]["id"], email=person.email)


def _give_consent(hands: Hands, person: Person, number: int) -> None:
    hands.ask("consent", id=hands.carts[person.email]["id"], input=_consent(person))


def _add(hands: Hands, person: Person, number: int) -> None:
    cart = hands.carts[person.email]
    lines = [{"variantId": _variant(hands, number), "quantity": 1}]
    hands.carts[person.email] = hands.ask("addLines", hands.own(person), id=cart["id"], lines=lines)["checkout"]


def _change(hands: Hands, person: Person, number: int) -> None:
    cart = hands.carts[person.email]
    lines = [{"lineId": cart["lines"][0]["id"], "quantity": number}]
    hands.ask("changeLines", hands.own(person), id=cart["id"], lines=lines)


def _empty(hands: Hands, person: Person, number: int) -> None:
    cart = hands.carts.pop(person.email)
    hands.ask("removeLines", hands.own(person), id=cart["id"], lines=[line["id"] for line in cart["lines"]])


def _leave(hands: Hands, person: Person, number: int) -> None:
    hands.carts.pop(person.email)


def _order(hands: Hands, person: Person, paid: str) -> None:
    cart = hands.carts.pop(person.email)
    metadata = [{"key": PAID_KEY, "value": paid}]
    order = hands.ask("order", hands.own(person), id=cart["id"], metadata=metadata)["order"]
    hands.orders[person.email] = order


def _fulfil(hands: Hands, person: Person, number: int) -> None:
    order = hands.orders[person.email]
    lines = [
        {"orderLineId": line["id"], "stocks": [{"quantity": line["quantity"], "warehouse": WAREHOUSE.id}]}
        for line in order["lines"]
    ]
    details = {"lines": lines, "trackingNumber": f"TRK{order['number']}"}
    hands.ask("fulfil", hands.staff(), order=order["id"], input=details)


def _refund(hands: Hands, person: Person, number: int) -> None:
    order = hands.orders[person.email]
    hands.ask("refund", hands.staff(), id=order["id"], amount=order["total"]["gross"]["amount"])


def _of_order(document: str) -> Any:
    return lambda hands, person, number: hands.ask(document, hands.staff(), id=hands.orders[person.email]["id"])


def _consent(person: Person) -> list[dict[str, str]]:
    return [{"key": CONSENT_KEY, "value": "true"}] if person.consents else []


def _user_id(hands: Hands, person: Person) -> str:
    return str(hands.ask("user", hands.staff(), email=person.email)["id"])


def _variant(hands: Hands, number: int) -> str:
    if not hands.variants:
        edges = hands.ask("products", channel=CHANNEL.slug)["edges"]
        hands.variants = [variant["id"] for edge in edges for variant in edge["node"]["variants"]]
    return hands.variants[number % len(hands.variants)]


_VERBS: dict[str, Any] = {
    "register": _register,
    "confirm": _confirm,
    "delete account": _delete,
    "open cart": _open,
    "give e-mail": _give_email,
    "consent": _give_consent,
    "add": _add,
    "change quantity": _change,
    "empty cart": _empty,
    "leave": _leave,
    "order paid": lambda hands, person, number: _order(hands, person, "true"),
    "order unpaid": lambda hands, person, number: _order(hands, person, "false"),
    "cancel order": _of_order("cancel"),
    "mark as paid": _of_order("markAsPaid"),
    "fulfil": _fulfil,
    "refund": _refund,
}
