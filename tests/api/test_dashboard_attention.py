from typing import Any

import pytest

from saleor_lifecycle.models import AttentionSettings, Installation
from saleor_lifecycle.models.entry import within
from tests.api.conftest import Ask

pytestmark = pytest.mark.django_db

SHOWN = "perDay perWeek perMonth quietHours { channel start end }"
SET = f"""mutation ($day: Int, $week: Int, $month: Int, $hours: [ChannelQuietHoursInput!]!) {{
    attentionSet(perDay: $day, perWeek: $week, perMonth: $month, quietHours: $hours) {{
        settings {{ {SHOWN} }} errors {{ field message }} }} }}"""
NIGHT = {"channel": "sms", "start": "21:00", "end": "10:00"}


def shown(ask: Ask) -> dict[str, Any]:
    found: dict[str, Any] = ask(f"{{ attention {{ {SHOWN} }} }}")["attention"]
    return found


def stored(installation: Installation) -> int:
    with within(installation.pk):
        return AttentionSettings.objects.count()


def test_begins_with_few_messages_and_quiet_nights(ask: Ask, installation: Installation) -> None:
    assert shown(ask) == {"perDay": 1, "perWeek": 3, "perMonth": 8, "quietHours": [NIGHT]}
    assert stored(installation) == 0


@pytest.mark.parametrize(
    "wanted",
    [
        {"perDay": 2, "perWeek": None, "perMonth": 0, "quietHours": []},
        {
            "perDay": None,
            "perWeek": None,
            "perMonth": 100,
            "quietHours": [{"channel": "email", "start": "22:30", "end": "08:00"}, NIGHT],
        },
    ],
)
def test_keeps_what_it_is_told(wanted: dict[str, Any], ask: Ask) -> None:
    given = {"day": wanted["perDay"], "week": wanted["perWeek"], "month": wanted["perMonth"]}
    for _ in range(2):
        answer = ask(SET, **given, hours=wanted["quietHours"])["attentionSet"]
        assert answer == {"settings": wanted, "errors": []}
    assert shown(ask) == wanted


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"day": -1}, "perDay", "Give 0 to 100 messages, or nothing for any number."),
        ({"month": 101}, "perMonth", "Give 0 to 100 messages, or nothing for any number."),
        ({"hours": [{**NIGHT, "end": "21:00"}]}, "quietHours", "sms: quiet hours end at another time than they start."),
        ({"hours": [{**NIGHT, "end": "24:00"}]}, "quietHours", "sms: hours are written like 21:00."),
        ({"hours": [{**NIGHT, "start": "9:00"}]}, "quietHours", "sms: hours are written like 21:00."),
        (
            {"hours": [{**NIGHT, "channel": "fax"}]},
            "quietHours",
            "There is no such channel; there are email, on_site, sms, webhook.",
        ),
    ],
)
def test_refuses_what_cannot_be(
    given: dict[str, Any], field: str, message: str, ask: Ask, installation: Installation
) -> None:
    answer = ask(SET, **{"hours": [NIGHT], **given})["attentionSet"]
    assert answer == {"settings": None, "errors": [{"field": field, "message": message}]}
    assert stored(installation) == 0
