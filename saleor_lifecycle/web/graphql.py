"""GraphQL over HTTP: one question by POST, one answer; no batches, no cookies, nothing for caches to keep."""

import json
import logging
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from strawberry.exceptions import MissingQueryError
from strawberry.schema import BaseSchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from saleor_lifecycle.api.dashboard.access import Context
from saleor_lifecycle.api.dashboard.schema import schema
from saleor_lifecycle.saleor import tokens
from saleor_lifecycle.saleor.errors import ShopAway

from . import shops

LONGEST_BODY = 100_000
"""Bytes of one question; those of the extension and of a gateway take a few thousand."""
NUL = re.compile(rb"\\u(0000|\{0+\})")
"""The one character that PostgreSQL's texts cannot hold, as JSON and GraphQL write it."""

logger = logging.getLogger(__name__)


class Refused(Exception):
    """Why a request is not answered: the status, a code for programs and words for people."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code


@csrf_exempt  # a token in a header is asked for, which no other site's form can send
def dashboard(request: HttpRequest) -> HttpResponse:
    """Answer a staff member who has the extension open in the Dashboard."""
    now = timezone.now()
    try:
        check(request)
        language = request.headers.get("Accept-Language", "en")
        return answer(request, schema, replace(staff(bearer(request), now), language=language))
    except Refused as refused:
        return refusal(refused)
    except DatabaseError as error:
        logger.error("dashboard question answered 503: the database does not answer (%s)", type(error).__name__)
        return refusal(Refused(503, "STORAGE_AWAY", "The app's database is away. Try again in a moment."))


def check(request: HttpRequest) -> None:
    """Refuse what is no question, before anything is read or looked up. Raises Refused."""
    if request.method != "POST":
        raise Refused(405, "METHOD", "Ask by POST.")
    if request.content_type != "application/json":
        raise Refused(415, "CONTENT_TYPE", "Ask in JSON (application/json).")
    try:
        length = len(request.body) if _announced(request) <= LONGEST_BODY else LONGEST_BODY + 1
    except RequestDataTooBig:
        length = LONGEST_BODY + 1
    if length > LONGEST_BODY:
        raise Refused(413, "TOO_LARGE", f"A question has at most {LONGEST_BODY} bytes.")


def bearer(request: HttpRequest) -> str:
    """Return the token of the Authorization header, "" without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def answer(request: HttpRequest, schema: BaseSchema, context: object) -> HttpResponse:
    """Answer the question in a checked request. Raises Refused for one that cannot be read."""
    query, variables, operation = _question(request.body)
    try:
        result = schema.execute_sync(query, variables, context, operation_name=operation)
    except (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError):
        raise Refused(400, "NO_OPERATION", "The request names no operation that could be answered.") from None
    content: dict[str, Any] = {"data": result.data}
    if result.errors:
        content["errors"] = [error.formatted for error in result.errors]
    return _answered(content, 200)


def refusal(refused: Refused) -> HttpResponse:
    """Return a refusal in the form that GraphQL clients read."""
    error = {"message": str(refused), "extensions": {"code": refused.code}}
    response = _answered({"errors": [error]}, refused.status)
    if refused.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if refused.status == 405:
        response["Allow"] = "POST"
    return response


def unauthenticated(reason: str) -> Refused:
    """Return the refusal of a token; ``reason`` holds nothing of it."""
    return Refused(401, "UNAUTHENTICATED", f"The token was refused: {reason}.")


def shop_of(token: str) -> shops.KnownShop:
    """Return the installed shop that a token says it is from; not proved yet. Raises Refused."""
    if not token:
        raise Refused(401, "UNAUTHENTICATED", "The request holds no token (Authorization: Bearer).")
    try:
        shop = shops.find(tokens.issuer(token))
    except tokens.TokenRefused as error:
        raise unauthenticated(str(error)) from None
    if shop is None or shop.is_removed:
        raise unauthenticated("its shop has not installed the app")
    return shop


def staff(token: str, now: datetime) -> Context:
    """Return who asks, of which shop. Raises Refused for a token that does not hold."""
    shop = shop_of(token)
    try:
        return _context(token, shop, now)
    except tokens.AnotherApp as error:
        # The shop may have installed us again, under a new id, since this process looked.
        fresh = shops.find(shop.saleor_api_url, fresh=True)
        if fresh is None or fresh.is_removed or fresh.app_id == shop.app_id:
            raise unauthenticated(str(error)) from None
        shop = fresh
    except tokens.UnknownKey:
        shop = with_new_keys(shop, now)
    except tokens.TokenRefused as error:
        raise unauthenticated(str(error)) from None
    try:
        return _context(token, shop, now)
    except tokens.TokenRefused as error:
        raise unauthenticated(str(error)) from None


def with_new_keys(shop: shops.KnownShop, now: datetime) -> shops.KnownShop:
    """Return the shop with the keys it publishes now. Raises Refused while they cannot be had."""
    try:
        return shops.with_new_keys(shop, now)
    except ShopAway:
        raise Refused(503, "SHOP_AWAY", "The shop's public keys could not be fetched. Try again in a minute.") from None


def _context(token: str, shop: shops.KnownShop, now: datetime) -> Context:
    read = tokens.read_dashboard_token(token, shop.keys, shop.saleor_api_url, shop.app_id, now)
    return Context(shop.installation_id, read, now)


def _announced(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return 0


def _question(body: bytes) -> tuple[str, dict[str, Any] | None, str | None]:
    try:
        content: Any = json.loads(body)
        plain = json.dumps(content, ensure_ascii=False).encode()  # each character has one spelling here
    except UnicodeEncodeError:
        raise Refused(400, "INVALID", "No text may hold half a character (a lone surrogate).") from None
    except (ValueError, RecursionError):
        raise Refused(400, "NOT_JSON", "The body is not JSON.") from None
    if NUL.search(plain):
        raise Refused(400, "INVALID", "No text may hold the character NUL.")
    if isinstance(content, list):
        raise Refused(400, "BATCH", "One question at a time: batches are not answered.")
    if not isinstance(content, dict):
        content = {}
    query, variables, operation = (content.get(name) for name in ("query", "variables", "operationName"))
    if not isinstance(query, str) or not query.strip():
        raise Refused(400, "NO_OPERATION", "The request holds no query.")
    if not isinstance(variables, dict | None) or not isinstance(operation, str | None):
        raise Refused(400, "INVALID", "variables has to be an object and operationName a text.")
    return query, variables, operation


def _answered(content: dict[str, Any], status: int) -> HttpResponse:
    response = JsonResponse(content, status=status)
    response["Cache-Control"] = "no-store"
    response["Vary"] = "Authorization"
    return response
