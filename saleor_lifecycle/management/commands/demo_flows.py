"""Set the four flows for somebody who wants to watch them: with delays of seconds, nobody held out, switched on."""

import time
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from saleor_lifecycle.actions import flow_drafts, flow_switches, named_flows, rescorings
from saleor_lifecycle.domain.cart_flow import ABANDONED_CART
from saleor_lifecycle.domain.named_flows import CROSS_SELL, FIRST_PURCHASE, INCENTIVES, WIN_BACK
from saleor_lifecycle.domain.policies import policy_document
from saleor_lifecycle.domain.scoring import Policy
from saleor_lifecycle.models import Backfill, Installation, Rescoring
from saleor_lifecycle.models.entry import across, within
from saleor_lifecycle.tasks.installations import add_ready_templates

LOST_AFTER_DAYS = 90.0
"""Of silence: as in the sandbox's episode of somebody who comes due."""
PER_HOUR = 60
"""Of those who were lost before: one a minute."""
DELAYS: Mapping[str, Mapping[str, int]] = {
    ABANDONED_CART: {"idle": 5, "touch-1": 10, "touch-2": 30, "touch-3": 50},
    FIRST_PURCHASE: {"thanks": 5, "care": 10, "review": 30, "nudge": 1},
    CROSS_SELL: {"cross-sell": 15},
    WIN_BACK: {"touch-2": 15, "touch-3": 15, "sunset": 3600},
}
"""In seconds, by the flow and the delay's key."""
PATIENCE = 180.0


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("shop", help="the shop's API address")

    def handle(self, *, shop: str, **options: Any) -> None:
        with across():
            installation_id = Installation.objects.values_list("id", flat=True).get(saleor_api_url=shop)
        self._wait(installation_id, "the shop's history has been read", _is_read)
        _furnish(installation_id)
        self._set_loss(installation_id)
        for key in DELAYS:
            _set_flow(installation_id, key)
        self.stdout.write("The four flows are on.")

    def _set_loss(self, installation_id: int) -> None:
        """Let everybody count as lost after the same silence, as a merchant may: propose it, look, apply it."""
        with within(installation_id):
            installation = Installation.objects.select_related("policy").get(pk=installation_id)
            assert installation.policy is not None
            held = installation.policy.value()
        if held.loss.set_days == LOST_AFTER_DAYS:
            return
        wanted = policy_document(wanted_policy(held))
        self._wait(installation_id, "a policy of loss after 90 days is applied", lambda: _apply(installation, wanted))
        self._wait(installation_id, "it holds for everybody", lambda: not _open(installation_id))

    def _wait(self, installation_id: int, what: str, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            with within(installation_id):
                if is_so():
                    self.stdout.write(f"{what[0].upper()}{what[1:]}.")
                    return
            if time.monotonic() > deadline:
                raise CommandError(f"Not after {PATIENCE:.0f} seconds: {what}")
            time.sleep(0.5)


def wanted_policy(held: Policy) -> Policy:
    """Return the policy with the demo's silence."""
    return replace(held, loss=replace(held.loss, set_days=LOST_AFTER_DAYS))


def _is_read() -> bool:
    rows = list(Backfill.objects.all())
    return bool(rows) and all(row.finished_at is not None for row in rows)


def _open(installation_id: int) -> Rescoring | None:
    return Rescoring.objects.filter(installation_id=installation_id, state__in=Rescoring.OPEN).first()


def _apply(installation: Installation, wanted: Mapping[str, Any]) -> bool:
    """Take the next step towards a policy that holds: propose it, and apply it once everybody was looked at."""
    held, now = _open(installation.pk), timezone.now()
    if held is None:
        rescorings.propose_policy(installation, wanted, now)
    elif held.kind == Rescoring.Kind.POLICY and held.state == Rescoring.State.PROPOSED:
        rescorings.apply(installation.pk, held.pk, now)
        return True
    return False  # its preview, or a fit's, goes on


def _furnish(installation_id: int) -> None:
    """Give a shop that an older version of the app began with what has come to the flows since."""
    now = timezone.now()
    add_ready_templates(installation_id, now)
    with within(installation_id):
        named_flows.furnish(Installation.objects.get(pk=installation_id), now)


def _set_flow(installation_id: int, key: str) -> None:
    """Set a flow and switch it on, by what the API calls."""
    now = timezone.now()
    delays = {name: timedelta(seconds=value) for name, value in DELAYS[key].items()}
    changed: dict[str, Any] = {"holdout": 0.0}
    if key in INCENTIVES:
        changed["incentive"] = INCENTIVES[key]
    if key == WIN_BACK:
        changed["per_hour"] = PER_HOUR
    with within(installation_id):
        flow = flow_drafts.locked(installation_id, key)
        if flow.version is not None and flow.version.number > 1:
            return  # set before, and since then it is whoever tries it out who changes it
        named_flows.change(flow, delays, changed, "", now)
        flow_switches.switch(flow, flow_switches.State.ON, now)
