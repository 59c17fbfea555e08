"""Which flows of an installation run, by what starts them."""

from collections.abc import Collection
from typing import TypeVar

from django.db.models import Q, QuerySet

from saleor_lifecycle.domain.flow_triggers import Trigger
from saleor_lifecycle.models import Flow

AnyTrigger = TypeVar("AnyTrigger", bound=Trigger)


def running(installation_id: int, kinds: Collection[str], events: Collection[str] = ()) -> list[Flow]:
    """Return the flows, with their versions, that are on and have a trigger of such a kind: one small query.

    ``events``: of those that an event starts, which.
    """
    held = of_kinds(published(installation_id).filter(is_on=True), kinds)
    if events:
        held = held.filter(version__document__trigger__event__in=list(events))
    return list(held.order_by("id"))


def published(installation_id: int) -> QuerySet[Flow]:
    """Return the flows with a version that may run, whether they are on or off."""
    return Flow.objects.select_related("version").filter(
        installation_id=installation_id, archived_at=None, version__isnull=False
    )


def of_kinds(held: QuerySet[Flow], kinds: Collection[str]) -> QuerySet[Flow]:
    """Return those of these flows that are started so."""
    wanted = Q(version__document__trigger__kind__in=list(kinds))
    if "cart_idle" in kinds:
        wanted |= Q(version__document__schema_version=1)  # there were no others
    return held.filter(wanted)


def trigger_of(flow: Flow, kind: type[AnyTrigger]) -> AnyTrigger:
    """Return what starts a flow, which is of that kind."""
    assert flow.version is not None
    trigger = flow.version.value().document.trigger
    assert isinstance(trigger, kind)
    return trigger
