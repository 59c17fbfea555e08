"""Write our GraphQL schemas to graphql/, where the extension and gateways read them; --check only compares."""

from argparse import ArgumentParser
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from saleor_lifecycle.saleor import documents

SCHEMAS = {
    "dashboard": "saleor_lifecycle.api.dashboard.schema",
    "storefront": "saleor_lifecycle.api.storefront.schema",
}
"""The name of each exported file, and the module whose ``schema`` it shows."""


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is not current")

    def handle(self, **options: Any) -> None:
        stale = []
        for name, module in SCHEMAS.items():
            path = documents.folder().parent / f"{name}.graphql"
            text = f"{import_module(module).schema.as_str()}\n"
            if path.is_file() and path.read_text(encoding="utf-8") == text:
                continue
            if options["check"]:
                stale.append(path.name)
            else:
                path.write_text(text, encoding="utf-8")
                self.stdout.write(f"graphql/{path.name} written")
        if stale:
            raise CommandError(f"not current: {', '.join(stale)}. Run: python -m saleor_lifecycle export-schema")
