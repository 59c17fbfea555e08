"""What was decided about a customer in flows, as the dashboard asks for it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import ledger
from saleor_lifecycle.actions.ledger import Entry, Kind
from saleor_lifecycle.api.dashboard.access import Context
from saleor_lifecycle.api.dashboard.schema import schema
from saleor_lifecycle.models import Decision, Enrollment, Flow, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.saleor.tokens import DashboardToken
from saleor_lifecycle.tasks import flows as passages
from tests.api.conftest import EVERYTHING, Ask
from tests.facts import ADA, GRACE, account, cart, tell

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
IDLE = timedelta(minutes=30)
FLOWS = "query ($user: ID!) { customerFlows(userId: $user) { key name isOn isShadow isArchived passages } }"
PASSAGES = """query ($user: ID!, $flow: String!, $first: Int!, $after: String) {
    flowPassages(userId: $user, flow: $flow, first: $first, after: $after) {
        state arm isShadow reason step stepKind enteredAt dueAt endedAt cursor words spoken: words(language: "es")
        decisions { at kind outcome step stepKind until words spoken: words(language: "es") } } }"""
WHY_NOT = """query ($user: ID!, $flow: String!) { flowWhyNot(userId: $user, flow: $flow) {
    findings { obstacle reason step at until words spoken: words(language: "es") }
    refusals { at reason words spoken: words(language: "es") } } }"""


@pytest.fixture
def passage(installation: Installation, now: datetime) -> Enrollment:
    """Ada's passage for a cart that went idle, with nothing in the ledger."""
    with within(installation.pk):
        Flow.objects.update(switched_on_at=now - 9 * HOUR)
    tell(installation, [account(now - 3 * HOUR), cart(now - IDLE)], now - IDLE)
    while passages.run(installation.pk, now):
        pass
    with within(installation.pk):
        Decision.objects.all().delete()
        return Enrollment.objects.get()


def asked(user: str = ADA, flow: str = "abandoned-cart", **more: Any) -> dict[str, Any]:
    return {"user": user, "flow": flow, **more}


def test_a_passage_is_told_as_data_and_in_words(ask: Ask, passage: Enrollment, now: datetime) -> None:
    until = now + HOUR
    with within(passage.installation_id):
        of = Entry(passage.customer_id, passage.flow_id, Kind.ENTERED, "treated", passage.pk)
        put_off = of._replace(kind=Kind.DEFERRED, outcome="quiet_hours", message_id=7, step="touch-1")
        ledger.record(passage.installation_id, [of], now)
        ledger.record(passage.installation_id, [put_off._replace(data={"until": until})], now + HOUR)
    [told] = ask(PASSAGES, **asked(first=5))["flowPassages"]
    assert (told["state"], told["step"], told["stepKind"]) == ("WAITING", "wait-touch-1", "wait")
    assert told["words"].startswith("In it since March 11, 12:00")
    assert told["spoken"].startswith("Dentro desde el 11 de marzo, 12:00; está en «wait-touch-1»")
    entered, deferred = told["decisions"]
    assert (entered["kind"], entered["outcome"], entered["at"]) == ("ENTERED", "treated", now.isoformat())
    assert entered["words"] == "Entered: a filled cart was left alone."
    assert (deferred["outcome"], deferred["stepKind"], deferred["until"]) == (
        "quiet_hours",
        "send",
        until.isoformat(),
    )
    assert deferred["spoken"].endswith("13:00: son horas de silencio donde vive.")


def test_pages_go_back(ask: Ask, passage: Enrollment, installation: Installation, now: datetime) -> None:
    tell(installation, [cart(now, "another cart")], now)
    while passages.run(installation.pk, now + IDLE):
        pass
    [newest] = ask(PASSAGES, **asked(first=1))["flowPassages"]
    [oldest] = ask(PASSAGES, **asked(first=5, after=newest["cursor"]))["flowPassages"]
    assert (newest["enteredAt"], oldest["enteredAt"]) == ((now + IDLE).isoformat(), now.isoformat())
    assert ask(PASSAGES, **asked(first=5, after=oldest["cursor"]))["flowPassages"] == []


def test_flows_are_counted_for_the_customer(ask: Ask, passage: Enrollment) -> None:
    flow = {"key": "abandoned-cart", "name": "", "isOn": True, "isShadow": False, "isArchived": False}
    others = [flow | {"key": key, "isOn": False, "passages": 0} for key in ("first-purchase", "cross-sell", "win-back")]
    assert ask(FLOWS, user=ADA)["customerFlows"] == [flow | {"passages": 1}, *others]


def test_why_not_is_told_with_what_was_written_down(
    ask: Ask, passage: Enrollment, installation: Installation, now: datetime
) -> None:
    with within(installation.pk):
        Flow.objects.update(is_on=False)
        refused = Entry(passage.customer_id, passage.flow_id, Kind.REFUSED, "still_inside")
        ledger.record(installation.pk, [refused], now)
    told = ask(WHY_NOT, **asked())["flowWhyNot"]
    assert [one["obstacle"] for one in told["findings"]][:2] == ["FLOW_OFF", "WAITS"]
    assert passage.due_at is not None
    assert told["findings"][1]["until"] == passage.due_at.isoformat()
    assert told["findings"][0]["spoken"].startswith("El flujo está apagado")
    assert told["refusals"] == [
        {
            "at": now.isoformat(),
            "reason": "still_inside",
            "words": "Not let in: they were still in it.",
            "spoken": "No entró: todavía estaba dentro.",
        }
    ]


@pytest.mark.parametrize(("user", "flow"), [(GRACE, "abandoned-cart"), (ADA, "no-such-flow")])
def test_who_is_not_known_has_no_story(ask: Ask, passage: Enrollment, user: str, flow: str) -> None:
    assert ask(PASSAGES, **asked(user, flow, first=5)) == {"flowPassages": []}
    assert ask(WHY_NOT, **asked(user, flow)) == {"flowWhyNot": None}


def test_another_shop_sees_nothing(ask: Ask, passage: Enrollment, other_installation: Installation) -> None:
    assert ask(FLOWS, of=other_installation, user=ADA) == {"customerFlows": []}
    assert ask(PASSAGES, of=other_installation, **asked(first=5)) == {"flowPassages": []}
    assert ask(WHY_NOT, of=other_installation, **asked()) == {"flowWhyNot": None}


@pytest.mark.parametrize("wrong", [{"first": 0}, {"first": 51}, {"first": 5, "after": "nowhere"}])
def test_pages_that_cannot_be_are_refused(
    wrong: dict[str, Any], passage: Enrollment, installation: Installation, now: datetime
) -> None:
    context = Context(installation.pk, DashboardToken("VXNlcjoyMQ==", "staff@example.com", EVERYTHING), now)
    result = schema.execute_sync(PASSAGES, asked(**wrong), context)
    assert result.errors
    assert [error.extensions and error.extensions["code"] for error in result.errors] == ["INVALID"]
