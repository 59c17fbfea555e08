"""CDNOW: every order of 23,570 people who first bought in the first quarter of 1997, to 30 June 1998.

From brucehardie.com; the public reference data of the literature on repeat buying.
"""

import csv
import gzip
from datetime import date
from functools import cache
from pathlib import Path

from saleor_lifecycle.domain.order_days import OrderDays, order_days

FILE = Path(__file__).parents[1] / "payloads" / "cdnow.csv.gz"
EPOCH_DAY = date(1970, 1, 1).toordinal()


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal() - EPOCH_DAY


WEEK_39 = day("1997-09-30")
LAST = day("1998-06-30")


@cache
def orders() -> OrderDays:
    with gzip.open(FILE, "rt") as lines:
        rows = [(int(row["customer_id"]), day(row["date"])) for row in csv.DictReader(lines)]
    return order_days([customer for customer, _ in rows], [at for _, at in rows])
