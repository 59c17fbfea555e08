"""Where Saleor delivers: verified over the raw bytes, stored once, answered; nothing else happens here.

Saleor retries only on 5xx and time-outs, for about five minutes, so everything that may pass is a 503; its staff reads
our answers in the Dashboard, so they are short, plain and hold nothing personal.
"""

import hashlib
import json
import logging
from datetime import datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from saleor_lifecycle.actions import events
from saleor_lifecycle.saleor import legacy
from saleor_lifecycle.saleor.errors import ShopAway
from saleor_lifecycle.saleor.webhooks import BadSignature, UnknownKey, verify
from saleor_lifecycle.tasks.nudge import nudger

from . import shops

logger = logging.getLogger(__name__)


class Answer(Exception):
    """A refusal: the status, and what the shop's staff may read."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Store one delivery: 200, also when it is there; 401 when the shop did not sign it; 503 when later may do."""
    now = timezone.now()
    name = request.META.get("HTTP_SALEOR_EVENT", "")
    try:
        is_new = _receive(request, name, now)
    except Answer as answer:
        logger.warning("delivery %s answered %s: %s", name[:60], answer.status, answer)
        return JsonResponse({"error": {"message": str(answer)}}, status=answer.status)
    except DatabaseError as error:
        logger.error("delivery %s answered 503: the database does not answer (%s)", name[:60], type(error).__name__)
        return JsonResponse({"error": {"message": "The app's database is away. Saleor will try again."}}, status=503)
    return HttpResponse(b'{"new": true}' if is_new else b'{"new": false}', content_type="application/json")


def _receive(request: HttpRequest, name: str, now: datetime) -> bool:
    try:
        body = request.body
    except RequestDataTooBig:
        raise Answer(413, "The body is larger than this app accepts (MAX_BODY_BYTES).") from None
    signature = request.META.get("HTTP_SALEOR_SIGNATURE", "")
    if not signature:
        raise Answer(401, "The delivery is not signed.")
    shop = shops.find(request.META.get("HTTP_SALEOR_API_URL", ""))
    if shop is None or shop.is_removed:
        raise Answer(503, "This shop is not registered with the app yet. Saleor will try again.")
    shop = _verified(body, signature, shop, now)
    sealed = request.META.get("HTTP_X_LIFECYCLE_RECIPIENT", "")
    if not _is_for(shop.app_id, body, name, sealed):
        shop = shops.find(shop.saleor_api_url, fresh=True)
        if shop is None or not _is_for(shop.app_id, body, name, sealed):
            # The new installation's webhooks are live before its registration reaches us.
            raise Answer(503, "The delivery is for an installation of the app that is not registered yet.")
    is_new = events.record(shop.installation_id, events.Delivery(name, hashlib.sha256(body).hexdigest(), body, now))
    nudger.soon(shop.installation_id)
    return is_new


def _verified(body: bytes, signature: str, shop: shops.KnownShop, now: datetime) -> shops.KnownShop:
    try:
        verify(body, signature, shop.keys)
    except UnknownKey:
        try:
            shop = shops.with_new_keys(shop, now)
            verify(body, signature, shop.keys)
        except ShopAway:
            raise Answer(503, "The shop's public keys could not be fetched. Saleor will try again.") from None
        except UnknownKey:
            if shop.keys_fetched_at is not None and shop.keys_fetched_at < now:
                # The shop may have changed its key since, and anybody can make us ask too early, by a forged one.
                raise Answer(503, "The key is not known, and the shop was asked a moment ago. Try again.") from None
            raise Answer(401, "The signature is not one of this shop's.") from None
        except BadSignature:
            raise Answer(401, "The signature is not one of this shop's.") from None
    except BadSignature:
        raise Answer(401, "The signature does not fit the body.") from None
    return shop


def _is_for(app_id: str, body: bytes, name: str, sealed: str) -> bool:
    """Does the body, or what an old Saleor sends beside it, name this app as its recipient? Raises Answer if neither.

    First looked for as Saleor writes it: reading the whole body would take as long as checking its signature. No text
    within the body can look like it, since JSON puts a backslash before the quotes of a text.
    """
    if body[:1] == b"{" and b'"recipient": {"id": "%s"' % app_id.encode() in body:
        return True
    try:
        content: Any = json.loads(body)
    except ValueError:
        raise Answer(400, "The body is not JSON.") from None
    try:
        is_legacy = legacy.deleted_user(name, content) is not None
        recipient = legacy.recipient(sealed) if is_legacy else content["recipient"]["id"]
    except (KeyError, TypeError):
        recipient = None
    if recipient is None:
        raise Answer(400, "The body does not name its recipient: the webhook's query is not this app's.")
    return bool(recipient == app_id)
