"""The app as Saleor installs it: its manifest, its registration, its health."""

import json
import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from saleor_lifecycle import __version__
from saleor_lifecycle.actions import backfill, installations
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.outbound import AddressRefused
from saleor_lifecycle.saleor import manifest as manifests
from saleor_lifecycle.saleor.addresses import check_api_url
from saleor_lifecycle.saleor.errors import ShopAway, ShopError, TokenDead
from saleor_lifecycle.saleor.gateway import InstalledApp, Shop
from saleor_lifecycle.saleor.webhooks import fetch_jwks
from saleor_lifecycle.tasks.installations import add_ready_templates
from saleor_lifecycle.tasks.nudge import BACKFILL, RECONCILE, nudge

from . import shops

logger = logging.getLogger(__name__)


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """Answer the manifest for the Saleor that asks."""
    version = request.headers.get("Saleor-Schema-Version")
    built = manifests.build(
        settings.PUBLIC_URL, version, __version__, settings.MANIFEST_APP_ID, iframe_url=settings.IFRAME_URL
    )
    return JsonResponse(built)


@csrf_exempt
@require_POST
def register(request: HttpRequest) -> HttpResponse:
    """Store an installation after its shop has confirmed the token; the request itself proves nothing.

    A refusal's message is what the merchant reads in the Dashboard.
    """
    try:
        registration = _confirmed(request)
        now = timezone.now()
        installation_id = installations.register(registration, now)
        add_ready_templates(installation_id, now)
        with within(installation_id):
            backfill.begin(installation_id, now)
    except Refusal as refusal:
        logger.warning("registration refused (%s): %s", refusal.code, refusal)
        error = {"code": refusal.code, "message": str(refusal)}
        return JsonResponse({"success": False, "error": error}, status=refusal.status)
    except DatabaseError as error:
        logger.error("registration failed: the database does not answer (%s)", type(error).__name__)
        message = "The app's database is away. Try to install it again in a few minutes."
        return JsonResponse({"success": False, "error": {"code": "STORAGE_AWAY", "message": message}}, status=503)
    shops.forget()
    nudge(RECONCILE, installation_id)  # an older Saleor takes one of the webhooks only afterwards
    nudge(BACKFILL, installation_id)
    logger.info("installation %s registered", installation_id)
    return JsonResponse({"success": True})


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": "away"}, status=503)
    return JsonResponse({"database": "ok", "version": __version__})


class Refusal(Exception):
    """Why a shop may not register, in words for its merchant."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code


def _confirmed(request: HttpRequest) -> installations.Registration:
    api_url = request.headers.get("Saleor-Api-Url", "")
    token = _token(request)
    if not api_url or not token:
        raise Refusal(400, "INCOMPLETE", "The registration names no shop or holds no token.")
    try:
        if api_url not in settings.SALEOR_API_URL_REWRITES:  # those are known to whoever runs the app
            check_api_url(api_url, settings.ALLOWED_DOMAIN_PATTERN, settings.ALLOW_PRIVATE_ADDRESSES)
    except AddressRefused as error:
        raise Refusal(403, "SALEOR_URL_PROHIBITED", str(error)) from None
    app = _ask(api_url, token)
    if app.identifier != settings.MANIFEST_APP_ID:
        raise Refusal(401, "UNKNOWN_APP_ID", "The token belongs to another app of the shop.")
    try:
        jwks = fetch_jwks(api_url, settings.ALLOW_PRIVATE_ADDRESSES)
    except ShopAway:
        raise Refusal(
            503, "JWKS_NOT_AVAILABLE", "The shop's public keys (/.well-known/jwks.json) could not be read."
        ) from None
    return installations.Registration(
        saleor_api_url=api_url,
        app_id=app.app_id,
        token=token,
        jwks=jwks,
        saleor_version=app.saleor_version,
        shop_name=app.shop_name,
        permissions=sorted(app.permissions),
    )


def _token(request: HttpRequest) -> str:
    try:
        content: Any = json.loads(request.body)
    except (ValueError, RequestDataTooBig):
        return ""
    token = content.get("auth_token") if isinstance(content, dict) else None
    return token if isinstance(token, str) else ""


def _ask(api_url: str, token: str) -> InstalledApp:
    try:
        with Shop(api_url, token, settings.ALLOW_PRIVATE_ADDRESSES) as shop:
            return shop.installed_app()
    except TokenDead:
        text = "The shop does not know the token. Is the app switched on (activate after installation)?"
        raise Refusal(401, "UNKNOWN_APP_ID", text) from None
    except ShopError as error:
        logger.warning("registration: the shop could not be asked (%s)", error)
        text = f"The app could not reach the shop's API at {api_url}. Is that address reachable from the app?"
        raise Refusal(503, "SHOP_AWAY", text) from None
