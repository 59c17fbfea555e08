"""What flows do when somebody passes an act: one function per kind, for a batch of passages at once.

All of it lies in the transaction in which the passages move on, under keys of their own: what was done is done once.
"""

import uuid
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import datetime
from typing import Any

from saleor_lifecycle.domain.contents import read_carried
from saleor_lifecycle.domain.flow_steps import (
    Act,
    CallWebhook,
    NotifyStaff,
    Offer,
    Send,
    SetAttribute,
    StartFlow,
    TagStep,
)
from saleor_lifecycle.domain.messages import SERVICE_TOPICS, Purpose
from saleor_lifecycle.domain.sending import RESTORED, SkipReason
from saleor_lifecycle.domain.webhooks import WebhookEvent
from saleor_lifecycle.models import Decision, Enrollment, Identity, Installation, Message, Outbox, Tag, Template
from saleor_lifecycle.models.sets import insert, update

from . import attributes, entries, flow_offers, ledger, occasions, reach, triggers
from .flow_facts import Done

NO_SUCH_FLOW = "no_such_flow"


def carry_out(installation: Installation, acts: Sequence[Done], now: datetime) -> set[int]:
    """Carry acts out; return the customers of whom they have changed what rules ask for, or begun another passage."""
    changed: set[int] = set()
    for kind, function in _BY_KIND.items():
        if some := [act for act in acts if isinstance(act.step, kind)]:
            changed |= function(installation, some, now)
    return changed


def _send(installation: Installation, acts: Sequence[Done], now: datetime) -> set[int]:
    """Queue messages; whether and when each leaves is decided when it is due."""
    keys = {act.step.template for act in acts if isinstance(act.step, Send)}
    templates = Template.objects.filter(installation=installation, key__in=keys)
    services = set(templates.filter(purpose=Purpose.SERVICE.value).values_list("key", flat=True))
    found = zip(acts, _channels(installation, acts, now), strict=True)
    insert(Message, [_message(act, channel, services, now) for act, channel in found], skips_held=True)
    return set()


def _channels(installation: Installation, acts: Sequence[Done], now: datetime) -> list[str]:
    """Return the channel of each act's message: of several the first that its customer permits and is reached on.

    Where none will do it is the first: why nothing leaves is then decided, and written down, as for every message.
    """
    choices: dict[tuple[str, tuple[str, ...]], dict[int, str | None]] = {}
    for act in acts:
        choices.setdefault(_choice(act), {})[act.enrolled.row.customer_id] = None
    for (topic, channels), people in choices.items():
        if len(channels) > 1:
            purpose = Purpose.SERVICE if topic in SERVICE_TOPICS else Purpose.COMMERCIAL
            people |= reach.permitted(installation, dict.fromkeys(people, channels), topic, purpose, now)
    return [choices[_choice(act)][act.enrolled.row.customer_id] or _choice(act)[1][0] for act in acts]


def _choice(act: Done) -> tuple[str, tuple[str, ...]]:
    assert isinstance(act.step, Send)
    return act.enrolled.program.document.topic, act.step.channels


def leave_out(installation: Installation, acts: Sequence[tuple[Done, datetime]], now: datetime) -> None:
    """Store the messages of acts, each with when it came due, that may have left before a database was restored."""
    rows = []
    for act, at in acts:
        if isinstance(act.step, Send):
            row = _message(act, act.step.channels[0], (), now)
            rows.append(
                row | {"state": Message.State.SKIPPED.value, "reason": RESTORED, "due_at": None, "settled_at": at}
            )
    insert(Message, rows, skips_held=True)


def _message(act: Done, channel: str, services: Container[str], now: datetime) -> dict[str, Any]:
    """Return the row of an act's message. What goes out as service says so itself, and so does its flow."""
    row, topic, step = act.enrolled.row, act.enrolled.program.document.topic, act.step
    assert isinstance(step, Send)
    carried = read_carried(act.carries)
    has_offer = carried is not None
    is_empty = step.needs_products and (carried is None or not carried.product_ids)
    is_service = not has_offer and step.template in services and topic in SERVICE_TOPICS
    return {
        "installation_id": act.enrolled.row.installation_id,
        "public_id": uuid.uuid4(),
        "enrollment_id": row.id,
        "customer_id": row.customer_id,
        "step": step.key,
        "key": "",
        "purpose": (Purpose.SERVICE if is_service else Purpose.COMMERCIAL).value,
        "template": step.template,
        "topic": topic,
        "offer": _shown_by(step, act.carries) if act.carries and has_offer else None,
        "channel": channel,
        "state": (Message.State.SKIPPED if is_empty else Message.State.QUEUED).value,
        "reason": SkipReason.NO_PRODUCTS.value if is_empty else "",
        "attempts": 0,
        "address_hash": "",
        "provider_id": "",
        "queued_at": now,
        "due_at": None if is_empty else now,
        "settled_at": now if is_empty else None,
    }


def _shown_by(step: Send, carries: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a message carries; one that needs products is about those that were chosen for its customer."""
    return {**carries, "extra": False} if step.needs_products and "extra" in carries else carries


def _set_attributes(installation: Installation, acts: Sequence[Done], now: datetime) -> set[int]:
    """Say of customers what the merchant's flow says: the newest word about an attribute, whoever says it, stands."""
    identity_of = _identities(acts)
    words: dict[tuple[int, str], dict[str, Any]] = {}
    changed = set()
    for act in acts:
        customer_id, step = act.enrolled.row.customer_id, act.step
        assert isinstance(step, SetAttribute)
        if (identity_id := identity_of.get(customer_id)) is not None:
            changed.add(customer_id)
            words[identity_id, step.attribute] = {
                "installation_id": installation.pk,
                "identity_id": identity_id,
                "name": step.attribute,
                "value": step.value,
                "at": now,
            }
    attributes.say(list(words.values()))
    attributes.refold(installation.pk, changed)
    occasions.refresh(installation, changed, now)
    return changed


def _identities(acts: Sequence[Done]) -> dict[int, int]:
    """Return, by the customer, the first handle of each: what is said of them goes where it goes."""
    held = Identity.objects.filter(customer_id__in={act.enrolled.row.customer_id for act in acts}).order_by("-id")
    return {customer_id: pk for pk, customer_id in held.values_list("id", "customer_id") if customer_id is not None}


def _tag(installation: Installation, acts: Sequence[Done], now: datetime) -> set[int]:
    """Put customers on lists, or take them off; of several acts about one list the last counts."""
    is_on: dict[tuple[int, str], bool] = {}
    for act in acts:
        assert isinstance(act.step, TagStep)
        is_on[act.enrolled.row.customer_id, act.step.tag] = act.step.kind == "tag"
    off: dict[str, list[int]] = {}
    for (customer_id, tag), stays in is_on.items():
        if not stays:
            off.setdefault(tag, []).append(customer_id)
    for tag, customer_ids in sorted(off.items()):
        Tag.objects.filter(customer__in=customer_ids, name=tag).delete()
    rows = [
        {"installation_id": installation.pk, "customer_id": customer_id, "name": tag, "at": now}
        for (customer_id, tag), stays in sorted(is_on.items())
        if stays
    ]
    insert(Tag, rows, skips_held=True)
    return {customer_id for customer_id, _ in is_on}


def _call_webhooks(installation: Installation, acts: Sequence[Done], now: datetime) -> set[int]:
    """Tell the endpoints that want to hear of flows: which step of which, and of whom."""
    people = {act.enrolled.row.customer_id for act in acts}
    users: dict[int, list[str]] = {}
    handles = Identity.objects.filter(customer_id__in=people, kind=Identity.Kind.USER).order_by("id")
    for customer_id, value in handles.values_list("customer_id", "value"):
        users.setdefault(customer_id or 0, []).append(value)
    written = {}
    for act in acts:
        assert isinstance(act.step, CallWebhook)
        row = act.enrolled.row
        written[act.key()] = {
            "event": WebhookEvent.FLOW_STEP.value,
            "name": act.step.event,
            "flow": row.flow_key,
            "step": act.step.key,
            "enrollment": row.public_id,
            "customer": row.customer,
            "users": users.get(row.customer_id, []),
            "properties": row.properties,
            "at": now.isoformat(),
        }
    _ask(installation, Outbox.Kind.WEBHOOK, written, now)
    return set()


def _notify_staff(installation: Installation, acts: Sequence[Done], now: datetime) -> set[int]:
    """Have a mail written to the shop's own address."""
    written = {}
    for act in acts:
        assert isinstance(act.step, NotifyStaff)
        row = act.enrolled.row
        written[act.key()] = {
            "flow": row.flow_key,
            "step": act.step.key,
            "text": act.step.text,
            "customer": row.customer,
        }
    _ask(installation, Outbox.Kind.STAFF, written, now)
    return set()


def _ask(
    installation: Installation, kind: Outbox.Kind, written: Mapping[str, Mapping[str, Any]], now: datetime
) -> None:
    """Ask for another system to be told, once for each key."""
    rows = [
        {
            "installation_id": installation.pk,
            "kind": kind.value,
            "key": key,
            "version": 0,
            "written": told,
            "attempts": 0,
            "error": "",
            "due_at": now,
            "record": "",
            "repaired": "",
        }
        for key, told in written.items()
    ]
    insert(Outbox, rows, skips_held=True)


def _start_flows(installation: Installation, acts: Sequence[Done], now: datetime) -> set[int]:
    """Let customers into other flows, one deeper than this; where there is no such flow the ledger says so."""
    flows = {flow.key: flow for flow in triggers.published(installation.pk).filter(key__in=_started(acts))}
    wanted, missing = [], []
    for act in acts:
        assert isinstance(act.step, StartFlow)
        row, flow = act.enrolled.row, flows.get(act.step.flow)
        if flow is None or flow.version is None or flow.version.value().document.trigger.kind == "cart_idle":
            missing.append(
                ledger.Entry(
                    row.customer_id,
                    row.flow_id,
                    Decision.Kind.REFUSED,
                    NO_SUCH_FLOW,
                    enrollment_id=row.id,
                    step=act.step.key,
                )
            )
            continue
        wanted.append(entries.Candidate(flow, row.customer_id, act.key(), now, row.properties, depth=row.depth + 1))
    ledger.record(installation.pk, missing, now)
    return {one.customer_id for one in entries.enter(installation, wanted, now)}


def _started(acts: Sequence[Done]) -> set[str]:
    return {act.step.flow for act in acts if isinstance(act.step, StartFlow)}


def _offer(installation: Installation, acts: Sequence[Done], now: datetime) -> set[int]:
    """Have what passages send from here on carry what is their customer's own."""
    personal = [act for act in acts if isinstance(act.step, Offer) and act.step.is_personal]
    found = flow_offers.choose(installation, personal, now)
    update(Enrollment, [{"id": enrollment_id, "carries": carries} for enrollment_id, carries in found.items()])
    return {act.enrolled.row.customer_id for act in personal}


_BY_KIND: Mapping[type[Act], Callable[[Installation, Sequence[Done], datetime], set[int]]] = {
    Offer: _offer,
    Send: _send,
    SetAttribute: _set_attributes,
    TagStep: _tag,
    CallWebhook: _call_webhooks,
    NotifyStaff: _notify_staff,
    StartFlow: _start_flows,
}
