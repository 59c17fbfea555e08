"""The pages that mails link to: no script, no cookie, nothing of the person in them; kept and indexed by nobody."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from saleor_lifecycle.channels.links import Link, OptInLink, SenderLink
from saleor_lifecycle.models import Brand, Installation, Message
from saleor_lifecycle.models.entry import across

from .words import page_language, words


def spoken_to(request: HttpRequest, language: str) -> str:
    """Return the language of a page: what is known of its reader, else what their browser asks for."""
    return page_language(language or request.headers.get("Accept-Language", "en").partition(",")[0])


def page(
    request: HttpRequest,
    name: str,
    state: str,
    brand: Brand | None = None,
    language: str = "",
    status: int = 200,
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Return a page in one of its states."""
    spoken = spoken_to(request, language)
    context = {
        "language": spoken,
        "words": words(spoken, name, state),
        "shop_name": brand.sender_name if brand else "",
        "storefront_url": brand.storefront_url if brand else "",
        **(more or {}),
    }
    answer = render(request, f"lifecycle/{name}.html", context, status=status)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def installation_of(link: Link | OptInLink | SenderLink) -> int | None:
    """Return whose link it is; None where there is no such installation."""
    with across():
        return Installation.objects.filter(public_id=link.installation_id).values_list("id", flat=True).first()


def message_of(link: Link) -> Message | None:
    """Return the message that a link came with."""
    held = Message.objects.select_related("enrollment__cart__identity", "customer", "installation__policy")
    return held.filter(public_id=link.message_id).first()
