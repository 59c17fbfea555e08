from datetime import datetime
from typing import Any

import pytest

from saleor_lifecycle.actions import attributes, flow_checks, flow_drafts, templates
from saleor_lifecycle.api.dashboard.problem_words import spoken
from saleor_lifecycle.domain.attributes import KeyMapping, Origin
from saleor_lifecycle.domain.flow_moves import People
from saleor_lifecycle.domain.values import Attribute, Type
from saleor_lifecycle.models import Flow, FlowVersion, Installation, Template
from saleor_lifecycle.models.documents import DocumentError
from saleor_lifecycle.models.entry import within
from tests.flow_documents import SEND, VISITED, WAIT, document, step

pytestmark = pytest.mark.django_db

DURATION = "give whole seconds, more than 0 and at most 400 days, such as PT30M or P2D"


@pytest.fixture(autouse=True)
def _shop(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        templates.save(installation.pk, "abandoned-cart-1", "en", ("", "", ""), "", now)
    told = [Attribute("size", Type.NUMBER), Attribute("birthday", Type.DATE)]
    with within(installation.pk):
        attributes.set_mappings(installation.pk, [KeyMapping(Origin.USER, one.name, one) for one in told], now)


UNKNOWN = {**SEND, "key": "a", "template": "x"}
WRONG: list[tuple[str, Any, str, str]] = [
    ("no object", [], "", "has to be an object"),
    ("a wait of no time", document({**WAIT, "duration": "PT0S"}, SEND), "steps[0].duration", DURATION),
    ("an exit about an unknown attribute", document(
        exits=[{"reason": "x", "when": {"kind": "compare", "fact": "attribute.luck", "op": "known"}}]),
     "exits[0].when.fact", "is not known"),
    ("a topic that is none", document(topic="gossip"), "topic", 'there is no topic "gossip"'),
    ("a message that is none", step("wait_for", rule=VISITED, at_most="P1D", then=[UNKNOWN]),
     "steps[0].then[0].template", 'there is no message "x"'),
    ("a flow that is none", step("start_flow", flow="other"), "steps[0].flow", 'there is no flow "other"'),
    ("an attribute that is none", step("set_attribute", attribute="luck", value=1), "steps[0].attribute",
     'there is no attribute "luck"'),
    ("a text for a number", step("set_attribute", attribute="size", value="big"), "steps[0].value",
     "does not fit the attribute, which is a number"),
    ("the date of an attribute that is none", document(trigger={"kind": "date", "date": "attribute.luck"}),
     "trigger.date", 'there is no attribute "luck"'),
    ("a date that is a number", document(trigger={"kind": "date", "date": "attribute.size"}), "trigger.date",
     "is no date but a number"),
    ("a tag that nobody has", document(
        entry={"where": {"kind": "compare", "fact": "tag.vip", "op": "=", "value": True}}), "entry.where",
     'there is no tag "vip"'),
    ("commercial as service", document(topic="service"), "topic",
     "abandoned-cart-1 is a commercial message, so it cannot go out as service"),
    ("an offer as service", step("offer", carries={"products": ["a"]}) | {"topic": "service", "steps": [
        {"key": "it", "kind": "offer", "carries": {"products": ["a"]}}]}, "steps[0]",
     "an offer makes messages commercial, so they cannot go out as service"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "written", "path", "reason"), WRONG, ids=[case for case, *_ in WRONG])
def test_what_is_wrong_is_told_by_place_and_reason_and_nothing_is_published(
    installation: Installation, now: datetime, case: str, written: Any, path: str, reason: str
) -> None:
    with within(installation.pk):
        flow = flow_drafts.create(installation.pk, "mine", "", written, now)
        before = FlowVersion.objects.count()
        with pytest.raises(DocumentError) as refused:
            flow_drafts.publish(flow, now, People.STAY, {}, "", now)
        assert [tuple(fault) for fault in refused.value.faults] == [(path, reason)]
        assert flow_checks.faults(installation.pk, "mine", written) == refused.value.faults
        flow.refresh_from_db()
        assert (flow.version_id, flow.draft, FlowVersion.objects.count()) == (None, written, before)
    assert spoken(reason, "es") != reason


def test_all_that_is_wrong_is_told_at_once(installation: Installation) -> None:
    written = document({**WAIT, "duration": "PT0S"}, {**SEND, "template": "x"}, priority=-1, topic="gossip")
    with within(installation.pk):
        found = [fault.path for fault in flow_checks.faults(installation.pk, "mine", written)]
    assert found == ["steps[0].duration", "priority", "topic", "steps[1].template"]


def test_what_is_there_may_be_named(installation: Installation) -> None:
    tagged = {"kind": "compare", "fact": "tag.vip", "op": "=", "value": True}
    written = document(
        {"key": "size", "kind": "set_attribute", "attribute": "size", "value": 3},
        {"key": "none", "kind": "set_attribute", "attribute": "size", "value": None},
        {"key": "start", "kind": "start_flow", "flow": "abandoned-cart"},
        {"key": "tag", "kind": "tag", "tag": "vip"},
        SEND,
        trigger={"kind": "date", "date": "attribute.birthday", "is_yearly": True},
        exits=[{"reason": "vip", "when": tagged}],
    )
    with within(installation.pk):
        assert flow_checks.faults(installation.pk, "mine", written) == ()


def test_a_message_that_was_put_away_is_not_there(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        Template.objects.filter(key="abandoned-cart-1").update(archived_at=now)
        assert flow_checks.faults(installation.pk, "mine", document()) == (
            ("steps[1].template", 'there is no message "abandoned-cart-1"'),
        )


def test_what_another_shop_has_is_not_there(installation: Installation, other_installation: Installation) -> None:
    with within(other_installation.pk):
        assert Flow.objects.get(key="abandoned-cart").key == "abandoned-cart"
        assert flow_checks.faults(other_installation.pk, "mine", document()) == (
            ("steps[1].template", 'there is no message "abandoned-cart-1"'),
        )
