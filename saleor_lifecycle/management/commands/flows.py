"""Give out a shop's flows as files, say what files would change, and apply them.

"export" writes each flow to DIR as <key>.json. "plan" reads such a directory, prints what applying it would change and
who is inside, and ends with 0 where that is nothing, with 2 where it is something. "apply" does it, one transaction for
each flow; a directory with any fault is not applied. Whether a flow is on is not in the files: new ones begin off.
"""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from saleor_lifecycle.actions import flow_files
from saleor_lifecycle.actions.flow_drafts import MOST_BYTES
from saleor_lifecycle.actions.flow_files import FlowFile, Planned, What
from saleor_lifecycle.actions.flow_switches import Refused
from saleor_lifecycle.domain.flow_diff import Change, How
from saleor_lifecycle.domain.flow_moves import People
from saleor_lifecycle.management.shops import chosen, unknown
from saleor_lifecycle.models.documents import DocumentError, Fault
from saleor_lifecycle.models.entry import within

CHANGES = 2
SIGNS = {What.CREATE: "+", What.CHANGE: "~", What.ARCHIVE: "-", What.NOTHING: " "}
MOST_SHOWN = 100


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=("export", "plan", "apply"))
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument("--shop", help="the shop's API address; may be left out when there is only one")
        parser.add_argument("--prune", action="store_true", help="put flows away that have no file")
        parser.add_argument(
            "--people",
            choices=[one.value for one in People],
            default=People.STAY.value,
            help="what becomes of those inside a flow that changes: they finish as they began (stay), go on at the "
            "same step of the new version (move), or leave (exit); of one that is put away, whether they leave",
        )

    def handle(
        self, *args: Any, what: str, folder: Path, shop: str | None, prune: bool, people: str, **options: Any
    ) -> None:
        shops = chosen(shop)
        if len(shops) != 1:
            raise unknown(shops.values())
        installation_id = next(iter(shops))
        try:
            if what == "export":
                self._export(installation_id, folder)
                return
            files = self._read(folder)
        except OSError as error:
            raise CommandError(f"The directory cannot be used: {error.strerror}") from None
        with within(installation_id):
            planned = flow_files.plan_all(installation_id, files, prune, People(people))
        self._refuse({folder / f"{one.key}.json": one.faults for one in planned if one.faults})
        if what == "apply":
            self._apply(installation_id, folder, planned, files, People(people))
            return
        for one in planned:
            self._print(one)
        self.stdout.write(_sum(planned))
        if any(one.what is not What.NOTHING for one in planned):
            sys.exit(CHANGES)

    def _export(self, installation_id: int, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        with within(installation_id):
            flows = list(flow_files.export(installation_id))
        for key, content in flows:
            text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
            (folder / f"{key}.json").write_text(text, encoding="utf-8")
        self.stdout.write(f"{len(flows)} flows written")

    def _read(self, folder: Path) -> dict[str, FlowFile]:
        if not folder.is_dir():
            raise CommandError(f"There is no directory {folder}")
        files, faults = {}, {}
        for path in sorted(folder.glob("*.json")):
            try:
                files[path.stem] = flow_files.read(_json(path))
            except DocumentError as error:
                faults[path] = error.faults
        self._refuse(faults)
        return files

    def _refuse(self, faults: Any) -> None:
        """Name each fault by file, path and reason. Raises CommandError if there are any."""
        lines = [
            f"{path}: {fault.path}: {fault.reason}" if fault.path else f"{path}: {fault.reason}"
            for path, found in faults.items()
            for fault in found
        ]
        if lines:
            raise CommandError("\n".join([*lines, "Nothing was changed."]))

    def _apply(
        self, installation_id: int, folder: Path, planned: list[Planned], files: dict[str, FlowFile], people: People
    ) -> None:
        for one in planned:
            if one.what is What.NOTHING:
                continue
            try:
                with within(installation_id):
                    flow_files.apply(installation_id, one, files, people, timezone.now())
            except (DocumentError, Refused) as error:
                raise CommandError(f"{folder / one.key}.json: {error}; the flows before it are applied") from None
            self.stdout.write(f"{SIGNS[one.what]} {one.key}: {one.what}d")
        self.stdout.write(_sum(planned))

    def _print(self, one: Planned) -> None:
        inside = sum(people for _, people in one.standing)
        self.stdout.write(f"{SIGNS[one.what]} {one.key}: {one.what}" + (f", {inside} people inside" if inside else ""))
        for change in one.changes[:MOST_SHOWN]:
            self.stdout.write(f"    {_words(change)}")
        if len(one.changes) > MOST_SHOWN:
            self.stdout.write(f"    and {len(one.changes) - MOST_SHOWN} changes more")
        for place, people in one.standing:
            self.stdout.write(f"    {people} at {place.step or 'the end'} of version {place.version}")


def _json(path: Path) -> Any:
    if path.stat().st_size > 2 * MOST_BYTES:
        raise DocumentError([Fault("", f"has more than {2 * MOST_BYTES // 1024} kB")])
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise DocumentError([Fault(f"line {error.lineno}", f"is no JSON: {error.msg}")]) from None
    except (ValueError, RecursionError):
        raise DocumentError([Fault("", "is no JSON")]) from None


def _words(change: Change) -> str:
    before, after = (json.dumps(value, ensure_ascii=False) for value in (change.before, change.after))
    match change.how:
        case How.ADDED:
            return f"{change.path}: added {after}"
        case How.REMOVED:
            return f"{change.path}: removed {before}"
        case How.MOVED:
            return f"{change.path}: now in the order {', '.join(change.after)}"
    return f"{change.path}: {before} -> {after}"


def _sum(planned: list[Planned]) -> str:
    counted = [(what, sum(one.what is what for one in planned)) for what in (What.CREATE, What.CHANGE, What.ARCHIVE)]
    return ", ".join(f"{number} to {what}" for what, number in counted)
