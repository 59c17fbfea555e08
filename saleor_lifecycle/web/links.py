"""The two links of a mail: back to the cart, and no more of these.

Mail programs and scanners fetch links, so a GET changes nothing. The unsubscription is the POST that a person's click
or the mail program's own button makes (RFC 8058).
"""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from saleor_lifecycle.actions import consent, flows
from saleor_lifecycle.channels import utm
from saleor_lifecycle.channels.links import Link, LinkBroken, read_unsubscribe
from saleor_lifecycle.models import Brand, Installation, Message
from saleor_lifecycle.models.entry import across, within
from saleor_lifecycle.tasks import carts
from saleor_lifecycle.tasks.carts import Way

from .words import page_language, words

STATUSES = {Way.GONE: 410, Way.ORDERED: 200, Way.EXPIRED: 410, Way.BROKEN: 404, Way.SHOP_AWAY: 503}


@require_safe
@never_cache
def cart(request: HttpRequest, token: str) -> HttpResponse:
    """Lead back to the cart in the storefront, or say why not. Only this answer holds the checkout's id."""
    found = carts.way_back(token, timezone.now())
    if found.installation_id is None:
        return _page(request, "cart_link", "broken", status=404)
    with within(found.installation_id):
        brand = Brand.objects.get(pk=found.installation_id)
    if found.way is not Way.OPEN or found.cart is None:
        language = found.cart.language if found.cart else ""
        return _page(request, "cart_link", found.way.value, brand, language, status=STATUSES[found.way])
    address = brand.cart_url.replace("{checkout_id}", quote(found.cart.checkout_id, safe=""))
    answer = HttpResponseRedirect(utm.add(address, utm.passed_on(request.GET.dict())))
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET; on POST end every commercial e-mail to the person and the address, at once."""
    try:
        link = read_unsubscribe(token)
    except LinkBroken:
        return _page(request, "unsubscribe", "broken", status=404)
    installation_id = _installation(link)
    if installation_id is None:
        return _page(request, "unsubscribe", "broken", status=404)
    now = timezone.now()
    with within(installation_id):
        brand = Brand.objects.get(pk=installation_id)
        installation = Installation.objects.get(pk=installation_id)
        message = (
            Message.objects.select_related("enrollment__cart__identity", "customer", "installation")
            .filter(public_id=link.message_id)
            .first()
        )
        if message is None:
            return _page(request, "unsubscribe", "broken", brand, status=404)
        held = message.enrollment.cart if message.enrollment else None
        language = held.language if held else ""
        is_over = consent.is_unsubscribed(message)
        if request.method != "POST":
            return _page(request, "unsubscribe", "already" if is_over else "ask", brand, language)
        consent.unsubscribe(message, now)
        if message.customer_id is not None:
            flows.advance(installation, [message.customer_id], now)
    return _page(request, "unsubscribe", "done", brand, language)


def _installation(link: Link) -> int | None:
    with across():
        return Installation.objects.filter(public_id=link.installation_id).values_list("id", flat=True).first()


def _page(
    request: HttpRequest,
    page: str,
    state: str,
    brand: Brand | None = None,
    language: str = "",
    status: int = 200,
) -> HttpResponse:
    spoken = page_language(language or request.headers.get("Accept-Language", "en").partition(",")[0])
    context = {
        "language": spoken,
        "words": words(spoken, page, state),
        "shop_name": brand.sender_name if brand else "",
        "storefront_url": brand.storefront_url if brand else "",
    }
    answer = render(request, f"lifecycle/{page}.html", context, status=status)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
