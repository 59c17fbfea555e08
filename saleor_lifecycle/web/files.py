"""Files over plain HTTP, for staff who have the extension open: of customers, what was refused, suppressed addresses.

A file comes as the body itself, streamed: nothing of it is held in memory or on disk on its way to the database.
"""

import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from saleor_lifecycle.actions import customer_files as files
from saleor_lifecycle.api.dashboard.access import Context, Permission
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.customer_files import LARGEST, Empty, TooLarge, upload
from saleor_lifecycle.tasks.refused_lines import refused_lines
from saleor_lifecycle.tasks.suppressions import given_out

from .graphql import Refused, bearer, refusal, staff

PIECE = 1 << 16

logger = logging.getLogger(__name__)


@csrf_exempt  # a token in a header is asked for, which no other site's form can send
def hand_in(request: HttpRequest) -> HttpResponse:
    """Store the file in the body, named by ``?name=``; answer its id (201)."""
    try:
        if request.method != "POST":
            raise Refused(405, "METHOD", "Hand a file in by POST.")
        context = _permitted(request)
        if _announced(request) > LARGEST:
            raise TooLarge
        name = request.GET.get("name", "")
        public_id = upload(context.installation_id, name, _pieces(request), context.now)
    except Refused as refused:
        return refusal(refused)
    except TooLarge:
        return refusal(Refused(413, "TOO_LARGE", "A file has at most 1 GB."))
    except Empty:
        return refusal(Refused(400, "EMPTY", "There is nothing in the file."))
    except UnreadablePostError:
        return refusal(Refused(400, "BROKEN_OFF", "The file broke off on its way."))
    except DatabaseError as error:
        logger.error("a file was answered 503: the database does not answer (%s)", type(error).__name__)
        return refusal(Refused(503, "STORAGE_AWAY", "The app's database is away. Try again in a moment."))
    return _unkept(JsonResponse({"id": str(public_id)}, status=201))


def refused(request: HttpRequest, public_id: UUID) -> Any:
    """Answer the refused lines of a file as CSV, piece by piece."""
    try:
        if request.method != "GET":
            raise Refused(405, "METHOD", "Ask by GET.")
        context = _permitted(request)
        with within(context.installation_id):
            file = files.find(public_id)
        if file is None:
            raise Refused(404, "NOT_FOUND", "There is no such file.")
    except Refused as refused:
        return refusal(refused)
    except DatabaseError as error:
        logger.error("refused lines were answered 503: the database does not answer (%s)", type(error).__name__)
        return refusal(Refused(503, "STORAGE_AWAY", "The app's database is away. Try again in a moment."))
    answer = StreamingHttpResponse(refused_lines(context.installation_id, public_id), content_type="text/csv")
    answer["Content-Disposition"] = 'attachment; filename="refused.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return _unkept(answer)


def suppressed(request: HttpRequest) -> Any:
    """Answer the addresses of a channel that are never written to as CSV, piece by piece; hashes where we hold no more.

    What comes out can be handed in again, in the Dashboard or with the command ``suppressions``.
    """
    try:
        if request.method != "GET":
            raise Refused(405, "METHOD", "Ask by GET.")
        context = _permitted(request)
    except Refused as refused:
        return refusal(refused)
    except DatabaseError as error:
        logger.error("suppressions were answered 503: the database does not answer (%s)", type(error).__name__)
        return refusal(Refused(503, "STORAGE_AWAY", "The app's database is away. Try again in a moment."))
    channel = request.GET.get("channel", "email")
    answer = StreamingHttpResponse(given_out(context.installation_id, channel), content_type="text/csv")
    answer["Content-Disposition"] = 'attachment; filename="suppressions.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return _unkept(answer)


def _permitted(request: HttpRequest) -> Context:
    context = staff(bearer(request), timezone.now())
    if Permission.USERS.value not in context.token.permissions:
        raise Refused(403, "PERMISSION_DENIED", f"You need the permission {Permission.USERS.value}.")
    return context


def _announced(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return 0


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    while piece := request.read(PIECE):
        yield piece


def _unkept(answer: Any) -> Any:
    answer["Cache-Control"] = "no-store"
    answer["Vary"] = "Authorization"
    return answer
