"""Play a story of each flow in the sandbox, headless, and say what happened. Exit code 1 when it did not."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx
from django.core.management.base import BaseCommand, CommandError

from saleor_lifecycle.management import demo_cart

PATIENCE = 240.0
"""Seconds in which everything that was started together has to have come, on a machine that has other work too."""
Mail = dict[str, Any]
T = TypeVar("T")

OPEN = "mutation($input: CheckoutCreateInput!) { checkoutCreate(input: $input) { checkout { id } } }"
APPLY = """
mutation($id: ID!, $code: String!) {
  checkoutAddPromoCode(id: $id, promoCode: $code) { checkout { discount { amount } } errors { code } }
}
"""
ORDER = "mutation($id: ID!) { checkoutComplete(id: $id) { order { voucherCode } errors { code } } }"
WORDS = {
    "EN": {"code": "Your code", "care": "Is everything as it should be?", "because": "Because you bought"},
    "ES": {"code": "Tu código", "care": "¿Está todo como debe?", "because": "Porque compraste"},
}
"""What the mails say, in the customer's language."""


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sandbox", required=True, help="the sandbox's address")

    def handle(self, *, sandbox: str, **options: Any) -> None:
        with httpx.Client(base_url=sandbox, timeout=20) as shop:
            cart = _press(shop, "leave-cart", "ES")
            first = _press(shop, "buy-first", "EN")
            again = _press(shop, "buy-again", "ES")
            lost = _press(shop, "come-due", "EN")
            self._tell("Four customers did what starts a flow.")
            demo_cart.play(shop, self._tell)
            self._see_care(shop, first)
            self._see_what_goes_with(shop, again)
            self._use_code(shop, cart, "ES", "the cart's third mail", 3)
            self._use_code(shop, lost, "EN", "the third mail to somebody lost", 3)
        self.stdout.write(self.style.SUCCESS("The stories went as they should."))

    def _tell(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()

    def _see_care(self, shop: httpx.Client, email: str) -> None:
        mail = _wait("the first buyer's mail after the delivery", lambda: _saying(shop, email, WORDS["EN"]["care"]))
        self._tell(f"Whoever bought first, and had it delivered, got: {mail['subject']!r}.")

    def _see_what_goes_with(self, shop: httpx.Client, email: str) -> None:
        mail = _wait("what goes with a product", lambda: _saying(shop, email, WORDS["ES"]["because"]))
        line = next(line for line in mail["text"].splitlines() if WORDS["ES"]["because"] in line)
        self._tell(f"Whoever bought what goes with other things got: {mail['subject']!r} ({line.strip()}).")

    def _use_code(self, shop: httpx.Client, email: str, language: str, what: str, number: int) -> None:
        """See the code in the mail, and that a cart takes it once and no cart again."""
        mail = _wait(what, lambda: _saying(shop, email, WORDS[language]["code"]))
        if (count := len(demo_cart.mails(shop, email))) < number:
            raise CommandError(f"a code came with mail {count} instead of {number}")
        code = _code_in(mail["text"], WORDS[language]["code"])
        cart = _cart(shop, email)
        applied = demo_cart.ask(shop, APPLY, {"id": cart, "code": code})["checkoutAddPromoCode"]
        if applied["errors"] or not applied["checkout"]["discount"]["amount"]:
            raise CommandError(f"the code of {what} takes nothing off: {applied['errors']}")
        ordered = demo_cart.ask(shop, ORDER, {"id": cart})["checkoutComplete"]
        if ordered["errors"] or ordered["order"]["voucherCode"] != code:
            raise CommandError(f"the cart with the code of {what} was not ordered: {ordered['errors']}")
        again = demo_cart.ask(shop, APPLY, {"id": _cart(shop, email), "code": code})["checkoutAddPromoCode"]
        if not again["errors"]:
            raise CommandError(f"the code of {what} could be used twice")
        self._tell(f"The code of {what} ({mail['subject']!r}) was taken by one order, and by no second cart.")


def _press(shop: httpx.Client, episode: str, language: str) -> str:
    """Press the sandbox's button; return to whom the mails go."""
    answer = shop.post(f"/sandbox/episodes/{episode}", data={"language": language})
    told = parse_qs(urlsplit(answer.headers.get("Location", "")).query)
    if "email" not in told:
        raise CommandError(f"the button {episode!r} did nothing: {told.get('happened', answer.status_code)}")
    return told["email"][0]


def _saying(shop: httpx.Client, address: str, words: str) -> Mail | None:
    mails = demo_cart.mails(shop, address)
    return next((mail for mail in mails if words in mail["text"] or words in mail["subject"]), None)


def _code_in(text: str, heading: str) -> str:
    """Return the code, which stands on its own line or behind the heading."""
    behind = text.partition(heading)[2].replace(":", " ").split()
    if not behind:
        raise CommandError("a mail speaks of a code and holds none")
    return behind[0]


def _cart(shop: httpx.Client, email: str) -> str:
    _, variant = demo_cart.a_variant(shop)
    lines = [{"variantId": variant, "quantity": 1}]
    asked = {"input": {"channel": "default-channel", "email": email, "lines": lines}}
    return str(demo_cart.ask(shop, OPEN, asked)["checkoutCreate"]["checkout"]["id"])


def _wait(what: str, look: Callable[[], T | None]) -> T:
    return demo_cart.wait(what, look, PATIENCE)
