from datetime import datetime, timedelta

import pytest

from saleor_lifecycle.models import Flow, Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.models.results import Results, results
from tests.passages import enter, report

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def test_everybody_who_entered_is_in_one_state(installation: Installation, now: datetime) -> None:
    with within(installation.pk):
        enter(installation, [now], state="waiting")
        enter(installation, [now, now], arm="", state="exited", reason="ordered")
        enter(installation, [now], arm="holdout", state="exited", reason="ordered")
        enter(installation, [now], arm="everywhere", state="exited", reason="unsubscribed")
        enter(installation, [now], state="failed", reason="step touch-1")
        found = results(Flow.objects.get(key="abandoned-cart").pk, now)
    assert found.states == {"waiting": 1, "exited": 4, "failed": 1}
    assert found.exits == (("ordered", 3), ("unsubscribed", 1))
    assert found.held_out == 2


@pytest.mark.parametrize(
    ("case", "after", "count"),
    [
        ("before", -SECOND, 0),
        ("at its beginning", timedelta(), 1),
        ("in its last second", DAY - SECOND, 1),
        ("at its end", DAY, 0),
    ],
)
def test_a_stretch_of_time_has_its_first_moment_and_not_its_last(
    installation: Installation, now: datetime, case: str, after: timedelta, count: int
) -> None:
    with within(installation.pk):
        passage = enter(installation, [now + after])
        report(passage, now, ("brevo", "delivered", ""))
        found = results(passage.flow_id, now, now + DAY)
    assert sum(found.states.values()) == count
    assert sum(number for *_, number in found.messages) == count
    assert found.delivered == count


@pytest.mark.parametrize(
    ("case", "reported", "delivered", "clicked"),
    [
        ("nothing was told", [], 0, 0),
        ("delivered twice", [("brevo", "delivered", ""), ("brevo", "delivered", "")], 1, 0),
        ("clicked, which says that it was delivered", [("", "clicked", "human")], 1, 1),
        ("delivered, then clicked twice", [("brevo", "delivered", ""), *[("", "clicked", "human")] * 2], 1, 1),
        ("clicked by a scanner", [("", "clicked", "scanner")], 0, 0),
        ("clicked by nobody knows whom yet", [("", "clicked", "provisional")], 0, 0),
        ("clicked, by the provider's word", [("brevo", "clicked", "")], 0, 0),
        ("bounced", [("brevo", "bounced", "")], 0, 0),
    ],
)
def test_messages_are_delivered_and_clicked_once(
    installation: Installation,
    now: datetime,
    case: str,
    reported: list[tuple[str, str, str]],
    delivered: int,
    clicked: int,
) -> None:
    with within(installation.pk):
        passage = enter(installation, [now])
        report(passage, now, *reported)
        found = results(passage.flow_id, now)
    assert found.messages == (("sent", "", 1),)
    assert (found.delivered, found.clicked) == (delivered, clicked)


def test_another_flow_and_another_shop_have_results_of_their_own(
    installation: Installation, other_installation: Installation, now: datetime
) -> None:
    with within(other_installation.pk):
        theirs = enter(other_installation, [now], arm="holdout")
        report(theirs, now, ("", "clicked", "human"))
    with within(installation.pk):
        enter(installation, [now])
        another = Flow.objects.create(installation=installation, key="another")
        for flow_id in (another.pk, theirs.flow_id):
            assert results(flow_id, now) == Results({}, 0, (), (), 0, 0)
