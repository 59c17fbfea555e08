"""Goods on their way back: whoever waits for their money is asked for nothing."""

from datetime import datetime, timedelta
from decimal import Decimal

from .flow_triggers import DateTrigger, EventTrigger, PhaseTrigger, Trigger
from .phases import Phase

COME_BACK = frozenset({"PARTIALLY_RETURNED", "RETURNED"})
"""Saleor's statuses of orders of which goods came back: what is replaced, as by another size, does not lead there.

Saleor knows nothing of a return before staff enter the goods.
"""
LASTS_AT_MOST = timedelta(days=30)
"""After the order's last change: some shops pay back where Saleor does not see it."""


def is_open(status: str, charged: Decimal, refunded: Decimal, updated_at: datetime, now: datetime) -> bool:
    """Is a return of the order under way: goods have come back, and nothing was paid back yet?"""
    return status in COME_BACK and charged > 0 and refunded <= 0 and now < updated_at + LASTS_AT_MOST


def begins_after_purchase(trigger: Trigger) -> bool:
    """Does a flow begin with something that only a buyer comes to?"""
    match trigger:
        case EventTrigger(event=event):
            return event.startswith("order_")
        case PhaseTrigger(phase=phase):
            return phase in (Phase.RETENTION, Phase.LOSS)
        case DateTrigger(date=date):
            return date in ("loss_at", "next_order_at")
    return False
