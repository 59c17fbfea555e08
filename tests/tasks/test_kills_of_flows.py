"""A worker dies on every line of the advance of flows: each step is passed once, each effect is there once.

``KILLS=2000`` makes that many; without it a sample of the lines dies.
"""

import logging
import os
from datetime import datetime, timedelta
from typing import Any

import pytest

from saleor_lifecycle.actions import entries, flow_acts, flow_facts, flows, ledger
from saleor_lifecycle.models import (
    Customer,
    Decision,
    Enrollment,
    Flow,
    FlowEntry,
    Identity,
    Installation,
    Message,
    Outbox,
    Tag,
    sets,
)
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import flows as tasks
from tests.entering import CALLED, flow
from tests.facts import account, tell
from tests.tasks.dying import dies_on, lines_of

pytestmark = pytest.mark.django_db(transaction=True)

logger = logging.getLogger(__name__)

KILLS = int(os.environ.get("KILLS", "60"))
FILES = frozenset(str(module.__file__) for module in (tasks, flows, flow_acts, flow_facts, ledger, sets))
HOUR = timedelta(hours=1)
PEOPLE = ("ada", "bob", "cleo")
GOLD = {"kind": "compare", "fact": "attribute.tier", "op": "=", "value": "gold"}
STEPS: list[dict[str, Any]] = [
    {"key": "pause", "kind": "wait", "duration": "PT1H"},
    {"key": "offer", "kind": "offer", "carries": {"products": ["UHJvZHVjdDox"]}},
    {"key": "hello", "kind": "send", "template": "hello", "channels": ["sms", "email"]},
    {"key": "gold", "kind": "set_attribute", "attribute": "tier", "value": "gold"},
    {
        "key": "which",
        "kind": "branch",
        "cases": [{"when": GOLD, "then": [{"key": "vip", "kind": "tag", "tag": "vip"}]}],
        "otherwise": [{"key": "out", "kind": "exit"}],
    },
    {"key": "call", "kind": "webhook", "event": "came_by"},
    {"key": "staff", "kind": "notify_staff", "text": "Say hello"},
    {"key": "next", "kind": "start_flow", "flow": "other"},
    {"key": "rest", "kind": "wait", "duration": "P1D"},
]


@pytest.fixture
def shop(installation: Installation, now: datetime) -> Installation:
    tell(installation, [account(now, name, f"{name}@example.com") for name in PEOPLE], now)
    flow(installation, {"kind": "flow"}, now, "other")
    flow(installation, CALLED, now, steps=STEPS)
    return installation


def begin(shop: Installation, now: datetime) -> None:
    """Nothing has happened, and three people have entered; one of them is held out."""
    with within(shop.pk):
        for model in (Message, Tag, FlowEntry, Decision, Enrollment):
            model.objects.all().delete()
        Outbox.objects.filter(kind__in=["webhook", "staff"]).delete()
        Customer.objects.update(attributes={})
        people = dict(Identity.objects.filter(kind="user").values_list("value", "customer_id"))
        entries.call(shop, "hello", [one for one in people.values() if one], now)
        Enrollment.objects.filter(customer=people["cleo"]).update(arm="holdout")
        flows.advance(shop, [one for one in people.values() if one], now)


def held(shop: Installation) -> dict[str, list[Any]]:
    """All that the advance has brought about, in order; without the ids that differ from run to run."""
    with within(shop.pk):
        return {
            "enrollments": sorted(
                Enrollment.objects.values_list("flow__key", "customer", "state", "step", "since", "due_at", "depth")
            ),
            "carries": list(Enrollment.objects.order_by("flow", "customer").values_list("carries", flat=True)),
            "messages": sorted(Message.objects.values_list("customer", "step", "channel", "state", "due_at")),
            "tags": sorted(Tag.objects.values_list("customer", "name", "at")),
            "attributes": list(Customer.objects.order_by("id").values_list("attributes", flat=True)),
            "outbox": sorted(
                (kind, told["step"], told["customer"])
                for kind, told in Outbox.objects.exclude(kind="projection").values_list("kind", "written")
            ),
            "decisions": sorted(Decision.objects.values_list("customer_id", "kind", "step", "outcome", "occurred_at")),
        }


def test_each_step_is_passed_once_and_each_effect_is_there_once(shop: Installation, now: datetime) -> None:
    at = now + HOUR

    def work() -> object:
        while tasks.run(shop.pk, at):
            pass
        return None

    for _ in range(2):  # the first time fills what is kept, such as the texts of statements
        begin(shop, now)
        lines = lines_of(work, FILES)
    calm = held(shop)
    assert len(calm["messages"]) == len(calm["tags"]) == 2
    assert len(calm["outbox"]) == 4
    assert lines > 400
    kills = 0
    for line in range(1, lines + 1, max(1, lines // KILLS)):
        begin(shop, now)
        kills += dies_on(work, line, FILES)
        with within(shop.pk):
            states = Enrollment.objects.filter(flow=Flow.objects.get(key="hello")).values_list("state", flat=True)
            assert len(states) == len(PEOPLE)
        work()
        assert held(shop) == calm, f"died on line {line} of {lines}"
    assert kills >= min(KILLS, lines) * 0.9
    logger.info("%s deaths on %s lines", kills, lines)
