from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.models import DeliverySettings, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import deliveries as coming
from tests.api.conftest import Ask
from tests.facts import ADA, account, fulfillment, order, tell

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SHOWN = "metadataKey rules { method workingDays } otherwiseWorkingDays"
SET = f"""mutation ($key: String, $rules: [DeliveryRuleInput!], $days: Int) {{
    deliverySettingsUpdate(metadataKey: $key, rules: $rules, otherwiseWorkingDays: $days) {{
        settings {{ {SHOWN} }} errors {{ field code }} }} }}"""
EXPRESS = {"method": "Express", "workingDays": 0}
DEFAULT = {"metadataKey": "delivered_at", "rules": [], "otherwiseWorkingDays": 3}


def stored(installation: Installation) -> int:
    with within(installation.pk):
        return DeliverySettings.objects.count()


def test_begins_with_a_key_and_three_working_days(ask: Ask, installation: Installation) -> None:
    assert ask(f"{{ deliverySettings {{ {SHOWN} }} }}")["deliverySettings"] == DEFAULT
    assert stored(installation) == 0


def test_what_is_left_out_stays(ask: Ask) -> None:
    wanted: dict[str, Any] = dict(DEFAULT)
    changes: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"rules": [EXPRESS]}, {"rules": [EXPRESS]}),
        ({"key": " arrived "}, {"metadataKey": "arrived"}),
        ({"days": 60}, {"otherwiseWorkingDays": 60}),
        ({"rules": [], "key": ""}, {"rules": [], "metadataKey": ""}),
    ]
    for given, change in changes:
        wanted |= change
        assert ask(SET, **given)["deliverySettingsUpdate"] == {"settings": wanted, "errors": []}
        assert ask(f"{{ deliverySettings {{ {SHOWN} }} }}")["deliverySettings"] == wanted


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"key": "k" * 256}, "metadataKey"),
        ({"days": -1}, "otherwiseWorkingDays"),
        ({"days": 61}, "otherwiseWorkingDays"),
        ({"rules": [{**EXPRESS, "method": " "}]}, "rules"),
        ({"rules": [EXPRESS, {**EXPRESS, "method": "express "}]}, "rules"),
        ({"rules": [{**EXPRESS, "workingDays": 61}]}, "rules"),
        ({"rules": [{**EXPRESS, "workingDays": -1}]}, "rules"),
        ({"rules": [{"method": f"m{number}", "workingDays": 1} for number in range(101)]}, "rules"),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, Any], field: str, ask: Ask, installation: Installation) -> None:
    answer = ask(SET, **given)["deliverySettingsUpdate"]
    assert answer == {"settings": None, "errors": [{"field": field, "code": "INVALID"}]}
    assert stored(installation) == 0


def test_an_order_shows_its_delivery_and_from_where_it_is_known(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    tell(installation, [account(now), order(now - DAY), fulfillment(now - DAY)], now)
    tell(installation, [order(now, "T3JkZXI6Mg==")], now)
    query = """query ($user: ID!) { customer(userId: $user) {
        activities(first: 5) { kind delivery { at source hasCome } } } }"""
    for hours, has_come in ((0, False), (24 * 30, True)):
        coming.run(installation.pk, now + timedelta(hours=hours))
        found = ask(query, user=ADA)["customer"]["activities"]
        told = [one["delivery"] for one in found if one["kind"] == "ORDER"]
        arrives = now - DAY + 3 * DAY  # from a Tuesday
        assert told == [
            None,
            {"at": arrives.isoformat(), "source": "SHIPPED", "hasCome": has_come},
        ]
