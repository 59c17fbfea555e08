"""Import what a shop held before the app, here and now; a worker that is at it leaves it to this command.

Without ``--restart`` it goes on where it stopped. Interrupted, it is a worker's again within a minute.
"""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from saleor_lifecycle.actions import backfill as backfills
from saleor_lifecycle.domain.backfill import IMPORTED, Progress, State, whole
from saleor_lifecycle.management.shops import chosen
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.backfill import STRETCH, work

BAR = 30


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("shop", nargs="?", help="one shop's API address; all of them if it is left out")
        parser.add_argument("--restart", action="store_true", help="read everything again, from the beginning")
        parser.add_argument("--rate", type=float, help="pages a second at most, from now on; a page is 100 rows")

    def handle(self, **options: Any) -> None:
        shops = chosen(options["shop"])
        troubled = 0
        for number, url in shops.items():
            self.stdout.write(url)
            self._start(number, options["rate"], options["restart"])
            error = self._follow(number)
            if error:
                self.stdout.write(f"{url}: TROUBLE {error}")
            troubled += bool(error)
        if troubled:
            raise CommandError(f"{troubled} of {len(shops)} shops need a look; it is tried again by itself")

    def _start(self, installation_id: int, rate: float | None, is_anew: bool) -> None:
        with within(installation_id):
            if rate is not None:
                try:
                    backfills.set_rate(Installation.objects.get(pk=installation_id), rate)
                except ValueError as error:
                    raise CommandError(f"--rate: {error}") from None
            backfills.start(installation_id, timezone.now(), is_anew)

    def _follow(self, installation_id: int) -> str:
        """Work until all is done, or watch another who is at it; return what is wrong, or ""."""
        bar = Bar(self)

        def show() -> Sequence[Progress]:
            with within(installation_id):
                progress = [part for part in backfills.progress(installation_id) if part.kind in IMPORTED]
            bar.show(progress)
            return progress

        while True:
            work(installation_id, STRETCH, told=show)
            progress = show()
            if whole(progress) is State.FINISHED:
                return ""
            if whole(progress) is State.TROUBLED:
                return "; ".join(dict.fromkeys(part.error for part in progress if part.state is State.TROUBLED))
            time.sleep(0.5)


class Bar:
    """A bar for each kind on a terminal, all drawn again and again; elsewhere a line for each tenth and for the end."""

    def __init__(self, command: BaseCommand) -> None:
        self.out = command.stdout
        self.is_terminal = sys.stdout.isatty()
        self.drawn = 0
        self.told: dict[str, int] = {}

    def show(self, progress: Sequence[Progress]) -> None:
        if self.is_terminal:
            up = f"\x1b[{self.drawn}A" if self.drawn else ""
            self.out.write(up + "".join(f"{line(part, BAR)}\x1b[K\n" for part in progress), ending="")
            self.out.flush()
            self.drawn = len(progress)
            return
        for part in progress:
            # The end counts as a tenth of its own, since 100% are shown only then.
            tenth = 11 if part.state is State.FINISHED else int((part.percent or 0) / 10)
            if tenth > self.told.get(part.kind, 0):
                self.out.write(line(part))
                self.told[part.kind] = tenth


def line(part: Progress, width: int = 0) -> str:
    """How far a kind has come, in one line, with a bar of that width."""
    percent = part.percent or 0.0
    full = int(percent / 100 * width)
    cells = [f"{part.kind.value:<10}"]
    if width:
        cells.append(f"[{'#' * full}{'.' * (width - full)}]")
    cells.append(f"{percent:4.0f}%  {part.done} of {'?' if part.total is None else max(part.total, part.done)}")
    if part.rate is not None:
        cells.append(f"{part.rate:.0f} a second")
    if part.state is not State.FINISHED and part.seconds_left is not None:
        minutes, seconds = divmod(part.seconds_left, 60)
        cells.append(f"{minutes}:{seconds:02} left")
    if part.skipped:
        cells.append(f"{part.skipped} could not be taken in")
    return "  ".join(cells)
