"""Why a customer is where they are, in words; here and nowhere else, so that every surface says the same."""

import zoneinfo
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal

from saleor_lifecycle.channels.money import nearest_locale
from saleor_lifecycle.domain import explanation
from saleor_lifecycle.domain.explanation import Next, Trigger, Why
from saleor_lifecycle.domain.phases import Phase, Reason, stand
from saleor_lifecycle.models import Customer, PhaseChange

from .decision_words import DECISIONS
from .obstacle_words import OBSTACLES
from .rule_texts import RULES
from .why_words import WORDS as WHY

WORDS = {
    language: {**WHY[language], **RULES[language], **DECISIONS[language], **OBSTACLES[language]} for language in WHY
}


class Speech:
    """A language with its numbers and dates; English where the language is not spoken here."""

    def __init__(self, language: str, zone: tzinfo, now: datetime) -> None:
        language = language.replace("_", "-")
        spoken = language.partition("-")[0].lower()
        self._texts = WORDS.get(spoken) or WORDS["en"]
        self.locale: Locale = nearest_locale(language if spoken in WORDS else "en")
        self._zone, self._year = zone, now.astimezone(zone).year

    def say(self, key: str, n: int | float | None = None, **values: str) -> str:
        """Return the text of that name with its values, in the form that the number ``n`` takes."""
        text = self._texts[key]
        if isinstance(text, str):
            return text.format(**values)
        assert n is not None
        form = text.get(self.locale.plural_form(n)) or text["other"]
        return form.format(n=self.number(n), **values)

    def knows(self, key: str) -> bool:
        """Is there a text of that name?"""
        return key in self._texts

    def number(self, n: int | float) -> str:
        """Return a number as it is written."""
        return format_decimal(Decimal(str(n)), locale=self.locale)

    def day(self, day: date) -> str:
        """Return a day as it is written, with its year unless that is the current one."""
        if day.year == self._year:
            return format_skeleton("MMMMd", day, locale=self.locale)
        return format_date(day, "long", locale=self.locale)

    def date(self, at: datetime | None) -> str:
        """Return a day of the shop as it is written, with its year unless that is the current one."""
        return "–" if at is None else self.day(at.astimezone(self._zone).date())

    def moment(self, at: datetime | None) -> str:
        """Return a moment as it is written where the shop is: its day and its time to the minute."""
        if at is None:
            return "–"
        return f"{self.date(at)}, {format_time(at.astimezone(self._zone), 'short', locale=self.locale)}"

    def phase(self, phase: str) -> str:
        """Return a phase inside a sentence."""
        return self.say(f"phase.{phase}")


def speech(language: str, zone: str, now: datetime) -> Speech:
    """Return how to speak that language (BCP-47) to somebody in that time zone."""
    return Speech(language, zoneinfo.ZoneInfo(zone), now)


def why_of(row: Customer, now: datetime) -> Why:
    """Return why a customer who has a profile stands where they stand at ``now``."""
    assert row.policy is not None
    profile, policy = row.profile(), row.policy.value()
    since = row.phase_since if row.phase == stand(profile, policy, now).phase else None
    fit = row.installation.fit
    return explanation.why(profile, policy, since, now, fit.buyers if fit else None)


def words(why: Why, speech: Speech) -> str:
    """Return where somebody stands, why, by which rung, and what would change it: a few sentences."""
    head = "since" if why.since else "now"
    sentences = [
        speech.say(head, phase=speech.phase(why.phase), date=speech.date(why.since), reason=_reason(why, speech))
    ]
    if why.silence_days is not None and speech.knows(f"rung.{why.rung}"):
        sentences.append(_rung(why, why.silence_days, speech))
    return " ".join([*sentences, *(_move(move, speech) for move in why.moves)])


def change_words(change: PhaseChange, speech: Speech) -> str:
    """Return one move of a customer in a sentence."""
    return speech.say(
        "change" if change.before else "change.first",
        date=speech.date(change.at),
        before=speech.phase(change.before) if change.before else "",
        after=speech.phase(change.after),
        cause=speech.say(f"cause.{change.cause}"),
        reason=speech.say(f"because.{change.reason}"),
    )


def history(customer_id: int, first: int, after: tuple[datetime, int] | None = None) -> Sequence[PhaseChange]:
    """Return a customer's moves, the newest first, from after that (at, id) on."""
    rows = PhaseChange.objects.filter(customer_id=customer_id)
    if after:
        at, key = after
        rows = rows.filter(at__lte=at).exclude(at=at, id__gte=key)
    return list(rows.order_by("-at", "-id")[:first])


def _reason(why: Why, speech: Speech) -> str:
    key = f"reason.{why.reason}"
    if why.reason in (Reason.ORDERED, Reason.SILENT_TOO_LONG) and not why.orders:
        key += ".came_back"
    return speech.say(
        key,
        why.orders,
        score=speech.number(why.score),
        last=speech.date(why.last_order_at),
        until=speech.date(why.cart_open_until),
    )


def _rung(why: Why, days: int, speech: Speech) -> str:
    key = f"rung.{why.rung}"
    if why.buyers is not None and speech.knows(f"{key}.buyers"):
        return speech.say(f"{key}.buyers", days, buyers=speech.number(why.buyers))
    return speech.say(key, days)


def _move(move: Next, speech: Speech) -> str:
    key = f"next.{move.trigger}"
    if move.trigger is Trigger.TIME and move.phase is Phase.LOSS:
        key += ".loss"
    return speech.say(key, phase=speech.phase(move.phase), date=speech.date(move.at))
