"""Celery: claim, read, decide, send, record. Each task may run twice, or die on any line; the sweep finds the rows."""

from . import (
    asking,
    attributes,
    backfill,
    clicks,
    customer_files,
    customers,
    events,
    fits,
    flows,
    installations,
    messages,
    opt_ins,
    outbox,
    rescorings,
    sweep,
    upkeep,
)

__all__ = [
    "asking",
    "attributes",
    "backfill",
    "clicks",
    "customer_files",
    "customers",
    "events",
    "fits",
    "flows",
    "installations",
    "messages",
    "opt_ins",
    "outbox",
    "rescorings",
    "sweep",
    "upkeep",
]
