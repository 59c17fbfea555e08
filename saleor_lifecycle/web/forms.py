"""Forms in which people ask to be written to, as any web page may hold them, and the page that confirms them."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from saleor_lifecycle.actions import bases, opt_ins
from saleor_lifecycle.actions.opt_ins import Standing
from saleor_lifecycle.channels.links import LinkBroken, read_confirm
from saleor_lifecycle.domain.customer_files import is_email
from saleor_lifecycle.models import Brand, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.nudge import SEND, nudge

from . import shops
from .networks import network_of
from .pages import installation_of, page, spoken_to

LONGEST_TEXT = 5000
LONGEST_PAGE = 300
TRAP = "website"
"""A field that people do not see: whoever fills it in is a program."""


@csrf_exempt  # it stands on the shop's pages, and asks for nothing that the address's holder does not confirm
@require_POST
@never_cache
def subscribe(request: HttpRequest, key: str) -> HttpResponse:
    """Take in a form: ``email``, ``text`` (what it said), ``topic`` (any number), ``language`` and ``page``.

    Every address gets the same answer, whatever is known of it.
    """
    shop = shops.named(key)
    if shop is None or shop.is_removed:
        return page(request, "subscribe", "broken", status=404)
    now, given = timezone.now(), request.POST
    address, text, where = given.get("email", "").strip().lower(), given.get("text", "").strip(), given.get("page", "")
    asked_topics = tuple(given.getlist("topic"))
    with within(shop.installation_id):
        installation = Installation.objects.get(pk=shop.installation_id)
        brand = Brand.objects.get(pk=shop.installation_id)
        known = {topic.key for topic in bases.topics(installation.pk)}
        language = spoken_to(request, given.get("language", ""))
        is_written = 0 < len(text) <= LONGEST_TEXT and len(where) <= LONGEST_PAGE and set(asked_topics) <= known
        if not is_written or "\x00" in f"{text}{where}":
            return page(request, "subscribe", "broken", brand, language, status=400)
        if not is_email(address):
            return page(request, "subscribe", "no_address", brand, language, status=422)
        if not opt_ins.admit(installation, network_of(request), now):
            return page(request, "subscribe", "too_many", brand, language, status=429)
        if not given.get(TRAP):
            form = opt_ins.Form(address, asked_topics, language, text, where, network_of(request))
            opt_ins.ask(installation, form, now)
    nudge(SEND, shop.installation_id)
    return page(request, "subscribe", "sent", brand, language)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET; on POST store the yes."""
    now = timezone.now()
    try:
        link = read_confirm(token)
    except LinkBroken:
        return page(request, "confirm", "broken", status=404)
    installation_id = installation_of(link)
    if installation_id is None:
        return page(request, "confirm", "broken", status=404)
    with within(installation_id):
        brand = Brand.objects.get(pk=installation_id)
        opt_in = opt_ins.find(link.opt_in_id)
        if opt_in is None:
            return page(request, "confirm", "expired", brand, status=410)
        state = opt_ins.state_of(opt_in, now)
        if request.method == "POST":
            state = opt_ins.confirm(opt_in, network_of(request), now)
    status = 410 if state is Standing.EXPIRED else 200
    return page(request, "confirm", state.value, brand, opt_in.language, status)
