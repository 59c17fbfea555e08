"""``hit_rate``: what recommendations learnt on a shop's baskets say of the weeks after, beside what it sells most."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from saleor_lifecycle.bench import baskets

EXPLANATION = f"""
Learnt on weeks 1-{baskets.LEARNT_WEEKS}, tested on the lines of the {baskets.TESTED_WEEKS} weeks after that were new
to their household: how many were among the {baskets.SHOWN} products named to it. Popularity: those that most
households had bought, and this one had not. z: of the lines that only one of the two named (McNemar). Where nothing
that a household bought speaks for anything, both name the same."""


class Command(BaseCommand):
    help = "Judges the recommendations on a file of basket lines, beside the products that sell most."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", type=Path, help="gzipped CSV with transaction_timestamp, household_id and the columns given"
        )
        parser.add_argument(
            "--products",
            nargs="+",
            default=["product_type", "product_id"],
            help="columns that say what the product is: a row is printed for each",
        )

    def handle(self, *args: Any, path: Path, products: list[str], **options: Any) -> None:
        head = f"hit-rate@{baskets.SHOWN}"
        self.stdout.write(
            f"{head:<16}{'households':>11}{'explained':>11}{'lines':>8}{'ours':>14}{'popularity':>14}{'gain':>8}{'z':>7}"
        )
        for column in products:
            try:
                lines = baskets.read(path, column)
            except baskets.BasketsError as error:
                raise CommandError(str(error)) from error
            hits = baskets.judge(lines) if lines else None
            if hits is None or not hits.popularity:
                raise CommandError(f"{path}: too few lines after week {baskets.LEARNT_WEEKS} to judge anything")
            self.stdout.write(
                f"{column:<16}{hits.households:>11}{hits.explained:>11}{hits.lines:>8}"
                f"{_share(hits.ours, hits.lines):>14}{_share(hits.popularity, hits.lines):>14}"
                f"{hits.ours / hits.popularity - 1:>+8.1%}{hits.significance():>7.2f}"
            )
        self.stdout.write(EXPLANATION)


def _share(hits: int, lines: int) -> str:
    return f"{hits} {hits / lines:.2%}"
