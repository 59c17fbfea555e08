"""The abandoned-cart story, played in the sandbox: who agreed is written to until they order, who did not is not."""

import json
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import httpx
from django.core.management.base import CommandError

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
Tell = Callable[[str], None]


def play(shop: httpx.Client, tell: Tell) -> None:
    """Raises CommandError where it goes otherwise."""
    story = uuid4().hex[:8]
    willing, unasked = f"lucia.{story}@example.com", f"ben.{story}@example.com"
    product, variant = a_variant(shop)
    cart = _leave_cart(shop, willing, variant, "ES", has_consent=True)
    silent_cart = _leave_cart(shop, unasked, variant, "EN", has_consent=False)
    tell(f"Lucía and Ben each left a {product} in a cart; only Lucía agreed to be written to.")
    mail = wait("Lucía's mail", lambda: next(iter(mails(shop, willing)), None))
    tell(f"Lucía got a mail: {mail['subject']!r}.")
    _follow(shop, mail, cart, tell)
    number = _order(shop, cart)
    tell(f"Lucía ordered (order {number}).")
    ended = wait("the end of Lucía's enrollment", lambda: _ended(cart))
    tell(f"Her enrollment ended at once: {ended}.")
    skipped = wait("the reason why Ben gets nothing", lambda: _skipped(silent_cart))
    tell(f"Ben got nothing: {skipped}.")
    _open_extension(shop, tell)
    _see_silence(shop, cart, unasked, tell)


def _follow(shop: httpx.Client, mail: dict[str, Any], cart: str, tell: Tell) -> None:
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
    tell("Its link led her back to her cart.")


def _open_extension(shop: httpx.Client, tell: Tell) -> None:
    """See that the extension's page is served, and that the token which the Dashboard hands it is taken."""
    staff = ask(shop, LOG_IN, STAFF)["tokenCreate"]["token"]
    extensions = ask(shop, EXTENSION, token=staff)["appExtensions"]["edges"]
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
    tell(f"The Dashboard shows the extension to {answer.json()['data']['viewer']['email']}.")


def _see_silence(shop: httpx.Client, cart: str, unasked: str, tell: Tell) -> None:
    """Wait until the second touch would long have left, and see that it did not."""
    second = _second_touch_after(cart)
    tell(f"Waiting {second:.0f} s, past the moment of the second touch ...")
    time.sleep(second)
    # What else she got thanks her for her order.
    if (touches := _touches(cart)) != 1:
        raise CommandError(f"Lucía was written to {touches} times about her cart instead of once")
    if count := len(mails(shop, unasked)):
        raise CommandError(f"Ben has {count} mails instead of none")
    tell("No second touch came, and Ben still has no mail.")


def ask(
    shop: httpx.Client, query: str, variables: dict[str, Any] | None = None, token: str | None = None
) -> dict[str, Any]:
    """Return what the shop's API answers."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = shop.post("/graphql/", json={"query": query, "variables": variables or {}}, headers=headers).json()
    if answer.get("errors"):
        raise CommandError(f"the sandbox refused: {answer['errors']}")
    data: dict[str, Any] = answer["data"]
    return data


def a_variant(shop: httpx.Client) -> tuple[str, str]:
    """Return the name of a product that the shop sells, and the id of a variant of it."""
    node = ask(shop, VARIANT)["products"]["edges"][0]["node"]
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
    made = ask(shop, CREATE, variables)["checkoutCreate"]
    if made["errors"]:
        raise CommandError(f"no cart could be made: {made['errors']}")
    return str(made["checkout"]["id"])


def _order(shop: httpx.Client, cart: str) -> str:
    done = ask(shop, COMPLETE, {"id": cart})["checkoutComplete"]
    if done["errors"]:
        raise CommandError(f"the order could not be placed: {done['errors']}")
    return str(done["order"]["number"])


def mails(shop: httpx.Client, address: str) -> list[dict[str, Any]]:
    """Return what came to an address, the newest first."""
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


def _touches(cart: str) -> int:
    """Return how many messages about a cart have left."""
    enrollment = _enrollment(cart)
    if enrollment is None:
        return 0
    with within(enrollment.installation_id):
        return Message.objects.filter(enrollment=enrollment, state=Message.State.SENT).count()


def _second_touch_after(cart: str) -> float:
    """Return the seconds until the second touch would have left, and some."""
    enrollment = _enrollment(cart)
    if enrollment is None or enrollment.cart is None or enrollment.cart.changed_at is None:
        raise CommandError("the cart never entered the flow")
    moment = enrollment.cart.changed_at + touches(enrollment.version.value().document)[1].after
    return max(0.0, moment.timestamp() - time.time()) + 8.0


def wait(what: str, look: Callable[[], T | None], seconds: float = PATIENCE) -> T:
    """Return what is there as soon as it is. Raises CommandError after so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found is not None:
            return found
        time.sleep(0.5)
    raise CommandError(f"{what} did not come within {seconds:.0f} s")
