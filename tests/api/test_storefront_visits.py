from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from saleor_lifecycle.actions.visitors import AHEAD, TOLD_WITHIN, value_of
from saleor_lifecycle.models import Activity, Customer, Identity, Installation, timeline
from saleor_lifecycle.models.entry import within
from tests.api.storefront import data
from tests.facts import ADA, GRACE, account, deletion, tell

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
VISITOR = "8c3a4a52-71bf-4a62-9f4c-0d2f1f8f2b11"
RECORD = """
mutation ($input: LifecycleVisitInput!) {
  lifecycleVisitRecord(input: $input) { isRecorded errors { field message code } }
}
"""
FORGET = "mutation ($visitor: ID!) { lifecycleVisitorForget(visitor: $visitor) { errors { field code } } }"


def record(
    shop: Installation, now: datetime, user_id: str | None = None, *, is_server: bool = False, **given: Any
) -> dict[str, Any]:
    given = {"visitor": VISITOR, "consentGiven": True, "utm": {"source": "google"}} | given
    said: dict[str, Any] = data(shop, now, RECORD, user_id, is_server=is_server, input=given)["lifecycleVisitRecord"]
    return said


def forget(shop: Installation, now: datetime, user_id: str | None = None, visitor: str = VISITOR) -> Any:
    return data(shop, now, FORGET, user_id, visitor=visitor)["lifecycleVisitorForget"]


def stored(shop: Installation) -> list[list[Any]]:
    with within(shop.pk):
        return [list(model.objects.order_by("pk").values()) for model in (Activity, Identity, Customer)]


def visits(shop: Installation, user_id: str) -> list[str]:
    """Return the sources of a customer's visits, the newest first."""
    with within(shop.pk):
        customer_id = Identity.objects.get(kind="user", value=user_id).customer_id
        assert customer_id
        shown = timeline.entries(customer_id, 100)
    return [entry.touch.source for entry in shown if entry.kind is timeline.ActivityKind.VISIT and entry.touch]


def test_a_visitor_is_nobody_and_makes_no_customer(installation: Installation, now: datetime) -> None:
    assert record(installation, now, path="/shoes?x=y", products=["UHJvZHVjdDox", "UHJvZHVjdDox"]) == {
        "isRecorded": True,
        "errors": [],
    }
    with within(installation.pk):
        visitor = Identity.objects.get()
        assert (visitor.kind, visitor.customer, visitor.value) == ("visitor", None, value_of(installation, VISITOR))
        assert not Customer.objects.exists()
        rows = {row.kind: row for row in Activity.objects.all()}
        assert rows["visit"].data == {
            "visitor": visitor.value,
            "path": "/shoes",
            "touch": {"at": now.isoformat(), "source": "google", "visitor": visitor.value},
        }
        assert rows["product_viewed"].reference == "UHJvZHVjdDox"
        assert Activity.objects.count() == 2


def test_the_browser_s_id_is_stored_nowhere(installation: Installation, now: datetime) -> None:
    record(installation, now, ADA)
    assert VISITOR not in repr(stored(installation))


def test_without_consent_nothing_is_stored(installation: Installation, now: datetime) -> None:
    for user_id in (None, ADA):
        assert record(installation, now, user_id, consentGiven=False) == {"isRecorded": False, "errors": []}
    assert stored(installation) == [[], [], []]


def test_a_repeated_visit_counts_once(installation: Installation, now: datetime) -> None:
    at = (now - HOUR).isoformat()
    record(installation, now, occurredAt=at, products=["a"])
    once = stored(installation)
    record(installation, now, occurredAt=at, products=["a"])
    assert stored(installation) == once
    record(installation, now, occurredAt=at, utm={"source": "other"}, products=["a"])
    with within(installation.pk):
        assert Activity.objects.filter(kind="visit").count() == 2, "two tabs at one moment"


def test_first_and_last_touch_do_not_depend_on_the_order_of_arrival(installation: Installation, now: datetime) -> None:
    told = [("one", 3 * HOUR), ("two", 2 * HOUR), ("three", HOUR)]
    for shuffled in permutations(told):
        with transaction.atomic():
            for source, ago in shuffled:
                record(installation, now, utm={"source": source}, occurredAt=(now - ago).isoformat())
            with within(installation.pk):
                visitor = Identity.objects.get()
                assert visitor.first_touch
                assert visitor.last_touch
                assert (visitor.first_touch["source"], visitor.last_touch["source"]) == ("one", "three")
            transaction.set_rollback(True)


def test_a_visit_out_of_nowhere_is_an_activity_and_no_touch(installation: Installation, now: datetime) -> None:
    record(installation, now, utm=None, referrer="https://shop.example/cart", host="https://Shop.example")
    with within(installation.pk):
        assert Activity.objects.get().data.keys() == {"visitor"}
        visitor = Identity.objects.get()
        assert (visitor.first_touch, visitor.last_touch) == (None, None)


REFUSED = {
    "isRecorded": False,
    "errors": [
        {
            "field": None,
            "message": "The storefront tells of more visits than are taken in; try again in a minute.",
            "code": "RATE_LIMITED",
        }
    ],
}


def told(shop: Installation, at: datetime, number: int, products: int = 0, **given: Any) -> bool:
    """Tell of a visit of one browser more; return whether it was taken in. If not, nothing was stored."""
    before = stored(shop)
    items = [f"product {one}" for one in range(products)]
    said = record(shop, at, visitor=f"{VISITOR}-{number}", products=items, **given)
    if said["isRecorded"]:
        return True
    assert said == REFUSED
    assert stored(shop) == before
    return False


def test_a_shop_s_storefront_tells_of_so_many_visits_a_minute(
    installation: Installation, other_installation: Installation, now: datetime, settings: Any
) -> None:
    settings.STOREFRONT_ACTIVITIES_PER_MINUTE = 30
    assert [told(installation, now, number) for number in range(31)] == [True] * 30 + [False]
    assert told(other_installation, now, 1)
    assert not told(installation, now + 2 * SECOND - SECOND / 1000, 31)
    assert told(installation, now + 2 * SECOND, 31)
    assert not told(installation, now + 2 * SECOND, 32)
    later = now + 10 * HOUR
    assert [told(installation, later, 100 + number) for number in range(31)] == [True] * 30 + [False]


def test_products_count_as_visits_do(installation: Installation, now: datetime, settings: Any) -> None:
    settings.STOREFRONT_ACTIVITIES_PER_MINUTE = 30
    assert told(installation, now, 0, products=20)
    assert not told(installation, now, 1, products=9)
    assert told(installation, now, 1, products=8)
    assert not told(installation, now, 2)


def test_what_is_not_stored_counts_nothing(installation: Installation, now: datetime, settings: Any) -> None:
    settings.STOREFRONT_ACTIVITIES_PER_MINUTE = 30
    for number in range(31):
        record(installation, now, visitor=f"{VISITOR}-{number}", consentGiven=False)
        record(installation, now, visitor="short")
    assert [told(installation, now, number) for number in range(31)] == [True] * 30 + [False]


def test_the_shop_s_servers_are_not_limited(installation: Installation, now: datetime, settings: Any) -> None:
    settings.STOREFRONT_ACTIVITIES_PER_MINUTE = 30
    assert [told(installation, now, number) for number in range(31)] == [True] * 30 + [False]
    assert told(installation, now, 31, is_server=True)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("visitor", {"visitor": "short"}),
        ("visitor", {"visitor": "x" * 65}),
        ("utm.source", {"utm": {"source": "x" * 201}}),
        ("utm.content", {"utm": {"content": "a\x00b"}}),
        ("utm.term", {"utm": {"term": "a\nb"}}),
        ("clickId.name", {"clickId": {"name": "GCLID; --", "value": "x"}}),
        ("clickId.value", {"clickId": {"name": "gclid", "value": "x" * 501}}),
        ("referrer", {"referrer": "https://[::1"}),
        ("path", {"path": "https://[::1"}),
        ("path", {"path": "/" + "x" * 200}),
        ("products", {"products": ["x"] * 21}),
        ("products", {"products": [""]}),
        ("occurredAt", {"occurredAt": "2026-03-11T12:00:00"}),
    ],
)
def test_what_cannot_be_stored_is_told_and_nothing_is(
    installation: Installation, now: datetime, field: str, given: dict[str, Any]
) -> None:
    said = record(installation, now, ADA, **given)
    assert said["isRecorded"] is False
    assert {(error["field"], error["code"]) for error in said["errors"]} == {(field, "INVALID")}
    assert stored(installation) == [[], [], []]


def test_a_click_without_its_id_is_asked_for_it(installation: Installation, now: datetime) -> None:
    said = record(installation, now, clickId={"name": "gclid", "value": ""})
    assert [(error["field"], error["code"]) for error in said["errors"]] == [("clickId.value", "REQUIRED")]
    assert stored(installation) == [[], [], []]


@pytest.mark.parametrize(
    ("case", "moved", "is_taken"),
    [
        ("as old as may be", -TOLD_WITHIN, True),
        ("older", -TOLD_WITHIN - SECOND, False),
        ("a clock that runs ahead", AHEAD, True),
        ("further ahead", AHEAD + SECOND, False),
    ],
)
def test_a_visit_is_told_of_in_time(
    installation: Installation, now: datetime, case: str, moved: timedelta, is_taken: bool
) -> None:
    assert record(installation, now, occurredAt=(now + moved).isoformat())["isRecorded"] is is_taken, case
    assert bool(stored(installation)[0]) is is_taken


@pytest.mark.parametrize("said", ["лето", "夏のセール", "صيف", '👩‍👧 O\'Neil "x" \\ %s {}', "x" * 200])
def test_every_script_is_kept(installation: Installation, now: datetime, said: str) -> None:
    record(installation, now, ADA, utm={"source": said})
    assert visits(installation, ADA) == [said]


def test_what_was_done_before_signing_in_is_the_customer_s(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - 2 * HOUR)], now)
    record(installation, now - HOUR, utm={"source": "before"})
    assert visits(installation, ADA) == []
    record(installation, now, ADA, utm={"source": "after"})
    assert visits(installation, ADA) == ["after", "before"]


def test_a_customer_of_whom_the_shop_told_nothing_yet_begins_with_it(installation: Installation, now: datetime) -> None:
    record(installation, now, ADA)
    with within(installation.pk):
        assert [(one.phase, one.phase_since) for one in Customer.objects.all()] == [("education", now)]


def test_another_who_signs_in_in_the_same_browser_keeps_to_themselves(
    installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now - 9 * HOUR), account(now - 9 * HOUR, GRACE, "grace@example.com")], now)
    record(installation, now - 4 * HOUR, utm={"source": "nobody"})
    record(installation, now - 3 * HOUR, ADA, utm={"source": "ada"})
    record(installation, now - 2 * HOUR, GRACE, utm={"source": "grace"})
    assert visits(installation, ADA) == ["ada", "nobody"]
    assert visits(installation, GRACE) == ["grace"]
    forget(installation, now, GRACE)
    assert visits(installation, ADA) == visits(installation, GRACE) == []
    with within(installation.pk):
        assert not Activity.objects.exists()
        assert set(Identity.objects.values_list("first_touch", "last_touch")) == {(None, None)}


def test_forgetting_one_browser_leaves_the_other_s_touches(installation: Installation, now: datetime) -> None:
    other = "another-browser-of-hers"
    record(installation, now - 6 * HOUR, GRACE, visitor=other, utm={"source": "hers"})
    record(installation, now - 5 * HOUR, ADA, utm={"source": "ada"})
    record(installation, now - 5 * HOUR, ADA, visitor="a-third-browser-of-ada", utm={"source": "third"})
    for at, browser in ((4, VISITOR), (3, "a-third-browser-of-ada"), (2, VISITOR)):
        record(installation, now - at * HOUR, GRACE, visitor=browser, utm={"source": f"{at}"})
    forget(installation, now, GRACE)
    assert visits(installation, GRACE) == ["3", "hers"]
    with within(installation.pk):
        grace = Identity.objects.get(kind="user", value=GRACE)
        assert grace.first_touch
        assert grace.last_touch
        assert (grace.first_touch["source"], grace.last_touch["source"]) == ("3", "3")


def test_a_browser_that_is_forgotten_leaves_nothing(installation: Installation, now: datetime) -> None:
    record(installation, now, products=["a"])
    assert forget(installation, now) == {"errors": []}
    assert stored(installation) == [[], [], []]
    assert forget(installation, now) == {"errors": []}, "and says nothing of whether there was anything"


def test_what_is_no_visitor_cannot_be_forgotten(installation: Installation, now: datetime) -> None:
    record(installation, now)
    before = stored(installation)
    assert forget(installation, now, visitor="%") == {"errors": [{"field": "visitor", "code": "INVALID"}]}
    assert stored(installation) == before


def test_nothing_is_recorded_of_a_deleted_account(installation: Installation, now: datetime) -> None:
    tell(installation, [account(now - HOUR), deletion(now)], now)
    before = stored(installation)
    said = record(installation, now, ADA)
    assert (said["isRecorded"], [error["code"] for error in said["errors"]]) == (False, ["NOT_FOUND"])
    assert stored(installation) == before


def test_the_same_browser_in_another_shop_is_another(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    record(installation, now)
    record(other_installation, now, utm={"source": "other"})
    with within(installation.pk):
        [here] = Identity.objects.all()
        assert [row.data["touch"]["source"] for row in Activity.objects.all()] == ["google"]
    forget(other_installation, now)
    with within(installation.pk):
        assert (Identity.objects.get(), Activity.objects.count()) == (here, 1)
    assert stored(other_installation) == [[], [], []]
