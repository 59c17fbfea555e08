"""Measure now what a shop's own orders say of loss, count whom it would move, and apply it where that is wanted.

It is applied if the shop applies fits by itself, or with ``--apply``; else it waits for a yes in the Dashboard.
"""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from saleor_lifecycle.actions import fits, rescorings
from saleor_lifecycle.domain.scoring import LossPolicy
from saleor_lifecycle.management.shops import chosen
from saleor_lifecycle.models import Fit, Installation, Rescoring
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import fits as fit_tasks
from saleor_lifecycle.tasks import rescorings as rescoring_tasks

BAR = 30
RUNGS = {
    "shop-fit": "its own fit",
    "shop-median": "its median intervals",
    "fixed-40-90-180": "40, 90 and 180 days, which are assumed of anyone",
}
REASONS = {
    "few-buyers": "it has fewer than 300 buyers",
    "few-reorderers": "fewer than 100 of its buyers came back",
    "short-history": "its history is shorter than 90 days",
    "no-optimum": "its orders follow no such pattern",
}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("shop", nargs="?", help="one shop's API address; all of them if it is left out")
        parser.add_argument("--apply", action="store_true", help="also where the merchant wants to be asked")

    def handle(self, **options: Any) -> None:
        shops = chosen(options["shop"])
        for number, url in shops.items():
            self.stdout.write(url)
            self._refit(number, options["apply"])

    def _refit(self, installation_id: int, applies: bool) -> None:
        with within(installation_id):
            fits.ask(installation_id, timezone.now())
        new = fit_tasks.run(installation_id, timezone.now())
        if new is None:
            self.stdout.write(
                "  another change is before the merchant, or on its way to all customers; try again when it is done"
            )
            return
        with within(installation_id):
            policy = Installation.objects.select_related("policy", "fit").get(pk=installation_id).scoring().policy
        self.stdout.write(f"  {sentence(new, policy.loss)}")
        row = self._follow(installation_id)
        if row is None or row.fit_id != new.pk:
            self.stdout.write("  nothing changes")
            return
        if row.state == Rescoring.State.PROPOSED and applies:
            with within(installation_id):
                rescorings.apply(installation_id, row.pk, timezone.now())
            row = self._follow(installation_id) or row
        moved = sum(row.moves.values())
        told = "were looked at before it was applied" if row.state == Rescoring.State.APPLIED else "wait for a yes"
        self.stdout.write(f"  {moved} customers change their phase: their moves {told}")

    def _follow(self, installation_id: int) -> Rescoring | None:
        """Work until there is nothing to do or somebody has to say yes; return what it ended with."""

        def show() -> Rescoring | None:
            with within(installation_id):
                row = rescorings.current(installation_id)
            if row is not None and sys.stdout.isatty():
                full = int(row.percent / 100 * BAR)
                bar = f"[{'#' * full}{'.' * (BAR - full)}]"
                self.stdout.write(f"\r  {row.state:<10} {bar} {row.percent:4.0f}%\x1b[K", ending="")
                self.stdout.flush()
            return row

        while True:
            rescoring_tasks.work(installation_id, rescoring_tasks.STRETCH, told=show)
            row = show()
            if row is None or row.state not in (Rescoring.State.PREVIEWING, Rescoring.State.APPLYING):
                if row is not None and sys.stdout.isatty():
                    self.stdout.write("")
                return row
            time.sleep(0.2)


def sentence(fit: Fit, loss: LossPolicy) -> str:
    """Return what was found, in words."""
    days = ", ".join(f"{silence:.0f}" for silence in fit.silences_within(loss))
    because = f", because {REASONS[fit.reason]}" if fit.reason else ""
    return (
        f"from {fit.buyers} buyers, {fit.reorderers} of whom came back: {RUNGS[fit.rung]}{because}; "
        f"silent for {days} days after one order, two, three means loss"
    )
