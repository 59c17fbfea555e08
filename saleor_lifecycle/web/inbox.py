"""Deliveries that arrive at the same time are stored in one transaction: one commit to the disk answers for all.

The first thread to come writes for itself at once, so a lone delivery waits for nobody. Who comes while it writes
waits, and the first of those then writes for all of them. No thread of its own, no timer, nothing kept after an answer.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from django.db import Error as DatabaseError
from django.db import OperationalError

from saleor_lifecycle.actions import events
from saleor_lifecycle.actions.events import Delivery


@dataclass(slots=True)
class _Waiting:
    """A delivery whose thread waits until ``told``: its answer, or to write a batch that begins with it."""

    delivery: Delivery
    batch: Sequence[Self] = ()
    is_new: bool | None = None
    error: DatabaseError | None = None
    told: threading.Lock = field(default_factory=threading.Lock)


_lock = threading.Lock()
_queues: dict[int, list[_Waiting]] = {}
"""Who waits, by installation. An installation stands in it as long as a thread writes for it."""


def store(installation_id: int, delivery: Delivery) -> bool:
    """Store a verified delivery; return whether it is new, once that is durable. Raises DatabaseError."""
    own = _Waiting(delivery)
    with _lock:
        queue = _queues.get(installation_id)
        if queue is None:
            _queues[installation_id] = []
            own.batch = [own]
        else:
            own.told.acquire()
            queue.append(own)
    if not own.batch:
        own.told.acquire()
    if own.batch:
        try:
            _write(installation_id, own.batch)
        finally:
            _hand_over(installation_id, own.batch)
    if own.is_new is None:
        raise OperationalError("the batch was not stored") from own.error
    return own.is_new


def _write(installation_id: int, batch: Sequence[_Waiting]) -> None:
    try:
        new = events.record(installation_id, [one.delivery for one in batch])
    except DatabaseError as error:
        for one in batch:
            one.error = error
    else:
        for one in batch:
            one.is_new = one.delivery.digest in new


def _hand_over(installation_id: int, batch: Sequence[_Waiting]) -> None:
    """Let the first of those who wait write for them all, and tell those of the batch that it is done."""
    with _lock:
        following = _queues.pop(installation_id)
        if following:
            _queues[installation_id] = []
    if following:
        following[0].batch = following
        following[0].told.release()
    for one in batch[1:]:
        one.told.release()
