"""Say why a customer is in their phase, what would change it, and how they came there."""

import dataclasses
import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from saleor_lifecycle.actions import export
from saleor_lifecycle.api import why
from saleor_lifecycle.management.shops import installation_of
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import within

MOVES = 20


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("shop", help="the shop's API address")
        parser.add_argument("who", help="the customer's Saleor user id or e-mail")
        parser.add_argument("--language", default="en", help="en or es, also with a region, such as es-MX")
        parser.add_argument("--json", action="store_true", help="the facts as well, for programs")

    def handle(self, *args: Any, shop: str, who: str, language: str, **options: Any) -> None:
        now = timezone.now()
        installation_id = installation_of(shop)
        with within(installation_id):
            installation = Installation.objects.get(pk=installation_id)
            customer = export.find(installation, who)
            if customer is None or customer.policy is None:
                raise CommandError("This shop has no such customer: name a Saleor user id or an e-mail")
            known, moves = why.why_of(customer, now), why.history(customer.pk, MOVES)
        speech = why.speech(language, installation.time_zone, now)
        said, told = why.words(known, speech), [why.change_words(move, speech) for move in moves]
        if not options["json"]:
            self.stdout.write("\n".join([said, "", *told]))
            return
        history = [
            {
                **{name: getattr(move, name) for name in ("at", "before", "after", "cause", "reason")},
                "words": sentence,
            }
            for move, sentence in zip(moves, told, strict=True)
        ]
        facts = {**dataclasses.asdict(known), "words": said, "history": history}
        self.stdout.write(json.dumps(facts, indent=2, ensure_ascii=False, default=datetime.isoformat))
