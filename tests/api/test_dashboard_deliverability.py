from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.actions import deliverability, sender_domains, sending, warm_ups
from saleor_lifecycle.domain.deliverability import Counts
from saleor_lifecycle.domain.sender_records import Check, Finding, Level, Record
from saleor_lifecycle.models import Brand, Installation, SenderDomain, SendingChannel
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.nudge import CHECK, SEND
from tests.api.conftest import Ask

pytestmark = pytest.mark.django_db

DOMAINS = """domains { domain provider selectors checkedAt isBeingChecked
  findings { check level code found count put { host type value } } }"""
RATES = "windowDays sent rates { harm count rate warnFrom pauseFrom standing } pausedAt pauseReason"
WARM_UP = "warmUp { isOn limit used begunOn endsOn }"
RESUME = f"mutation {{ deliverabilityResume {{ deliverability {{ {RATES} }} errors {{ code }} }} }}"
SWITCH = f"mutation ($on: Boolean!) {{ warmUpSet(isOn: $on) {{ deliverability {{ {WARM_UP} }} }} }}"
SELECT = """mutation ($d: String!, $s: [String!]!) { dkimSelectorsSet(domain: $d, selectors: $s) {
  deliverability { domains { selectors isBeingChecked } } errors { field message code } } }"""
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The nudges that are published, in place of a broker."""
    told: list[tuple[str, int]] = []
    monkeypatch.setattr("saleor_lifecycle.api.dashboard.deliverability.nudge", lambda *nudge: told.append(nudge))
    return told


@pytest.fixture
def domain(installation: Installation, now: datetime) -> SenderDomain:
    """A domain that was checked yesterday."""
    with within(installation.pk):
        Brand.objects.update(sender_email="hello@shop.example")
        sender_domains.note(Brand.objects.get(), now)
        row = SenderDomain.objects.get()
        put = Record("_dmarc.shop.example", "TXT", "v=DMARC1; p=none")
        sender_domains.keep(row, "brevo", [Finding(Check.DMARC, "dmarc_missing", Level.ERROR, put=put)], now - DAY / 2)
        return row


def shown(ask: Ask, fields: str) -> dict[str, object]:
    return dict(ask(f"{{ deliverability {{ {fields} }} }}")["deliverability"])


def test_begins_with_nothing_to_say(ask: Ask) -> None:
    answer = shown(ask, f"{DOMAINS} {RATES} {WARM_UP} days {{ sent }}")
    assert (answer["domains"], answer["sent"], answer["pausedAt"]) == ([], 0, None)
    assert [one["rate"] for one in answer["rates"]] == [None, None]  # type: ignore[attr-defined]
    assert answer["warmUp"] == {"isOn": False, "limit": None, "used": 0, "begunOn": None, "endsOn": None}
    assert answer["days"] == [{"sent": 0}] * 30


def test_a_finding_says_what_to_put_where(ask: Ask, domain: SenderDomain, now: datetime) -> None:
    (found,) = shown(ask, DOMAINS)["domains"]  # type: ignore[misc]
    assert found == {
        "domain": "shop.example",
        "provider": "brevo",
        "selectors": [],
        "checkedAt": (now - DAY / 2).isoformat(),
        "isBeingChecked": False,
        "findings": [
            {
                **{"check": "DMARC", "level": "ERROR", "code": "dmarc_missing", "found": "", "count": None},
                "put": {"host": "_dmarc.shop.example", "type": "TXT", "value": "v=DMARC1; p=none"},
            }
        ],
    }


def test_rates_are_shown_with_what_they_lead_to(ask: Ask, installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        deliverability.note(installation, "email", Counts(1000, 60, 1), now - DAY)
        deliverability.note(installation, "email", Counts(1000, 0, 0), now - 10 * DAY)
    answer = shown(ask, f"{RATES} days {{ day sent bounced complained }}")
    assert (answer["windowDays"], answer["sent"], answer["pauseReason"]) == (7, 1000, "BOUNCES")
    assert answer["rates"] == [
        {"harm": "BOUNCES", "count": 60, "rate": 0.06, "warnFrom": 0.02, "pauseFrom": 0.05, "standing": "PAUSED"},
        {"harm": "COMPLAINTS", "count": 1, "rate": 0.001, "warnFrom": 0.001, "pauseFrom": 0.003, "standing": "GOOD"},
    ]
    days = answer["days"]
    assert isinstance(days, list)
    assert days[-2] == {"day": "2026-03-10", "sent": 1000, "bounced": 60, "complained": 1}
    assert [day["sent"] for day in days if day["sent"]] == [1000, 1000]


def test_staff_end_a_pause(ask: Ask, installation: Installation, now: datetime, nudged: list[tuple[str, int]]) -> None:
    with within(installation.pk):
        deliverability.note(installation, "email", Counts(1000, 60, 1), now)
    assert shown(ask, RATES)["pausedAt"] is not None
    answer = ask(RESUME)["deliverabilityResume"]
    assert (answer["deliverability"]["pausedAt"], answer["deliverability"]["sent"]) == (None, 0)
    assert nudged == [(SEND, installation.pk)]


def test_the_warm_up_is_shown_with_its_end_and_switched(ask: Ask, installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        warm_ups.begin(installation, "email")
    assert shown(ask, WARM_UP)["warmUp"] == {
        **{"isOn": True, "limit": 50, "used": 0, "begunOn": None, "endsOn": "2026-03-23"},
    }
    with within(installation.pk):
        sending.take_turns(installation, "email", 30, now - DAY)
        sending.take_turns(installation, "email", 70, now)
    assert shown(ask, WARM_UP)["warmUp"] == {
        **{"isOn": True, "limit": 100, "used": 70, "begunOn": "2026-03-10", "endsOn": "2026-03-22"},
    }
    off = ask(SWITCH, on=False)["warmUpSet"]["deliverability"]["warmUp"]
    assert (off["isOn"], off["limit"], off["endsOn"]) == (False, None, None)
    on = ask(SWITCH, on=True)["warmUpSet"]["deliverability"]["warmUp"]
    assert (on["isOn"], on["limit"], on["begunOn"]) == (True, 50, None)


def test_a_check_is_asked_for(
    ask: Ask, installation: Installation, domain: SenderDomain, now: datetime, nudged: list[tuple[str, int]]
) -> None:
    (found,) = ask(f"mutation {{ deliverabilityCheck {{ deliverability {{ {DOMAINS} }} }} }}")["deliverabilityCheck"][
        "deliverability"
    ]["domains"]
    assert (found["isBeingChecked"], len(found["findings"])) == (True, 1)
    assert nudged == [(CHECK, installation.pk)]


def test_selectors_are_taken_as_providers_show_them(ask: Ask, installation: Installation, domain: SenderDomain) -> None:
    answer = ask(SELECT, d="shop.example", s=[" 20260101PM._domainkey ", "20260101pm", ""])["dkimSelectorsSet"]
    assert answer == {
        "deliverability": {"domains": [{"selectors": ["20260101pm"], "isBeingChecked": True}]},
        "errors": [],
    }


@pytest.mark.parametrize(
    ("name", "selectors", "field", "code"),
    [
        ("other.example", ["k1"], "domain", "NOT_FOUND"),
        ("shop.example", ["k 1"], "selectors", "INVALID"),
        ("shop.example", ["x" * 64], "selectors", "INVALID"),
        ("shop.example", [f"k{number}" for number in range(11)], "selectors", "INVALID"),
    ],
)
def test_selectors_that_are_none_are_refused(
    name: str, selectors: list[str], field: str, code: str, ask: Ask, installation: Installation, domain: SenderDomain
) -> None:
    (error,) = ask(SELECT, d=name, s=selectors)["dkimSelectorsSet"]["errors"]
    assert (error["field"], error["code"]) == (field, code)
    with within(installation.pk):
        assert SenderDomain.objects.get().selectors == []


def test_a_question_changes_nothing(ask: Ask, installation: Installation) -> None:
    with within(installation.pk):
        Brand.objects.update(sender_email="hello@shop.example")
    shown(ask, DOMAINS)
    with within(installation.pk):
        assert not SenderDomain.objects.exists()
        assert not SendingChannel.objects.exists()
