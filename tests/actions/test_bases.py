from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_lifecycle.actions import bases, consent, consent_settings, preferences
from saleor_lifecycle.domain.consent import Basis
from saleor_lifecycle.domain.legal_basis import SoftOptIn
from saleor_lifecycle.domain.preferences import Frequency, Preferences
from saleor_lifecycle.domain.topics import READY, Topic
from saleor_lifecycle.models import (
    Consent,
    ConsentText,
    Identity,
    Installation,
    Message,
    OptIn,
    Preference,
    Suppression,
)
from saleor_lifecycle.models.entry import within
from tests.facts import ADA, GRACE, account, cart, deletion, order, tell

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WORDS = "What I had before me"


def person(shop: Installation, value: str = ADA) -> int:
    with within(shop.pk):
        found = Identity.objects.get(value=value).customer_id
    assert found is not None
    return found


def message(shop: Installation, now: datetime, **values: Any) -> Message:
    with within(shop.pk):
        return Message.objects.create(
            **{
                "installation": shop,
                "customer_id": person(shop),
                "key": f"message {Message.objects.count()}",
                "template": "hello",
                "topic": "news",
                "channel": "email",
                "queued_at": now,
                "due_at": now,
                **values,
            }
        )


def say(shop: Installation, is_granted: bool, now: datetime, *topics: str, user: str = ADA) -> None:
    with within(shop.pk):
        consent.say(shop, user, consent.Word(is_granted, topics or ("",), "email", "told", WORDS), now)


def test_each_message_has_its_own_basis_and_all_cost_the_same_few_questions(
    installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now, consent=True), account(now, GRACE, "grace@example.com")], now)
    say(installation, False, now, "offers")
    say(installation, True, now, "news", user=GRACE)
    expected = {
        message(installation, now).pk: Basis.GRANTED,
        message(installation, now, topic="offers").pk: Basis.REFUSED,
        message(installation, now, channel="sms").pk: Basis.NONE,
        message(installation, now, customer_id=person(installation, GRACE)).pk: Basis.GRANTED,
        message(installation, now, customer_id=person(installation, GRACE), topic="offers").pk: Basis.NONE,
        message(installation, now, customer_id=None).pk: Basis.NONE,
    }
    with within(installation.pk):
        queued = list(Message.objects.all())
        with CaptureQueriesContext(connection) as asked:
            found = bases.bases(queued, now)
    assert {pk: found[pk] for pk in expected} == expected
    assert len(asked) == 2


@pytest.mark.parametrize(("country", "basis"), [("ES", Basis.SOFT_OPT_IN), ("FR", Basis.NONE)])
def test_an_order_stands_in_for_consent_where_the_merchant_says_so(
    country: str, basis: Basis, installation: Installation, now: datetime
) -> None:
    ordered = replace(order(now - DAY), country=country)
    tell(installation, [account(now), ordered, replace(cart(now - 2 * DAY), country="DE")], now)
    queued = message(installation, now)
    with within(installation.pk):
        assert bases.bases([queued], now)[queued.pk] is Basis.NONE, "consent is needed until the merchant says more"
        rules = {"ES": SoftOptIn(date(2026, 1, 1))}
        assert consent_settings.set_soft_opt_in(installation.pk, rules, now) == ()
        assert bases.countries([person(installation)]) == {person(installation): country}
        assert bases.bases([queued], now)[queued.pk] is basis
    say(installation, False, now)
    with within(installation.pk):
        assert bases.bases([queued], now)[queued.pk] is Basis.REFUSED


@pytest.mark.parametrize(
    ("country", "rule", "field"),
    [
        ("US", SoftOptIn(date(2026, 1, 1)), "country"),
        ("ES", SoftOptIn(date(2026, 1, 1), timedelta()), "lasts_days"),
        ("ES", SoftOptIn(date(2026, 1, 1), 731 * DAY), "lasts_days"),
        ("ES", SoftOptIn(date(2026, 3, 12)), "offered_from"),
    ],
)
def test_what_cannot_be_said_of_a_country_is_refused(
    country: str, rule: SoftOptIn, field: str, installation: Installation, now: datetime
) -> None:
    with within(installation.pk):
        [problem] = consent_settings.set_soft_opt_in(installation.pk, {country: rule}, now)
        assert problem.field == field
        assert bases.settings_of(installation.pk).soft_opt_in == {}


def test_topics_are_the_merchants_and_what_is_left_out_is_offered_no_more(
    installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now, consent=True)], now)
    with within(installation.pk):
        assert bases.topics(installation.pk) == READY
        own = Topic("events", {"en": "Events"})
        assert consent_settings.set_topics(installation.pk, [own, READY[1]]) == ()
        assert [topic.key for topic in bases.topics(installation.pk)] == ["events", "news"]
        assert set(consent.choices(installation, ADA, None, "email", now)) == {"events", "news"}
        assert [one.field for one in consent_settings.set_topics(installation.pk, [own, own])] == ["key"]
        assert [topic.key for topic in bases.topics(installation.pk)] == ["events", "news"]


def test_a_text_is_kept_once_however_many_agree_to_it_and_goes_with_the_last(
    installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now), account(now, GRACE, "grace@example.com")], now)
    say(installation, True, now)
    say(installation, True, now, user=GRACE)
    with within(installation.pk):
        [text] = ConsentText.objects.all()
        assert (text.text, set(Consent.objects.values_list("text_hash", flat=True))) == (WORDS, {text.hash})
    tell(installation, [deletion(now)], now)
    with within(installation.pk):
        assert ConsentText.objects.count() == 1, "Grace agreed to it, too"
    tell(installation, [deletion(now, GRACE, "grace@example.com")], now)
    with within(installation.pk):
        assert ConsentText.objects.count() == 0


@pytest.mark.parametrize("no", ["word", "topic", "account", "cart", "erasure", "complaint"])
def test_after_any_no_nothing_of_that_person_is_queued_as_commercial(
    no: str, installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now - DAY, consent=True)], now)
    refused, service = message(installation, now), message(installation, now, purpose="service")
    others = message(installation, now, topic="offers") if no == "topic" else None
    match no:
        case "word":
            say(installation, False, now)
        case "topic":
            say(installation, False, now, "news")
        case "account":
            tell(installation, [account(now, consent=False)], now)
        case "cart":
            tell(installation, [cart(now, consent=False)], now)
        case "erasure":
            tell(installation, [deletion(now)], now)
        case "complaint":
            with within(installation.pk):
                consent.suppress(refused, "complained", now)
    with within(installation.pk):
        states = dict(Message.objects.values_list("id", "state"))
        assert states[refused.pk] == "skipped"
        assert states[service.pk] == ("skipped" if no == "complaint" else "queued")
        if others is not None:
            assert states[others.pk] == "queued", "the other topic stands"


def test_who_turns_out_to_be_two_is_written_to_as_the_stricter_wants(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now, confirmed=False), order(now, user=None)], now)
    with within(installation.pk):
        for value, wants in ((ADA, Frequency.WEEKLY), ("ada@example.com", Frequency.MONTHLY)):
            identity = Identity.objects.get(value=value)
            Preference.objects.create(installation=installation, identity=identity, frequency=wants.value, at=now)
    tell(installation, [account(now + DAY)], now + DAY)
    ada = person(installation)
    with within(installation.pk):
        assert bases.preferences_of([ada]) == {ada: Preferences(Frequency.MONTHLY)}
        preferences.put_for_account(
            installation, ADA, lambda held: Preferences(Frequency.WEEKLY, is_personalised=True), WORDS, now
        )
        assert bases.preferences_of([ada]) == {ada: Preferences(Frequency.WEEKLY, is_personalised=True)}
        assert bases.tracked(installation.pk, [ada]) == {ada}
        assert consent.is_tracked(ada)


def test_quiet_counts_from_what_left_last_on_the_channel(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now)], now)
    ada = person(installation)
    states = {"sent": 3, "sending": 2, "unknown": 1, "skipped": 0, "failed": 0, "queued": 0}
    with within(installation.pk):
        preferences.put_for_account(installation, ADA, lambda held: Preferences(Frequency.WEEKLY), "", now)
        assert bases.quiet_until([ada], "email") == {}
    for state, days in states.items():
        settled = None if state in ("queued", "sending") else now - days * DAY
        message(installation, now - days * DAY, state=state, settled_at=settled)
    message(installation, now, state="sent", settled_at=now, purpose="service")
    message(installation, now, state="sent", settled_at=now, channel="sms")
    with within(installation.pk):
        assert bases.quiet_until([ada], "email") == {ada: now - DAY + 7 * DAY}


def test_erasure_forgets_forms_and_preferences(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now)], now)
    with within(installation.pk):
        hashed = consent.address_hash(installation, "email", "ada@example.com")
        values = {"channel": "email", "address_hash": hashed, "topics": [], "asked_at": now - DAY}
        OptIn.objects.create(
            installation=installation,
            address="ada@example.com",
            text_hash=consent.keep_text(installation.pk, WORDS),
            **values,
        )
        preferences.put_for_account(installation, ADA, lambda held: Preferences(language="es"), "", now)
    tell(installation, [deletion(now)], now)
    with within(installation.pk):
        left = [model._default_manager.count() for model in (OptIn, Preference, ConsentText, Suppression)]
    assert left == [0, 0, 0, 0]
