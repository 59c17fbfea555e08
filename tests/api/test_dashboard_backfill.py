from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import backfill as backfills
from saleor_lifecycle.models import Backfill, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import nudge
from tests.api.conftest import Ask

pytestmark = pytest.mark.django_db

SHOWN = (
    "state pagesPerSecond caughtUpAt catchUpError"
    " parts { kind state done total skipped percent rate secondsLeft error }"
)
START = f"""mutation ($restart: Boolean! = false, $rate: Float) {{
    importStart(restart: $restart, pagesPerSecond: $rate) {{
        import {{ {SHOWN} }} errors {{ field message code }} }} }}"""
TOMORROW = datetime(2026, 3, 12, 12, tzinfo=UTC)
WAITING = {
    "state": "WAITING",
    "done": 0,
    "total": None,
    "skipped": 0,
    "percent": None,
    "rate": None,
    "secondsLeft": None,
    "error": "",
}


@pytest.fixture(autouse=True)
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    told: list[tuple[str, int]] = []
    monkeypatch.setattr("saleor_lifecycle.api.dashboard.backfill.nudge", lambda *one: told.append(one))
    return told


def shown(ask: Ask, of: Installation) -> Any:
    return ask(f"{{ import {{ {SHOWN} }} }}", of=of)["import"]


def test_there_is_none_before_the_first(ask: Ask, installation: Installation) -> None:
    assert shown(ask, installation) is None


def test_starts_one_and_shows_each_kind_in_its_order(
    ask: Ask, installation: Installation, other_installation: Installation, nudged: list[tuple[str, int]]
) -> None:
    answer = ask(START)["importStart"]
    assert answer == {
        "import": {
            "state": "WAITING",
            "pagesPerSecond": 2.0,
            "caughtUpAt": None,
            "catchUpError": "",
            "parts": [{"kind": kind, **WAITING} for kind in ("CUSTOMERS", "ORDERS", "CHECKOUTS", "PRODUCTS")],
        },
        "errors": [],
    }
    assert nudged == [(nudge.BACKFILL, installation.pk)]
    assert shown(ask, other_installation) is None


def test_shows_how_far_it_has_come(ask: Ask, installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        backfills.begin(installation.pk, now)
        held, *_ = backfills.claim(installation.pk, now)
        after = backfills.turn_page(held, "a cursor", (100, 1, 400), now + timedelta(seconds=20), TOMORROW)
        assert after is not None
    assert shown(ask, installation)["parts"][0] == {
        "kind": "CUSTOMERS",
        "state": "RUNNING",
        "done": 100,
        "total": 400,
        "skipped": 1,
        "percent": 25.0,
        "rate": 5.0,
        "secondsLeft": 60,
        "error": "",
    }
    with within(installation.pk):
        backfills.put_off(after, "ShopAway: CustomersPage: HTTP 503", now)
    answer = shown(ask, installation)
    assert [answer["state"], *(part["state"] for part in answer["parts"][:2])] == ["RUNNING", "TROUBLED", "RUNNING"]
    assert answer["parts"][0]["error"] == "ShopAway: CustomersPage: HTTP 503"
    answer = ask(START)["importStart"]["import"]
    assert (answer["state"], answer["parts"][0]["error"], answer["parts"][0]["done"]) == ("RUNNING", "", 100)


@pytest.mark.parametrize(("restart", "done"), [(False, 100), (True, 0)])
def test_goes_on_unless_it_is_to_begin_anew(
    ask: Ask, installation: Installation, now: datetime, restart: bool, done: int
) -> None:
    with within(installation.pk):
        backfills.begin(installation.pk, now)
        held, *_ = backfills.claim(installation.pk, now)
        backfills.turn_page(held, "a cursor", (100, 0, 400), now, TOMORROW)
    ask(START, restart=restart)
    with within(installation.pk):
        row = Backfill.objects.get(kind="customers")
    assert (row.done, row.cursor, row.due_at) == (done, "a cursor" if done else "", now)


def test_says_until_when_all_is_known_and_what_that_waits_for(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    with within(installation.pk):
        backfills.begin(installation.pk, now)
        for held in backfills.claim(installation.pk, now):
            assert shown(ask, installation)["caughtUpAt"] is None
            backfills.turn_page(held, None, (0, 0, 0), now + timedelta(minutes=5), TOMORROW)
    assert shown(ask, installation)["caughtUpAt"] == now.isoformat()
    with within(installation.pk):
        _, orders, *_ = backfills.claim(installation.pk, TOMORROW)
        backfills.put_off(orders, "ShopAway: OrdersPage: HTTP 503", TOMORROW)
    answer = shown(ask, installation)
    assert (answer["state"], answer["parts"][1]["error"]) == ("FINISHED", "")
    assert (answer["caughtUpAt"], answer["catchUpError"]) == (now.isoformat(), "ShopAway: OrdersPage: HTTP 503")


def test_takes_a_rate(ask: Ask) -> None:
    assert ask(START, rate=5)["importStart"]["import"]["pagesPerSecond"] == 5.0


def test_a_rate_out_of_range_is_refused_and_nothing_starts(
    ask: Ask, installation: Installation, nudged: list[tuple[str, int]]
) -> None:
    assert ask(START, rate=0)["importStart"] == {
        "import": None,
        "errors": [{"field": "pagesPerSecond", "message": "give 0.1 to 50 pages a second", "code": "INVALID"}],
    }
    assert shown(ask, installation) is None
    assert nudged == []
