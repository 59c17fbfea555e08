from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.models import Installation, Message, SendingChannel
from saleor_lifecycle.models.entry import within
from tests.api.conftest import Ask

pytestmark = pytest.mark.django_db

WAITS = "{ sending { channels { channel waiting scheduled leaving waits { reason count } } } }"
SHOWN = """sending { offAt heldAt channels {
    channel offAt offReason perMinute resumesAt trouble serviceOnly waiting scheduled } }"""
STOP = "mutation ($c: String) { sendingStop(channel: $c) { sending { offAt channels { offReason } } errors { code } } }"
RESUME = "mutation ($c: String) { sendingResume(channel: $c) { sending { offAt channels { offReason } } } }"
PACE = 'mutation ($n: Int) { sendingPaceSet(channel: "email", perMinute: $n) { errors { field message } } }'


@pytest.fixture(autouse=True)
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The nudges that are published, in place of a broker."""
    told: list[tuple[str, int]] = []
    monkeypatch.setattr("saleor_lifecycle.api.dashboard.sending.nudge", lambda *nudge: told.append(nudge))
    return told


def test_begins_without_limits(ask: Ask) -> None:
    shown = ask(f"{{ {SHOWN} }}")["sending"]
    assert (shown["offAt"], shown["heldAt"]) == (None, None)
    (email,) = [one for one in shown["channels"] if one["channel"] == "email"]
    assert email == {
        **{"channel": "email", "offAt": None, "offReason": "", "perMinute": None, "resumesAt": None, "trouble": ""},
        **{"serviceOnly": "", "waiting": 0, "scheduled": 0},
    }


def test_says_why_messages_wait_that_were_looked_at(ask: Ask, installation: Installation, now: datetime) -> None:
    def held(state: str, minutes: int, reason: str = "") -> Message:
        at = now + timedelta(minutes=minutes)
        named = {"template": "news", "topic": "news", "channel": "email", "reason": reason}
        return Message(installation=installation, state=state, queued_at=now, due_at=at, **named)

    with within(installation.pk):
        Message.objects.bulk_create(
            held(*one)
            for one in [
                *(("queued", -1), ("queued", 0), ("queued", 60, "flow_off"), ("queued", 90, "flow_off")),
                *(("queued", 1, "shop_away"), ("sending", 1), ("sent", 0, "shop_away")),
            ]
        )
    (email,) = [one for one in ask(WAITS)["sending"]["channels"] if one["channel"] == "email"]
    assert (email["waiting"], email["scheduled"], email["leaving"]) == (2, 3, 1)
    assert [(one["reason"], one["count"]) for one in email["waits"]] == [("flow_off", 2), ("shop_away", 1)]


@pytest.mark.parametrize(
    ("held", "why"),
    [
        ({"paused_at": -1}, "paused"),
        ({"paused_at": -1, "is_warming_up": True, "commercial_at": 1}, "paused"),
        ({"is_warming_up": True, "commercial_at": 1}, "warm_up"),
        ({"is_warming_up": True, "commercial_at": 0}, ""),
        ({"is_warming_up": False, "commercial_at": 1}, ""),
    ],
)
def test_says_why_only_service_messages_leave(
    held: dict[str, int], why: str, ask: Ask, installation: Installation, now: datetime
) -> None:
    row = {name: value if isinstance(value, bool) else now + timedelta(hours=value) for name, value in held.items()}
    with within(installation.pk):
        SendingChannel.objects.update_or_create(installation=installation, channel="email", defaults=row)
    channels = ask(f"{{ {SHOWN} }}")["sending"]["channels"]
    assert [one["serviceOnly"] for one in channels if one["channel"] == "email"] == [why]


def test_stops_and_resumes_everything(ask: Ask, now: datetime, nudged: list[tuple[str, int]]) -> None:
    assert ask(STOP)["sendingStop"]["sending"]["offAt"] == now.isoformat()
    assert ask(RESUME)["sendingResume"]["sending"]["offAt"] is None
    assert len(nudged) == 1


def test_stops_and_resumes_one_channel(ask: Ask, installation: Installation, now: datetime) -> None:
    stopped = ask(STOP, c="email")["sendingStop"]["sending"]
    assert stopped["offAt"] is None
    assert "merchant" in [one["offReason"] for one in stopped["channels"]]
    with within(installation.pk):
        assert SendingChannel.objects.get().off_at == now
    ask(RESUME, c="email")
    with within(installation.pk):
        assert SendingChannel.objects.get().off_at is None


def test_refuses_a_channel_that_there_is_not(ask: Ask, installation: Installation) -> None:
    assert ask(STOP, c="pigeon")["sendingStop"] == {"sending": None, "errors": [{"code": "INVALID"}]}
    with within(installation.pk):
        assert not SendingChannel.objects.exists()


@pytest.mark.parametrize(("per_minute", "is_refused"), [(0, True), (1, False), (600_001, True), (None, False)])
def test_sets_a_pace_within_bounds(ask: Ask, per_minute: int | None, is_refused: bool) -> None:
    errors = ask(PACE, n=per_minute)["sendingPaceSet"]["errors"]
    assert [one["field"] for one in errors] == (["perMinute"] if is_refused else [])
