from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_lifecycle.actions import consent
from saleor_lifecycle.api.storefront.consent import LifecycleConsentState
from saleor_lifecycle.domain.consent import Basis
from saleor_lifecycle.models import Consent, ConsentText, Customer, Enrollment, Installation, Message, Suppression
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages
from tests.api.storefront import answer, data
from tests.facts import ADA, GRACE, account, cart, deletion, tell

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
PREFERENCES = "preferences { topics { topic channel isGranted state source since reason } }"
GIVE = f"""
mutation ($input: LifecycleConsentGiveInput!) {{
  lifecycleConsentGive(input: $input) {{ {PREFERENCES} effective reason errors {{ field message code }} }}
}}
"""
WITHDRAW = f"""
mutation ($input: LifecycleConsentWithdrawInput) {{
  lifecycleConsentWithdraw(input: $input) {{ {PREFERENCES} errors {{ field message code }} }}
}}
"""
READ = "{ lifecyclePreferences { topics { topic channel isGranted state source since reason } } }"
TEXT = "Yes, remind me of my cart by e-mail."


def give(shop: Installation, now: datetime, *args: Any, text: str = TEXT, **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = data(shop, now, GIVE, *args, input={"text": text, **more})["lifecycleConsentGive"]
    return said


def withdraw(shop: Installation, now: datetime, *args: Any, **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = data(shop, now, WITHDRAW, *args, input=more or None)["lifecycleConsentWithdraw"]
    return said


def read(shop: Installation, now: datetime, *args: Any) -> dict[str, Any]:
    """Return what stands for the carts."""
    topics = data(shop, now, READ, *args)["lifecyclePreferences"]["topics"]
    return next(dict(topic) for topic in topics if topic["topic"] == "cart")


def codes(said: dict[str, Any]) -> list[tuple[str | None, str]]:
    assert said["preferences"] is None
    return [(error["field"], error["code"]) for error in said["errors"]]


def written(shop: Installation) -> list[Any]:
    with within(shop.pk):
        return [list(model.objects.order_by("pk").values()) for model in (Consent, Suppression, Customer, Enrollment)]


@pytest.fixture
def shop(installation: Installation, now: datetime) -> Installation:
    """A shop with an account whose address is confirmed, and which never said anything."""
    tell(installation, [account(now - HOUR)], now)
    return installation


@pytest.fixture
def left(shop: Installation, now: datetime) -> Installation:
    """The shop, with a cart in the flow: its first message went, the next is queued."""
    tell(shop, [cart(now - 25 * HOUR)], now - 25 * HOUR)
    passages.run(shop.pk, now - 24 * HOUR)
    with within(shop.pk):
        hashed = consent.address_hash(shop, "email", "ada@example.com")
        Message.objects.update(state="sent", due_at=None, address_hash=hashed)
    passages.run(shop.pk, now - HOUR / 2)
    return shop


def unsubscribe(shop: Installation, now: datetime) -> None:
    """Follow the link of the mail."""
    with within(shop.pk):
        message = Message.objects.select_related("enrollment__cart__identity", "installation").order_by("id")[0]
        consent.unsubscribe(message, now)


def suppress(shop: Installation, now: datetime, reason: str, address: str = "ada@example.com") -> None:
    with within(shop.pk):
        hashed = consent.address_hash(shop, "email", address)
        Suppression.objects.create(installation=shop, channel="email", address_hash=hashed, reason=reason, at=now)


def suppressed(shop: Installation) -> list[str]:
    with within(shop.pk):
        return list(Suppression.objects.values_list("reason", flat=True))


def test_never_asked_is_no_consent(shop: Installation, now: datetime) -> None:
    assert read(shop, now) == {
        "topic": "cart",
        "channel": "EMAIL",
        "isGranted": False,
        "state": "NONE",
        "source": None,
        "since": None,
        "reason": None,
    }


def test_a_yes_is_stored_with_what_was_read_and_by_whom(shop: Installation, now: datetime) -> None:
    said = give(shop, now, languageCode="ES_MX")
    assert (said["effective"], said["reason"], said["errors"]) == ("GRANTED", None, [])
    topic = read(shop, now)
    assert topic in said["preferences"]["topics"]
    assert (topic["isGranted"], topic["state"], topic["source"]) == (True, "GRANTED", "STOREFRONT")
    assert topic["since"] == now.isoformat()
    with within(shop.pk):
        row = Consent.objects.select_related("identity").get()
    assert (row.identity.value, row.topic, row.channel, row.source) == (ADA, "", "email", "storefront")
    assert row.evidence == "told by the customer, es-MX"
    with within(shop.pk):
        assert ConsentText.objects.get(hash=row.text_hash).text == TEXT


def test_a_server_may_tell_it_and_is_named(shop: Installation, now: datetime) -> None:
    said = data(shop, now, GIVE, ADA, is_server=True, input={"text": TEXT})["lifecycleConsentGive"]
    assert said["effective"] == "GRANTED"
    with within(shop.pk):
        assert Consent.objects.get().evidence == "told by the shop's server, language not said"


def test_a_no_ends_it_and_a_yes_begins_it_again(shop: Installation, now: datetime) -> None:
    give(shop, now)
    said = withdraw(shop, now + HOUR)
    assert said["errors"] == []
    topic = read(shop, now + HOUR)
    assert topic in said["preferences"]["topics"]
    assert (topic["isGranted"], topic["state"], topic["reason"]) == (False, "REFUSED", "WITHDRAWN")
    assert topic["since"] == (now + HOUR).isoformat()
    assert give(shop, now + 2 * HOUR)["effective"] == "GRANTED"
    with within(shop.pk):
        assert Consent.objects.count() == 1


def test_one_topic_stands_apart_from_all(shop: Installation, now: datetime) -> None:
    withdraw(shop, now)
    assert give(shop, now + HOUR, topics=["cart", "cart"])["effective"] == "GRANTED"
    with within(shop.pk):
        held = list(Consent.objects.order_by("topic").values_list("topic", "is_granted"))
    assert held == [("", False), ("cart", True)]
    withdraw(shop, now + 2 * HOUR)
    assert read(shop, now)["reason"] == "WITHDRAWN"


def test_a_withdrawal_ends_the_flow_at_once(left: Installation, now: datetime) -> None:
    withdraw(left, now)
    with within(left.pk):
        enrollment = Enrollment.objects.get()
        assert (enrollment.state, enrollment.reason) == ("exited", "unsubscribed")
        assert list(Message.objects.order_by("id").values_list("state", "reason")) == [
            ("sent", ""),
            ("skipped", "consent_refused"),
        ]


def test_a_withdrawn_topic_keeps_the_next_cart_out(shop: Installation, now: datetime) -> None:
    withdraw(shop, now - 2 * HOUR, topics=["cart"])
    tell(shop, [cart(now - 2 * HOUR)], now - 2 * HOUR)
    passages.run(shop.pk, now)
    with within(shop.pk):
        assert Enrollment.objects.get().reason == "unsubscribed"
        assert Message.objects.count() == 0


def test_a_yes_takes_back_ones_own_unsubscription(left: Installation, now: datetime) -> None:
    unsubscribe(left, now)
    assert read(left, now)["reason"] == "UNSUBSCRIBED"
    assert give(left, now + HOUR)["effective"] == "GRANTED"
    assert suppressed(left) == []
    with within(left.pk):
        assert not consent.is_unsubscribed(Message.objects.order_by("id")[0])


def test_an_unsubscription_after_the_yes_counts(left: Installation, now: datetime) -> None:
    give(left, now)
    unsubscribe(left, now + HOUR)
    assert read(left, now)["reason"] == "UNSUBSCRIBED"
    assert suppressed(left) == ["unsubscribed"]
    with within(left.pk):
        assert consent.is_unsubscribed(Message.objects.order_by("id")[0])


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(seconds=2)])
def test_a_no_is_not_lost_where_a_clock_that_ran_ahead_dated_the_yes(
    shop: Installation, now: datetime, ahead: timedelta
) -> None:
    give(shop, now + ahead)
    withdraw(shop, now)
    assert read(shop, now)["reason"] == "WITHDRAWN"
    assert give(shop, now + HOUR)["effective"] == "GRANTED"


def test_an_unsubscription_is_not_lost_either(left: Installation, now: datetime) -> None:
    give(left, now + timedelta(seconds=2))
    unsubscribe(left, now)
    assert read(left, now)["reason"] == "UNSUBSCRIBED"


def test_a_yes_that_comes_late_takes_back_no_later_unsubscription(left: Installation, now: datetime) -> None:
    unsubscribe(left, now)
    said = give(left, now - timedelta(seconds=2))
    assert (said["effective"], said["reason"]) == ("REFUSED", "UNSUBSCRIBED")
    assert suppressed(left) == ["unsubscribed"]


@pytest.mark.parametrize("reason", ["bounced", "complained"])
def test_no_yes_brings_back_an_address_that_bounced(shop: Installation, now: datetime, reason: str) -> None:
    suppress(shop, now, reason)
    said = give(shop, now)
    assert (said["effective"], said["reason"]) == ("REFUSED", "ADDRESS_SUPPRESSED")
    assert suppressed(shop) == [reason]


def test_a_bounce_after_the_unsubscription_stays(left: Installation, now: datetime) -> None:
    unsubscribe(left, now)
    with within(left.pk):
        message = Message.objects.order_by("id")[0]
        consent.suppress(message, "bounced", now)
        consent.suppress(message, "unsubscribed", now)
    assert suppressed(left) == ["bounced"]
    assert give(left, now + HOUR)["reason"] == "ADDRESS_SUPPRESSED"


def test_who_has_not_confirmed_an_address_cannot_take_back_its_unsubscription(
    installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now - HOUR, confirmed=False)], now)
    suppress(installation, now, "unsubscribed")
    said = give(installation, now)
    assert (said["effective"], said["reason"]) == ("REFUSED", "ADDRESS_SUPPRESSED")
    assert suppressed(installation) == ["unsubscribed"]


def test_an_address_that_another_account_confirmed_since_is_not_ones_own(shop: Installation, now: datetime) -> None:
    tell(shop, [account(now, GRACE)], now)
    suppress(shop, now, "unsubscribed")
    assert give(shop, now)["reason"] == "ADDRESS_SUPPRESSED"
    assert suppressed(shop) == ["unsubscribed"]


def test_a_yes_leaves_other_addresses_and_shops_alone(
    shop: Installation, other_installation: Installation, now: datetime
) -> None:
    suppress(shop, now, "unsubscribed", "else@example.com")
    suppress(other_installation, now, "unsubscribed")
    assert give(shop, now)["effective"] == "GRANTED"
    assert (suppressed(shop), suppressed(other_installation)) == (["unsubscribed"], ["unsubscribed"])


def test_a_no_in_the_shops_records_still_counts_and_is_told(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - HOUR, consent=False)], now)
    said = give(installation, now)
    assert (said["effective"], said["reason"], said["errors"]) == ("REFUSED", "ACCOUNT_SAYS_NO", [])
    tell(installation, [account(now, consent=True)], now)
    assert read(installation, now)["state"] == "GRANTED"


def test_somebody_of_whom_nothing_was_heard_may_speak(installation: Installation, now: datetime) -> None:
    assert give(installation, now, ADA, "ada@example.com")["effective"] == "GRANTED"
    with within(installation.pk):
        person = Customer.objects.get(identities__value=ADA)
    assert (person.phase, person.phase_since) == ("education", now)
    tell(installation, [account(now - HOUR)], now + HOUR)
    assert read(installation, now)["state"] == "GRANTED"


def test_the_address_in_the_token_counts_where_the_account_is_not_known(
    installation: Installation, now: datetime
) -> None:
    suppress(installation, now, "unsubscribed")
    assert give(installation, now, ADA, "Ada@example.com")["reason"] == "ADDRESS_SUPPRESSED"


def test_nobody_is_asked_to_sign_in_and_nothing_happens(shop: Installation, now: datetime) -> None:
    before = written(shop)
    with CaptureQueriesContext(connection) as queries:
        assert codes(give(shop, now, None)) == [(None, "UNAUTHENTICATED")]
        assert codes(withdraw(shop, now, None)) == [(None, "UNAUTHENTICATED")]
        assert data(shop, now, READ, None) == {"lifecyclePreferences": None}
    assert len(queries) == 0
    assert written(shop) == before


def test_a_deleted_account_says_nothing(shop: Installation, now: datetime) -> None:
    tell(shop, [deletion(now)], now)
    before = written(shop)
    assert codes(give(shop, now)) == [(None, "NOT_FOUND")]
    assert codes(withdraw(shop, now)) == [(None, "NOT_FOUND")]
    assert written(shop) == before


@pytest.mark.parametrize(
    ("case", "said", "errors"),
    [
        ("no text", {"text": ""}, [("text", "REQUIRED")]),
        ("blank text", {"text": " \n"}, [("text", "REQUIRED")]),
        ("a book", {"text": "x" * 5001}, [("text", "INVALID")]),
        ("no plain text", {"text": "a\x00b"}, [("text", "INVALID")]),
        ("an unknown topic", {"topics": ["cart", "gossip"]}, [("topics", "NOT_FOUND")]),
        ("the name of all topics", {"topics": [""]}, [("topics", "NOT_FOUND")]),
        ("no topic", {"topics": []}, [("topics", "REQUIRED")]),
        ("both wrong", {"text": "", "topics": []}, [("topics", "REQUIRED"), ("text", "REQUIRED")]),
    ],
)
def test_what_is_wrong_is_named_and_nothing_stored(
    shop: Installation, now: datetime, case: str, said: dict[str, Any], errors: list[tuple[str, str]]
) -> None:
    before = written(shop)
    assert codes(give(shop, now, **said)) == errors, case
    if "topics" in said:
        assert codes(withdraw(shop, now, topics=said["topics"])) == errors[:1], case
    assert written(shop) == before


def test_the_longest_text_is_kept_whole(shop: Installation, now: datetime) -> None:
    give(shop, now, text="x" * 5000)
    with within(shop.pk):
        assert ConsentText.objects.get(hash=Consent.objects.get().text_hash).text == "x" * 5000


def test_a_yes_for_one_channel_is_none_for_another(shop: Installation, now: datetime) -> None:
    given = data(shop, now, GIVE, input={"text": TEXT, "channel": "SMS"})["lifecycleConsentGive"]
    assert given["effective"] == "GRANTED"
    assert read(shop, now)["state"] == "NONE"


def test_a_channel_that_there_is_not_is_refused(shop: Installation, now: datetime) -> None:
    result = answer(shop, now, GIVE, input={"text": TEXT, "channel": "PIGEON"})
    assert result.data is None
    assert result.errors


def test_one_persons_word_is_not_anothers(shop: Installation, now: datetime) -> None:
    tell(shop, [account(now, GRACE, "grace@example.com")], now)
    give(shop, now)
    assert read(shop, now, GRACE)["state"] == "NONE"


def test_there_are_the_states_that_there_are() -> None:
    assert {state.name: state.value for state in LifecycleConsentState} == {each.name: each.value for each in Basis}
