"""A stand-in for Saleor's Dashboard: the page that frames an app's extensions, and speaks with them as it does.

What the browser shows comes over the API, with the token of whoever is signed in; Python only sends the page.
"""

import json
from collections.abc import Callable
from pathlib import Path

from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from .. import catalogue
from ..layout import document, tool_header
from ..records import SALEOR_VERSION, App
from ..shop import Shop

Page = Callable[..., Response]
MOUNT = "/dashboard-host"
_FOLDER = Path(__file__).parent
_SCRIPTS = ("bridge.js", "frames.js", "page.js", "session.js")
_PEOPLE = {
    "admin": {"email": catalogue.STAFF_EMAIL, "password": catalogue.STAFF_PASSWORD},
    "orders": {"email": catalogue.ORDERS_EMAIL, "password": catalogue.ORDERS_PASSWORD},
}
_BODY = Markup((_FOLDER / "page.html").read_text())


def page(shop: Shop, request: Request, path: str = "") -> Response:
    """The same document for every path; the script shows what the path names."""
    app = _installed(shop)
    settings = {
        "mount": MOUNT,
        "apiUrl": shop.api_url,
        "saleorVersion": SALEOR_VERSION,
        "appId": app.id if app else None,
        "people": _PEOPLE,
    }
    # A "<" would let a value end the element.
    data = Markup(json.dumps(settings).replace("<", "\\u003c"))
    style = Markup("<style>{}</style>").format(Markup((_FOLDER / "page.css").read_text()))
    body = style + _BODY + Markup('<script type="application/json" id="settings">{}</script>').format(data)
    body += Markup('<script type="module" src="{}/-/page.js"></script>').format(MOUNT)
    # As Saleor's own server does; an app finds the Dashboard's origin in its referrer.
    headers = {"Referrer-Policy": "origin-when-cross-origin", "Cache-Control": "no-store"}
    return Response(
        document("Dashboard", body, tool_header()), headers=headers, content_type="text/html; charset=utf-8"
    )


def to_app(shop: Shop, request: Request) -> Response:
    """A redirect to the page of the installed app."""
    app = _installed(shop)
    if app is None:
        raise NotFound("No app with a page is installed.")
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    return redirect(f"{MOUNT}/extensions/app/{app.id.replace('=', '%3D')}/{query}")


def script(shop: Shop, request: Request, name: str) -> Response:
    if name not in _SCRIPTS:
        raise NotFound
    content = (_FOLDER / name).read_text()
    return Response(content, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-store"})


def _installed(shop: Shop) -> App | None:
    apps = [app for app in shop.all(App) if app.is_active and app.app_url]
    return apps[-1] if apps else None


PAGES: tuple[tuple[str, Page], ...] = (
    (f"{MOUNT}/", page),
    (f"{MOUNT}/app/", to_app),
    (f"{MOUNT}/-/<name>", script),
    (f"{MOUNT}/<path:path>", page),
)
