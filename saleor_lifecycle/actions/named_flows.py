"""The four flows that every installation is given, and their settings."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings as deployment

from saleor_lifecycle.domain import named_flows
from saleor_lifecycle.domain.cart_flow import ABANDONED_CART
from saleor_lifecycle.domain.flow_moves import People
from saleor_lifecycle.domain.named_flows import DEFAULTS, KEYS, Settings
from saleor_lifecycle.models import Flow, Installation
from saleor_lifecycle.models.documents import DocumentError, Fault

from . import flow_drafts, flow_versions


def furnish(installation: Installation, now: datetime) -> None:
    """Give an installation those of the four that it lacks: the carts' is on, because a shop has it from its first day.

    A flow of the merchant's own that has such a key stays as it is, and so does one that was put away.
    """
    held = set(Flow.objects.filter(installation=installation, key__in=KEYS).values_list("key", flat=True))
    for key in KEYS:
        if key not in held:
            flow, is_new = Flow.objects.get_or_create(
                installation=installation, key=key, defaults={"is_on": key == ABANDONED_CART}
            )
            if is_new:
                flow_versions.publish(flow, named_flows.document(key, _first(key)), now)


def _first(key: str) -> Settings:
    if key != ABANDONED_CART:
        return DEFAULTS[key]
    delays = tuple(timedelta(seconds=value) for value in deployment.ABANDONED_CART_SECONDS)
    return replace(DEFAULTS[key], delays=delays, holdout=deployment.ABANDONED_CART_HOLDOUT)


def settings_of(flow: Flow) -> Settings | None:
    """Return the settings that make what a flow publishes; None where it holds more than they do."""
    return None if flow.version is None else named_flows.settings(flow.key, flow.version.value().document)


def change(flow: Flow, delays: Mapping[str, timedelta], changed: Mapping[str, Any], by: str, now: datetime) -> None:
    """Publish a locked flow's next version with other settings, where they are others; who is inside stays on theirs.

    ``delays``: by their keys; what is left out stays. Raises DocumentError, changing nothing, for settings that make
    no flow, and for a flow that holds more than settings make: it would lose the rest.
    """
    held = settings_of(flow)
    if held is None:
        raise DocumentError([Fault("key", "the flow holds more than its settings: change it as a flow")])
    named = named_flows.delays(flow.key, held)
    keys = {delay.key for delay, _ in named}
    found = [Fault("delays", f'there is no delay "{key}"') for key in sorted(delays.keys() - keys)]
    wanted = replace(held, delays=tuple(delays.get(delay.key, lasts) for delay, lasts in named), **changed)
    faults = named_flows.faults(flow.key, wanted)
    found += [Fault(f"delays.{path}" if path in keys else path, text) for path, text in faults]
    if found:
        raise DocumentError(found)
    if wanted != held:
        flow_drafts.publish_document(flow, named_flows.document(flow.key, wanted), People.STAY, {}, by, now)
