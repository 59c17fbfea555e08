"""``replay-win-back``: whom the win-back flow would have let in of the customers of a file, and what it had sent."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from saleor_lifecycle.bench import purchases as files
from saleor_lifecycle.domain.flow_places import walk
from saleor_lifecycle.domain.flow_programs import program
from saleor_lifecycle.domain.flow_steps import Send
from saleor_lifecycle.domain.ladder import choose_rule
from saleor_lifecycle.domain.named_flows import DEFAULTS, MOST_DAYS_BEFORE, WIN_BACK, flow
from saleor_lifecycle.domain.prediction import LossRule, LossSettings
from saleor_lifecycle.domain.win_back_replay import replay, table

from .backtest import EPOCH_DAY, histories

LEARNT_IN = timedelta(weeks=39)
DAY = timedelta(days=1)


class Command(BaseCommand):
    help = "Prints by month who would have entered the win-back flow, and which messages would have left."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="gzipped CSV with the columns customer_id, date, amount")
        parser.add_argument("--holdout", type=float, default=DEFAULTS[WIN_BACK].holdout, help="held out: 0 to 0.5")
        parser.add_argument("--days-before", type=int, default=0, help="the loss date")

    def handle(self, *args: Any, path: Path, holdout: float, days_before: int, **options: Any) -> None:
        if not 0 <= holdout <= 0.5 or not 0 <= days_before <= MOST_DAYS_BEFORE:
            raise CommandError(f"give a holdout of 0 to 0.5, and 0 to {MOST_DAYS_BEFORE} days")
        try:
            purchases = files.read(path)
        except files.PurchasesError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(_tables(purchases, holdout, days_before)))


def _tables(purchases: Sequence[files.Purchase], holdout: float, days_before: int) -> Iterator[str]:
    rule, orders = _learnt(purchases), _orders(purchases)
    until = purchases[-1].at + DAY / 2
    yield f"{len(orders)} customers, {len(purchases)} orders; the loss rule of the first 39 weeks: {rule.rung}"
    for share in dict.fromkeys((0.0, holdout)):
        document = flow(WIN_BACK, replace(DEFAULTS[WIN_BACK], holdout=share, days_before=days_before))
        sends = [step.key for step in walk(document.steps) if isinstance(step, Send)]
        yield f"\nheld out: {share:.0%}"
        yield table(replay(program(document), orders, rule, until), sends)


def _learnt(purchases: Sequence[files.Purchase]) -> LossRule:
    last = purchases[0].on + LEARNT_IN - DAY
    return choose_rule(histories(purchases), last.toordinal() - EPOCH_DAY, LossSettings())


def _orders(purchases: Sequence[files.Purchase]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    for one in purchases:
        found.setdefault(one.customer, []).append(one.at)
    return found
