"""Celery: claim, read, decide, send, record. Each task may run twice, or die on any line; the sweep finds the rows."""

from . import backfill, customers, events, flows, installations, messages, outbox, sweep, upkeep

__all__ = ["backfill", "customers", "events", "flows", "installations", "messages", "outbox", "sweep", "upkeep"]
