import csv
import gzip
from collections.abc import Iterator
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.domain.prediction import RUNG_FIT
from saleor_lifecycle.models import Customer, Enrollment, Fit, Flow, Installation, Message, PhaseChange
from saleor_lifecycle.models.entry import within
from tests.facts import order, tell

CDNOW = Path(__file__).parents[1] / "payloads" / "cdnow.csv.gz"
LAST = date(1998, 6, 30)

pytestmark = pytest.mark.django_db


def lines_of(*arguments: str) -> list[str]:
    output = StringIO()
    call_command("refit", *arguments, stdout=output)
    return output.getvalue().splitlines()


def test_tells_what_was_found_and_what_changes(installation: Installation, now: datetime) -> None:
    assert lines_of(installation.saleor_api_url) == [
        installation.saleor_api_url,
        "  from 0 buyers, 0 of whom came back: 40, 90 and 180 days, which are assumed of anyone, because it has fewer "
        "than 300 buyers; silent for 180, 90, 40 days after one order, two, three means loss",
        "  nothing changes",
    ]
    with within(installation.pk):
        assert Fit.objects.count() == 1


def test_applied_it_moves_dates_and_starts_no_flow(
    installation: Installation, other_installation: Installation
) -> None:
    now = timezone.now()
    orders = [order(at, number, None, f"{buyer}@example.com") for buyer, number, at in few_of_cdnow(now)]
    tell(installation, orders, now, Cause.IMPORT)
    with within(installation.pk):
        Installation.objects.update(applies_refits=False)
        assert Flow.objects.update(is_on=True) > 0
    before = dates(installation)
    assert lines_of(installation.saleor_api_url)[-1].endswith("their moves wait for a yes")
    assert dates(installation) == before
    lines = lines_of(installation.saleor_api_url, "--apply")
    assert "its own fit" in lines[1]
    with within(installation.pk):
        new = Installation.objects.select_related("fit").get(pk=installation.pk).fit
        assert new is not None
        assert (new.rung, new.number, new.buyers) == (RUNG_FIT, 2, len(before))
        assert all(figure is not None and figure > 0 for figure in (new.r, new.alpha, new.a, new.b))
        assert set(Customer.objects.values_list("loss_rung", flat=True)) == {RUNG_FIT}
        moved = PhaseChange.objects.filter(at__gt=now)
        assert set(moved.values_list("cause", flat=True)) == {Cause.REFIT.value}
        assert f"  {moved.count()} customers change their phase" in lines[-1]
        assert not Enrollment.objects.exists()
        assert not Message.objects.exists()
    assert sum(date != before[person] for person, date in dates(installation).items()) > 100
    with within(other_installation.pk):
        assert not Fit.objects.exists()


def few_of_cdnow(now: datetime) -> Iterator[tuple[str, str, datetime]]:
    """Yield (buyer, order, when) of each 58th buyer of the data set, as if it ended today."""
    with gzip.open(CDNOW, "rt") as lines:
        for number, row in enumerate(csv.DictReader(lines)):
            if int(row["customer_id"]) % 58 == 0:
                yield row["customer_id"], str(number), now - (LAST - date.fromisoformat(row["date"]))


def dates(installation: Installation) -> dict[int, datetime | None]:
    """Return when each customer counts as lost."""
    with within(installation.pk):
        return dict(Customer.objects.values_list("id", "loss_at"))


def test_an_unknown_shop_is_refused_and_nobody_fitted(installation: Installation) -> None:
    with pytest.raises(CommandError, match=installation.saleor_api_url):
        lines_of("https://elsewhere.example/graphql/")
    with within(installation.pk):
        assert not Fit.objects.exists()
