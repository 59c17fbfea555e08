"""Play the abandoned-cart story in the sandbox, headless, and say what happened. Exit code 1 when it did not."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import httpx
from django.core.management.base import BaseCommand, CommandError

from saleor_lifecycle.domain.cart_flow import touches
from saleor_lifecycle.models import Enrollment, Installation, Message
from saleor_lifecycle.models.entry import across, within

CREATE = """
mutation($input: CheckoutCreateInput!) {
  checkoutCreate(input: $input) { checkout { id } errors { field message code } }
}
"""
COMPLETE = "mutation($id: ID!) { checkoutComplete(id: $id) { order { id number } errors { field message code } } }"
VARIANT = 'query { products(first: 1, channel: "default-channel") { edges { node { name variants { id } } } } }'
LOG_IN = "mutation($email: String!, $password: String!) { tokenCreate(email: $email, password: $password) { token } }"
STAFF = {"email": "admin@example.com", "password": "admin"}
EXTENSION = "query { appExtensions(first: 1) { edges { node { app { appUrl accessToken } } } } }"
PATIENCE = 60.0

T = TypeVar("T")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sandbox", required=True, help="the sandbox's address")

    def handle(self, *, sandbox: str, **options: Any) -> None:
        story = uuid4().hex[:8]
        willing, unasked = f"lucia.{story}@example.com", f"ben.{story}@example.com"
        with httpx.Client(base_url=sandbox, timeout=20) as shop:
            product, variant = _a_variant(shop)
            cart = _leave_cart(shop, willing, variant, "ES", has_consent=True)
            silent_cart = _leave_cart(shop, unasked, variant, "EN", has_consent=False)
            self._tell(f"Lucía and Ben each left a {product} in a cart; only Lucía agreed to be written to.")
            mail = _wait("Lucía's mail", lambda: next(iter(_mails(shop, willing)), None))
            self._tell(f"Lucía got a mail: {mail['subject']!r}.")
            self._follow(shop, mail, cart)
            number = _order(shop, cart)
            self._tell(f"Lucía ordered (order {number}).")
            ended = _wait("the end of Lucía's enrollment", lambda: _ended(cart))
            self._tell(f"Her enrollment ended at once: {ended}.")
            skipped = _wait("the reason why Ben gets nothing", lambda: _skipped(silent_cart))
            self._tell(f"Ben got nothing: {skipped}.")
            self._open_extension(shop)
            self._see_silence(shop, cart, willing, unasked)
        self.stdout.write(self.style.SUCCESS("The story went as it should."))

    def _tell(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()

    def _follow(self, shop: httpx.Client, mail: dict[str, Any], cart: str) -> None:
        # She agreed to messages, so each link leads by way of us.
        led = (httpx.get(one, timeout=20).headers.get("Location", "") for one in mail["links"] if "/c/" in one)
        link = next(one for one in [*mail["links"], *led] if "/cart/" in urlsplit(one).path)
        if cart in json.dumps(mail) or cart.split("=")[0] in link:
            raise CommandError("the mail holds the checkout's id, which is a secret")
        answer = httpx.get(link, follow_redirects=False, timeout=20)
        if answer.status_code != 302:
            raise CommandError(f"the link in the mail answered {answer.status_code}")
        page = shop.get(answer.headers["Location"])
        if page.status_code != 200:
            raise CommandError(f"the storefront answered {page.status_code}")
        self._tell("Its link led her back to her cart.")

    def _open_extension(self, shop: httpx.Client) -> None:
        """See that the extension's page is served, and that the token which the Dashboard hands it is taken."""
        staff = _ask(shop, LOG_IN, STAFF)["tokenCreate"]["token"]
        extensions = _ask(shop, EXTENSION, token=staff)["appExtensions"]["edges"]
        if not extensions:
            raise CommandError("the app has no extension: a shop reads the manifest only when it installs the app")
        app = extensions[0]["node"]["app"]
        page = httpx.get(app["appUrl"], timeout=20)
        if page.status_code != 200 or "<script" not in page.text:
            raise CommandError(f"the extension's page answered {page.status_code} without the built extension")
        asked = {"query": "{ viewer { email } }"}
        headers = {"Authorization": f"Bearer {app['accessToken']}"}
        answer = httpx.post(urljoin(app["appUrl"], "../graphql/dashboard/"), json=asked, headers=headers, timeout=20)
        if answer.status_code != 200 or answer.json().get("errors"):
            raise CommandError(f"the dashboard schema answered {answer.status_code}: {answer.text[:200]}")
        self._tell(f"The Dashboard shows the extension to {answer.json()['data']['viewer']['email']}.")

    def _see_silence(self, shop: httpx.Client, cart: str, willing: str, unasked: str) -> None:
        """Wait until the second touch would long have left, and see that it did not."""
        second = _second_touch_after(cart)
        self._tell(f"Waiting {second:.0f} s, past the moment of the second touch ...")
        time.sleep(second)
        counts = len(_mails(shop, willing)), len(_mails(shop, unasked))
        if counts != (1, 0):
            raise CommandError(f"Lucía has {counts[0]} mails instead of 1, Ben {counts[1]} instead of 0")
        self._tell("No second touch came, and Ben still has no mail.")


def _ask(
    shop: httpx.Client, query: str, variables: dict[str, Any] | None = None, token: str | None = None
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = shop.post("/graphql/", json={"query": query, "variables": variables or {}}, headers=headers).json()
    if answer.get("errors"):
        raise CommandError(f"the sandbox refused: {answer['errors']}")
    data: dict[str, Any] = answer["data"]
    return data


def _a_variant(shop: httpx.Client) -> tuple[str, str]:
    node = _ask(shop, VARIANT)["products"]["edges"][0]["node"]
    return node["name"], node["variants"][0]["id"]


def _leave_cart(shop: httpx.Client, email: str, variant: str, language: str, has_consent: bool) -> str:
    variables = {
        "input": {
            "channel": "default-channel",
            "email": email,
            "languageCode": language,
            "lines": [{"variantId": variant, "quantity": 1}],
            "metadata": [{"key": "marketing_consent", "value": "true"}] if has_consent else [],
        }
    }
    made = _ask(shop, CREATE, variables)["checkoutCreate"]
    if made["errors"]:
        raise CommandError(f"no cart could be made: {made['errors']}")
    return str(made["checkout"]["id"])


def _order(shop: httpx.Client, cart: str) -> str:
    done = _ask(shop, COMPLETE, {"id": cart})["checkoutComplete"]
    if done["errors"]:
        raise CommandError(f"the order could not be placed: {done['errors']}")
    return str(done["order"]["number"])


def _mails(shop: httpx.Client, address: str) -> list[dict[str, Any]]:
    return [mail for mail in shop.get("/mail.json").json() if address in json.dumps(mail["to"])]


def _installation_ids() -> list[int]:
    with across():
        return list(Installation.objects.values_list("id", flat=True))


def _enrollment(cart: str) -> Enrollment | None:
    for installation_id in _installation_ids():
        with within(installation_id):
            found = Enrollment.objects.select_related("version", "cart").filter(key=cart).first()
            if found is not None:
                return found
    return None


def _ended(cart: str) -> str | None:
    enrollment = _enrollment(cart)
    return enrollment.reason if enrollment and enrollment.state == Enrollment.State.EXITED else None


def _skipped(cart: str) -> str | None:
    enrollment = _enrollment(cart)
    if enrollment is None:
        return None
    with within(enrollment.installation_id):
        message = Message.objects.filter(enrollment=enrollment, state=Message.State.SKIPPED).first()
    return message.reason if message else None


def _second_touch_after(cart: str) -> float:
    """Return the seconds until the second touch would have left, and some."""
    enrollment = _enrollment(cart)
    if enrollment is None or enrollment.cart is None or enrollment.cart.changed_at is None:
        raise CommandError("the cart never entered the flow")
    moment = enrollment.cart.changed_at + touches(enrollment.version.value().document)[1].after
    return max(0.0, moment.timestamp() - time.time()) + 8.0


def _wait(what: str, look: Callable[[], T | None]) -> T:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found is not None:
            return found
        time.sleep(0.5)
    raise CommandError(f"{what} did not come within {PATIENCE:.0f} s")
