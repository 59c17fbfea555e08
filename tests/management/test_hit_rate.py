import gzip
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from saleor_lifecycle.bench import baskets

GROCERY = Path(__file__).parents[1] / "payloads" / "grocery.csv.gz"


@pytest.mark.parametrize(("column", "gain"), [("product_type", 1.05), ("product_id", 0.99)])
def test_beats_what_sells_most_on_real_baskets(column: str, gain: float) -> None:
    hits = baskets.judge(baskets.read(GROCERY, column))
    assert hits.lines > 7000
    assert hits.ours > gain * hits.popularity > 0
    assert hits.ours - hits.popularity == hits.ours_only - hits.popularity_only


def test_says_when_a_file_is_too_short(tmp_path: Path) -> None:
    path = tmp_path / "short.csv.gz"
    with gzip.open(path, "wt") as lines:
        lines.write("transaction_timestamp,household_id,product_id\n2017-01-01,1,1\n2017-09-01,1,2\n")
    with pytest.raises(CommandError, match="too few lines after week 32"):
        call_command("hit_rate", path, products=["product_id"], stdout=StringIO())


def test_names_the_column_that_it_cannot_read(tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv.gz"
    with gzip.open(path, "wt") as lines:
        lines.write("transaction_timestamp,household_id,product_id\n2017-01-01,1,1\n")
    with pytest.raises(CommandError, match="row 1 has no 'product_type'"):
        call_command("hit_rate", path, stdout=StringIO())
