"""Export everything that is held about one customer, as JSON."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from saleor_lifecycle.actions import export
from saleor_lifecycle.management.shops import installation_of
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("shop", help="the shop's API address")
        parser.add_argument("who", help="the customer's Saleor user id or e-mail")
        parser.add_argument("--file", type=Path, help="where to write it; without, to standard output")

    def handle(self, *args: Any, shop: str, who: str, file: Path | None, **options: Any) -> None:
        installation_id = installation_of(shop)
        with within(installation_id):
            installation = Installation.objects.get(pk=installation_id)
            customer = export.find(installation, who)
            if customer is None:
                raise CommandError("This shop has no such customer: name a Saleor user id or an e-mail")
            text = json.dumps(export.export(installation, customer, timezone.now()), indent=2, ensure_ascii=False)
        if file is None:
            self.stdout.write(text)
        else:
            # Personal data: for whoever runs this, and nobody else of the machine.
            file.touch(mode=0o600)
            file.write_text(text + "\n", encoding="utf-8")
