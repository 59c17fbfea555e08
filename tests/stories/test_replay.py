"""Real purchases, real actions, a clock of our own: everybody stands where a second, simpler reckoning puts them."""

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from saleor_lifecycle.actions import customers, events
from saleor_lifecycle.bench.brute_force import evaluate
from saleor_lifecycle.bench.purchases import Purchase, instants, of_some, read
from saleor_lifecycle.bench.replay import (
    SALEOR_API_URL,
    Comparison,
    Day,
    Month,
    StuckError,
    close_shop,
    compare,
    open_shop,
    order,
    replay,
)
from saleor_lifecycle.domain import prediction
from saleor_lifecycle.domain.phases import Standing, stand
from saleor_lifecycle.domain.profile import Profile
from saleor_lifecycle.domain.scoring import Policy
from saleor_lifecycle.models import Customer, Installation, Order, PhaseChange
from saleor_lifecycle.models.entry import across, within
from saleor_lifecycle.tasks import sweep

pytestmark = pytest.mark.django_db

CDNOW = Path(__file__).parents[1] / "payloads" / "cdnow.csv.gz"
NOON = datetime(1997, 1, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def everything() -> list[Purchase]:
    return read(CDNOW)


@pytest.fixture
def few(everything: list[Purchase]) -> list[Purchase]:
    return of_some(everything, 12, seed=0)


@pytest.fixture
def simulate(few: list[Purchase], tmp_path: Path) -> Callable[..., str]:
    """The command on a file of the few; returns what it printed."""
    path = tmp_path / "few.csv.gz"
    with gzip.open(path, "wt") as file:
        file.write("customer_id,date,quantity,amount\n")
        file.writelines(f"{one.customer},{one.on},1,{one.amount}\n" for one in few)

    def simulate(*arguments: str) -> str:
        output = StringIO()
        call_command("simulate", str(path), *arguments, stdout=output)
        return output.getvalue()

    return simulate


def simulations() -> int:
    with across():
        return Installation.objects.filter(saleor_api_url=SALEOR_API_URL).values_list("id").count()


def wrong_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    one, _, more = prediction.FIXED_SILENCES
    monkeypatch.setattr(prediction, "line", lambda rule, x: ((one, 100.0, more)[min(x, 2)], 0.0))


def test_everybody_stands_where_brute_force_puts_them_and_the_months_add_up(everything: list[Purchase]) -> None:
    purchases = of_some(everything, 400, seed=0)
    first_bought = {purchase.customer: purchase.on for purchase in reversed(purchases)}
    news = list(replay(open_shop(purchases[0].at), purchases, instants(purchases, 10, seed=0)))

    comparisons = [one for one in news if isinstance(one, Comparison)]
    assert len(comparisons) == 10
    assert [difference for one in comparisons for difference in one.differences] == []
    assert [one.compared for one in comparisons] == [
        sum(first <= (one.at - timedelta(hours=12)).date() for first in first_bought.values()) for one in comparisons
    ]

    months = [one for one in news if isinstance(one, Month)]
    assert [(one.first.year, one.first.month) for one in months][:: len(months) - 1] == [(1997, 1), (1998, 6)]
    in_loss = 0
    for one in months:
        seen = [first for first in first_bought.values() if first.replace(day=1) <= one.first]
        assert one.customers == sum(one.phases.values()) == len(seen)
        in_loss += one.lost - one.came_back
        assert one.phases["loss"] == in_loss
        assert one.phases["education"] == one.phases["sales"] == 0  # all of them are known by an order
    assert sum(one.came_back for one in months) > 100
    assert months[-1].customers == 400


def test_nobody_is_left_due_in_the_past(few: list[Purchase]) -> None:
    installation_id = open_shop(few[0].at)
    days = 0
    for news in replay(installation_id, few, []):
        if isinstance(news, Day):
            days += 1
            noon = datetime(news.on.year, news.on.month, news.on.day, 12, tzinfo=UTC)
            with within(installation_id):
                assert not Customer.objects.filter(due_at__lte=noon).exists()
    assert days == len({purchase.on for purchase in few})
    with within(installation_id):
        assert PhaseChange.objects.filter(cause="time", after="loss").count() >= 12


def test_a_wrong_rule_is_noticed(few: list[Purchase], monkeypatch: pytest.MonkeyPatch) -> None:
    wrong_interval(monkeypatch)
    checks = instants(few, 10, seed=0)
    differences = [
        difference
        for news in replay(open_shop(few[0].at), few, checks)
        if isinstance(news, Comparison)
        for difference in news.differences
    ]
    assert differences
    assert "should be" in differences[0]


def test_a_forgotten_customer_is_noticed(few: list[Purchase]) -> None:
    installation_id = open_shop(few[0].at)
    buyers = {purchase.customer for purchase in few}
    forgotten = few[0].customer
    rest = [purchase for purchase in few if purchase.customer != forgotten]
    for _ in replay(installation_id, rest, []):
        pass
    comparison = compare(installation_id, evaluate(few, few[-1].at), few[-1].at + SECOND)
    assert comparison.compared == len(buyers)
    assert f"customer {forgotten}: not stored" in comparison.differences


def test_a_customer_who_stays_due_stops_the_clock(few: list[Purchase], monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(profile: Profile, policy: Policy, now: datetime) -> Standing:
        return replace(stand(profile, policy, now), phase_until=NOON, band_until=None)

    monkeypatch.setattr(customers, "stand", forgetful)
    with pytest.raises(StuckError):
        list(replay(open_shop(few[0].at), few, []))


@pytest.mark.parametrize(
    ("bought_on", "lost_on"),
    [
        pytest.param([0], 180, id="one order: 180 days"),
        pytest.param([0, 100], 190, id="two: 90 from the second, later than 180 from the first"),
        pytest.param([0, 10], 180, id="an order never brings it nearer"),
        pytest.param([0, 0], 180, id="two on one day count once"),
        pytest.param([0, 160], 250, id="two far apart"),
        pytest.param([0, 100, 200], 240, id="three: 40 from the third"),
        pytest.param([0, 100, 170], 210, id="three: 40 from the third, not 30"),
        pytest.param([0, 100, 155], 195, id="three close to the date of the second"),
        pytest.param([0, 100, 120, 130], 190, id="the greatest of any prefix"),
    ],
)
def test_the_brute_force_answer_is_the_one_by_hand(bought_on: list[int], lost_on: int) -> None:
    purchases = [
        Purchase(number, "one", date(1997, 1, 1) + timedelta(days=day), Decimal(1))
        for number, day in enumerate(bought_on)
    ]
    loss_at = NOON + timedelta(days=lost_on)
    before, after = evaluate(purchases, loss_at - SECOND)["one"], evaluate(purchases, loss_at)["one"]
    assert before.loss_at == after.loss_at == loss_at
    assert (before.phase, after.phase) == ("retention", "loss")
    assert after.orders == len(bought_on)


def test_a_day_moves_the_band_as_the_formula_says() -> None:
    # One order weighs 30, shown as 60: 24.4, shown as 55, is reached after 26.6 days; 6.67, shown as 25, after 195.3.
    purchases = [Purchase(1, "one", NOON.date(), Decimal(1))]
    bands = [evaluate(purchases, NOON + timedelta(days=day))["one"].bands for day in (26, 27, 195, 196)]
    assert bands == [{"hot"}, {"warm"}, {"warm"}, {"cold"}]
    two = [*purchases, Purchase(2, "one", NOON.date(), Decimal(1))]
    assert evaluate(two, NOON + timedelta(days=116))["one"].bands == {"hot"}
    assert evaluate(two, NOON + timedelta(days=117))["one"].bands == {"warm"}
    assert evaluate(purchases, NOON - SECOND) == {}


def test_the_command_prints_a_month_a_line_and_leaves_nothing_behind(simulate: Callable[..., str]) -> None:
    output = simulate("--check", "3")
    months = re.findall(r"^(\d{4}-\d\d) +(\d+)", output, re.MULTILINE)
    assert len(months) > 12
    assert (months[0][0], months[-1][1]) == ("1997-01", "12")
    assert "phases, bands and loss dates at 3 instants: all equal" in output
    assert simulations() == 0


def test_the_command_fails_on_a_difference_and_shows_the_first(
    simulate: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong_interval(monkeypatch)
    with pytest.raises(CommandError, match=r"differ from the brute-force evaluation:\n.*should be"):
        simulate("--check", "3")
    assert simulations() == 0


def test_what_is_kept_goes_at_the_next_start(simulate: Callable[..., str]) -> None:
    simulate("--customers", "4", "--keep")
    assert simulations() == 1
    simulate("--customers", "4", "--check", "0")
    assert simulations() == 0


@pytest.mark.parametrize("arguments", [("--customers", "0"), ("--customers", "some"), ("--check", "-1")])
def test_a_number_that_makes_no_sense_is_refused(simulate: Callable[..., str], arguments: tuple[str, str]) -> None:
    with pytest.raises(CommandError, match=arguments[0]):
        simulate(*arguments)


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"customer_id,date,amount\n1,1997-01-01,1.00\n", "gzip"),
        (gzip.compress(b"customer_id,date\n1,1997-01-01\n"), "no column amount"),
        (gzip.compress(b"customer_id,date,amount\n1,yesterday,1.00\n"), "row 1"),
        (gzip.compress(b"customer_id,date,amount\n1,1997-01-01\n"), "row 1"),
        (gzip.compress(b"customer_id,date,amount\n1,1997-01-01,much\n"), "row 1"),
        (gzip.compress(b"customer_id,date,amount\n"), "no purchases"),
        (gzip.compress(b"customer_id,date,amount\n1,1997-01-01,1.00\n")[:-9], "ended"),
        (None, "No such file"),
    ],
)
def test_a_file_that_is_no_list_of_purchases_is_refused(tmp_path: Path, content: bytes | None, trouble: str) -> None:
    path = tmp_path / "purchases.csv.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=trouble):
        call_command("simulate", str(path))
    assert simulations() == 0


def test_no_worker_looks_at_a_simulation_with_todays_clock(
    few: list[Purchase], installation: Installation, now: datetime
) -> None:
    simulation_id = open_shop(few[0].at)
    for installation_id in (simulation_id, installation.pk):
        with within(installation_id):
            shop = Installation.objects.select_related("policy").get(pk=installation_id)
            events.apply(shop, [order(few[0])], few[0].at)
            assert Customer.objects.filter(due_at__lte=now).count() == 1
    assert [one for _, one in sweep.due(now)] == [installation.pk]


def test_erasing_a_simulation_leaves_other_shops_alone(few: list[Purchase], installation: Installation) -> None:
    simulation_id = open_shop(few[0].at)
    for installation_id in (simulation_id, installation.pk):
        with within(installation_id):
            shop = Installation.objects.select_related("policy").get(pk=installation_id)
            events.apply(shop, [order(one) for one in few[:5]], few[0].at)
    close_shop()
    assert simulations() == 0
    with within(simulation_id):
        assert not Customer.objects.exists()
    with within(installation.pk):
        assert Order.objects.count() == 5
        assert Installation.objects.count() == 1
        assert PhaseChange.objects.count() == Customer.objects.count() == len({one.customer for one in few[:5]})
