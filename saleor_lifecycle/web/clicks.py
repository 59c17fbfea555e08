"""The links and the picture of a message, by way of us: where each leads is signed within it, so nothing else can.

Whoever follows one is led on at once, whatever becomes of writing it down. A GET reserves and mints nothing; that it
came is a fact, judged later (domain/scanners.py).
"""

import logging
from base64 import b64decode
from functools import cache
from ipaddress import ip_network

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from saleor_lifecycle.actions import clicks
from saleor_lifecycle.channels.links import Click, Link, LinkBroken, read_click, read_open
from saleor_lifecycle.domain.scanners import Network, Trait, traits
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import across, within

from .links import broken
from .networks import address_of

# One transparent point.
PICTURE = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def click(request: HttpRequest, token: str) -> HttpResponse:
    """Lead on to where a message's link leads; 404 for a link that is not ours."""
    try:
        link = read_click(token)
    except LinkBroken:
        return broken(request)
    if not _record(link.message, link, request):
        return broken(request)
    return _quiet(HttpResponseRedirect(link.url))


@require_safe
@never_cache
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """Answer the picture of a message; 404 for one that is not ours."""
    try:
        link = read_open(token)
    except LinkBroken:
        return HttpResponse(status=404)
    if not _record(link, None, request):
        return HttpResponse(status=404)
    return _quiet(HttpResponse(PICTURE, content_type="image/gif"))


def _record(link: Link, click: Click | None, request: HttpRequest) -> bool:
    """Write down what was followed; return whether its message is one of ours, as far as anybody can say now."""
    followed = clicks.Followed(
        link.message_id, _traits(request), click.place if click else None, click.links if click else None
    )
    try:
        with across():
            found = Installation.objects.filter(public_id=link.installation_id).values_list("id", flat=True).first()
        if found is None:
            return False
        with within(found):
            return clicks.record(found, followed, timezone.now())
    except DatabaseError as error:
        logger.error("what was followed is not written down: the database does not answer (%s)", type(error).__name__)
        return True


def _traits(request: HttpRequest) -> frozenset[Trait]:
    return traits(request.method or "", request.headers, address_of(request), _networks())


@cache
def _networks() -> tuple[Network, ...]:
    return tuple(ip_network(text) for text in settings.SCANNER_NETWORKS)


def _quiet(answer: HttpResponse) -> HttpResponse:
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
