"""POST /graphql/: who asks, what Saleor refuses before it runs anything, and its form of an answer."""

import functools
import json
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    Visitor,
    parse,
    validate,
    visit,
)
from graphql.execution import ExecutionResult, execute
from graphql.language import OperationType
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request, Response

from .actors import NOBODY, Actor
from .records import App, User
from .schema import SCHEMA, formatted
from .schema.context import Context, StartInstallation
from .shop import Shop
from .signing import LIFETIME, Signer

_ALIASES, _MUTATIONS = 100, 4
TOKEN_SECONDS = "Sandbox-Token-Seconds"
"""The header in which the sandbox's own pages say how long an app's token is to live; Saleor has none such."""


def actor_of(shop: Shop, signer: Signer, headers: Headers) -> Actor:
    """Whose token it is. A wrong or dead one is nobody's, as in Saleor: that is no error by itself."""
    token = headers.get("Authorization-Bearer") or headers.get("Authorization", "").removeprefix("Bearer ")
    if not token:
        return NOBODY
    app = next((app for app in shop.all(App) if app.token == token), None)
    if app is not None:
        return Actor(app=app) if app.is_active and not app.is_removed else NOBODY
    claims = signer.claims(token, shop.api_url)
    user = shop.get(User, claims["user_id"]) if claims else None
    if claims is None or user is None or not user.is_active:
        return NOBODY
    if claims["type"] == "thirdparty":
        return Actor(user=user, limit=frozenset(claims["permissions"]))
    return Actor(user=user) if claims["type"] == "access" else NOBODY


def respond(shop: Shop, signer: Signer, start_installation: StartInstallation, request: Request) -> Response:
    """The answer, which any page may read, as from Saleor: no cookie says here who asks."""
    answer = _preflight() if request.method == "OPTIONS" else _answer(shop, signer, start_installation, request)
    if origin := request.headers.get("Origin"):
        answer.headers.extend({"Access-Control-Allow-Origin": origin, "Vary": "Origin"})
    return answer


def _preflight() -> Response:
    headers = {
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Allow-Headers": "Origin, Content-Type, Accept, Authorization, Authorization-Bearer",
        "Access-Control-Allow-Methods": "POST, OPTIONS",
        "Access-Control-Max-Age": "600",
    }
    return Response(status=200, headers=headers)


def _answer(shop: Shop, signer: Signer, start_installation: StartInstallation, request: Request) -> Response:
    try:
        asked = json.loads(request.get_data())
    except ValueError:
        return _refusal(GraphQLError("Unable to parse query."))
    if isinstance(asked, list):
        return _refusal(GraphQLError("Number of batch queries exceeded."))
    if not isinstance(asked, dict) or not isinstance(asked.get("query"), str):
        return _refusal(GraphQLError("Must provide a query string."))
    document, errors = _checked(asked["query"])
    if document is None or errors:
        return _refusal(*errors)
    actor = actor_of(shop, signer, request.headers)
    seconds = request.headers.get(TOKEN_SECONDS, LIFETIME, int)
    context = Context(shop, actor, signer, start_installation, seconds)
    variables = asked.get("variables") or {}
    result = execute(SCHEMA, document, None, context, variables, asked.get("operationName"))
    assert isinstance(result, ExecutionResult)  # no resolver is asynchronous
    if result.data is None and result.errors and not result.errors[0].path:
        return _refusal(*result.errors)  # the variables did not fit
    return _json({**_errors(result.errors or []), "data": result.data}, 200)


@functools.lru_cache(256)
def _checked(query: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    try:
        document = parse(query)
    except GraphQLError as error:
        return None, (error,)
    return document, tuple(validate(SCHEMA, document)) or _limits(document)


def _limits(document: DocumentNode) -> tuple[GraphQLError, ...]:
    counter = _AliasCounter()
    visit(document, counter)
    mutations = max(
        (
            len(node.selection_set.selections)
            for node in document.definitions
            if isinstance(node, OperationDefinitionNode) and node.operation is OperationType.MUTATION
        ),
        default=0,
    )
    if mutations > _MUTATIONS:
        return (GraphQLError(f"Number of mutations exceed the limit of {_MUTATIONS}"),)
    if counter.aliases > _ALIASES:
        return (GraphQLError(f"Number of aliases exceed the limit of {_ALIASES}"),)
    return ()


class _AliasCounter(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.aliases = 0

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        self.aliases += node.alias is not None


def _errors(errors: Any) -> dict[str, Any]:
    return {"errors": [formatted(error) for error in errors]} if errors else {}


def _refusal(*errors: GraphQLError) -> Response:
    return _json(_errors(errors), 400)


def _json(body: Any, status: int) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
