"""What flows offer to each customer alone: products that go with what they bought, and a code of their own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from saleor_lifecycle.domain.flow_places import walk
from saleor_lifecycle.domain.flow_steps import Offer, Send
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.models import Installation

from . import incentives, reach, recommendations
from .flow_facts import Done


def choose(installation: Installation, acts: Sequence[Done], now: datetime) -> dict[int, Mapping[str, Any]]:
    """Return, by the enrollment, what its messages carry once it has passed an offer; their customers are locked."""
    carried: dict[int, dict[str, Any]] = {}
    for act in acts:
        assert isinstance(act.step, Offer)
        carried[act.enrolled.row.id] = dict(act.step.carries)
    for kind, customers in _recommending(acts).items():
        found = recommendations.choose(installation, set(customers.values()), kind, now)
        for enrollment_id, customer_id in customers.items():
            carried[enrollment_id] |= found.get(customer_id, {})
    for enrollment_id, voucher in incentives.take(installation, _wanting(installation, acts, now), now).items():
        carried[enrollment_id] |= {"voucher": voucher}
    return dict(carried)


def _wanting(installation: Installation, acts: Sequence[Done], now: datetime) -> list[incentives.Wanted]:
    giving = [act for act in acts if isinstance(act.step, Offer) and act.step.incentive is not None]
    reached: set[int] = set()
    by_version = groupby(sorted(giving, key=_version), key=_version)
    for some in ([*group] for _, group in by_version):
        document = some[0].enrolled.program.document
        channels = [one for step in walk(document.steps) if isinstance(step, Send) for one in step.channels]
        people = {act.enrolled.row.customer_id: channels for act in some}
        open_to = reach.permitted(installation, people, document.topic, Purpose.COMMERCIAL, now)
        reached |= {act.enrolled.row.id for act in some if open_to[act.enrolled.row.customer_id]}
    return [
        incentives.Wanted(row.customer_id, row.id, act.key(), act.step.incentive, row.id in reached)
        for act in giving
        if (row := act.enrolled.row) and isinstance(act.step, Offer) and act.step.incentive
    ]


def _version(act: Done) -> int:
    return act.enrolled.row.version_id


def _recommending(acts: Sequence[Done]) -> dict[str, dict[int, int]]:
    """Return by kind of recommendation the customers of enrollments."""
    kinds: dict[str, dict[int, int]] = {}
    for act in acts:
        if isinstance(act.step, Offer) and act.step.recommends is not None:
            kinds.setdefault(act.step.recommends, {})[act.enrolled.row.id] = act.enrolled.row.customer_id
    return kinds
