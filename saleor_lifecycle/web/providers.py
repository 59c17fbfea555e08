"""Where mail providers report what became of messages: proven, stored, then answered.

One address for each installation that has an account of its own, and one for the operator's account, whose reports
are told apart by our own message id. A provider tells again what is not answered 200, so that is said only of what is
stored; what is not about a message of ours is answered so too, and left out.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from saleor_lifecycle.actions import delivery_events, provider_webhooks
from saleor_lifecycle.channels.provider_events import SECRET, SIGNING, NotProven, Unreadable, has_proof, read
from saleor_lifecycle.domain.delivery_events import Report
from saleor_lifecycle.models import Installation, Message
from saleor_lifecycle.models.entry import across, within

logger = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, provider: str, installation: UUID | None = None) -> HttpResponse:
    """Store a provider's reports: 200 when they are; 401 without proof, 404 where nobody waits for them, 503 for later.

    A GET or HEAD, by which some providers try the address, is answered and changes nothing.
    """
    try:
        installation_id, secrets = _expected(provider, installation)
        if not has_proof(provider, secrets):
            return _answer(404, "no reports of this provider are expected here")
        if request.method != "POST":
            return _answer(200, "")
        reports = read(provider, secrets, request)
        count = store(provider, installation_id, reports)
    except NotProven:
        logger.warning("a report in %s's name is not proven", provider)
        answer = _answer(401, "this does not show that it comes from the provider")
        # Amazon's SNS sends name and password only when it was asked for them.
        answer["WWW-Authenticate"] = 'Basic realm="delivery events"'
        return answer
    except RequestDataTooBig:
        return _answer(413, "the body is larger than this app accepts (MAX_BODY_BYTES)")
    except Unreadable as error:
        logger.warning("a report of %s cannot be read (%s)", provider, type(error.__cause__).__name__)
        return _answer(400, "this cannot be read")
    except DatabaseError as error:
        logger.error("a report of %s answered 503: the database does not answer (%s)", provider, type(error).__name__)
        return _answer(503, "the database is away, tell it again")
    logger.info("%s reported %s events, %s of them new", provider, len(reports), count)
    return _answer(200, "")


def _answer(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _expected(provider: str, installation: UUID | None) -> tuple[int | None, dict[str, str]]:
    """Return whose reports come here, None for the operator's account, and the secrets that prove them."""
    if installation is None:
        names = {SECRET: "WEBHOOK_SECRET"}
        if provider in SIGNING:
            names[SIGNING[provider]] = f"{provider}_{SIGNING[provider]}".upper()
        own: dict[str, str] = settings.ANYMAIL  # type: ignore[assignment]  # an object, as anymail has it
        return None, {name: own[key] for name, key in names.items() if own.get(key)}
    with across():
        found = Installation.objects.filter(public_id=installation).values_list("id", flat=True).first()
    if found is None:
        return None, {}
    with within(found):
        proof = provider_webhooks.proof(found, provider)
    return found, dict(proof.secrets) if proof else {}


def store(provider: str, installation_id: int | None, reports: Iterable[Report]) -> int:
    """Store reports with the installations whose messages they are about; return how many are new."""
    now, count = timezone.now(), 0
    for owner, told in _by_owner(installation_id, reports).items():
        with within(owner):
            count += delivery_events.apply(Installation.objects.get(pk=owner), provider, told, now)
            provider_webhooks.note(owner, provider, now)
    return count


def _by_owner(installation_id: int | None, reports: Iterable[Report]) -> dict[int, list[Report]]:
    held = list(reports)
    if installation_id is not None:
        return {installation_id: held} if held else {}
    named = {one.message_id for one in held if one.message_id}
    with across():
        owners = dict(Message.objects.filter(public_id__in=named).values_list("public_id", "installation_id"))
    told: dict[int, list[Report]] = defaultdict(list)
    for one in held:
        if one.message_id in owners:
            told[owners[one.message_id]].append(one)
    return told
