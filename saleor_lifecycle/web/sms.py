"""Where Twilio tells what became of an SMS, and what people answer to one: proven, stored, then answered."""

import logging
from datetime import datetime

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from saleor_lifecycle.actions import suppressions
from saleor_lifecycle.actions.addresses import address_hash
from saleor_lifecycle.channels import sms
from saleor_lifecycle.domain.sms import Word, word_of
from saleor_lifecycle.models import Installation, Message
from saleor_lifecycle.models.entry import across, within

from .providers import store

PROVIDER, CHANNEL = "twilio", "sms"

logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def told(request: HttpRequest) -> HttpResponse:
    """Store a report or an answer: 200 when it is; 401 without proof, 503 for later."""
    fields = {name: str(value) for name, value in request.POST.items()}
    if not sms.is_proven(request.get_full_path(), fields, request.headers.get("X-Twilio-Signature", "")):
        logger.warning("a report in twilio's name is not proven")
        return HttpResponse("this does not show that it comes from the provider", status=401, content_type="text/plain")
    now = timezone.now()
    try:
        if "message" in request.GET:
            report = sms.report(request.GET["message"], fields)
            store(PROVIDER, None, [report] if report else [])
        else:
            _hear(fields, now)
    except DatabaseError as error:
        logger.error("twilio answered 503: the database does not answer (%s)", type(error).__name__)
        return HttpResponse("the database is away, tell it again", status=503, content_type="text/plain")
    # An empty answer sends nothing back; Twilio confirms a STOP by itself.
    return HttpResponse("<Response/>", content_type="text/xml")


def _hear(fields: dict[str, str], now: datetime) -> None:
    """Do what somebody answered to an SMS, in every shop that wrote to them from this number."""
    number = fields.get("From", "")
    word = word_of(fields.get("OptOutType") or fields.get("Body", ""))
    if word is None or not number:
        return
    with across():
        shops = list(Installation.objects.exclude(state=Installation.State.REMOVED).values_list("id", flat=True))
    for shop in shops:
        with within(shop):
            installation = Installation.objects.get(pk=shop)
            hashed = address_hash(installation, CHANNEL, number)
            if not Message.objects.filter(installation=shop, channel=CHANNEL, address_hash=hashed).exists():
                continue
            if word is Word.STOP:
                named = suppressions.Named("", hashed, suppressions.UNSUBSCRIBED, now)
                suppressions.suppress_named(installation, CHANNEL, [named], now)
            else:
                suppressions.take_back(CHANNEL, [hashed], now)
