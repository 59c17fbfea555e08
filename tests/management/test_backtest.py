import gzip
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

CDNOW = Path(__file__).parents[1] / "payloads" / "cdnow.csv.gz"


def test_prints_a_row_per_month_of_real_orders_beside_recency() -> None:
    out = StringIO()
    call_command("backtest", CDNOW, stdout=out)
    lines = out.getvalue().splitlines()
    months = [line for line in lines if line.startswith("199")]
    assert [line[:10] for line in (months[0], months[-1])] == ["1997-01-31", "1998-03-31"]
    assert len(months) == 15
    (week_39,) = (line.split() for line in months if line.startswith("1997-09-30"))
    assert week_39 == ["1997-09-30", "shop-fit", "23570", "71.0%", "8.7%", "39.8%", "|", "169", "d", "8.6%", "40.2%"]


def test_says_when_a_file_is_too_short_to_be_judged(tmp_path: Path) -> None:
    path = tmp_path / "short.csv.gz"
    with gzip.open(path, "wt") as lines:
        lines.write("customer_id,date,amount\n1,2026-01-05,10\n2,2026-03-01,10\n")
    with pytest.raises(CommandError, match="no month ends 90 days before the last order"):
        call_command("backtest", path)


def test_names_the_row_that_it_cannot_read(tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv.gz"
    with gzip.open(path, "wt") as lines:
        lines.write("customer_id,date,amount\n1,05/01/2026,10\n")
    with pytest.raises(CommandError, match="row 1"):
        call_command("backtest", path)
