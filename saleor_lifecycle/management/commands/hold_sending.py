"""Mark the database as restored or copied: nothing is sent from it until `resume-sending`.

Needed only after a copy of the files (a snapshot of the disk), before the app is started on it: every other way of
restoring or copying is noticed.
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from saleor_lifecycle.actions import restores
from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import across, within


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        with across():
            shops = list(Installation.objects.order_by("id").values_list("id", "saleor_api_url"))
        for number, url in shops:
            with within(number):
                restores.hold(number, timezone.now())
            self.stdout.write(f"{url}: nothing is sent until `resume-sending`")
