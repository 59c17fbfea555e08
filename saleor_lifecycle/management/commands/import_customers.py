"""Import a file of customers (CSV): from Klaviyo, SALESmanago, Mailchimp or anywhere.

First it says what it takes the columns for, and counts what the import would do. Run it again with --go to import, with
--column, --yes-word and so on where it guessed wrong. A yes needs a date and a source; --source and --date say them of
the whole file. No file turns a no into a yes.
"""

import json
import resource
import time
from argparse import ArgumentParser
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from saleor_lifecycle.actions import customer_files as files
from saleor_lifecycle.domain.customer_files import OF_LINES, FileMapping
from saleor_lifecycle.domain.file_columns import guess
from saleor_lifecycle.management.shops import chosen
from saleor_lifecycle.models import CustomerFile
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks.customer_files import STRETCH, Empty, TooLarge, upload, work
from saleor_lifecycle.tasks.refused_lines import refused_lines

PIECE = 1 << 18


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("shop", help="the shop's API address")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="MEANING=NAME",
            help=f"what a column means: email, {', '.join(OF_LINES)}; MEANING= for none",
        )
        parser.add_argument("--yes-word", action="append", default=[], help="a word of the consent that says yes")
        parser.add_argument("--no-word", action="append", default=[], help="one that says no")
        parser.add_argument("--everyone", choices=("yes", "no"), help="what every line says that says nothing itself")
        parser.add_argument("--day-first", action="store_true", help="3/4/2026 is in April")
        parser.add_argument("--date", default="", help="when those consented whose line has no date")
        parser.add_argument("--source", default="", help="where those consented whose line has no source")
        parser.add_argument("--text", default="", help="the words that they agreed to")
        parser.add_argument("--go", action="store_true", help="import, not only count")
        parser.add_argument("--refused", type=Path, help="where to write the refused lines (CSV)")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        (installation_id,) = chosen(options["shop"])
        public_id = self._upload(installation_id, options["file"])
        with within(installation_id):
            file = _file(public_id)
            mapping = guess(file.columns, files.sample(file, 100))
            mapping = self._changed(mapping, file.columns, options)
            self._tell(file, mapping)
            files.read_by(file, mapping, timezone.now())
        file = self._follow(installation_id, public_id, CustomerFile.State.READY)
        self.stdout.write(json.dumps(file.counts, indent=2))
        if options["go"]:
            with within(installation_id):
                files.start(file, timezone.now())
            file = self._follow(installation_id, public_id, CustomerFile.State.DONE)
        if options["refused"] is not None:
            options["refused"].touch(mode=0o600)  # personal data: for whoever runs this
            with options["refused"].open("w", encoding="utf-8", newline="") as out:
                out.writelines(refused_lines(installation_id, public_id))
        if not options["go"]:
            with within(installation_id):
                files.drop(file.pk)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        self.stdout.write(f"{file.lines} lines in {time.monotonic() - began:.0f} s, {memory} MB of memory at most")
        if not options["go"]:
            self.stdout.write("Nothing was imported: that is done with --go")

    def _upload(self, installation_id: int, path: Path) -> UUID:
        try:
            with path.open("rb") as handle:
                return upload(installation_id, path.name, iter(lambda: handle.read(PIECE), b""), timezone.now())
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}") from None
        except (TooLarge, Empty) as error:
            raise CommandError("The file is empty" if isinstance(error, Empty) else "At most 1 GB is taken") from None

    def _changed(self, guessed: FileMapping | None, columns: list[str], options: dict[str, Any]) -> FileMapping:
        places: dict[str, int | None] = {}
        for said in options["column"]:
            meaning, _, name = said.partition("=")
            if meaning not in ("email", *OF_LINES) or (name and name not in columns):
                raise CommandError(f"--column {said}: the columns are {', '.join(columns)}")
            places[meaning] = columns.index(name) if name else None
        if guessed is None and places.get("email") is None:
            raise CommandError(f"Which column is the e-mail? --column email=NAME of {', '.join(columns)}")
        mapping = replace(guessed or FileMapping(email=0), **places)  # type: ignore[arg-type]  # they are columns
        return replace(
            mapping,
            yes=(*mapping.yes, *(word.casefold() for word in options["yes_word"])),
            no=(*mapping.no, *(word.casefold() for word in options["no_word"])),
            everyone=None if options["everyone"] is None else options["everyone"] == "yes",
            is_day_first=options["day_first"],
            date=options["date"],
            source=options["source"],
            text=options["text"],
        )

    def _tell(self, file: CustomerFile, mapping: FileMapping) -> None:
        for meaning, place in asdict(mapping).items():
            if meaning in ("email", *OF_LINES):
                self.stdout.write(f"{meaning:16} {'-' if place is None else file.columns[place]}")

    def _follow(self, installation_id: int, public_id: UUID, until: str) -> CustomerFile:
        """Work until the file is in that state, or watch another who is at it."""
        while True:
            is_busy = work(installation_id, STRETCH)
            with within(installation_id):
                file = _file(public_id)
            if file.state == until:
                return file
            self.stdout.write(f"{file.state:10} {100 * file.done / max(1, file.lines):3.0f}%")
            if not is_busy:
                time.sleep(0.5)


def _file(public_id: UUID) -> CustomerFile:
    file = files.find(public_id)
    assert file is not None
    return file
