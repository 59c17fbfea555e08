"""Write our GraphQL schemas and the JSON Schema of flows to graphql/, where others read them; --check only compares."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from saleor_lifecycle.models import flow_schema
from saleor_lifecycle.saleor import documents


def _graphql(module: str) -> str:
    return f"{import_module(module).schema.as_str()}\n"


def _flow() -> str:
    return json.dumps(flow_schema.json_schema(), indent=2, ensure_ascii=False) + "\n"


FILES: dict[str, Callable[[], str]] = {
    "dashboard.graphql": partial(_graphql, "saleor_lifecycle.api.dashboard.schema"),
    "storefront.graphql": partial(_graphql, "saleor_lifecycle.api.storefront.schema"),
    "flow.schema.json": _flow,
}
"""The name of each exported file, and what makes its text."""


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is not current")

    def handle(self, **options: Any) -> None:
        stale = []
        for name, make in FILES.items():
            path = documents.folder().parent / name
            text = make()
            if path.is_file() and path.read_text(encoding="utf-8") == text:
                continue
            if options["check"]:
                stale.append(path.name)
            else:
                path.write_text(text, encoding="utf-8")
                self.stdout.write(f"graphql/{path.name} written")
        if stale:
            raise CommandError(f"not current: {', '.join(stale)}. Run: python -m saleor_lifecycle export-schema")
