"""Addresses of flows: another system names a customer, and hears what became of it."""

import json
import logging
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.db import Error as DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from saleor_lifecycle.actions import entries, flow_hooks
from saleor_lifecycle.domain.flow_calls import FlowCall, FlowCallError, read_call
from saleor_lifecycle.models import FlowHook, Installation
from saleor_lifecycle.models.entry import across, within
from saleor_lifecycle.tasks.nudge import ADVANCE, nudge

LARGEST = 32 * 1024
"""Bytes of a body: fifty properties fit."""

logger = logging.getLogger(__name__)


@csrf_exempt  # the address itself is the secret, which no other site's form knows
@never_cache
def receive(request: HttpRequest, public_id: UUID, secret: str) -> JsonResponse:
    """Let a customer in: 202 with ``outcome``, also for one whom the shop does not know, of whom nothing is kept.

    Nothing that was sent is said again.
    """
    if request.method != "POST":
        answer = _refusal(405, "METHOD_NOT_ALLOWED", "This address takes POST.")
        answer["Allow"] = "POST"
        return answer
    try:
        return _take(request, public_id, secret)
    except FlowCallError as error:
        return _refusal(422, "INVALID", error.text, error.field)
    except RequestDataTooBig:
        return _refusal(413, "TOO_LARGE", f"A body has at most {LARGEST} bytes.")
    except DatabaseError as error:
        logger.error("a call of a flow answered 503: the database does not answer (%s)", type(error).__name__)
        return _refusal(503, "STORAGE_AWAY", "The app's database is away. Try again in a moment.")


def _take(request: HttpRequest, public_id: UUID, secret: str) -> JsonResponse:
    now = timezone.now()
    with across():
        owners = FlowHook.objects.filter(public_id=public_id).values_list("installation_id", flat=True)
        installation_id = next(iter(owners), None)
    if installation_id is None:
        return _refusal(404, "NOT_FOUND", "There is no such address.")
    with within(installation_id):
        hook = flow_hooks.find(public_id, secret)
        installation = Installation.objects.get(pk=installation_id)
    if hook is None or installation.state == Installation.State.REMOVED:
        return _refusal(404, "NOT_FOUND", "There is no such address.")
    with within(installation_id):
        is_admitted = flow_hooks.admit(hook, now)
    if not is_admitted:
        answer = _refusal(429, "RATE_LIMITED", f"At most {flow_hooks.PER_MINUTE} calls a minute.")
        answer["Retry-After"] = "60"
        return answer
    call = _read(request)
    try:
        with within(installation_id):
            outcome = flow_hooks.enter(installation, hook.flow.key, call, "webhook", now)
    except entries.NoSuchFlow:
        return _refusal(404, "NOT_FOUND", "The flow is not started by this address any more.")
    if outcome == entries.ENTERED:
        nudge(ADVANCE, installation_id)
    return JsonResponse({"outcome": outcome}, status=202)


def _read(request: HttpRequest) -> FlowCall:
    if len(request.body) > LARGEST:
        raise RequestDataTooBig
    try:
        given: Any = json.loads(request.body)
    except (ValueError, RecursionError):
        raise FlowCallError("", "The body is not JSON.") from None
    return read_call(given)


def _refusal(status: int, code: str, message: str, field: str = "") -> JsonResponse:
    return JsonResponse({"errors": [{"field": field or None, "code": code, "message": message}]}, status=status)
