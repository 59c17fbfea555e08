"""A small shop for a person to play with. It calls what the GraphQL mutations call."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from . import accounts, checkouts, episodes, metadata, storefront_html
from .actors import NOBODY, Actor, Refused
from .records import AccountToken, Checkout, Order, User
from .shop import Shop
from .storefront_html import CONSENT_KEY, View

Page = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came, in which language, with which cart: it all lies in three cookies."""

    actor: Actor
    checkout: Checkout | None
    language: str

    @property
    def user(self) -> User | None:
        return self.actor.user


def _visit(shop: Shop, request: Request) -> Visit:
    user = shop.get(User, request.cookies.get("shopper"))
    checkout = shop.get(Checkout, request.cookies.get("checkout"))
    language = "es" if request.cookies.get("language") == "es" else "en"
    return Visit(Actor(user=user) if user else NOBODY, checkout, language)


def _view(shop: Shop, visit: Visit) -> View:
    return View(shop, visit.user, visit.checkout, visit.language)


def front(shop: Shop, request: Request) -> Response:
    return _html(storefront_html.front(_view(shop, _visit(shop, request))))


def cart(shop: Shop, request: Request) -> Response:
    notice = request.args.get("notice", "")
    return _html(storefront_html.cart(_view(shop, _visit(shop, request)), notice))


def restore(shop: Shop, request: Request) -> Response:
    """The cart named in the address, as Saleor's storefront restores it from a mailed link."""
    identifier = request.args.get("checkout", "")
    visit = _visit(shop, request)
    checkout = shop.get(Checkout, identifier)
    if checkout is None:
        is_ordered = any(order.checkout_id == identifier for order in shop.all(Order))
        notice = "ordered" if is_ordered else "gone"
        return _html(storefront_html.message(_view(shop, visit), notice), 200 if is_ordered else 404)
    language = "es" if checkout.language_code.startswith("ES") else "en"
    response = _html(storefront_html.cart(View(shop, visit.user, checkout, language), ""))
    _remember(response, "checkout", checkout.id)
    _remember(response, "language", language)
    return response


def add(shop: Shop, request: Request) -> Response:
    visit = _visit(shop, request)
    lines = [(request.form["variant"], 1)]
    if visit.checkout:
        checkout = checkouts.add_lines(shop, visit.actor, visit.checkout.id, lines)
    else:
        consent = visit.user.metadata.get(CONSENT_KEY) if visit.user else None
        checkout = checkouts.create(
            shop,
            visit.actor,
            lines,
            language_code=visit.language.upper(),
            metadata={CONSENT_KEY: consent} if consent else {},
        )
    response = redirect("/cart", 303)
    _remember(response, "checkout", checkout.id)
    return response


def change(shop: Shop, request: Request) -> Response:
    visit = _visit(shop, request)
    if visit.checkout:
        quantity = max(request.form.get("quantity", 0, int), 0)
        checkouts.update_lines(shop, visit.actor, visit.checkout.id, [(request.form["line"], quantity)])
    return redirect("/cart", 303)


def details(shop: Shop, request: Request) -> Response:
    """The shopper's e-mail and consent, kept on the cart and on the account."""
    visit = _visit(shop, request)
    if visit.checkout is None:
        return redirect("/cart", 303)
    _keep_details(shop, visit, visit.checkout, request)
    return redirect("/cart?notice=saved", 303)


def order(shop: Shop, request: Request) -> Response:
    visit = _visit(shop, request)
    if visit.checkout is None:
        return redirect("/cart", 303)
    _keep_details(shop, visit, visit.checkout, request)
    paid = {checkouts.PAID_KEY: "true"} if request.form.get("pay") == "now" else {}
    try:
        placed = checkouts.complete(shop, visit.actor, visit.checkout.id, paid)
    except Refused:
        return redirect("/cart?notice=email_first", 303)
    response = redirect(f"/order/{placed.id}", 303)
    response.delete_cookie("checkout")
    return response


def _keep_details(shop: Shop, visit: Visit, checkout: Checkout, request: Request) -> None:
    email = request.form.get("email", "").strip().lower()
    if "@" in email and email != checkout.email:
        checkouts.set_email(shop, visit.actor, checkout.id, email)
    consent = "true" if request.form.get("consent") else "false"
    for owner in (checkout, visit.user):
        # A box that was never ticked says nothing; one that was unticked says no.
        if owner and consent != owner.metadata.get(CONSENT_KEY, "false"):
            metadata.update(shop, visit.actor, owner.id, {CONSENT_KEY: consent}, private=False)


def placed(shop: Shop, request: Request, identifier: str) -> Response:
    found = shop.get(Order, identifier)
    if found is None:
        raise NotFound
    notice = request.args.get("notice", "")
    return _html(storefront_html.placed(_view(shop, _visit(shop, request)), found, notice))


def delivered(shop: Shop, request: Request, identifier: str) -> Response:
    """The order sent and arrived, as if the staff had done so."""
    if shop.get(Order, identifier) is None:
        raise NotFound
    try:
        episodes.deliver(shop, identifier)
    except Refused:  # one that was cancelled
        return redirect(f"/order/{identifier}?notice=not_delivered", 303)
    return redirect(f"/order/{identifier}?notice=delivered", 303)


def code(shop: Shop, request: Request) -> Response:
    """The cart with a voucher's code."""
    visit = _visit(shop, request)
    if visit.checkout is None:
        return redirect("/cart", 303)
    try:
        checkouts.add_code(shop, visit.actor, visit.checkout.id, request.form.get("code", "").strip())
    except Refused:
        return redirect("/cart?notice=no_such_code", 303)
    return redirect("/cart", 303)


def shopper(shop: Shop, request: Request) -> Response:
    notice = request.args.get("notice", "")
    return _html(storefront_html.shopper(_view(shop, _visit(shop, request)), notice))


def choose(shop: Shop, request: Request) -> Response:
    user = shop.get(User, request.form.get("user"))
    return _as_shopper(user.id if user and not user.is_staff else "")


def make(shop: Shop, request: Request) -> Response:
    """A new account, confirmed at once: there is no app here that would mail the question."""
    visit = _visit(shop, request)
    form = request.form
    try:
        user = accounts.register(
            shop,
            NOBODY,
            form["email"],
            secrets.token_urlsafe(),
            form.get("first_name", ""),
            form.get("last_name", ""),
            visit.language.upper(),
            {CONSENT_KEY: "true"} if form.get("consent") else {},
        )
    except Refused:
        user = None
    if user is None:
        return redirect("/shopper?notice=taken", 303)
    token = next((token for token in shop.all(AccountToken) if token.user_id == user.id), None)
    if token:
        accounts.confirm(shop, NOBODY, user.email, token.id)
    return _as_shopper(user.id)


def leave(shop: Shop, request: Request) -> Response:
    """The account deleted by its owner."""
    visit = _visit(shop, request)
    if visit.user:
        accounts.delete_own(shop, visit.actor, accounts.request_deletion(shop, visit.actor))
    return _as_shopper("")


def switch_language(shop: Shop, request: Request) -> Response:
    """The other language, on the cart too: it is the language of the mails."""
    visit = _visit(shop, request)
    language = "en" if visit.language == "es" else "es"
    if visit.checkout:
        checkouts.set_language(shop, visit.actor, visit.checkout.id, language.upper())
    response = redirect(urlsplit(request.referrer or "/").path, 303)
    _remember(response, "language", language)
    return response


PAGES: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/", front),
    ("GET", "/cart", cart),
    ("GET", "/checkout", restore),
    ("POST", "/cart/add", add),
    ("POST", "/cart/change", change),
    ("POST", "/cart/details", details),
    ("POST", "/cart/code", code),
    ("POST", "/cart/order", order),
    ("GET", "/order/<identifier>", placed),
    ("POST", "/order/<identifier>/deliver", delivered),
    ("GET", "/shopper", shopper),
    ("POST", "/shopper/choose", choose),
    ("POST", "/shopper/new", make),
    ("POST", "/shopper/delete", leave),
    ("POST", "/language", switch_language),
)


def _as_shopper(identifier: str) -> Response:
    response = redirect("/", 303)
    _remember(response, "shopper", identifier)
    response.delete_cookie("checkout")
    return response


def _remember(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, httponly=True, samesite="Lax")


def _html(body: str, status: int = 200) -> Response:
    headers = {"Referrer-Policy": "same-origin"}  # an address may hold a checkout's id, which is a secret
    return Response(body, status, headers, content_type="text/html; charset=utf-8")
