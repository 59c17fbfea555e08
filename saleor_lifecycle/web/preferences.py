"""The page of preferences behind a mail's link: no account is needed, and looking changes nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from saleor_lifecycle.actions import flows, preferences, send_facts
from saleor_lifecycle.actions.preferences import Standing
from saleor_lifecycle.channels.blocks import LANGUAGES
from saleor_lifecycle.channels.links import Link, LinkBroken, preferences_token, read_preferences, unsubscribe_url
from saleor_lifecycle.domain.consent import PERMITTING
from saleor_lifecycle.domain.preferences import PAUSES, Frequency, Preferences
from saleor_lifecycle.models import Brand
from saleor_lifecycle.models.entry import within

from .pages import installation_of, message_of, page, spoken_to
from .preference_words import CHOICES


@csrf_exempt  # the address is the proof: whoever has the mail may choose
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """Show what stands; on POST store what was chosen."""
    try:
        link = read_preferences(token)
    except LinkBroken:
        return page(request, "preferences", "broken", status=404)
    installation_id = installation_of(link)
    if installation_id is None:
        return page(request, "preferences", "broken", status=404)
    now = timezone.now()
    with within(installation_id):
        brand = Brand.objects.get(pk=installation_id)
        message = message_of(link)
        standing = preferences.standing(message, now) if message else None
        if message is None or standing is None:
            return page(request, "preferences", "broken", brand, status=404)
        language = spoken_to(request, send_facts.language_of(message))
        if request.method == "POST":
            wants = _wants(request.POST, standing.wants, now)
            wanted = {topic.key: topic.key in request.POST.getlist("topic") for topic, _ in standing.topics}
            standing = preferences.choose(message, wanted, wants, _shown(standing, language), now) or standing
            flows.advance(message.installation, [standing.person], now)
            language = spoken_to(request, standing.wants.language or language)
    state = "choose"
    if request.method == "POST":
        is_done = all(choice.basis in PERMITTING for topic, choice in standing.topics if wanted[topic.key])
        state = "saved" if is_done else "partly"
    more = _form(standing, language, link, now)
    return page(request, "preferences", "no_good" if standing.is_for_good else state, brand, language, more=more)


def offered(standing: Standing, language: str, token: str) -> dict[str, object]:
    """Return the topics as a page shows them, and where what is chosen goes."""
    rows = [
        {
            "key": topic.key,
            "name": topic.name(language),
            "description": topic.description(language),
            "is_wanted": choice.basis in PERMITTING,
        }
        for topic, choice in standing.topics
    ]
    return {"topics": rows, "choices": CHOICES[language], "preferences_path": f"/preferences/{token}"}


def _form(standing: Standing, language: str, link: Link, now: datetime) -> dict[str, object]:
    wants = standing.wants
    is_paused = wants.paused_until is not None and wants.paused_until > now
    return {
        **offered(standing, language, preferences_token(link)),
        "frequencies": [(one.value, CHOICES[language][one.value], one is wants.frequency) for one in Frequency],
        "pauses": [str(pause.days) for pause in PAUSES],
        "paused_until": wants.paused_until.date().isoformat() if is_paused and wants.paused_until else "",
        "is_impersonal": wants.is_personalised is False,
        "languages": [(one, CHOICES[one]["language_name"], one == language) for one in LANGUAGES],
        "unsubscribe_path": unsubscribe_url("", link),
    }


def _wants(form: QueryDict, held: Preferences, now: datetime) -> Preferences | None:
    """Return what a form says of how somebody wants to be written to; None where it does not ask for it."""
    if "frequency" not in form:
        return None
    try:
        frequency = Frequency(str(form["frequency"]))
    except ValueError:
        frequency = held.frequency
    pauses: dict[str, datetime | None] = {str(pause.days): now + timedelta(days=pause.days) for pause in PAUSES}
    pauses["none"] = None
    asked = {True: False, False: None if held.is_personalised is False else held.is_personalised}
    language = form.get("language", "")
    return replace(
        held,
        frequency=frequency,
        paused_until=pauses.get(form.get("pause", ""), held.paused_until),
        is_personalised=asked["impersonal" in form],
        language=language if language in LANGUAGES else held.language,
    )


def _shown(standing: Standing, language: str) -> str:
    """Return the words that somebody had before them when they chose."""
    names = "; ".join(topic.name(language) for topic, _ in standing.topics)
    return f"{CHOICES[language]['topics']}: {names}"
