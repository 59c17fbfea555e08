"""How much of a customer's attention messages take: what reached them, what else wants them, and who goes first."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, Q

from saleor_lifecycle.domain.attention import LONGEST, Caps, Want, allot
from saleor_lifecycle.domain.flow_programs import Program, useful
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.domain.returns import is_open
from saleor_lifecycle.domain.sending import Defer, DeferReason, Send, SendFacts, Skip
from saleor_lifecycle.models import AttentionSettings, FlowVersion, Message, Order, SendingChannel

from .messages import LOST_AFTER

State = Message.State
WAITED_FOR = ("", *(reason.value for reason in (DeferReason.FREQUENCY_CAP, DeferReason.OUTRANKED)))
"""A due message that was held up by anything else, such as a shop that is away, may stay so: nothing waits for it."""


def settings_of(installation_id: int) -> AttentionSettings:
    """Return what the merchant says of attention; what holds by default where nothing was said."""
    held = AttentionSettings.objects.filter(pk=installation_id).first()
    return held or AttentionSettings(installation_id=installation_id)


@dataclass(slots=True)
class _Customer:
    """What takes one customer's attention beside the messages that are decided."""

    sent: list[datetime] = field(default_factory=list)
    leaving: list[datetime] = field(default_factory=list)
    wants: list[Want] = field(default_factory=list)


def arbitrate(
    installation_id: int,
    ready: Sequence[tuple[Message, SendFacts]],
    decided: Collection[int],
    caps: Caps,
    now: datetime,
) -> dict[int, Send | Defer | Skip]:
    """Return which of the messages that nothing else holds back leave, by id; their customers are locked.

    ``decided``: the ids of all that are decided with them. Whatever else is due for the same customers is ranked with
    them, on whatever channel, unless its channel is closed.
    """
    wanting: dict[int, list[Want]] = defaultdict(list)
    for message, facts in ready:
        if message.customer_id is not None and facts.takes_attention:
            want = Want(message.pk, message.queued_at, facts.priority, facts.useless_from)
            wanting[message.customer_id].append(want)
    is_capped = caps != Caps(None, None, None)
    others = _others(installation_id, wanting.keys(), decided, now) if wanting and is_capped else {}
    answers: dict[int, Send | Defer | Skip] = {message.pk: Send() for message, _ in ready}
    for customer, wants in wanting.items():
        held = others.get(customer) or _Customer()
        ranked = allot([*wants, *held.wants], held.sent, caps, now, held.leaving)
        answers |= {want.id: ranked[want.id] for want in wants}
    return answers


def _others(
    installation_id: int, customer_ids: Collection[int], decided: Collection[int], now: datetime
) -> dict[int, _Customer]:
    rows = (
        Message.objects.filter(
            Q(settled_at__gt=now - LONGEST) | Q(settled_at=None),
            customer_id__in=customer_ids,
            purpose=Purpose.COMMERCIAL.value,
            state__in=[State.QUEUED, State.SENDING, State.SENT, State.UNKNOWN],
        )
        .exclude(pk__in=decided)
        .annotate(is_asked_for=F("enrollment__version__document__is_asked_for"))
        .only("customer_id", "channel", "state", "reason", "due_at", "settled_at", "lease", "allowed_lease")
    )
    found: dict[int, _Customer] = defaultdict(_Customer)
    due = []
    for row in rows:
        if row.is_asked_for or row.customer_id is None:
            continue
        held = found[row.customer_id]
        is_leased = row.lease is not None and row.due_at is not None and row.due_at > now
        if row.settled_at is not None:
            held.sent.append(row.settled_at)
        elif row.state == State.SENDING:
            held.leaving.append(row.due_at - LOST_AFTER if row.due_at else now)
        elif is_leased and row.allowed_lease == row.lease:
            held.leaving.append(now)
        elif is_leased or (row.due_at is not None and row.due_at <= now and row.reason in WAITED_FOR):
            due.append(row.pk)
    for customer, want in _elsewhere(installation_id, due, now):
        found[customer].wants.append(want)
    return found


def _elsewhere(installation_id: int, due: Collection[int], now: datetime) -> Iterator[tuple[int, Want]]:
    """Yield the customers and the messages that others will decide; few are due at a time on several channels."""
    if not due:
        return
    closed = _closed(installation_id, now)
    rows = list(Message.objects.filter(pk__in=due).select_related("enrollment__flow", "enrollment__cart"))
    programs = _programs(rows)
    for row in rows:
        is_on = row.enrollment is None or row.enrollment.flow.is_on
        if is_on and row.channel not in closed and row.customer_id is not None:
            yield row.customer_id, _want(row, programs)


def _want(row: Message, programs: Mapping[int, Program]) -> Want:
    if row.enrollment is None:
        return Want(row.pk, row.queued_at, is_elsewhere=True)
    flow, cart = programs[row.enrollment.version_id], row.enrollment.cart
    anchor_at = cart.changed_at if cart is not None and cart.changed_at is not None else row.enrollment.anchor_at
    _, ends = useful(flow, row.step, anchor_at, row.queued_at)
    return Want(row.pk, row.queued_at, flow.document.priority, ends, is_elsewhere=True)


def _programs(rows: Sequence[Message]) -> dict[int, Program]:
    versions = {row.enrollment.version_id for row in rows if row.enrollment is not None}
    return {key: version.value() for key, version in FlowVersion.objects.in_bulk(versions).items()} if versions else {}


def _closed(installation_id: int, now: datetime) -> set[str]:
    """Return the channels on which nothing commercial leaves for a while."""
    rows = SendingChannel.objects.filter(installation_id=installation_id)
    stopped = Q(off_at__isnull=False) | Q(paused_at__isnull=False) | Q(commercial_at__gt=now) | Q(failures__gt=0)
    return set(rows.filter(stopped).values_list("channel", flat=True))


def returning(customer_ids: Collection[int], now: datetime) -> set[int]:
    """Return those of these customers of whose newest order goods are on their way back, unpaid."""
    newest = (
        Order.objects.filter(identity__customer_id__in=customer_ids)
        .order_by("identity__customer_id", "-created_at", "-id")
        .distinct("identity__customer_id")
        .select_related("identity")
    )
    return {
        order.identity.customer_id
        for order in newest
        if order.identity is not None
        and order.identity.customer_id is not None
        and is_open(order.status, order.charged, order.refunded, order.updated_at, now)
    }
