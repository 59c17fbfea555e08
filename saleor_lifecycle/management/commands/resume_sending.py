"""Let a restored database send again, without writing anything to anybody twice.

What waited or came due since the dump is skipped, what was being sent is unknown, carts from before enter no flow any
more; later steps go on. First, unsubscriptions, suppressions and deletions that came after the dump are said again:
name the app's logs (each has a line, with a keyed hash) and lists of addresses, such as your provider's suppressions,
with --refusals. What neither holds cannot be known: a choice of topics made in the storefront meanwhile, and consent
that was given. On a copy for staging do not run this: it would write to people.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from saleor_lifecycle.actions import backfill, refusals, resuming
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import across, within


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("public_url", help="PUBLIC_URL of this app, typed in full: people are written to from here")
        parser.add_argument("--refusals", type=Path, action="append", default=[], help="a log, or a list of addresses")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["public_url"].rstrip("/") != settings.PUBLIC_URL:
            raise CommandError(f"This app is reached at {settings.PUBLIC_URL}: name that, if people may be written to")
        said: list[refusals.Refusal] = []
        for path in options["refusals"]:
            with path.open(encoding="utf-8", errors="replace") as lines:
                said += refusals.read(lines)
        with across():
            shops = list(Installation.objects.order_by("id").values_list("id", "saleor_api_url", "held_at"))
        for number, url, held_at in shops:
            if held_at is None:
                self.stdout.write(f"{url}: was not held")
                continue
            self.stdout.write(f"{url}: {self._resume(number, said)}")

    def _resume(self, number: int, said: list[refusals.Refusal]) -> str:
        now = timezone.now()
        with within(number):
            installation = Installation.objects.get(pk=number)
            repeated = resuming.repeat(installation, said, now)
        with within(number):
            came = resuming.resume(Installation.objects.get(pk=number), now)
            backfill.catch_up(number, now)
        return (
            f"{repeated} refusals said again; {came.skipped} messages skipped, {came.unknown} unknown, "
            f"{came.passed_over} steps passed over, {came.carts} carts left alone; what the shop did since is read"
        )
