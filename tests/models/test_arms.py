"""What SQL sums of the arms is what the rules say of each person."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_lifecycle.domain.intervals import Sums
from saleor_lifecycle.domain.lift import Outcome, Verdict, compare
from saleor_lifecycle.domain.phases import OrderState, order_state
from saleor_lifecycle.domain.profile import OrderRow
from saleor_lifecycle.models import Enrollment, Flow, Installation
from saleor_lifecycle.models.arms import Arms, arms, attributed, totals
from saleor_lifecycle.models.entry import within
from tests.passages import enter, report

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
WINDOW = 14 * DAY
PAID = OrderRow(datetime(2026, 1, 1, tzinfo=UTC), "FULFILLED", "FULL", Decimal(20), Decimal(0), Decimal(20), "EUR")


@pytest.fixture
def since(now: datetime) -> datetime:
    """When the comparison began."""
    return now - 60 * DAY


def read(since: datetime, now: datetime) -> Arms:
    return arms(Flow.objects.get(key="abandoned-cart").pk, since, WINDOW, now)


def bought(at: datetime, total: str = "20", currency: str = "EUR") -> OrderRow:
    return replace(PAID, created_at=at, total=Decimal(total), currency=currency)


def test_sums_are_of_people_and_of_what_each_spent(installation: Installation, since: datetime, now: datetime) -> None:
    with within(installation.pk):
        enter(installation, [since], [bought(since + DAY, "10"), bought(since + 2 * DAY, "5.5")])
        enter(installation, [since], [bought(since + DAY, "7", "USD"), bought(since + DAY, "2")])
        enter(installation, [since])
        enter(installation, [since], [bought(since, "30")], "holdout")
        found = read(since, now)
    assert totals(found.conversions) == (Sums(3, 2, 2.0, 2.0, 2.0), Sums(1, 1, 1.0, 1.0, 1.0))
    assert [currency for currency, _ in found.amounts] == ["EUR", "USD"]
    euros, dollars = (totals(weekly) for _, weekly in found.amounts)
    assert euros[0] == Sums(3, 2, 17.5, 15.5**2 + 4, 15.5**3 + 8)
    assert euros[1] == Sums(1, 1, 30.0, 900.0, 27_000.0)
    assert dollars == (Sums(3, 1, 7.0, 49.0, 343.0), Sums(1))


@pytest.mark.parametrize("arm", ["treated", "holdout"])
@pytest.mark.parametrize(
    ("case", "after", "converted"),
    [
        ("before they entered", -SECOND, 0),
        ("as they entered", timedelta(), 1),
        ("in the window's last second", WINDOW - SECOND, 1),
        ("when the window was over", WINDOW, 0),
    ],
)
def test_orders_count_within_the_window_in_both_arms_alike(
    installation: Installation, since: datetime, now: datetime, arm: str, case: str, after: timedelta, converted: int
) -> None:
    with within(installation.pk):
        enter(installation, [since], [bought(since + after)], arm)
        found = read(since, now)
    both = totals(found.conversions)
    assert both[arm == "holdout"] == Sums(1, converted, *[float(converted)] * 3)
    assert both[arm != "holdout"] == Sums()
    assert len(found.amounts) == converted


def test_those_orders_count_that_make_a_buyer(installation: Installation, since: datetime, now: datetime) -> None:
    statuses = ["DRAFT", "CANCELED", "EXPIRED", "UNCONFIRMED", "UNFULFILLED", "FULFILLED", "PARTIALLY_FULFILLED"]
    charges = [("NONE", 0), ("NONE", 20), ("PARTIAL", 20), ("FULL", 20), ("OVERCHARGED", 20), ("FULL", 0)]
    cases = list(product([*statuses, "RETURNED", "PARTIALLY_RETURNED"], charges, [0, 20]))
    rows = [
        replace(
            bought(since + DAY, currency=f"{number:03}"),
            status=status,
            charge_status=charge_status,
            charged=Decimal(charged),
            refunded=Decimal(refunded),
        )
        for number, (status, (charge_status, charged), refunded) in enumerate(cases)
    ]
    good = [
        row.currency
        for row in rows
        if order_state(row.status, row.charge_status, row.charged, row.refunded) is OrderState.QUALIFIES
    ]
    with within(installation.pk):
        passage = enter(installation, [since], rows)
        report(passage, since, ("", "clicked", "human"))
        assert [currency for currency, _ in read(since, now).amounts] == good
        assert [currency for currency, *_ in attributed(passage.flow_id, since, WINDOW)] == good
    assert 20 < len(good) < len(rows) - 20


@pytest.mark.parametrize(
    ("case", "entered", "people"),
    [
        ("the window has just ended", -WINDOW, 1),
        ("a second is left", -WINDOW + SECOND, 0),
        ("when the comparison began", -60 * DAY, 1),
        ("before it began", -60 * DAY - SECOND, 0),
    ],
)
def test_only_those_count_whose_window_is_over(
    installation: Installation, since: datetime, now: datetime, case: str, entered: timedelta, people: int
) -> None:
    with within(installation.pk):
        enter(installation, [now + entered], [bought(now + entered)])
        assert totals(read(since, now).conversions)[0].people == people


def test_a_person_counts_once_from_their_first_entry(
    installation: Installation, since: datetime, now: datetime
) -> None:
    with within(installation.pk):
        enter(installation, [since + 20 * DAY, since], [bought(since + DAY), bought(since + 21 * DAY, "99")])
        found = read(since, now)
    assert totals(found.conversions)[0] == Sums(1, 1, 1.0, 1.0, 1.0)
    assert totals(found.amounts[0][1])[0].total == 20


@pytest.mark.parametrize(
    ("case", "arm", "is_shadow"),
    [
        ("who is never held out", "", False),
        ("who is held out of all flows", "everywhere", False),
        ("whom a flow in the shadow did not write to", "treated", True),
    ],
)
def test_is_not_compared(
    installation: Installation, since: datetime, now: datetime, case: str, arm: str, is_shadow: bool
) -> None:
    with within(installation.pk):
        enter(installation, [since], [bought(since)], arm, is_shadow=is_shadow)
        assert read(since, now) == Arms(0.0, (), ())


def test_weeks_are_told_apart_by_when_people_entered(
    installation: Installation, since: datetime, now: datetime
) -> None:
    with within(installation.pk):
        for days, arm in ((7, "treated"), (14, "holdout"), (14, "treated"), (45, "treated")):
            enter(installation, [since + days * DAY - SECOND], [], arm)
        enter(installation, [since + 14 * DAY])
        found = read(since, now)
    assert found.conversions == (
        (since + 7 * DAY + WINDOW, Sums(1), Sums()),
        (since + 14 * DAY + WINDOW, Sums(1), Sums(1)),
        (since + 21 * DAY + WINDOW, Sums(1), Sums()),
        (now, Sums(1), Sums()),  # the week is not over
    )
    assert found.weeks == pytest.approx((60 - 14 - 7) / 7, abs=1e-5)


def test_another_flow_and_another_shop_bring_nothing(
    installation: Installation, other_installation: Installation, since: datetime, now: datetime
) -> None:
    with within(other_installation.pk):
        theirs = enter(other_installation, [since], [bought(since)])
        report(theirs, since, ("", "clicked", "human"))
    with within(installation.pk):
        ours = enter(installation, [since], [bought(since)])
        another = Flow.objects.create(installation=installation, key="another", version=ours.version)
        assert totals(arms(ours.flow_id, since, WINDOW, now).conversions)[0] == Sums(1, 1, 1.0, 1.0, 1.0)
        assert attributed(ours.flow_id, since, WINDOW) == ()
        for flow_id in (another.pk, theirs.flow_id):
            assert arms(flow_id, since, WINDOW, now) == Arms(0.0, (), ())
            assert attributed(flow_id, since, WINDOW) == ()


def test_all_flows_together_are_held_against_who_is_held_out_of_all(
    installation: Installation, other_installation: Installation, since: datetime, now: datetime
) -> None:
    with within(other_installation.pk):
        enter(other_installation, [since], [bought(since)])
    with within(installation.pk):
        passages = [enter(installation, [since], [bought(since)], arm) for arm in ("treated", "holdout", "everywhere")]
        enter(installation, [since], [bought(since)], "")
        twice = enter(installation, [since + DAY], [bought(since)], "everywhere")
        Flow.objects.create(installation=installation, key="another", version=twice.version)
        for passage in (passages[0], twice):
            passage.pk = None
            passage.flow = Flow.objects.get(key="another")
            passage.public_id = uuid.uuid4()
            passage.entered_at -= HOUR
            passage.save(force_insert=True)
        found = arms(None, since, WINDOW, now)
    assert totals(found.conversions) == (Sums(2, 2, 2.0, 2.0, 2.0), Sums(2, 1, 1.0, 1.0, 1.0))
    assert totals(found.amounts[0][1]) == (Sums(2, 2, 40.0, 800.0, 16_000.0), Sums(2, 1, 20.0, 400.0, 8_000.0))


def test_what_is_read_can_be_compared(installation: Installation, since: datetime, now: datetime) -> None:
    with within(installation.pk):
        enter(installation, [since], [bought(since)], "holdout")
        found = read(since, now)
    told = compare(Outcome.CONVERSION, *totals(found.conversions), found.weeks)
    assert told.verdict is Verdict.NOT_ENOUGH_YET


@pytest.mark.parametrize(
    ("case", "provider", "kind", "verdict", "after", "counts"),
    [
        ("delivered before", "brevo", "delivered", "", timedelta(), True),
        ("delivered afterwards", "brevo", "delivered", "", -SECOND, False),
        ("clicked by its person", "", "clicked", "human", DAY, True),
        ("clicked by a scanner", "", "clicked", "scanner", DAY, False),
        ("clicked by nobody knows whom yet", "", "clicked", "provisional", DAY, False),
        ("clicked, by the provider's word", "brevo", "clicked", "", DAY, False),
        ("opened", "", "opened", "human", DAY, False),
        ("bounced", "brevo", "bounced", "", DAY, False),
        ("clicked in the window's last second", "", "clicked", "human", WINDOW - SECOND, True),
        ("clicked longer ago", "", "clicked", "human", WINDOW, False),
    ],
)
def test_an_order_is_attributed_to_a_message_that_was(
    installation: Installation,
    since: datetime,
    case: str,
    provider: str,
    kind: str,
    verdict: str,
    after: timedelta,
    counts: bool,
) -> None:
    ordered = since + 20 * DAY
    with within(installation.pk):
        passage = enter(installation, [since], [bought(ordered)])
        report(passage, ordered - after, (provider, kind, verdict))
        found = attributed(passage.flow_id, since, WINDOW)
    assert found == ((("EUR", 1, Decimal("20.000")),) if counts else ())


def test_an_order_is_attributed_once_and_never_summed_across_currencies(
    installation: Installation, since: datetime
) -> None:
    with within(installation.pk):
        passage = enter(installation, [since], [bought(since + DAY, "3"), bought(since + 2 * DAY, "4", "USD")])
        report(passage, since + DAY, ("brevo", "delivered", ""), ("", "clicked", "human"))
        report(passage, since + DAY, ("brevo", "delivered", ""))
        assert attributed(passage.flow_id, since, WINDOW) == (("EUR", 1, Decimal(3)), ("USD", 1, Decimal(4)))


moments = st.integers(0, 60).map(lambda days: days * DAY) | st.integers(0, 60 * 24).map(lambda h: timedelta(hours=h))
spendings = st.builds(
    lambda after, total, currency, status: (after, total, currency, status),
    moments,
    st.sampled_from(["0", "0.5", "20", "1000", "-5"]),
    st.sampled_from(["EUR", "USD"]),
    st.sampled_from(["FULFILLED", "CANCELED"]),
)
people = st.lists(
    st.tuples(
        st.sampled_from(["treated", "holdout", "", "everywhere"]),
        st.lists(moments, min_size=1, max_size=3),
        st.lists(spendings, max_size=4),
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people)
def test_sums_are_those_of_looking_at_one_person_after_the_other(
    installation: Installation,
    since: datetime,
    now: datetime,
    drawn: list[tuple[str, list[timedelta], list[tuple[timedelta, str, str, str]]]],
) -> None:
    expected: dict[tuple[str, str], list[list[float]]] = {}
    with within(installation.pk):
        Enrollment.objects.all().delete()
        for arm, entered, spent in drawn:
            rows = [
                replace(bought(since + at, total, currency), status=status) for at, total, currency, status in spent
            ]
            enter(installation, [since + at for at in entered], rows, arm)
            began = since + min(entered)
            if arm in {"", "everywhere"} or began > now - WINDOW:
                continue
            good = [row for row in rows if row.status == "FULFILLED" and began <= row.created_at < began + WINDOW]
            expected.setdefault(("", arm), []).append([float(bool(good))])
            for currency in {row.currency for row in good}:
                worth = float(sum(max(row.total, Decimal(0)) for row in good if row.currency == currency))
                expected.setdefault((currency, arm), []).append([worth])
        found = read(since, now)
    for number, arm in enumerate(("treated", "holdout")):
        everybody = expected.get(("", arm), [])
        sums = totals(found.conversions)[number]
        assert (sums.people, sums.converted) == (len(everybody), sum(one for (one,) in everybody))
        for currency in ("EUR", "USD"):
            spent_each = [one for (one,) in expected.get((currency, arm), []) if one > 0]
            of_currency = totals(dict(found.amounts).get(currency, ()))[number]
            assert of_currency.converted == len(spent_each)
            assert of_currency.people == (len(everybody) if currency in dict(found.amounts) else 0)
            for power, total in ((1, of_currency.total), (2, of_currency.squares), (3, of_currency.cubes)):
                assert total == pytest.approx(sum(worth**power for worth in spent_each))
