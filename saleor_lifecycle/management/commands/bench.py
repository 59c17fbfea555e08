"""``bench``: how near the app comes to the least that any program would have to do."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from saleor_lifecycle.bench import fit, ingest
from saleor_lifecycle.bench.outcome import Outcome
from saleor_lifecycle.bench.surroundings import Unfit

BENCHES: dict[str, Callable[[datetime], Outcome]] = {"ingest": ingest.run, "fit": fit.run}


class Command(BaseCommand):
    help = "Measures the app against its floors, on a database of its own beside the one of DATABASE_URL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=[*BENCHES, "all"])
        parser.add_argument("--json", action="store_true", dest="is_json", help="one object a line instead of prose")

    def handle(self, *args: Any, name: str, is_json: bool, **options: Any) -> None:
        missed = []
        for one in BENCHES if name == "all" else (name,):
            try:
                outcome = BENCHES[one](timezone.now())
            except Unfit as error:
                raise CommandError(f"{one}: {error}") from error
            self.stdout.write(json.dumps(outcome.as_dict()) if is_json else str(outcome))
            self.stdout.flush()
            if not outcome.met:
                missed.append(one)
        if missed:
            raise CommandError(f"the aim was missed by {', '.join(missed)}")
