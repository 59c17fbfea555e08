"""Sending again from a database that was restored: whoever may have been written to since is not written to again."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from saleor_lifecycle.domain.facts import DeletionFact
from saleor_lifecycle.domain.flows import Passage, passed_over
from saleor_lifecycle.domain.sending import RESTORED, DeferReason
from saleor_lifecycle.domain.suppressions import MANUAL, REASONS
from saleor_lifecycle.models import Account, Cart, Enrollment, Installation, Message, Plan
from saleor_lifecycle.models.homes import home

from . import admissions, consent, events, flow_acts, flow_facts, flows, identities, refusals, suppressions
from .flow_facts import Done, Enrolled
from .refusals import Refusal

BLOCK = 500


@dataclass(frozen=True, slots=True)
class Resumed:
    """What a restored installation gave up, so that nobody hears anything twice."""

    skipped: int
    unknown: int
    passed_over: int
    carts: int


def resume(installation: Installation, now: datetime) -> Resumed:
    """Let a restored installation send again; who may have been written to since the dump is not written to again.

    What waited is skipped, what was being sent is unknown, steps that came due meanwhile count as done, and carts from
    before do not enter any more. Each refusal that is known has been said again before.
    """
    assert installation.held_at is not None
    held = Message.objects.filter(installation=installation, queued_at__lte=installation.held_at)
    waited = held.filter(state=Message.State.QUEUED)
    may_have_left = waited.filter(Q(due_at__lte=now) | Q(reason=DeferReason.FLOW_OFF.value))
    skipped = may_have_left.update(
        state=Message.State.SKIPPED, reason=RESTORED, due_at=None, settled_at=now, lease=None
    )
    unknown = held.filter(state=Message.State.SENDING).update(
        state=Message.State.UNKNOWN, reason=RESTORED, due_at=None, settled_at=now, lease=None
    )
    Plan.objects.filter(installation=installation, created_at__lte=installation.held_at).update(after=None)
    carts = Cart.objects.filter(installation=installation, idle_at__isnull=False).update(idle_at=None)
    installation.home, installation.held_at, installation.restored_at = home(settings.PUBLIC_URL), None, now
    installation.save(update_fields=["home", "held_at", "restored_at"])
    admissions.let_in_meanwhile(installation, now)  # without a message: what is due now is passed over
    return Resumed(skipped, unknown, _pass_over(installation, now), carts)


def _pass_over(installation: Installation, now: datetime) -> int:
    """Count as done, without a message, every step that came due until now; return how many were passed over.

    A message that may have left before its database was restored is not sent again.
    """
    count = 0
    due = Enrollment.objects.filter(installation=installation, state=Enrollment.State.WAITING, due_at__lte=now)
    while ids := sorted(set(due.order_by("customer_id").values_list("customer_id", flat=True)[:BLOCK])):
        identities.lock(ids)
        some = [_passed(one, now) for one in flow_facts.read(installation, ids, now) if _is_due(one, now)]
        passed = [act for _, acts in some for act in acts]
        flow_acts.leave_out(installation, passed, now)
        count += len(passed)
        flows.take(installation, [one for one, _ in some], now)
    return count


def _is_due(one: Enrolled, now: datetime) -> bool:
    return one.row.due_at is not None and one.row.due_at <= now


def _passed(one: Enrolled, now: datetime) -> tuple[Enrolled, list[tuple[Done, datetime]]]:
    """Return an enrollment that is due with what came due until now behind it, and the acts among that."""
    assert one.row.due_at is not None
    passage = Passage(one.row.entered_at, one.row.step, one.row.since)
    acts, after, facts = passed_over(one.program, passage, one.facts, one.row.due_at, now)
    moved = Enrolled(one.row._replace(step=after.step, since=after.since), one.program, facts)
    return moved, [(Done(one, act), at) for act, at in acts]


def repeat(installation: Installation, said: Iterable[Refusal], now: datetime) -> int:
    """Say again to an installation what of these concerns it; return how many did."""
    mine = [one for one in said if one.installation_id in (None, installation.pk)]
    deleted = {one.hashed: one.at or now for one in mine if one.channel == refusals.DELETED}
    named: dict[str, list[suppressions.Named]] = defaultdict(list)
    for one in mine:
        if one.channel != refusals.DELETED:
            reason = one.reason if one.reason in REASONS else MANUAL
            named[one.channel].append(suppressions.Named(one.address, one.hashed, reason, one.at or now))
    for channel, some in named.items():
        suppressions.suppress_named(installation, channel, some, now)
    if deleted:
        _erase(installation, deleted, now)
    return len(mine)


def _erase(installation: Installation, deleted: dict[str, datetime], now: datetime) -> None:
    living = Account.objects.filter(installation=installation, deleted_at=None).values_list("user_id", flat=True)
    hashes = {user_id: consent.address_hash(installation, refusals.DELETED, user_id) for user_id in living.iterator()}
    gone = [DeletionFact(user_id, None, deleted[hashed]) for user_id, hashed in hashes.items() if hashed in deleted]
    if gone:
        events.apply(installation, gone, now)
