"""What a real Saleor sent leads to the same end in any order and any number of times."""

import random
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_lifecycle.actions import events
from saleor_lifecycle.models import Customer, Event, Installation, Order
from saleor_lifecycle.models.entry import within
from saleor_lifecycle.tasks import events as tasks
from tests.end_state import end_state
from tests.recordings import Recording, recordings

pytestmark = pytest.mark.django_db

LATER = datetime.fromisoformat("2026-11-22T12:00:00+00:00")


class Undo(Exception):
    """Rolls back what one example did."""


def process(installation: Installation, deliveries: list[Recording], batch: int) -> dict[str, Any]:
    """Return the end state after these deliveries, processed in batches of this size."""
    for start in range(0, len(deliveries), batch):
        for delivery in deliveries[start : start + batch]:
            digest = sha256(delivery.body).hexdigest()
            events.record(installation.pk, events.Delivery(delivery.event, digest, delivery.body, LATER))
        while tasks.run(installation.pk, LATER):
            pass
    with within(installation.pk):
        return end_state()


def undone(installation: Installation, deliveries: list[Recording], batch: int) -> dict[str, Any]:
    """Return the end state, and leave the database as it was."""
    try:
        with transaction.atomic():
            state = process(installation, deliveries, batch)
            raise Undo
    except Undo:
        return state


def ours() -> list[Recording]:
    return list(recordings())


@pytest.fixture
def undisturbed(installation: Installation) -> dict[str, Any]:
    return undone(installation, ours(), 20)


def test_every_recorded_delivery_is_processed_to_the_end(installation: Installation) -> None:
    process(installation, ours(), 20)
    with within(installation.pk):
        left = list(Event.objects.exclude(state=Event.State.DONE).values_list("name", "note"))
        assert Order.objects.count() > 5
        assert Customer.objects.filter(orders__gt=0).exists()
    # Saleor's legacy payloads: lists that name no event, which no webhook of ours asks for. They are kept, not lost.
    assert {name for name, _ in left} == {"LEGACY_CUSTOMER_CREATED", "LEGACY_CUSTOMER_DELETED"}
    assert {note for _, note in left} == {"not an event with its __typename"}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), times=st.integers(1, 2), batch=st.sampled_from([1, 7, 40, 250]))
def test_any_order_and_repetition_leads_to_the_same_end(
    installation: Installation, undisturbed: dict[str, Any], seed: int, times: int, batch: int
) -> None:
    deliveries = ours() * times
    random.Random(seed).shuffle(deliveries)
    assert undone(installation, deliveries, batch) == undisturbed
