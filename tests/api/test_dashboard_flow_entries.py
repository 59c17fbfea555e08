from datetime import datetime
from uuid import uuid4

import pytest

from saleor_lifecycle.models import FlowHook, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import entries as tasks
from tests.api.conftest import Ask
from tests.entering import CALLED, SOLD, entered, flow, people

pytestmark = pytest.mark.django_db

ENTER = """mutation ($flow: String!, $customers: [UUID!]!) {
  flowEnter(flow: $flow, customers: $customers) { entries { customer outcome } errors { field code message } } }"""
START = """mutation ($flow: String!, $perHour: Int) {
  flowAdmissionStart(flow: $flow, perHour: $perHour) {
    admission { id customers lookedAt admitted perHour isOver stoppedAt } errors { field code message } } }"""
STOP = """mutation ($id: UUID!) {
  flowAdmissionStop(id: $id) { admission { isOver } errors { field code } } }"""
WALKS = "query ($flow: String!) { flowAdmissions(flow: $flow) { id customers lookedAt admitted isOver stoppedAt } }"
HOOK = "mutation ($flow: String!) { flowHookCreate(flow: $flow) { url errors { field code } } }"


def test_staff_let_customers_in_and_hear_of_each(
    ask: Ask, installation: Installation, other_installation: Installation, now: datetime
) -> None:
    flow(installation, CALLED, now)
    (ada,), (grace,) = people(installation, 1, now), people(other_installation, 1, now)
    said = ask(ENTER, flow="hello", customers=[str(ada.public_id), str(grace.public_id)])["flowEnter"]
    assert said["entries"] == [
        {"customer": str(ada.public_id), "outcome": "entered"},
        {"customer": str(grace.public_id), "outcome": "unknown_customer"},
    ]
    assert [one.customer_id for one in entered(installation)] == [ada.pk]


def test_staff_may_let_people_into_no_flow_of_carts_nor_too_many(
    ask: Ask, installation: Installation, now: datetime
) -> None:
    flow(installation, CALLED, now)
    (ada,) = people(installation, 1, now)
    said = ask(ENTER, flow="abandoned-cart", customers=[str(ada.public_id)])["flowEnter"]
    assert [error["code"] for error in said["errors"]] == ["NOT_FOUND"]
    said = ask(ENTER, flow="hello", customers=[str(uuid4()) for _ in range(101)])["flowEnter"]
    assert said["errors"] == [{"field": "customers", "code": "INVALID", "message": "Give at most 100 customers."}]
    assert entered(installation) == []


def test_a_walk_is_started_looked_at_and_stopped(ask: Ask, installation: Installation, now: datetime) -> None:
    flow(installation, CALLED, now)
    people(installation, 3, now)
    begun = ask(START, flow="hello", perHour=60)["flowAdmissionStart"]
    row = begun["admission"]
    assert (begun["errors"], row["customers"], row["perHour"], row["isOver"]) == ([], 3, 60, False)
    tasks.run(installation.pk, now)
    (seen,) = ask(WALKS, flow="hello")["flowAdmissions"]
    assert (seen["id"], seen["lookedAt"], seen["admitted"], seen["isOver"]) == (row["id"], 1, 1, False)
    assert ask(STOP, id=row["id"])["flowAdmissionStop"] == {"admission": {"isOver": True}, "errors": []}
    (seen,) = ask(WALKS, flow="hello")["flowAdmissions"]
    assert seen["stoppedAt"] is not None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"flow": "another"}, "NOT_FOUND"),
        ({"flow": "hello", "perHour": 0}, "INVALID"),
        ({"flow": "hello", "perHour": 100_001}, "INVALID"),
        ({"flow": "hello"}, "INVALID"),  # an event brings nobody who is there already
    ],
)
def test_some_walks_are_not_begun(
    given: dict[str, object], code: str, ask: Ask, installation: Installation, now: datetime
) -> None:
    flow(installation, SOLD, now)
    said = ask(START, **given)["flowAdmissionStart"]
    assert (said["admission"], [error["code"] for error in said["errors"]]) == (None, [code])
    assert ask(WALKS, flow="hello")["flowAdmissions"] == []


def test_a_walk_that_is_not_there_is_not_stopped(ask: Ask) -> None:
    said = ask(STOP, id=str(uuid4()))["flowAdmissionStop"]
    assert said == {"admission": None, "errors": [{"field": "id", "code": "NOT_FOUND"}]}


def test_an_address_is_told_once_and_kept_as_a_hash(ask: Ask, installation: Installation, now: datetime) -> None:
    flow(installation, {"kind": "webhook"}, now)
    url = ask(HOOK, flow="hello")["flowHookCreate"]["url"]
    with within(installation.pk):
        hook = FlowHook.objects.get()
    assert url.startswith(f"https://app.example.com/flows/{hook.public_id}/")
    assert url.rpartition("/")[2] not in hook.secret_hash
    assert ask(HOOK, flow="another")["flowHookCreate"]["errors"] == [{"field": "flow", "code": "NOT_FOUND"}]
