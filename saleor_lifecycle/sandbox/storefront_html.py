"""How the storefront's pages look."""

from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from . import catalogue, checkouts
from .layout import document
from .records import Checkout, CheckoutLine, Order, User, Variant
from .shop import Shop
from .texts import TEXTS

CONSENT_KEY = "marketing_consent"


@dataclass(frozen=True, slots=True)
class View:
    shop: Shop
    user: User | None
    checkout: Checkout | None
    language: str

    def say(self, key: str) -> str:
        return TEXTS[self.language][key]

    def price(self, amount: Decimal) -> str:
        return f"{amount:.2f} €".replace(".", ",") if self.language == "es" else f"€{amount:.2f}"

    def name(self, product: catalogue.Product) -> str:
        return product.name_es if self.language == "es" else product.name

    def variant(self, variant: Variant) -> str:
        return catalogue.spanish_name(variant) if self.language == "es" else variant.name


def front(view: View) -> str:
    grid = Markup("").join(_product(view, product) for product in catalogue.PRODUCTS)
    body = Markup('<h1>{}</h1><p class="soft lead">{}</p><div class="grid">{}</div>').format(
        catalogue.SHOP_NAME, view.say("lead"), grid
    )
    return _page(view, catalogue.SHOP_NAME, body)


def cart(view: View, notice: str) -> str:
    checkout = view.checkout
    if checkout is None or not checkout.lines:
        return message(view, "empty")
    lines = Markup("").join(_line(view, line) for line in checkout.lines)
    total = view.price(checkouts.total(view.shop, checkout))
    body = Markup(
        '<h1>{}</h1>{}<div class="two"><div class="card pad scroll"><table>{}</table>'
        '{}<p class="row"><span class="total">{}: {}</span></p><p><a href="/">{}</a></p></div>'
        '<div class="card pad"><h2>{}</h2>{}</div></div>'
    ).format(
        view.say("cart"), _notice(view, notice), lines, _code(view, checkout), view.say("total"), total,
        view.say("back"), view.say("details"), _details(view, checkout),
    )  # fmt: skip
    return _page(view, view.say("cart"), body)


def message(view: View, key: str) -> str:
    body = Markup('<h1>{}</h1><p class="lead">{}</p><p><a href="/">{}</a></p>').format(
        view.say("cart"), view.say(key), view.say("back")
    )
    return _page(view, view.say("cart"), body)


def _code(view: View, checkout: Checkout) -> Markup:
    """The field for a voucher's code, or what the one that is there takes off."""
    if checkout.voucher_code:
        amount = view.price(checkouts.discount(view.shop, checkout))
        return Markup('<p class="soft">{}: −{}</p>').format(checkout.voucher_code, amount)
    return Markup(
        '<form class="row" method="post" action="/cart/code"><input name="code" aria-label="{}" placeholder="{}">'
        "<button>{}</button></form>"
    ).format(view.say("code"), view.say("code"), view.say("apply"))


def placed(view: View, order: Order, notice: str = "") -> str:
    lines = Markup("").join(
        Markup('<tr><td>{} · {}</td><td class="number">{}</td><td class="number">{}</td></tr>').format(
            line.product_name, line.variant_name, line.quantity, view.price(line.price * line.quantity)
        )
        for line in order.lines
    )
    body = Markup(
        '<h1>{}</h1>{}<p class="lead">{}</p><div class="card pad scroll"><table>{}</table>'
        '<p class="total">{}: {}</p></div>{}<p><a href="/">{}</a></p>'
    ).format(
        view.say("thanks"), _notice(view, notice), view.say("order").format(number=order.number), lines,
        view.say("total"), view.price(order.total), _deliver(view, order), view.say("back"),
    )  # fmt: skip
    return _page(view, view.say("thanks"), body)


def _deliver(view: View, order: Order) -> Markup:
    """A button for what the staff would do."""
    if order.status in ("FULFILLED", "CANCELED"):
        return Markup("")
    return Markup('<form method="post" action="/order/{}/deliver"><button>{}</button></form>').format(
        order.id, view.say("deliver")
    )


def shopper(view: View, notice: str) -> str:
    people = [user for user in view.shop.all(User) if not user.is_staff]
    options = Markup("").join(
        Markup('<option value="{}"{}>{} {} ({})</option>').format(
            user.id,
            Markup(" selected") if view.user and user.id == view.user.id else "",
            user.first_name,
            user.last_name,
            user.email,
        )
        for user in reversed(people)
    )
    choice = Markup(
        '<form method="post" action="/shopper/choose" class="row">'
        '<select name="user" aria-label="{}">{}</select>'
        '<button class="main">{}</button></form>'
    ).format(view.say("shopper"), options, view.say("choose"))
    guest = Markup(
        '<form method="post" action="/shopper/choose" style="margin-top:14px"><button>{}</button></form>'
    ).format(view.say("as_guest"))
    body = Markup(
        '<h1>{}</h1><p class="soft lead">{}</p>{}<div class="two"><div class="card pad">{}{}{}</div>'
        '<div class="card pad"><h2>{}</h2>{}</div></div>'
    ).format(
        view.say("shopper"), view.say("shopper_lead"), _notice(view, notice),
        choice if people else view.say("nobody"), guest, _leave(view), view.say("new"), _new_shopper(view),
    )  # fmt: skip
    return _page(view, view.say("shopper"), body)


def _page(view: View, title: str, body: Markup) -> str:
    count = sum(line.quantity for line in view.checkout.lines) if view.checkout else 0
    header = Markup(
        '<a class="brand" href="/">{}</a><form class="inline" method="post" action="/language">'
        '<button class="link">{}</button></form><a href="/shopper">{}</a><a href="/cart">{} ({})</a>'
        '<a class="soft small" href="/sandbox">Sandbox</a>'
    ).format(
        catalogue.SHOP_NAME, view.say("other"), _who(view), view.say("cart"), count
    )  # fmt: skip
    return document(title, body, header, view.language)


def _who(view: View) -> str:
    if view.user is None:
        return view.say("guest")
    return f"{view.user.first_name} {view.user.last_name}".strip() or view.user.email


def _notice(view: View, notice: str) -> Markup:
    if notice not in ("saved", "email_first", "taken", "delivered", "not_delivered", "no_such_code"):
        return Markup("")
    return Markup('<p class="note" role="status">{}</p>').format(view.say(notice))


def _product(view: View, product: catalogue.Product) -> Markup:
    variants = catalogue.variants_of(view.shop, product)
    options = Markup("").join(
        Markup('<option value="{}">{} · {}</option>').format(v.id, view.variant(v), view.price(v.price))
        for v in variants
    )
    text = product.text_es if view.language == "es" else product.text
    return Markup(
        '<div class="card product"><img src="/pictures/{}.svg" alt=""><div class="pad"><h2>{}</h2>'
        '<p class="soft small">{}</p><form class="row" method="post" action="/cart/add">'
        '<select name="variant" aria-label="{}">{}</select>'
        '<button class="main">{}</button></form></div></div>'
    ).format(product.slug, view.name(product), text, view.name(product), options, view.say("add"))


def _line(view: View, line: CheckoutLine) -> Markup:
    variant = view.shop.get(Variant, line.variant_id)
    assert variant
    product = catalogue.product_of(variant)
    return Markup(
        '<tr><td class="thumb"><img src="/pictures/{}.svg" alt=""></td>'
        '<td>{}<br><span class="soft small">{}</span></td>'
        '<td><form class="row" method="post" action="/cart/change">'
        '<input type="hidden" name="line" value="{}">'
        '<input type="number" name="quantity" min="0" max="50" value="{}" aria-label="{}">'
        '<button>{}</button></form></td>'
        '<td class="number">{}</td></tr>'
    ).format(
        product.slug, view.name(product), view.variant(variant), line.id, line.quantity, view.name(product),
        view.say("update"), view.price(variant.price * line.quantity),
    )  # fmt: skip


def _details(view: View, checkout: Checkout) -> Markup:
    return Markup(
        '<form method="post" action="/cart/details">{}{}<p class="row"><button>{}</button></p><p class="row">'
        '<button class="main" formaction="/cart/order" name="pay" value="now">{}</button>'
        '<button formaction="/cart/order" name="pay" value="later">{}</button></p></form>'
    ).format(
        _field(view, "email", checkout.email or "", "email"),
        _consent(view, checkout.metadata.get(CONSENT_KEY) == "true"),
        view.say("save"), view.say("pay"), view.say("unpaid"),
    )  # fmt: skip


def _new_shopper(view: View) -> Markup:
    fields = Markup("").join(_field(view, name, "", "text") for name in ("first_name", "last_name"))
    return Markup('<form method="post" action="/shopper/new">{}{}{}<button class="main">{}</button></form>').format(
        fields, _field(view, "email", "", "email"), _consent(view, False), view.say("make")
    )


def _leave(view: View) -> Markup:
    if view.user is None:
        return Markup("")
    return Markup(
        '<form method="post" action="/shopper/delete" style="margin-top:14px"><button class="bad">{}</button></form>'
    ).format(view.say("delete"))


def _field(view: View, name: str, value: str, kind: str) -> Markup:
    return Markup('<label class="field">{}<input type="{}" name="{}" value="{}"{}></label>').format(
        view.say(name), kind, name, value, Markup(" required") if kind == "email" else ""
    )


def _consent(view: View, is_given: bool) -> Markup:
    return Markup(
        '<label class="tick"><input type="checkbox" name="consent" value="yes"{}><span>{}</span></label>'
    ).format(Markup(" checked") if is_given else "", view.say("consent"))
