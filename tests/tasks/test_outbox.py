"""The task deliver: the phase on Saleor's record, written only where it changed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saleor_lifecycle.actions import projection
from saleor_lifecycle.actions.outbox import RETRY_AFTER
from saleor_lifecycle.domain.projection import MOST_AT_ONCE, REST_AFTER_TROUBLE
from saleor_lifecycle.models import Customer, Identity, Installation, Outbox
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import customers, nudge, outbox, sweep
from tests.facts import ADA, GRACE, account, cart, deletion, order, tell
from tests.shop_server import HANG_UP, ShopServer, install_at

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def shop(shop_server: ShopServer, now: datetime) -> Installation:
    """A shop that has agreed to the projection, with one customer in sales phase."""
    shop = install_at(shop_server, now)
    with within(shop.pk):
        projection.switch(shop, True, False)
        projection.ask_block(shop.pk, now)
    tell(shop, [account(now - DAY), cart(now)], now)
    return shop


def metadata(written: dict[str, object], kind: str) -> dict[str, str]:
    entries = written["input"][kind]  # type: ignore[index]
    return {entry["key"]: entry["value"] for entry in entries}


def settings_of(shop: Installation) -> Installation:
    with within(shop.pk):
        return Installation.objects.get(pk=shop.pk)


def people(shop: Installation, at: datetime, count: int, name: str = "person") -> None:
    """More customers with an account and a cart."""
    users = [f"{name} {number}" for number in range(count)]
    tell(shop, [account(at, user, f"{user.replace(' ', '.')}@example.com") for user in users], at)
    tell(shop, [cart(at, f"cart of {user}", user, None) for user in users], at)


def waiting(shop: Installation) -> list[tuple[int, str, datetime]]:
    with within(shop.pk):
        rows = Outbox.objects.filter(due_at__isnull=False).order_by("id")
        return [(row.attempts, row.error, row.due_at) for row in rows if row.due_at]


def test_the_phase_stands_where_it_can_be_filtered_and_the_rest_where_nobody_else_reads_it(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    assert outbox.run(shop.pk, now) > 0
    (written,) = shop_server.projected
    assert written["id"] == ADA
    assert metadata(written, "metadata") == {"lifecycle.phase": "sales"}
    assert metadata(written, "privateMetadata") == {
        "lifecycle.phase": "sales",
        "lifecycle.phase_since": "2026-03-11",
        "lifecycle.engagement": "warm",
        "lifecycle.loss_date": "",
    }
    assert waiting(shop) == []


def test_only_what_changed_is_written(shop: Installation, shop_server: ShopServer, now: datetime) -> None:
    outbox.run(shop.pk, now)
    later = now + 2 * DAY
    tell(shop, [order(later)], later)
    outbox.run(shop.pk, later)
    written = shop_server.projected[1]
    assert metadata(written, "metadata") == {"lifecycle.phase": "retention"}
    assert metadata(written, "privateMetadata") == {
        "lifecycle.phase": "retention",
        "lifecycle.phase_since": "2026-03-13",
        "lifecycle.engagement": "hot",
        "lifecycle.loss_date": "2026-09-09",
    }


def test_a_loss_date_that_moves_within_its_phase_is_told_within_a_day(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    tell(shop, [order(now)], now)
    outbox.run(shop.pk, now)
    later = now + 100 * DAY
    tell(shop, [order(later, "a second order")], later)
    assert outbox.run(shop.pk, later + DAY - timedelta(seconds=1)) == 0
    outbox.run(shop.pk, later + DAY)
    assert metadata(shop_server.projected[-1], "privateMetadata") == {"lifecycle.loss_date": "2026-09-17"}


def test_what_came_back_to_what_it_was_asks_the_shop_nothing(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    outbox.run(shop.pk, now)
    with within(shop.pk):
        Outbox.objects.update(due_at=now)
    outbox.run(shop.pk, now)
    assert shop_server.asked == ["ProjectCustomers"]
    assert waiting(shop) == []


def test_one_refused_customer_is_tried_again_and_the_others_are_done(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    tell(shop, [account(now - DAY, GRACE, "grace@example.com"), cart(now, "another", GRACE)], now)
    shop_server.refused_users = {ADA: "GRAPHQL_ERROR"}
    outbox.run(shop.pk, now)
    assert shop_server.asked == ["ProjectCustomers"]
    assert waiting(shop) == [(1, "GRAPHQL_ERROR", now + RETRY_AFTER[0])]
    shop_server.refused_users = {}
    outbox.run(shop.pk, now + RETRY_AFTER[0])
    assert [one["id"] for one in shop_server.projected[2:]] == [ADA]
    assert waiting(shop) == []


def test_a_shop_that_is_away_is_left_alone_for_longer_each_time(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    shop_server.trouble = 503
    at = now
    for number, pause in enumerate([*REST_AFTER_TROUBLE, REST_AFTER_TROUBLE[-1]], 1):
        assert outbox.run(shop.pk, at) == 0
        held = settings_of(shop)
        assert (held.projection_failures, held.projection_at) == (number, at + pause)
        assert held.projection_trouble.startswith("ShopAway")
        assert outbox.run(shop.pk, at + pause - SECOND) == 0
        assert len(shop_server.asked) == number
        at += pause
    assert shop_server.projected == []
    assert [attempts for attempts, *_ in waiting(shop)] == [0]
    shop_server.trouble = None
    outbox.run(shop.pk, at)
    assert [one["id"] for one in shop_server.projected] == [ADA]
    assert waiting(shop) == []
    assert (settings_of(shop).projection_failures, settings_of(shop).projection_trouble) == (0, "")


def test_a_request_that_was_too_much_for_the_shop_is_halved(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    people(shop, now, 60)
    shop_server.trouble = 503
    assert outbox.run(shop.pk, now) == 0
    shop_server.trouble = None
    assert outbox.run(shop.pk, now + DAY) == MOST_AT_ONCE // 2
    assert len(shop_server.projected) == MOST_AT_ONCE // 2
    assert outbox.run(shop.pk, now + 2 * DAY) == MOST_AT_ONCE  # it is at its ease again


@pytest.mark.parametrize("trouble", [429, 500, 502, 503, HANG_UP])
def test_one_trouble_of_the_shop_holds_back_everybody(
    trouble: int, shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    people(shop, now, 2)
    shop_server.trouble = trouble
    while outbox.run(shop.pk, now):
        pass
    assert len(shop_server.asked) == 1
    assert sweep.due(now) == []
    assert sweep.due(now + REST_AFTER_TROUBLE[0]) == [(nudge.DELIVER, shop.pk)]


def test_a_slow_shop_is_left_alone_for_as_long_as_it_took(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    seconds = iter([0.0, 9.0])
    assert outbox.run(shop.pk, now, lambda: next(seconds)) == 1
    assert settings_of(shop).projection_at == now + timedelta(seconds=18)


def test_nothing_else_is_written_while_a_request_is_on_its_way(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    def meanwhile() -> float:
        if not shop_server.asked:  # the first worker is about to ask
            tell(shop, [order(now)], now)
            assert outbox.run(shop.pk, now + 20 * SECOND) == 0
        return 0.0

    assert outbox.run(shop.pk, now, meanwhile) == 1
    assert len(shop_server.projected) == 1
    assert outbox.run(shop.pk, now + SECOND) == 1, "the pace counts from the start, not from the answer"
    assert metadata(shop_server.projected[-1], "metadata") == {"lifecycle.phase": "retention"}


def test_no_more_are_written_than_the_pace_allows(shop: Installation, shop_server: ShopServer, now: datetime) -> None:
    people(shop, now, 30)
    with within(shop.pk):
        projection.set_pace(shop, 10)
    written = []
    for seconds in range(0, 180, 10):
        while outbox.run(shop.pk, now + timedelta(seconds=seconds)):
            pass
        written.append(len(shop_server.projected))
    # One request's worth at the start, then ten a minute; what was not used for twenty seconds may be caught up with.
    assert (written[0], written[6], written[12]) == (10, 20, 30)
    assert all(count <= 14 + 10 * number / 6 for number, count in enumerate(written))
    assert len(shop_server.projected) == 31
    assert waiting(shop) == []


def test_what_has_not_changed_uses_up_nothing_of_the_pace(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    outbox.run(shop.pk, now)
    free_at = settings_of(shop).projection_at
    with within(shop.pk):
        projection.switch(shop, True, False)
        projection.ask_block(shop.pk, now)
    assert outbox.run(shop.pk, now + DAY) == 1
    assert (settings_of(shop).projection_at, len(shop_server.asked)) == (None, 1)
    assert free_at is not None


def test_whoever_moves_today_does_not_stand_behind_those_asked_for_at_once(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    people(shop, now, 3)
    with within(shop.pk):
        projection.set_pace(shop, 1)
    later = now + timedelta(minutes=1)
    tell(shop, [order(later)], later)
    outbox.run(shop.pk, later)
    assert [one["id"] for one in shop_server.projected] == [ADA]


def test_many_customers_are_looked_up_with_as_many_queries_as_few(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    counts = []
    for number in (1, 40):
        people(shop, now + number * DAY, number, f"of {number}")
        with CaptureQueriesContext(connection) as queries:
            outbox.run(shop.pk, now + number * DAY)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def second_account(shop: Installation, at: datetime) -> None:
    """Give Ada another account."""
    tell(shop, [account(at, GRACE, "grace@example.com")], at)
    with within(shop.pk):
        ada = Identity.objects.get(kind="user", value=ADA).customer
        Identity.objects.filter(kind="user", value=GRACE).update(customer=ada)
        Outbox.objects.exclude(key=str(ada.pk if ada else 0)).delete()


def edit(shop: Installation, at: datetime, phase: str | None) -> None:
    """A snapshot of Ada's record in which somebody has changed the public phase."""
    tell(shop, [account(at, projected=phase)], at)


def row(shop: Installation) -> Outbox:
    with within(shop.pk):
        return Outbox.objects.get(record=ADA)


@pytest.mark.parametrize("said", ["gold", "", None])
def test_what_staff_edit_is_put_right_once_and_then_left(
    said: str | None, shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    outbox.run(shop.pk, now)
    at = now + timedelta(minutes=1)
    edit(shop, at, said)
    outbox.run(shop.pk, at)
    assert metadata(shop_server.projected[1], "metadata") == {"lifecycle.phase": "sales"}
    assert row(shop).edited_at is None
    shop_server.updated_at = at
    edit(shop, at + timedelta(minutes=1), said)
    outbox.run(shop.pk, at + timedelta(minutes=2))
    assert len(shop_server.projected) == 2
    assert row(shop).edited_at == at + timedelta(minutes=1)


def test_a_phase_that_moves_is_written_over_an_edit_and_put_right_once_again(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    outbox.run(shop.pk, now)
    at = [now + number * timedelta(minutes=1) for number in range(9)]
    for moment in at[1:3]:
        edit(shop, moment, "gold")
        outbox.run(shop.pk, moment)
    assert row(shop).edited_at is not None
    tell(shop, [order(at[3])], at[3])
    shop_server.updated_at = at[3]
    outbox.run(shop.pk, at[3])
    assert metadata(shop_server.projected[-1], "metadata") == {"lifecycle.phase": "retention"}
    assert row(shop).edited_at is None
    edit(shop, at[4], "gold")
    outbox.run(shop.pk, at[4])
    assert metadata(shop_server.projected[-1], "metadata") == {"lifecycle.phase": "retention"}
    assert len(shop_server.projected) == 4


def test_an_edit_that_staff_take_back_is_none(shop: Installation, shop_server: ShopServer, now: datetime) -> None:
    outbox.run(shop.pk, now)
    for number, said in enumerate(["gold", "gold", "sales"], 1):
        edit(shop, now + number * SECOND, said)
        outbox.run(shop.pk, now + number * SECOND)
    assert row(shop).edited_at is None
    assert len(shop_server.projected) == 2


@pytest.mark.parametrize("after", [-SECOND, timedelta(0)])
def test_a_snapshot_from_before_our_write_is_no_edit(
    after: timedelta, shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    outbox.run(shop.pk, now)
    edit(shop, shop_server.updated_at + after, "education")
    outbox.run(shop.pk, now + DAY)
    assert len(shop_server.projected) == 1
    assert (row(shop).edited_at, row(shop).repaired) == (None, "")


def test_another_account_of_the_customer_is_not_taken_for_an_edited_one(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    second_account(shop, now)
    outbox.run(shop.pk, now)
    shop_server.projected.clear()
    tell(shop, [account(now + SECOND, GRACE, "grace@example.com")], now + SECOND)
    outbox.run(shop.pk, now + SECOND)
    assert shop_server.projected == []
    assert row(shop).repaired == ""


def test_switching_off_leaves_what_was_written(shop: Installation, shop_server: ShopServer, now: datetime) -> None:
    outbox.run(shop.pk, now)
    with within(shop.pk):
        assert projection.switch(shop, False, False) == 0
    edit(shop, now + SECOND, "gold")
    outbox.run(shop.pk, now + SECOND)
    assert len(shop_server.projected) == 1


def test_switching_off_can_empty_what_was_written_and_on_writes_it_again(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    outbox.run(shop.pk, now)
    with within(shop.pk):
        assert projection.switch(shop, False, True) == 1
        projection.ask_block(shop.pk, now)
    outbox.run(shop.pk, now)
    emptied = shop_server.projected[-1]
    assert metadata(emptied, "metadata") == {"lifecycle.phase": ""}
    assert set(metadata(emptied, "privateMetadata").values()) == {""}
    assert waiting(shop) == []
    with within(shop.pk):
        projection.switch(shop, False, True)
        projection.ask_block(shop.pk, now)
        assert projection.waiting(shop.pk) == 0, "there is nothing left"
        assert projection.switch(shop, True, False) == 1
        projection.ask_block(shop.pk, now)
    outbox.run(shop.pk, now)
    assert metadata(shop_server.projected[-1], "metadata") == {"lifecycle.phase": "sales"}


def test_a_record_that_is_gone_needs_no_telling(shop: Installation, shop_server: ShopServer, now: datetime) -> None:
    shop_server.refused_users = {ADA: "NOT_FOUND"}
    outbox.run(shop.pk, now)
    assert waiting(shop) == []
    with within(shop.pk):
        assert Outbox.objects.get().written == {}


def test_a_new_account_in_place_of_a_deleted_one_gets_everything(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    second_account(shop, now)
    outbox.run(shop.pk, now)
    tell(shop, [deletion(now + DAY, ADA, None)], now + DAY)
    with within(shop.pk):
        Outbox.objects.update(due_at=now + DAY)
    outbox.run(shop.pk, now + DAY)
    assert [one["id"] for one in shop_server.projected] == [ADA, GRACE]
    assert metadata(shop_server.projected[1], "metadata") == {"lifecycle.phase": "sales"}


@pytest.mark.parametrize("answer", [None, False])
def test_nothing_is_written_while_the_merchant_has_not_agreed(
    answer: bool | None, shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    with within(shop.pk):
        Installation.objects.update(is_projecting=answer)
    outbox.run(shop.pk, now)
    assert shop_server.asked == []


@pytest.mark.parametrize(("state", "waits"), [("inactive", True), ("removed", False)])
def test_a_shop_that_does_not_want_us_now_is_not_called(
    state: str, waits: bool, shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    with within(shop.pk):
        Installation.objects.update(state=state)
    outbox.run(shop.pk, now)
    assert shop_server.asked == []
    assert bool(waiting(shop)) == waits


def test_what_time_alone_has_moved_is_told_too(shop: Installation, shop_server: ShopServer, now: datetime) -> None:
    outbox.run(shop.pk, now)
    with within(shop.pk):
        due = Customer.objects.get(merged_into=None).due_at
    assert due is not None
    while due is not None:
        at = due
        customers.run(shop.pk, at)
        with within(shop.pk):
            due = Customer.objects.get(merged_into=None).due_at
    outbox.run(shop.pk, at)
    assert metadata(shop_server.projected[-1], "metadata") == {"lifecycle.phase": "education"}


def test_those_without_an_account_have_no_record_to_write_to(
    shop: Installation, shop_server: ShopServer, now: datetime
) -> None:
    tell(shop, [cart(now, "a guest's", None, "guest@example.com")], now)
    outbox.run(shop.pk, now)
    assert [one["id"] for one in shop_server.projected] == [ADA]
    assert waiting(shop) == []


@pytest.fixture
def attributed(shop: Installation, now: datetime) -> Installation:
    """The same shop, whose customers have the phase as an attribute too."""
    with within(shop.pk):
        projection.switch_attribute(shop, True)
        projection.ask_block(shop.pk, now)
    return shop


def attribute(written: dict[str, Any]) -> str | None:
    for one in written["input"].get("attributes", []):
        assert one["externalReference"] == "lifecycle.phase"
        return str(one["dropdown"]["externalReference"])
    return None


def test_the_attribute_is_made_once_and_given_to_every_type_of_customer(
    attributed: Installation, shop_server: ShopServer, now: datetime
) -> None:
    outbox.run(attributed.pk, now)
    assert shop_server.asked == [
        *("PhaseAttribute", "CreatePhaseAttribute", "AssignPhaseAttribute", "AssignPhaseAttribute", "ProjectCustomers")
    ]
    (made,) = shop_server.created
    assert (made["type"], made["inputType"], made["visibleInStorefront"]) == ("CUSTOMER_TYPE", "DROPDOWN", False)
    assert [value["externalReference"] for value in made["values"]] == [
        *("lifecycle.phase.education", "lifecycle.phase.sales", "lifecycle.phase.retention", "lifecycle.phase.loss")
    ]
    assert shop_server.attribute_types == ["a", "b"]
    assert attribute(shop_server.projected[0]) == "lifecycle.phase.sales"
    tell(attributed, [order(now + DAY)], now + DAY)
    outbox.run(attributed.pk, now + DAY)
    assert shop_server.asked[5:] == ["ProjectCustomers"]
    assert attribute(shop_server.projected[1]) == "lifecycle.phase.retention"


def test_an_attribute_that_is_there_is_used(attributed: Installation, shop_server: ShopServer, now: datetime) -> None:
    shop_server.attribute_types = ["a"]
    outbox.run(attributed.pk, now)
    assert shop_server.asked == ["PhaseAttribute", "AssignPhaseAttribute", "ProjectCustomers"]
    assert shop_server.attribute_types == ["a", "b"]


def test_the_attribute_is_written_only_when_the_phase_moves(
    attributed: Installation, shop_server: ShopServer, now: datetime
) -> None:
    outbox.run(attributed.pk, now)
    with within(attributed.pk):
        Customer.objects.update(band="cold")
        Outbox.objects.update(due_at=now)
    outbox.run(attributed.pk, now)
    assert [attribute(one) for one in shop_server.projected] == ["lifecycle.phase.sales", None]


def test_the_attribute_is_written_anew_after_it_was_switched_off_and_on(
    attributed: Installation, shop_server: ShopServer, now: datetime
) -> None:
    outbox.run(attributed.pk, now)
    with within(attributed.pk):
        for is_on in (False, True):
            projection.switch_attribute(settings_of(attributed), is_on)
        projection.ask_block(attributed.pk, now)
    outbox.run(attributed.pk, now + DAY)
    assert [attribute(one) for one in shop_server.projected] == ["lifecycle.phase.sales"] * 2


def test_a_customer_whose_type_lacks_the_attribute_is_written_without_it(
    attributed: Installation, shop_server: ShopServer, now: datetime
) -> None:
    people(attributed, now, 1)
    shop_server.refuses_attributes_of = frozenset({ADA})
    outbox.run(attributed.pk, now)
    assert [(one["id"], attribute(one)) for one in shop_server.projected if one["id"] == ADA] == [
        (ADA, "lifecycle.phase.sales"),
        (ADA, None),
    ]
    assert waiting(attributed) == []
    assert row(attributed).written["lifecycle.phase"] == "sales"
    assert "attribute" not in row(attributed).written


def test_a_shop_that_refuses_the_attribute_keeps_the_projection(
    attributed: Installation, shop_server: ShopServer, now: datetime
) -> None:
    shop_server.attribute_errors = [{"field": "slug", "code": "UNIQUE"}]
    outbox.run(attributed.pk, now)
    held = settings_of(attributed)
    assert held.attribute_trouble == "Refused: CreatePhaseAttribute: slug: UNIQUE"
    assert held.projection_trouble == ""
    outbox.run(attributed.pk, now)
    assert shop_server.asked.count("CreatePhaseAttribute") == 1
    assert metadata(shop_server.projected[0], "metadata") == {"lifecycle.phase": "sales"}
    tell(attributed, [order(now + DAY)], now + DAY)
    outbox.run(attributed.pk, now + DAY)
    assert attribute(shop_server.projected[-1]) is None


def test_a_shop_without_attributes_is_not_asked_for_one(
    attributed: Installation, shop_server: ShopServer, now: datetime
) -> None:
    with within(attributed.pk):
        Installation.objects.update(saleor_version="3.22.9")
    outbox.run(attributed.pk, now)
    assert "CreatePhaseAttribute" not in shop_server.asked
    assert settings_of(attributed).attribute_trouble.startswith("Refused")
