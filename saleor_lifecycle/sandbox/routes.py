"""Which address answers what."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from . import catalogue, episodes, graphql_http, host, mailpage, overview, pictures, storefront
from .actors import Refused
from .deliveries import Deliveries
from .mailbox import Mailbox, as_json
from .records import AccountToken, User
from .schema.context import StartInstallation
from .shop import Shop
from .signing import Signer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_LARGEST_PICTURE = 1024


@dataclass(frozen=True, slots=True)
class Parts:
    shop: Shop
    signer: Signer
    deliveries: Deliveries
    mailbox: Mailbox
    start_installation: StartInstallation


def application(parts: Parts) -> "WSGIApplication":
    """The WSGI application over the parts."""
    rules = Map(
        [
            Rule("/graphql/", endpoint=_graphql, methods=["POST", "OPTIONS"]),
            Rule("/.well-known/jwks.json", endpoint=_jwks),
            Rule("/thumbnail/<product>/<int:size>/", endpoint=_thumbnail),
            Rule("/pictures/<slug>.svg", endpoint=_picture),
            Rule("/deliveries", endpoint=_deliveries),
            Rule("/sandbox", endpoint=_overview),
            Rule("/sandbox/episodes/<name>", endpoint=_episode, methods=["POST"]),
            Rule("/sandbox/tokens", endpoint=_tokens),
            Rule("/mail.json", endpoint=_mails),
            *(Rule(f"/mail/{path}", endpoint=_mail(page)) for path, page in mailpage.PAGES),
            *(Rule(path, endpoint=_host(page), methods=["GET"]) for path, page in host.PAGES),
            *(Rule(path, endpoint=_store(page), methods=[method]) for method, path, page in storefront.PAGES),
        ],
        strict_slashes=True,
        redirect_defaults=False,
    )

    @Request.application
    def respond(request: Request) -> Response:
        try:
            endpoint, values = rules.bind_to_environ(request.environ).match()
            response: Response = endpoint(parts, request, **values)
        except HTTPException as error:
            return error.get_response()
        return response

    return respond


def _graphql(parts: Parts, request: Request) -> Response:
    return graphql_http.respond(parts.shop, parts.signer, parts.start_installation, request)


def _jwks(parts: Parts, request: Request) -> Response:
    return _json(parts.signer.jwks())


def _deliveries(parts: Parts, request: Request) -> Response:
    return _json(parts.deliveries.report(request.args.get("first", None, int)))


def _overview(parts: Parts, request: Request) -> Response:
    happened = request.args.get("happened", "")
    return _html(overview.page(parts.shop, parts.deliveries, parts.mailbox, happened))


def _episode(parts: Parts, request: Request, name: str) -> Response:
    """Let it happen, and go back to the page that says to whom."""
    episode = episodes.EPISODES.get(name)
    if episode is None:
        raise NotFound
    try:
        user = episode(parts.shop, "ES" if request.form.get("language") == "ES" else "EN")
    except Refused as refused:
        return redirect(f"/sandbox?{urlencode({'happened': refused.message})}", 303)
    told = {"happened": f"{user.first_name} did. The mails go to {user.email}.", "email": user.email}
    return redirect(f"/sandbox?{urlencode(told)}", 303)


def _tokens(parts: Parts, request: Request) -> Response:
    """The account tokens that some other app would have mailed to the customers."""
    tokens = [
        {"email": user.email, "purpose": token.purpose, "token": token.id}
        for token in parts.shop.all(AccountToken)
        if (user := parts.shop.get(User, token.user_id))
    ]
    return _json(tokens)


def _mails(parts: Parts, request: Request) -> Response:
    return _json([as_json(mail) for mail in parts.mailbox.mails(request.args.get("first", 500, int))])


def _thumbnail(parts: Parts, request: Request, product: str, size: int) -> Response:
    found = catalogue.product(product)
    if found is None:
        raise NotFound
    data = pictures.png(found.shape, found.hue, min(size, _LARGEST_PICTURE))
    return Response(data, content_type="image/png", headers={"Cache-Control": "max-age=3600"})


def _picture(parts: Parts, request: Request, slug: str) -> Response:
    found = next((p for p in catalogue.PRODUCTS if p.slug == slug), None)
    if found is None:
        raise NotFound
    return Response(pictures.svg(found.shape, found.hue), content_type="image/svg+xml")


def _mail(page: mailpage.Page) -> Callable[..., Response]:
    return lambda parts, request, **values: page(parts.mailbox, request, **values)


def _host(page: host.Page) -> Callable[..., Response]:
    return lambda parts, request, **values: page(parts.shop, request, **values)


def _store(page: storefront.Page) -> Callable[..., Response]:
    return lambda parts, request, **values: page(parts.shop, request, **values)


def _json(body: Any) -> Response:
    return Response(json.dumps(body, indent=1), content_type="application/json")


def _html(body: str) -> Response:
    return Response(body, content_type="text/html; charset=utf-8")
