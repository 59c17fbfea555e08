"""Bring in addresses that are never to be written to, or give them out (CSV).

"import" reads addresses, or the hashes that "export" wrote for the same shop, with reason and date where the file has
them. It takes nothing off the list, so a file may be read again. "export" writes hashes and reasons, and the addresses
that are held anyway.
"""

import csv
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from saleor_lifecycle.tasks import suppressions
from saleor_lifecycle.tasks.installations import everyone


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=("import", "export"))
        parser.add_argument("shop", help="the shop's API address")
        parser.add_argument("file", type=Path)
        parser.add_argument("--channel", default="email")

    def handle(self, *args: Any, what: str, shop: str, file: Path, channel: str, **options: Any) -> None:
        shops = {url: number for number, url in everyone().items()}
        if shop not in shops:
            raise CommandError("Name one of the installed shops:\n  " + ("\n  ".join(sorted(shops)) or "none"))
        try:
            if what == "import":
                self._import(shops[shop], file, channel)
            else:
                self._export(shops[shop], file, channel)
        except OSError as error:
            raise CommandError(f"The file cannot be used: {error.strerror}") from None

    def _import(self, installation_id: int, file: Path, channel: str) -> None:
        csv.field_size_limit(sys.maxsize)
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            taken = suppressions.take_in(installation_id, lines, channel, timezone.now())
        self.stdout.write(f"{taken.lines} lines: {taken.new} addresses are new on the list")
        if taken.unread:
            named = ", ".join(map(str, taken.unread_lines[:20]))
            more = ", ..." if taken.unread > 20 else ""
            self.stderr.write(f"{taken.unread} lines name no address: {named}{more}")

    def _export(self, installation_id: int, file: Path, channel: str) -> None:
        file.touch(mode=0o600)  # personal data: for whoever runs this
        with file.open("w", encoding="utf-8", newline="") as out:
            count = -1
            writer = csv.writer(out)
            for count, row in enumerate(suppressions.give_out(installation_id, channel)):  # noqa: B007
                writer.writerow(row)
        self.stdout.write(f"{count} addresses")
