from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.actions import projection
from saleor_lifecycle.api.dashboard.access import Context
from saleor_lifecycle.api.dashboard.schema import schema
from saleor_lifecycle.models import Customer, Installation, Outbox
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.tokens import DashboardToken
from saleor_lifecycle.tasks import asking, nudge
from tests.api.conftest import EVERYTHING, Ask
from tests.facts import ADA, account, cart, tell
from tests.shop_server import ShopServer, install_at, shop_server

__all__ = ["shop_server"]

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
SHOWN = "projection { customers perRequest perMinute waiting isClearing edited trouble resumesAt }"
SET = "mutation ($on: Boolean!, $clears: Boolean!) { projectionSet(isOn: $on, clears: $clears) { customers } }"


@pytest.fixture(autouse=True)
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The nudges that are published, in place of a broker."""
    told: list[tuple[str, int]] = []
    monkeypatch.setattr("saleor_lifecycle.api.dashboard.projection_settings.nudge", lambda *nudge: told.append(nudge))
    return told


def state(ask: Ask) -> str:
    return str(ask(f'{{ customer(userId: "{ADA}") {{ projectionState }} }}')["customer"]["projectionState"])


def written(installation: Installation, **values: object) -> None:
    """What is asked for has been written."""
    with within(installation.pk):
        given = {"due_at": None, "record": ADA, "written": {"lifecycle.phase": "sales"}}
        Outbox.objects.update(**{**given, **values})


def test_the_state_of_a_record_goes_with_what_is_done(
    ask: Ask, installation: Installation, now: datetime, nudged: list[tuple[str, int]]
) -> None:
    tell(installation, [account(now), cart(now)], now)
    assert state(ask) == "OFF"
    assert ask(SET, on=True, clears=False) == {"projectionSet": {"customers": 1}}
    assert nudged == [(nudge.ASK, installation.pk)]
    assert state(ask) == "WAITING", "nobody was asked for yet"
    asking.run(installation.pk, now)
    assert state(ask) == "WAITING"
    written(installation)
    assert state(ask) == "IN_STEP"
    written(installation, edited_at=now)
    assert state(ask) == "EDITED_BY_STAFF"
    assert ask(SET, on=False, clears=True) == {"projectionSet": {"customers": 1}}
    assert state(ask) == "WAITING", "nobody was asked for yet"
    asking.run(installation.pk, now)
    assert state(ask) == "WAITING"
    written(installation, written={"lifecycle.phase": ""})
    assert state(ask) == "OFF"


def test_tells_how_far_it_is(ask: Ask, installation: Installation, now: datetime) -> None:
    tell(installation, [account(now), cart(now)], now)
    nothing = {"perRequest": 25, "perMinute": 120, "isClearing": False, "edited": 0, "trouble": "", "resumesAt": None}
    assert ask(f"{{ installation {{ {SHOWN} }} }}")["installation"]["projection"] == {
        "customers": 1,
        "waiting": 0,
        **nothing,
    }
    ask(SET, on=True, clears=False)
    asking.run(installation.pk, now)
    with within(installation.pk):
        projection.troubled(Installation.objects.get(pk=installation.pk), "ShopAway: HTTP 503", now)
    assert ask(f"{{ installation {{ {SHOWN} }} }}")["installation"]["projection"] == {
        **nothing,
        "customers": 1,
        "waiting": 1,
        "trouble": "ShopAway: HTTP 503",
        "resumesAt": (now + 30 * SECOND).isoformat(),
    }


@pytest.mark.parametrize(("pace", "message"), [(1, None), (60_000, None), (0, "give 1"), (60_001, "give 1")])
def test_the_pace_is_the_merchants(ask: Ask, installation: Installation, pace: int, message: str | None) -> None:
    answer = ask(
        """mutation ($pace: Int!) { projectionPaceSet(perMinute: $pace) {
            installation { projection { perMinute } } errors { field code message } } }""",
        pace=pace,
    )["projectionPaceSet"]
    with within(installation.pk):
        held = Installation.objects.get(pk=installation.pk).projection_per_minute
    if message is None:
        assert answer == {"installation": {"projection": {"perMinute": pace}}, "errors": []}
        assert held == pace
    else:
        assert [(error["field"], error["code"]) for error in answer["errors"]] == [("perMinute", "INVALID")]
        assert message in answer["errors"][0]["message"]
        assert held == 120


def test_edited_records_are_told_of_page_by_page_the_oldest_edit_first(
    ask: Ask, installation: Installation, other_installation: Installation, now: datetime
) -> None:
    for number, at in enumerate([now + SECOND, now, now, now - SECOND]):
        with within(installation.pk):
            person = Customer.objects.create(installation=installation, created_at=now)
            Outbox.objects.create(
                installation=installation, kind="projection", key=str(person.pk), record=f"user {number}",
                written={"lifecycle.phase": "sales"}, edited_at=at,
            )  # fmt: skip
    seen, after = [], None
    while page := ask(
        "query ($after: String) { editedRecords(first: 1, after: $after) { userId phase editedAt cursor } }",
        after=after,
    )["editedRecords"]:
        seen.append((page[0]["userId"], page[0]["phase"], datetime.fromisoformat(page[0]["editedAt"])))
        after = page[0]["cursor"]
    assert seen == [
        ("user 3", "sales", now - SECOND),
        ("user 1", "sales", now),
        ("user 2", "sales", now),
        ("user 0", "sales", now + SECOND),
    ]
    assert ask("{ editedRecords { userId } }", of=other_installation) == {"editedRecords": []}


@pytest.mark.parametrize("given", ["first: 0", "first: 101", 'after: "x"', 'after: "2026-03-11 y"'])
def test_no_page_is_answered_for_what_is_none(installation: Installation, now: datetime, given: str) -> None:
    context = Context(installation.pk, DashboardToken("x", "", EVERYTHING), now)
    result = schema.execute_sync(f"{{ editedRecords({given}) {{ userId }} }}", context_value=context)
    assert [error.extensions for error in result.errors or ()] == [{"code": "INVALID"}]


ALLOWED, OTHERS = ["MANAGE_CUSTOMER_TYPES_AND_ATTRIBUTES"], ["MANAGE_USERS"]


@pytest.mark.parametrize(
    ("version", "known", "held", "trouble", "says", "asked"),
    [
        ("3.23.0", ALLOWED, ALLOWED, None, None, []),
        ("3.22.9", ALLOWED, ALLOWED, None, None, ["InstalledApp"]),  # it has been upgraded since it was asked last
        ("3.23.0", OTHERS, ALLOWED, None, None, ["InstalledApp"]),  # staff have just granted it
        ("3.23.0", OTHERS, OTHERS, None, "MANAGE_CUSTOMER_TYPES_AND_ATTRIBUTES", ["InstalledApp"]),
        ("3.23.0", OTHERS, ALLOWED, 503, "MANAGE_CUSTOMER_TYPES_AND_ATTRIBUTES", ["InstalledApp"]),
        ("3.22.9", ALLOWED, ALLOWED, 503, "3.23", ["InstalledApp"]),
    ],
)
def test_the_attribute_is_for_shops_that_have_and_allow_it_now(
    ask: Ask, shop_server: ShopServer, now: datetime, version: str, known: list[str], held: list[str],
    trouble: int | None, says: str | None, asked: list[str],
) -> None:  # fmt: skip
    shop = install_at(shop_server, now)
    shop_server.permissions, shop_server.trouble = held, trouble
    tell(shop, [account(now), cart(now)], now)
    ask(SET, of=shop, on=True, clears=False)
    with within(shop.pk):
        Installation.objects.update(saleor_version=version, permissions=known)
    change = "mutation { phaseAttributeSet(isOn: true) { customers errors { field code message } } }"
    answer = ask(change, of=shop)["phaseAttributeSet"]
    assert shop_server.asked == asked
    with within(shop.pk):
        assert Installation.objects.get(pk=shop.pk).has_phase_attribute == (says is None)
    if says is None:
        assert answer == {"customers": 1, "errors": []}
    else:
        (error,) = answer["errors"]
        assert (answer["customers"], error["field"], error["code"]) == (0, "isOn", "INVALID")
        assert says in error["message"]
