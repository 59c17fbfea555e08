from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import entries
from saleor_lifecycle.models import Cart, Customer, Enrollment, Flow, FlowVersion, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as passages
from saleor_lifecycle.tasks.installations import add_ready_templates
from tests.api.conftest import Ask
from tests.facts import GRACE, account, cart, tell

pytestmark = pytest.mark.django_db

SETTINGS = """settings { delays { key seconds counts template } daysBefore incentive { percent lastsDays }
    mayHaveIncentive holdout perHour }"""
SET = f"""mutation ($key: String!, $settings: FlowSettingsInput!) {{
    flowSet(key: $key, settings: $settings) {{ flow {{ version {SETTINGS} }} errors {{ field message code }} }} }}"""
DAY = 86_400
HOUR = timedelta(hours=1)
IDLE = timedelta(minutes=30)


@pytest.fixture(autouse=True)
def _templates(installation: Installation, now: datetime) -> None:
    add_ready_templates(installation.pk, now)


def change(ask: Ask, key: str, **settings: Any) -> dict[str, Any]:
    answer: dict[str, Any] = ask(SET, key=key, settings=settings)["flowSet"]
    return answer


def versions(installation: Installation, key: str) -> int:
    with within(installation.pk):
        return FlowVersion.objects.filter(flow__key=key).count()


def test_a_shop_has_the_four_flows_and_that_of_carts_is_on(ask: Ask) -> None:
    found = ask("{ flows { key state settings { delays { key } } } }")["flows"]
    assert {one["key"]: (one["state"], len(one["settings"]["delays"])) for one in found} == {
        "abandoned-cart": ("ON", 4),
        "cross-sell": ("OFF", 1),
        "first-purchase": ("OFF", 4),
        "win-back": ("OFF", 3),
    }


def test_shows_what_makes_a_flow(ask: Ask) -> None:
    assert ask(f'{{ flow(key: "win-back") {{ {SETTINGS} }} }}')["flow"]["settings"] == {
        "delays": [
            {"key": "touch-2", "seconds": 7 * DAY, "counts": "MESSAGE_BEFORE", "template": "win-back-2"},
            {"key": "touch-3", "seconds": 14 * DAY, "counts": "MESSAGE_BEFORE", "template": "win-back-3"},
            {"key": "sunset", "seconds": 90 * DAY, "counts": "MESSAGE_BEFORE", "template": ""},
        ],
        "daysBefore": 0,
        "incentive": {"percent": 10, "lastsDays": 7},
        "mayHaveIncentive": True,
        "holdout": 0.1,
        "perHour": None,
    }


def test_what_is_left_out_stays(ask: Ask, installation: Installation) -> None:
    answer = change(ask, "win-back", delays=[{"key": "touch-2", "seconds": 5 * DAY}], daysBefore=5, perHour=40)
    assert answer["errors"] == []
    held = answer["flow"]["settings"]
    assert answer["flow"]["version"] == 2
    assert [one["seconds"] for one in held["delays"]] == [5 * DAY, 14 * DAY, 90 * DAY]
    assert (held["daysBefore"], held["perHour"], held["holdout"]) == (5, 40, 0.1)
    assert held["incentive"] == {"percent": 10, "lastsDays": 7}
    answer = change(ask, "win-back", withoutIncentive=True)
    assert answer["flow"]["settings"]["incentive"] is None
    answer = change(ask, "win-back", incentive={"percent": 15, "lastsDays": 3})
    assert answer["flow"]["settings"]["incentive"] == {"percent": 15, "lastsDays": 3}
    assert versions(installation, "win-back") == 4


def test_the_same_again_publishes_nothing(ask: Ask, installation: Installation) -> None:
    assert change(ask, "win-back", holdout=0.1)["flow"]["version"] == 1
    assert versions(installation, "win-back") == 1


@pytest.mark.parametrize("key", ["abandoned-cart", "first-purchase", "cross-sell"])
def test_every_flow_is_set(ask: Ask, key: str) -> None:
    answer = change(ask, key, holdout=0.25)
    assert answer["errors"] == []
    assert answer["flow"]["settings"]["holdout"] == 0.25


@pytest.mark.parametrize(
    ("key", "settings", "field"),
    [
        ("win-back", {"delays": [{"key": "touch-9", "seconds": 5}]}, "delays"),
        ("win-back", {"delays": [{"key": "touch-2", "seconds": 0}]}, "delays.touch-2"),
        ("abandoned-cart", {"delays": [{"key": "idle", "seconds": 0}]}, "delays.idle"),
        ("abandoned-cart", {"delays": [{"key": "idle", "seconds": -1}]}, "delays.idle"),
        ("abandoned-cart", {"delays": [{"key": "idle", "seconds": 400 * DAY + 1}]}, "delays.idle"),
        ("abandoned-cart", {"delays": [{"key": "idle", "seconds": 7 * DAY}]}, "delays.idle"),
        ("abandoned-cart", {"delays": [{"key": "touch-1", "seconds": 0}]}, "delays.touch-1"),
        ("abandoned-cart", {"delays": [{"key": "touch-2", "seconds": 3600}]}, "delays.touch-2"),
        ("abandoned-cart", {"delays": [{"key": "touch-3", "seconds": 2**31 - 1}]}, "delays.touch-3"),
        ("win-back", {"daysBefore": 31}, "daysBefore"),
        ("win-back", {"perHour": 0}, "perHour"),
        ("win-back", {"incentive": {"percent": 60, "lastsDays": 7}}, "incentive.percent"),
        ("win-back", {"incentive": {"percent": 10, "lastsDays": 0}}, "incentive.lastsDays"),
        ("cross-sell", {"incentive": {"percent": 10, "lastsDays": 7}}, "incentive"),
        ("cross-sell", {"holdout": 0.9}, "holdout"),
    ],
)
def test_settings_that_make_no_flow_change_nothing(
    key: str, settings: dict[str, Any], field: str, ask: Ask, installation: Installation
) -> None:
    answer = change(ask, key, **settings)
    assert answer["flow"] is None
    assert [(one["field"], one["code"]) for one in answer["errors"]] == [(field, "INVALID")]
    assert versions(installation, key) == 1


def test_who_is_in_a_flow_keeps_its_version_and_a_cart_that_is_watched_its_moment(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now, GRACE, "grace@example.com"), cart(now, "left", GRACE, None)], now)
    passages.run(installation.pk, now + IDLE)
    tell(installation, [cart(now + HOUR, "watched")], now + HOUR)
    change(ask, "abandoned-cart", delays=[{"key": "idle", "seconds": 60}, {"key": "touch-1", "seconds": 120}])
    with within(installation.pk):
        enrollment = Enrollment.objects.select_related("version").get(key="left")
        assert (enrollment.version.number, enrollment.due_at) == (1, now + HOUR)
        assert Cart.objects.get(checkout_id="watched").idle_at == now + HOUR + IDLE
    tell(installation, [cart(now + 2 * HOUR, "watched", lines=(("VmFyaWFudDoy", 1),))], now + 2 * HOUR)
    with within(installation.pk):
        assert Cart.objects.get(checkout_id="watched").idle_at == now + 2 * HOUR + timedelta(minutes=1)


def test_the_flows_of_another_shop_stay(ask: Ask, other_installation: Installation) -> None:
    assert change(ask, "nothing")["errors"][0]["code"] == "NOT_FOUND"
    change(ask, "win-back", daysBefore=5)
    assert versions(other_installation, "win-back") == 1


def test_people_come_page_by_page_the_newest_first(ask: Ask, installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        Flow.objects.filter(key="win-back").update(is_on=True)
    for number in range(3):
        at = now + timedelta(minutes=number)
        tell(installation, [account(at, "VXNlcjo" + "wxy"[number], f"p{number}@example.com")], at)
        with within(installation.pk):
            newest = Customer.objects.order_by("-id").first()
            assert newest is not None
            assert set(entries.call(installation, "win-back", [newest.pk], at).values()) == {"entered"}
    query = """query ($after: String) { flow(key: "win-back") { people(first: 2, after: $after) {
        people { userId email state step reason arm } endCursor hasNextPage } } }"""
    page = ask(query)["flow"]["people"]
    assert [one["email"] for one in page["people"]] == ["p2@example.com", "p1@example.com"]
    newest = page["people"][0]
    assert (newest["userId"], newest["state"], newest["step"]) == ("VXNlcjoy", "WAITING", "favourites")
    assert page["hasNextPage"]
    rest = ask(query, after=page["endCursor"])["flow"]["people"]
    assert [one["email"] for one in rest["people"]] == ["p0@example.com"]
    assert not rest["hasNextPage"]
    gone = ask('{ flow(key: "win-back") { people(state: EXITED) { people { email } endCursor } } }')["flow"]["people"]
    assert gone == {"people": [], "endCursor": None}


def test_a_pace_that_was_set_is_taken_away_again(ask: Ask) -> None:
    assert change(ask, "win-back", perHour=40)["flow"]["settings"]["perHour"] == 40
    assert change(ask, "win-back", holdout=0.2)["flow"]["settings"]["perHour"] == 40
    answer = change(ask, "win-back", withoutPace=True)
    assert (answer["errors"], answer["flow"]["settings"]["perHour"]) == ([], None)


def test_tells_who_is_there_already_and_how_fast_they_come_in(
    ask: Ask, installation: Installation, other_installation: Installation, now: datetime
) -> None:
    query = "{ flows { key existing { people perHour } } }"
    for shop, count in ((installation, 3), (other_installation, 1)):
        facts = [account(now, f"VXNlcjo{number}", f"p{number}@example.com") for number in range(count)]
        tell(shop, facts, now)
        with within(shop.pk):
            Customer.objects.update(phase="loss", loss_at=now - timedelta(days=1))
    change(ask, "win-back", perHour=40)
    found = {one["key"]: one["existing"] for one in ask(query)["flows"]}
    assert found.pop("win-back") == {"people": 3, "perHour": 40}
    assert set(found) == {"abandoned-cart", "first-purchase", "cross-sell"}
    assert set(found.values()) == {None}
