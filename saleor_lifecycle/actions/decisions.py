"""Which messages of a batch may leave now, decided for all of them in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from saleor_lifecycle.domain.consent import Basis
from saleor_lifecycle.domain.send_decisions import may_send
from saleor_lifecycle.domain.sending import TRUTH_LASTS, Defer, DeferReason, Send, SendFacts, Skip
from saleor_lifecycle.models import Installation, Message
from saleor_lifecycle.models.sets import update

from . import attention, identities, ledger, send_facts
from .addresses import address_hash
from .messages import Candidate
from .send_facts import Answer


def decide(
    installation: Installation, candidates: Sequence[Candidate], answers: Mapping[int, Answer], now: datetime
) -> tuple[list[Message], dict[int, Basis]]:
    """Return those of a batch that may leave now, still to be claimed, and what each may leave on, by its id.

    Of the others it is written down why not, until when.

    The customers stay locked, so what a decision rests on is of one moment; who changes it later takes the lease away.
    """
    customers = {one.customer_id for one in candidates if one.customer_id}
    identities.lock(customers)
    leases = {one.message_id: one.lease for one in candidates}
    rows = (
        Message.objects.select_related("enrollment__flow", "enrollment__version", "enrollment__cart")
        .filter(pk__in=leases, state=Message.State.QUEUED)
        .select_for_update(no_key=True, of=("self",))
        .order_by("id")
    )
    # A message that was handed to somebody else meanwhile belongs to a customer whom we have not locked.
    mine = [row for row in rows if row.lease == leases[row.pk] and row.customer_id in customers | {None}]
    nothing = Answer(None)
    for row in mine:
        address = answers.get(row.pk, nothing).address
        row.address_hash = address_hash(installation, row.channel, address) if address else ""
    told = {row.pk: answers.get(row.pk, nothing) for row in mine}
    leaving, bases, entries = [], {}, []
    for row, facts, answer in _answers(installation, mine, told, now):
        entries += _entry(row, answer)
        match answer:
            case Send():
                leaving.append(row)
                bases[row.pk] = facts.basis
                row.allowed_lease = row.lease
            case Defer(until, reason):
                row.reason, row.due_at, row.lease, row.allowed_lease = reason.value, until, None, None
            case Skip(reason):
                row.state, row.reason = Message.State.SKIPPED, reason.value
                row.due_at, row.settled_at, row.lease, row.allowed_lease = None, now, None, None
    update(Message, [{name: getattr(row, name) for name in ("id", *_DECIDED)} for row in mine])
    ledger.record(installation.pk, entries, now)
    return leaving, bases


def _answers(
    installation: Installation, rows: Sequence[Message], told: Mapping[int, Answer], now: datetime
) -> list[tuple[Message, SendFacts, Send | Defer | Skip]]:
    """Return what is decided of each message: by itself, and then among all that want its customer."""
    judged = [(row, facts, may_send(facts, now)) for row, facts in send_facts.load(installation, rows, told, now)]
    ready = [(row, facts) for row, facts, answer in judged if answer == Send()]
    caps = attention.settings_of(installation.pk).caps()
    ranked = attention.arbitrate(installation.pk, ready, [row.pk for row in rows], caps, now)
    return [(row, facts, ranked.get(row.pk, answer)) for row, facts, answer in judged]


def _entry(row: Message, answer: Send | Defer | Skip) -> list[ledger.Entry]:
    """Return what the ledger keeps of a decision: nothing of a message that no flow sends, nothing that is no news."""
    if row.enrollment is None or row.customer_id is None:
        return []
    data: dict[str, Any] = {}
    match answer:
        case Send():
            if row.allowed_lease is not None:  # it was said before, by a worker who did not come to send it
                return []
            kind, outcome = ledger.Kind.SENT, ""
        case Defer(until, reason):
            if reason is DeferReason.TRUTH_TOO_OLD:
                return []
            kind, outcome, data["until"] = ledger.Kind.DEFERRED, reason.value, until.isoformat()
        case Skip(reason):
            kind, outcome = ledger.Kind.SKIPPED, reason.value
    if not isinstance(answer, Send) and answer.cap is not None:
        data |= {"window": answer.cap.window, "most": answer.cap.most}
    return [
        ledger.Entry(row.customer_id, row.enrollment.flow_id, kind, outcome, row.enrollment_id, row.pk, row.step, data)
    ]


def still_may_stand(
    installation: Installation, rows: Sequence[Message], answers: Mapping[int, Answer], now: datetime
) -> list[Message]:
    """Return those of messages that were sent already, to a place that people look at, which might be sent now.

    Nothing is written. How often somebody wants any counts when a message is sent, and not each time it is seen.
    """
    nothing = Answer(None)
    told = {row.pk: answers.get(row.pk, nothing) for row in rows}
    for row in rows:
        address = told[row.pk].address
        row.address_hash = address_hash(installation, row.channel, address) if address else ""
    facts = send_facts.load(installation, rows, told, now)
    return [
        row for row, held in facts if may_send(replace(held, quiet_until=None, quiet_hours_until=None), now) == Send()
    ]


_DECIDED = ("state", "reason", "address_hash", "due_at", "settled_at", "lease", "allowed_lease")


def is_too_old(answer: Answer, now: datetime) -> bool:
    """Is what the shop said too old for a message to leave on it?"""
    return any(now - truth.asked_at > TRUTH_LASTS for truth in (answer.truth, answer.offer) if truth)
