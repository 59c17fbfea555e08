"""Where customers are, and at which hour they act."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from saleor_lifecycle.actions import whereabouts
from saleor_lifecycle.models import Activity, Customer, DeliveryEvent, Identity, Installation, Message
from saleor_lifecycle.models.entry import within
from tests.facts import ADA, GRACE, account, cart, order, tell

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MADRID = ZoneInfo("Europe/Madrid")


def ada() -> int:
    return Customer.objects.get(identities__value=ADA).pk


def test_a_zone_is_that_of_the_newest_place_else_the_shops(installation: Installation) -> None:
    tell(
        installation,
        [
            *(account(NOON, user, f"{user}@example.com") for NOON in [NOW - 9 * DAY] for user in (ADA, GRACE)),
            replace(order(NOW - 3 * DAY), country="US", zone="America/Chicago"),
            replace(cart(NOW - 2 * DAY), country="ES", zone="Atlantic/Canary"),
            replace(cart(NOW - DAY, "Q2hlY2tvdXQ6Mg=="), country=""),
        ],
        NOW,
    )
    with within(installation.pk):
        grace = Customer.objects.get(identities__value=GRACE).pk
        installation.time_zone = "Asia/Kolkata"
        found = whereabouts.zones(installation, [ada(), grace])
        assert found == {ada(): (ZoneInfo("Atlantic/Canary"),), grace: (ZoneInfo("Asia/Kolkata"),)}
        assert whereabouts.known_zones([ada(), grace]).keys() == {ada()}


def test_a_country_of_several_zones_is_all_of_them_the_most_populous_first(installation: Installation) -> None:
    tell(installation, [account(NOW - DAY), replace(order(NOW - DAY), country="AU")], NOW)
    with within(installation.pk):
        zones = whereabouts.zones(installation, [ada()])[ada()]
    assert zones[0].key == "Australia/Sydney"
    assert {"Australia/Perth", "Australia/Adelaide", "Australia/Lord_Howe"} <= {zone.key for zone in zones}


@pytest.mark.parametrize("country", ["XX", "ESP"])
def test_a_country_that_is_none_is_not_known(country: str, installation: Installation) -> None:
    tell(installation, [account(NOW - DAY), replace(order(NOW - DAY), country=country)], NOW)
    with within(installation.pk):
        assert whereabouts.known_zones([ada()]) == {}


@pytest.mark.parametrize(
    ("number", "zones"),
    [
        ("+34600111222", {"Europe/Madrid", "Atlantic/Canary", "Africa/Ceuta"}),
        ("+12125550123", {"America/New_York"}),
        ("+81312345678", {"Asia/Tokyo"}),
        ("ada@example.com", set()),
    ],
)
def test_a_number_tells_zones(number: str, zones: set[str]) -> None:
    found = {zone.key for zone in whereabouts.zones_of_number(number)}
    assert found <= zones
    assert bool(found) is bool(zones)


def test_a_usual_hour_rests_on_visits_orders_and_clicks_of_the_last_half_year(installation: Installation) -> None:
    tell(installation, [account(NOW - DAY), account(NOW - DAY, GRACE, "grace@example.com")], NOW)
    evening = datetime(2026, 3, 1, 20, 10, tzinfo=MADRID).astimezone(UTC)
    tell(installation, [order(evening - n * DAY, f"order {n}") for n in range(2)], NOW)
    with within(installation.pk):
        identity = Identity.objects.get(value=ADA)
        for n in range(2):
            at = evening - n * DAY
            Activity.objects.create(
                installation=installation, occurred_at=at, key=f"{n}", identity_id=identity.pk, kind="visit"
            )
        people = dict.fromkeys([ada(), Customer.objects.get(identities__value=GRACE).pk], (MADRID,))
        assert whereabouts.usual_hours(installation.pk, people, NOW) == {}, "four acts are too few"
        message = Message.objects.create(
            installation=installation, customer_id=ada(), template="x", topic="x", channel="email", queued_at=NOW
        )
        click = DeliveryEvent(
            installation=installation,
            message=message,
            provider="",
            key="1",
            kind="clicked",
            verdict="scanner",
            occurred_at=evening,
            received_at=NOW,
        )
        click.save()
        assert whereabouts.usual_hours(installation.pk, people, NOW) == {}, "a scanner is nobody"
        DeliveryEvent.objects.update(verdict="human")
        assert whereabouts.usual_hours(installation.pk, people, NOW) == {ada(): 20}
        later = NOW + timedelta(days=200)
        assert whereabouts.usual_hours(installation.pk, people, later) == {}
