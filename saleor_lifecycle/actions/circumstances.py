"""What is known of the customers of messages when these are decided: their orders, their returns, their clock."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from saleor_lifecycle.domain.flow_programs import Program
from saleor_lifecycle.domain.flow_triggers import has_ordered_since
from saleor_lifecycle.domain.quiet_hours import quiet_anywhere
from saleor_lifecycle.domain.returns import begins_after_purchase
from saleor_lifecycle.models import Customer, Enrollment, Installation, Message

from . import attention, whereabouts


class Circumstances:
    """What is known of the customers of messages beside the messages: their orders, their clock."""

    def __init__(
        self, installation: Installation, messages: Collection[Message], flows: dict[int, Program], now: datetime
    ) -> None:
        self._flows, self._now = flows, now
        held = attention.settings_of(installation.pk).hours()
        self._hours = {channel: hours for channel, hours in held.items() if hours is not None}
        self._quiet: dict[tuple[whereabouts.Zones, str], datetime | None] = {}
        people = {one.customer_id for one in messages if one.customer_id}
        timed = {one.customer_id for one in messages if one.customer_id and one.channel in self._hours}
        self._zones = whereabouts.known_zones(timed) if timed else {}
        self._home = whereabouts.home(installation)
        enrolled = [one.enrollment for one in messages if one.enrollment]
        self._placed = (
            dict(Customer.objects.filter(pk__in=people).values_list("id", "last_placed_at")) if enrolled else {}
        )
        buyers = {one.customer_id for one in enrolled if begins_after_purchase(flow_of(one, flows).document.trigger)}
        self._returning = attention.returning(buyers, now) if buyers else set()

    def of(self, message: Message, address: str | None) -> dict[str, Any]:
        """Return the facts of SendFacts that rest on them."""
        quiet = {"quiet_hours_until": self._quiet_until(message, address)}
        if message.enrollment is None or message.customer_id is None:
            return quiet
        document = flow_of(message.enrollment, self._flows).document
        placed_at = self._placed.get(message.customer_id)
        return quiet | {
            "is_asked_for": document.is_asked_for,
            "priority": document.priority,
            "has_ordered": document.exits_on_order
            and has_ordered_since(document.trigger, placed_at, anchor_of(message.enrollment)),
            "has_open_return": message.customer_id in self._returning and begins_after_purchase(document.trigger),
        }

    def _quiet_until(self, message: Message, address: str | None) -> datetime | None:
        hours = self._hours.get(message.channel)
        if hours is None or message.customer_id is None:
            return None
        zones = self._zones.get(message.customer_id, ())
        if not zones and message.channel == "sms" and address:
            zones = whereabouts.zones_of_number(address)
        zones = zones or self._home
        if (zones, message.channel) not in self._quiet:
            self._quiet[zones, message.channel] = quiet_anywhere(self._now, zones, hours)
        return self._quiet[zones, message.channel]


def flow_of(enrollment: Enrollment, flows: dict[int, Program]) -> Program:
    """Return the flow that somebody is in; ``flows`` keeps the versions that were read."""
    if enrollment.version_id not in flows:
        flows[enrollment.version_id] = enrollment.version.value()
    return flows[enrollment.version_id]


def anchor_of(enrollment: Enrollment) -> datetime:
    """Return when what an enrollment is about happened: of a cart its last change."""
    cart = enrollment.cart
    return cart.changed_at if cart is not None and cart.changed_at is not None else enrollment.anchor_at
