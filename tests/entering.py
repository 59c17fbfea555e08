"""Flows as a test wants them, and who is in them."""

from datetime import datetime
from typing import Any

from saleor_lifecycle.actions import admissions
from saleor_lifecycle.models import Customer, Decision, Enrollment, Flow, FlowVersion, Installation
from saleor_lifecycle.models.entry import within

CALLED = {"kind": "manual"}
SOLD = {"kind": "event", "event": "order_placed"}


def document(trigger: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A flow of one long wait, in which nobody is held out, and which an order does not end."""
    return {
        "schema_version": 2,
        "topic": "news",
        "trigger": trigger,
        "steps": [{"key": "wait", "kind": "wait", "duration": "P30D"}],
        "holdout": 0.0,
        "exits_on_order": False,
        **more,
    }


def flow(installation: Installation, trigger: dict[str, Any], now: datetime, key: str = "hello", **more: Any) -> Flow:
    """A flow that was switched on at that moment; ``more`` of its document."""
    with within(installation.pk):
        made = Flow.objects.create(installation=installation, key=key, switched_on_at=now)
        publish(made, trigger, now, **more)
        admissions.changed(installation, made, now)
    return made


def publish(made: Flow, trigger: dict[str, Any], now: datetime, **more: Any) -> None:
    """Give a flow its next version."""
    made.version = FlowVersion.objects.create(
        installation_id=made.installation_id,
        flow=made,
        number=made.versions.count() + 1,
        document=document(trigger, **more),
        published_at=now,
    )
    made.save()


def people(installation: Installation, how_many: int, now: datetime, **columns: Any) -> list[Customer]:
    """Customers of whom nothing else is known."""
    with within(installation.pk):
        return Customer.objects.bulk_create(
            Customer(installation=installation, created_at=now, phase_since=now, **columns) for _ in range(how_many)
        )


def entered(installation: Installation, key: str = "hello") -> list[Enrollment]:
    """Who has entered a flow, in the order in which they did."""
    with within(installation.pk):
        return list(Enrollment.objects.filter(flow__key=key).order_by("id"))


def told(installation: Installation) -> list[tuple[str, str]]:
    """What the ledger holds, each decision with its outcome."""
    with within(installation.pk):
        return sorted(Decision.objects.values_list("kind", "outcome"))
