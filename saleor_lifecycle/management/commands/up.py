"""``up``: web, worker and beat as processes of their own; what a small machine needs, and no more."""

import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from saleor_lifecycle.processes import Group, beat, web, worker


class Command(BaseCommand):
    help = "Migrates, then runs web, worker and beat until one of them ends or a signal comes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default=f"0.0.0.0:{os.environ.get('PORT', '8000')}", help="address of the web")

    def handle(self, *args: Any, bind: str, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        with Group() as group:
            for program in (web(bind), worker(), beat()):
                group.start(program)
            name, code = group.wait()
        if name:
            raise CommandError(f"{name} ended with exit code {code}; the others were ended too")
