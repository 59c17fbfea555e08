"""What stands on the site for the signed-in customer."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from saleor_lifecycle.actions import consent, on_site, templates
from saleor_lifecycle.models import Customer, Installation, Message, Template
from saleor_lifecycle.models.entry import within
from tests.api.storefront import data
from tests.facts import ADA, GRACE, account, tell

pytestmark = pytest.mark.django_db

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
WAITING = """query ($placement: String) { lifecycleMe { messages(channel: "es", placement: $placement) {
    id topic placement title text languageCode seenAt endsAt } } }"""
SEEN = "mutation ($ids: [ID!]!) { lifecycleMessagesSeen(ids: $ids) { count errors { field code } } }"
DISMISS = "mutation ($ids: [ID!]!) { lifecycleMessagesDismiss(ids: $ids) { count errors { field code } } }"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def standing(installation: Installation, now: datetime) -> Message:
    """A message that stands on the site for Ada, who agreed to that."""
    tell(installation, [account(now - HOUR), account(now - HOUR, GRACE, "grace@example.com")], now)
    with within(installation.pk):
        shop = Installation.objects.select_related("policy").get(pk=installation.pk)
        words = ("For {{ customer.first_name }}", "", "")
        templates.save(shop.pk, "hi", "en", words, "", now, short="Come in, {{ customer.first_name }}")
        consent.say(shop, ADA, consent.Word(True, ("news",), "on_site", "a test", "May we?"), now)
        return Message.objects.create(
            installation=shop,
            customer=Customer.objects.get(identities__value=ADA),
            key="hi:1",
            template="hi",
            topic="news",
            channel="on_site",
            state="sent",
            queued_at=now - HOUR,
            settled_at=now - HOUR,
        )


def waiting(
    shop: Installation, now: datetime, user: str = ADA, placement: str | None = None
) -> list[dict[str, object]]:
    me = data(shop, now, WAITING, user, placement=placement)["lifecycleMe"]
    return list(me["messages"])


def test_stands_there_in_its_words_for_its_person_alone(
    installation: Installation, standing: Message, now: datetime
) -> None:
    assert waiting(installation, now) == [
        {
            **{"id": str(standing.public_id), "topic": "news", "placement": "", "title": "For Ada"},
            **{"text": "Come in, Ada", "languageCode": "EN", "seenAt": None},
            "endsAt": (now - HOUR + on_site.STANDS).isoformat(),
        }
    ]
    assert waiting(installation, now, GRACE) == []


def test_asking_writes_nothing(installation: Installation, standing: Message, now: datetime) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert len(waiting(installation, now)) == 1
    words = {query["sql"].lstrip("( ").split()[0].upper() for query in queries}
    assert words <= {"SELECT", "SAVEPOINT", "RELEASE"}
    assert not [query for query in queries if "FOR UPDATE" in query["sql"] or "FOR NO KEY" in query["sql"]]


def test_is_gone_when_its_person_says_no(installation: Installation, standing: Message, now: datetime) -> None:
    with within(installation.pk):
        shop = Installation.objects.select_related("policy").get(pk=installation.pk)
        consent.say(shop, ADA, consent.Word(False, ("news",), "on_site", "a test"), now + SECOND)
    assert waiting(installation, now + 2 * SECOND) == []


def test_is_gone_when_its_time_is_over(installation: Installation, standing: Message, now: datetime) -> None:
    end = now - HOUR + on_site.STANDS
    assert len(waiting(installation, end - SECOND)) == 1
    assert waiting(installation, end) == []


def test_stands_in_its_place(installation: Installation, standing: Message, now: datetime) -> None:
    assert len(waiting(installation, now, placement="top")) == 1
    with within(installation.pk):
        Template.objects.filter(key="hi").update(placement="cart")
    assert waiting(installation, now, placement="top") == []
    assert [one["placement"] for one in waiting(installation, now, placement="cart")] == ["cart"]
    assert len(waiting(installation, now)) == 1


def test_seen_it_stays_and_put_away_it_is_gone(installation: Installation, standing: Message, now: datetime) -> None:
    ids = [str(standing.public_id)]
    for at in (now, now + HOUR):
        seen = data(installation, at, SEEN, ADA, ids=ids)["lifecycleMessagesSeen"]
        assert seen == {"count": 1, "errors": []}
    assert [one["seenAt"] for one in waiting(installation, now)] == [now.isoformat()]
    assert data(installation, now, DISMISS, ADA, ids=ids)["lifecycleMessagesDismiss"]["count"] == 1
    assert waiting(installation, now) == []
    assert data(installation, now, DISMISS, ADA, ids=ids)["lifecycleMessagesDismiss"]["count"] == 0


@pytest.mark.parametrize(("user", "errors"), [(GRACE, []), (None, [{"field": None, "code": "UNAUTHENTICATED"}])])
def test_nobody_else_puts_it_away(
    installation: Installation, standing: Message, now: datetime, user: str | None, errors: list[object]
) -> None:
    ids = [str(standing.public_id), str(uuid4()), "no id"]
    for mutation, name in ((SEEN, "lifecycleMessagesSeen"), (DISMISS, "lifecycleMessagesDismiss")):
        assert data(installation, now, mutation, user, ids=ids)[name] == {"count": 0, "errors": errors}
    with within(installation.pk):
        row = Message.objects.get()
    assert (row.seen_at, row.dismissed_at) == (None, None)
