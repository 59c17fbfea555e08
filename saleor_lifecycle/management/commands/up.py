"""``up``: web, worker and beat as processes of their own; what a small machine needs, and no more."""

import os
from collections.abc import Sequence
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from saleor_lifecycle.processes import Group, beat, web, worker

PROGRAMS = ("web", "worker", "beat")


class Command(BaseCommand):
    help = "Migrates, then runs web, worker and beat until one of them ends or a signal comes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "programs",
            nargs="*",
            metavar="program",
            help="web, worker or beat: run only these, and do not migrate; for machines of their own",
        )
        parser.add_argument("--bind", default=f"0.0.0.0:{os.environ.get('PORT', '8000')}", help="address of the web")

    def handle(self, *args: Any, programs: Sequence[str], bind: str, **options: Any) -> None:
        if unknown := set(programs) - set(PROGRAMS):
            raise CommandError(f"There is no program {unknown.pop()!r}; there are web, worker and beat")
        if not programs:
            # Not with only some: two that migrate at once would be in each other's way.
            call_command("migrate", interactive=False, verbosity=options["verbosity"])
        ours = {"web": web(bind), "worker": worker(), "beat": beat()}
        with Group() as group:
            for name in PROGRAMS:
                if name in (programs or PROGRAMS):
                    group.start(ours[name])
            name, code = group.wait()
        if name:
            raise CommandError(f"{name} ended with exit code {code}; the others were ended too")
