"""GraphQL for storefronts: the address names the installation, a header the customer or the storefront's server."""

import binascii
import logging
import re
from base64 import b64decode, b64encode
from datetime import datetime

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from saleor_lifecycle.actions import installations
from saleor_lifecycle.api.storefront.access import Context, People
from saleor_lifecycle.api.storefront.schema import schema
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor import tokens

from . import graphql, shops
from .graphql import Refused
from .networks import network_of

SERVER_KEY = "Lifecycle-Server-Key"
CUSTOMER = "Lifecycle-Customer"

logger = logging.getLogger(__name__)


@csrf_exempt  # nothing is known of a request but its own headers, which no other site's form can send
def storefront(request: HttpRequest, key: str) -> HttpResponse:
    """Answer a customer, a storefront's server, or nobody in particular."""
    now = timezone.now()
    try:
        graphql.check(request)
        shop = shops.named(key)
        if shop is None or shop.is_removed:
            raise Refused(
                404, "UNKNOWN_STOREFRONT", "No shop has this storefront key. It stands in the app's settings."
            )
        return graphql.answer(request, schema, _context(request, shop, now))
    except Refused as refused:
        return graphql.refusal(refused)
    except DatabaseError as error:
        logger.error("storefront question answered 503: the database does not answer (%s)", type(error).__name__)
        return graphql.refusal(Refused(503, "STORAGE_AWAY", "The app's database is away. Try again in a moment."))


def _context(request: HttpRequest, shop: shops.KnownShop, now: datetime) -> Context:
    """Return who asks. Raises Refused: a token or key that does not hold never counts as nobody's."""
    people = People(shop.installation_id)
    token, server_key = _token(request), request.headers.get(SERVER_KEY, "").strip()
    named = request.headers.get(CUSTOMER, "").strip()
    if token and server_key:
        raise Refused(400, "AMBIGUOUS", f"Send the customer's token or {SERVER_KEY}, not both.")
    if server_key:
        _check_server_key(shop, server_key)
        return Context(shop.installation_id, _user_id(named), None, True, now, people)
    if named:
        raise Refused(401, "UNAUTHENTICATED", f"{CUSTOMER} is for servers: it needs {SERVER_KEY}.")
    if not token:
        return Context(shop.installation_id, None, None, False, now, people, network_of(request))
    customer = _customer(token, shop, now)
    return Context(shop.installation_id, customer.user_id, customer.email, False, now, people, network_of(request))


def _token(request: HttpRequest) -> str:
    """Return the customer's token from one of the headers that Saleor takes it from; "" where there is none."""
    bare = request.headers.get("Authorization-Bearer", "").strip()
    value = request.headers.get("Authorization", "").strip()
    if bare or not value:
        return bare
    scheme, _, token = value.partition(" ")
    if scheme.lower() not in ("bearer", "jwt") or not token.strip():
        raise graphql.unauthenticated("it has the form Authorization: Bearer <token>")
    return token.strip()


def _customer(token: str, shop: shops.KnownShop, now: datetime) -> tokens.CustomerToken:
    try:
        try:
            return tokens.read_customer_token(token, shop.keys, shop.saleor_api_url, now)
        except tokens.UnknownKey:
            fresh = graphql.with_new_keys(shop, now)
            return tokens.read_customer_token(token, fresh.keys, fresh.saleor_api_url, now)
    except tokens.TokenRefused as error:
        raise graphql.unauthenticated(str(error)) from None


def _check_server_key(shop: shops.KnownShop, key: str) -> None:
    with within(shop.installation_id):
        installation = Installation.objects.get(pk=shop.installation_id)
    if not installations.is_server_key(installation, key):
        raise Refused(401, "UNAUTHENTICATED", f"{SERVER_KEY} was refused: it is not the shop's, or has been replaced.")


def _user_id(named: str) -> str | None:
    """Return the account that a server asks for, None for nobody. Raises Refused for what is no Saleor user's id."""
    if not named:
        return None
    try:
        text = b64decode(named, validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    if not re.fullmatch(r"User:[0-9]{1,18}", text) or b64encode(text.encode()).decode() != named:
        raise Refused(400, "INVALID", f"{CUSTOMER} is the id of a Saleor user, as its API gives it.")
    return named
