"""The links of a mail that lead back to the cart, and out of these mails.

Mail programs and scanners fetch links, so a GET changes nothing. The unsubscription is the POST that a person's click
or the mail program's own button makes (RFC 8058).
"""

import time
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from saleor_lifecycle.actions import consent, flows, preferences, send_facts
from saleor_lifecycle.channels import utm
from saleor_lifecycle.channels.links import LinkBroken, preferences_token, read_unsubscribe
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.models import Brand, Message
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import carts
from saleor_lifecycle.tasks.carts import Way

from .pages import installation_of, message_of, page, spoken_to
from .preferences import offered

STATUSES = {Way.GONE: 410, Way.ORDERED: 200, Way.EXPIRED: 410, Way.BROKEN: 404, Way.SHOP_AWAY: 503}
PATIENCE_SECONDS = 5.0
"""How long the page waits for what is on its way out."""
LOOK_SECONDS = 0.1


@require_safe
@never_cache
def cart(request: HttpRequest, token: str) -> HttpResponse:
    """Lead back to the cart in the storefront, or say why not. Only this answer holds the checkout's id."""
    found = carts.way_back(token, timezone.now())
    if found.installation_id is None:
        return page(request, "cart_link", "broken", status=404)
    with within(found.installation_id):
        brand = Brand.objects.get(pk=found.installation_id)
    if found.way is not Way.OPEN or found.cart is None:
        language = found.cart.language if found.cart else ""
        return page(request, "cart_link", found.way.value, brand, language, status=STATUSES[found.way])
    address = brand.cart_url.replace("{checkout_id}", quote(found.cart.checkout_id, safe=""))
    answer = HttpResponseRedirect(utm.add(address, utm.passed_on(request.GET.dict())))
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET; on POST end every commercial e-mail to the person and the address, at once, and offer topics."""
    try:
        link = read_unsubscribe(token)
    except LinkBroken:
        return page(request, "unsubscribe", "broken", status=404)
    installation_id = installation_of(link)
    if installation_id is None:
        return page(request, "unsubscribe", "broken", status=404)
    now = timezone.now()
    with within(installation_id):
        brand = Brand.objects.get(pk=installation_id)
        message = message_of(link)
        if message is None:
            return page(request, "unsubscribe", "broken", brand, status=404)
        language = send_facts.language_of(message)
        is_over = consent.is_unsubscribed(message)
        if request.method == "POST":
            consent.unsubscribe(message, now)
            person = consent.person_of(message)
            if person is not None:
                flows.advance(message.installation, [person], now)
        standing = preferences.standing(message, now)
    state = "already" if is_over else "ask"
    if request.method == "POST":
        # The mail program's own button has no reader who would wait for an answer.
        is_read = "List-Unsubscribe" not in request.POST
        state = "late" if is_read and standing is not None and _is_one_leaving(message, standing.person) else "done"
    more = None if standing is None else offered(standing, spoken_to(request, language), preferences_token(link))
    return page(request, "unsubscribe", state, brand, language, more=more)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that a link is not ours, or was cut short."""
    return page(request, "cart_link", "broken", status=404)


def _is_one_leaving(message: Message, person: int) -> bool:
    """Is a message for this person on its way out, and still so after some seconds? It cannot be called back."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while True:
        with within(message.installation_id):
            leaving = Message.objects.filter(
                customer=person,
                channel=message.channel,
                state=Message.State.SENDING,
                purpose=Purpose.COMMERCIAL.value,
            ).exists()
        if not leaving or time.monotonic() >= ends:
            return leaving
        time.sleep(LOOK_SECONDS)
