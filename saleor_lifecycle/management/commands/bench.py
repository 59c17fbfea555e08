"""``bench``: how near the app comes to the least that any program would have to do."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from saleor_lifecycle.bench import admit, backfill, fit, flows, ingest, path, plan, process, rescore, send, tick
from saleor_lifecycle.bench.outcome import Outcome
from saleor_lifecycle.bench.shops import SIZES, Shops
from saleor_lifecycle.bench.surroundings import Unfit

BENCHES: dict[str, Callable[[datetime, Shops], Outcome]] = {
    "ingest": lambda now, shops: ingest.run(now),
    "process": lambda now, shops: process.run(shops),
    "tick": lambda now, shops: tick.run(shops),
    "rescore": lambda now, shops: rescore.run(shops),
    "backfill": lambda now, shops: backfill.run(shops),
    "fit": lambda now, shops: fit.run(now),
    "send": lambda now, shops: send.run(now),
    "path": lambda now, shops: path.run(now),
    "flows": lambda now, shops: flows.run(shops),
    "admit": lambda now, shops: admit.run(shops),
    "plan": lambda now, shops: plan.run(shops),
}


class Command(BaseCommand):
    help = "Measures the app against its floors, on a database of its own beside the one of DATABASE_URL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=[*BENCHES, "all"])
        parser.add_argument("--json", action="store_true", dest="is_json", help="one object a line instead of prose")
        parser.add_argument(
            "--sizes", type=int, nargs="+", default=SIZES, metavar="CUSTOMERS", help="of the shops, where it grows"
        )

    def handle(self, *args: Any, name: str, is_json: bool, sizes: Sequence[int], **options: Any) -> None:
        with Shops(sizes) as shops:
            missed = [one for one in (BENCHES if name == "all" else (name,)) if not self._is_met(one, shops, is_json)]
        if missed:
            raise CommandError(f"the aim was missed by {', '.join(missed)}")

    def _is_met(self, name: str, shops: Shops, is_json: bool) -> bool:
        try:
            outcome = BENCHES[name](timezone.now(), shops)
        except Unfit as error:
            raise CommandError(f"{name}: {error}") from error
        self.stdout.write(json.dumps(outcome.as_dict()) if is_json else str(outcome))
        self.stdout.flush()
        return outcome.met
