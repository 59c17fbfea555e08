"""The page that links everything in the sandbox."""

from markupsafe import Markup

from .deliveries import Deliveries
from .layout import document, tool_header
from .mailbox import Mailbox
from .records import App, Checkout, Order, User
from .shop import Shop


def page(shop: Shop, deliveries: Deliveries, mailbox: Mailbox) -> str:
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
        'and writes to nobody.</p><div class="grid">{}</div>'
        '<div class="card pad scroll" style="margin-top:20px">'
        "<h2>Apps</h2><table><tr><th>Name</th><th>Identifier</th><th>Version</th><th>State</th></tr>{}</table>"
        '<p class="soft small">API: {}</p></div>'
    ).format(grid, apps or Markup('<tr><td colspan="4">No app is installed yet.</td></tr>'), shop.api_url)
    return document("Sandbox", body, tool_header())


def _state(app: App) -> str:
    if app.is_removed:
        return "removed"
    return "active" if app.is_active else "switched off"
