"""The page on which an address's holder says that a shop may write in their name."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from saleor_lifecycle.actions import senders
from saleor_lifecycle.actions.senders import Standing
from saleor_lifecycle.channels.links import LinkBroken, read_sender
from saleor_lifecycle.models import Brand
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.nudge import SEND, nudge

from .pages import installation_of, page


@csrf_exempt  # only whoever reads the address's mail has the link
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET, because programs follow links too; on POST store the yes."""
    now = timezone.now()
    try:
        link = read_sender(token)
    except LinkBroken:
        return page(request, "sender", "broken", status=404)
    installation_id = installation_of(link)
    if installation_id is None:
        return page(request, "sender", "broken", status=404)
    with within(installation_id):
        brand = Brand.objects.get(pk=installation_id)
        sender = senders.find(link.sender_id)
        if sender is None:
            return page(request, "sender", "expired", brand, status=410)
        state = senders.confirm(sender, now) if request.method == "POST" else senders.state_of(sender, now)
        more = {"address": sender.address}
    if state is Standing.DONE:
        nudge(SEND, installation_id)
    return page(request, "sender", state.value, brand, status=410 if state is Standing.EXPIRED else 200, more=more)
