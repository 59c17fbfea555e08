"""``backtest``: what the loss rule would have said of the customers of a file, month by month, and what came after."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from saleor_lifecycle.bench import purchases as files
from saleor_lifecycle.domain.backtest import HORIZON_DAYS, backtest, table
from saleor_lifecycle.domain.order_days import OrderDays, order_days
from saleor_lifecycle.domain.prediction import LossSettings

EPOCH_DAY = date(1970, 1, 1).toordinal()
EXPLANATION = """
in loss: of the buyers by then. Of lost, of rest: who ordered within 90 days. Recency: silence alone as the rule, from
so many days on, so that it calls as many lost; beside it the same two shares."""


class Command(BaseCommand):
    help = "Judges the loss rule on a file of orders: a row per month, beside the silence that calls as many lost."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="gzipped CSV with the columns customer_id, date, amount")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            purchases = files.read(path)
        except files.PurchasesError as error:
            raise CommandError(str(error)) from error
        ends = list(month_ends(purchases[0].on, purchases[-1].on - timedelta(days=HORIZON_DAYS)))
        if not ends:
            raise CommandError(f"{path}: no month ends {HORIZON_DAYS} days before the last order, so none is judged")
        self.stdout.write(table(backtest(histories(purchases), ends, LossSettings())))
        self.stdout.write(EXPLANATION)


def histories(purchases: Sequence[files.Purchase]) -> OrderDays:
    """Return the purchases as the domain reads them."""
    number = {customer: place for place, customer in enumerate(sorted({purchase.customer for purchase in purchases}))}
    return order_days(
        [number[purchase.customer] for purchase in purchases],
        [purchase.on.toordinal() - EPOCH_DAY for purchase in purchases],
    )


def month_ends(first: date, last: date) -> Iterator[int]:
    """Yield the last day of each month that ends between two days, in days since 1970-01-01."""
    following = first.replace(day=1)
    while True:
        following = (following + timedelta(days=31)).replace(day=1)
        end = following - timedelta(days=1)
        if end > last:
            return
        yield end.toordinal() - EPOCH_DAY
