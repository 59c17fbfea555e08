"""Make webhooks and ready templates of the shops what this version of the app needs. Run it after each deployment."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from saleor_lifecycle.management.shops import chosen
from saleor_lifecycle.tasks.installations import Reconciled, add_ready_templates, run_reconcile


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("shop", nargs="?", help="one shop's API address; all of them if it is left out")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    def handle(self, **options: Any) -> None:
        shops = chosen(options["shop"])
        is_dry, troubled = options["dry_run"], 0
        for number, url in shops.items():
            answer = run_reconcile(number, is_dry)
            for line in answer.done:
                self.stdout.write(f"{url}: {'would ' if is_dry else ''}{line}")
            added = add_ready_templates(number, timezone.now(), is_dry)
            for template in added:
                self.stdout.write(f"{url}: {'would ' if is_dry else ''}add the ready template {template}")
            for line in answer.left:
                self.stdout.write(f"{url}: left as it is: {line}")
            for line in answer.troubles:
                self.stdout.write(f"{url}: TROUBLE {line}")
            if answer == Reconciled() and not added:
                self.stdout.write(f"{url}: current")
            troubled += bool(answer.troubles)
        if troubled:
            raise CommandError(f"{troubled} of {len(shops)} shops need a look")
