"""``simulate``: real purchases through the real actions with a clock of our own, held against a brute-force answer."""

import sys
from argparse import ArgumentTypeError
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from saleor_lifecycle.bench import purchases as files
from saleor_lifecycle.bench.replay import Comparison, Day, Month, StuckError, close_shop, open_shop, replay

COLUMNS = ("month  ", "customers", "education", "sales", "retention", "loss", "moved to loss", "came back")
DIFFERENCES_SHOWN = 10
BAR = 40


class Command(BaseCommand):
    help = "Replays the orders of a file day by day and prints where customers stand as each month ends."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="gzipped CSV with the columns customer_id, date, amount")
        parser.add_argument("--customers", type=positive, help="only so many, chosen at random")
        parser.add_argument(
            "--check", type=natural, default=10, help="instants at which all is evaluated by brute force"
        )
        parser.add_argument("--seed", type=int, default=0, help="of what is random")
        parser.add_argument("--keep", action="store_true", help="leave the simulation's rows in the database")

    def handle(self, *args: Any, path: Path, check: int, seed: int, keep: bool, **options: Any) -> None:
        try:
            purchases = files.read(path)
        except files.PurchasesError as error:
            raise CommandError(str(error)) from error
        if options["customers"]:
            purchases = files.of_some(purchases, options["customers"], seed)
        started = monotonic()
        try:
            installation_id = open_shop(purchases[0].at)
        except DatabaseError as error:
            raise CommandError(f"The database is not ready; is it up, and did `migrate` run? {error}") from error
        try:
            comparisons = self._replay(installation_id, purchases, files.instants(purchases, check, seed))
        except StuckError as error:
            raise CommandError(str(error)) from error
        finally:
            if not keep:
                close_shop()
        self._conclude(comparisons, len(purchases), monotonic() - started)

    def _replay(
        self, installation_id: int, purchases: list[files.Purchase], checks: list[datetime]
    ) -> list[Comparison]:
        comparisons = []
        progress = Progress()
        self.stdout.write("  ".join(COLUMNS))
        for news in replay(installation_id, purchases, checks):
            match news:
                case Day(done=done):
                    progress.show(done)
                case Month():
                    progress.clear()
                    self.stdout.write(row(news))
                case Comparison():
                    comparisons.append(news)
        progress.clear()
        return comparisons

    def _conclude(self, comparisons: list[Comparison], orders: int, seconds: float) -> None:
        self.stdout.write(f"\n{orders} orders in {seconds:.0f} s")
        if not comparisons:
            return
        compared = sum(comparison.compared for comparison in comparisons)
        differences = [
            f"{comparison.at:%Y-%m-%d %H:%M:%S}: {difference}"
            for comparison in comparisons
            for difference in comparison.differences
        ]
        what = f"{compared} phases, bands and loss dates at {len(comparisons)} instants"
        if differences:
            shown = "\n".join(differences[:DIFFERENCES_SHOWN])
            raise CommandError(f"{len(differences)} of {what} differ from the brute-force evaluation:\n{shown}")
        self.stdout.write(f"{what}: all equal to the brute-force evaluation")
        for comparison in comparisons:
            self.stdout.write(f"  {comparison.at:%Y-%m-%d %H:%M:%S}  {comparison.compared:>6} customers equal")


class Progress:
    """A bar on a terminal, elsewhere a line for every tenth; on stderr, so that the table can be piped."""

    def __init__(self) -> None:
        self.is_terminal = sys.stderr.isatty()
        self.told = 0

    def show(self, done: float) -> None:
        if self.is_terminal:
            full = int(done * BAR)
            print(f"\r[{'#' * full}{'.' * (BAR - full)}] {done:4.0%}", end="", file=sys.stderr, flush=True)
        elif int(done * 10) > self.told:
            self.told = int(done * 10)
            print(f"{done:.0%}", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self.is_terminal:
            print("\r" + " " * (BAR + 8) + "\r", end="", file=sys.stderr, flush=True)


def row(month: Month) -> str:
    figures = (month.customers, *month.phases.values(), month.lost, month.came_back)
    cells = (
        f"{month.first:%Y-%m}",
        *(f"{figure:>{len(name)}}" for figure, name in zip(figures, COLUMNS[1:], strict=True)),
    )
    return "  ".join(cells)


def positive(text: str) -> int:
    number = natural(text)
    if number == 0:
        raise ArgumentTypeError("at least 1")
    return number


def natural(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ArgumentTypeError("not below 0")
    return number
