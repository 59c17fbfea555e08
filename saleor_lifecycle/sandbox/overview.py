"""The page that links everything in the sandbox."""

from markupsafe import Markup

from .deliveries import Deliveries
from .layout import document, tool_header
from .mailbox import Mailbox
from .records import App, Checkout, Order, User
from .shop import Shop

_EPISODES = (
    ("leave-cart", "Leave a cart", "Somebody fills a cart and goes. Three mails, the last one with a code."),
    ("buy-first", "Buy for the first time", "Paid, sent and delivered. Thanks, how to care for it, and a review."),
    ("buy-again", "Buy what goes with other things", "Delivered too. What others bought with it."),
    ("come-due", "Be lost", "Their last order is three months ago. Three mails, the last one with a code."),
)
_NO_APP = Markup('<tr><td colspan="4">No app is installed yet.</td></tr>')


def page(shop: Shop, deliveries: Deliveries, mailbox: Mailbox, happened: str = "") -> str:
    """The page; ``happened`` tells what the button that was pressed last did."""
    customers = [user for user in shop.all(User) if not user.is_staff]
    totals = deliveries.report(0)["totals"]
    shown = ", ".join(f"{count} {status.lower()}" for status, count in sorted(totals.items())) or "none yet"
    cards = (
        ("/", "Shop", f"{len(shop.all(Checkout))} open carts, {len(shop.all(Order))} orders"),
        ("/mail/", "Mailbox", f"{mailbox.count()} mails"),
        ("/deliveries", "Deliveries", shown),
        ("/dashboard-host/", "Dashboard", "the app's pages, as the staff see them"),
        ("/shopper", "Shoppers", f"{len(customers)} with an account"),
    )
    grid = Markup("").join(
        Markup('<div class="card pad"><h2><a href="{}">{}</a></h2><p class="soft">{}</p></div>').format(*card)
        for card in cards
    )
    apps = Markup("").join(
        Markup("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>").format(
            app.name, app.identifier, app.version, _state(app)
        )
        for app in shop.all(App)
    )
    body = Markup(
        '<h1>Sandbox</h1><p class="soft lead">A stand-in for a Saleor shop on this machine: it sells nothing '
        'and writes to nobody.</p><div class="grid">{}</div>{}'
        '<div class="card pad scroll" style="margin-top:20px">'
        "<h2>Apps</h2><table><tr><th>Name</th><th>Identifier</th><th>Version</th><th>State</th></tr>{}</table>"
        '<p class="soft small">API: {}</p></div>'
    ).format(grid, _buttons(happened), apps or _NO_APP, shop.api_url)
    return document("Sandbox", body, tool_header())


def _buttons(happened: str) -> Markup:
    """For each flow of the app what a customer does to start it, in either language."""
    rows = Markup("").join(
        Markup(
            '<tr><td><b>{}</b><br><span class="soft small">{}</span></td><td><form method="post" class="row"'
            ' action="/sandbox/episodes/{}"><button class="main" name="language" value="ES">En español</button>'
            '<button name="language" value="EN">In English</button></form></td></tr>'
        ).format(title, text, name)
        for name, title, text in _EPISODES
    )
    note = Markup('<p class="note" role="status">{}</p>').format(happened) if happened else Markup("")
    return Markup(
        '<div class="card pad scroll" style="margin-top:20px"><h2>Let a customer …</h2>{}<table>{}</table></div>'
    ).format(note, rows)


def _state(app: App) -> str:
    if app.is_removed:
        return "removed"
    return "active" if app.is_active else "switched off"
