"""What belongs to identities follows them: visitors, passages, messages, and whoever somebody turned out to be."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection

from saleor_lifecycle.domain.flows import ExitReason
from saleor_lifecycle.domain.holdout import joined
from saleor_lifecycle.domain.sending import SkipReason
from saleor_lifecycle.models import Customer, Enrollment, Identity, Message, PersonalCode, Tag

from . import holdouts


def move_all(went: Sequence[tuple[Identity, int]], now: datetime) -> set[int]:
    """Let what belongs to e-mails follow them, each with whose it was; return the customers who were touched."""
    if not went:
        return set()
    take_visitors_along([email.pk for email, _ in went])
    after: dict[int, set[int]] = {}
    for email, before in went:
        assert email.customer_id
        after.setdefault(before, set()).add(email.customer_id)
    elsewhere = {before for email, before in went if email.began_as_id not in (None, before)}
    renamed = _rename_empty({one: min(all_) for one, all_ in after.items() if len(all_) == 1 and one not in elsewhere})
    for email, before in went:
        if before not in renamed:
            assert email.customer_id
            move(before, email.customer_id, now, email)
    touched = set(after).union(*after.values())
    holdouts.keep_first(touched)
    return touched


def move(before: int, after: int, now: datetime, moved: Identity | None = None) -> None:
    """Move what belongs to an identity that went from one customer to another: passages, and whoever it began as.

    A customer who has no identity left turned out to be the other, and gives up every passage.
    """
    is_left = Identity.objects.filter(customer_id=before).exists()
    if is_left and moved is None:
        return
    if not is_left:
        Customer.objects.filter(id=before).update(merged_into=after, due_at=None)
        Message.objects.filter(customer_id=before, enrollment=None).update(customer_id=after)
        PersonalCode.objects.filter(customer_id=before).update(customer_id=after)
        _move_tags(before, after)
    if moved is not None and moved.began_as_id not in (None, after):
        empty = Customer.objects.filter(id=moved.began_as_id, identities=None)
        Customer.objects.filter(id__in=empty.values("id")).update(merged_into=after)
    passages = Enrollment.objects.filter(customer_id=before)
    _move_passages(list(passages.filter(cart__identity=moved) if is_left else passages), after, now)
    holdouts.keep_first({before, after})


def _move_passages(passages: Iterable[Enrollment], after: int, now: datetime) -> None:
    """Hand passages over. Of two that collide, the same cart seen by both, the surviving customer's own goes on."""
    held = {(one.flow_id, one.key): one for one in Enrollment.objects.filter(customer_id=after)}
    moving, ended = [], []
    for passage in passages:
        other = held.get((passage.flow_id, passage.key))
        if other is None:
            moving.append(passage.pk)
        elif other.reason != ExitReason.MERGED:  # else it is the one that went on, of two that collided before
            Enrollment.objects.filter(id=other.pk).update(arm=joined(other.arm, passage.arm))
            ended.append(passage.pk)
    Enrollment.objects.filter(id__in=moving).update(customer_id=after)
    Message.objects.filter(enrollment__in=moving).update(customer_id=after)
    PersonalCode.objects.filter(enrollment__in=moving).update(customer_id=after)
    over = Enrollment.objects.filter(id__in=ended, state=Enrollment.State.WAITING)
    Message.objects.filter(enrollment__in=over, state=Message.State.QUEUED).update(
        state=Message.State.SKIPPED, reason=SkipReason.ENROLLMENT_OVER.value, due_at=None, settled_at=now
    )
    over.update(state=Enrollment.State.EXITED, reason=ExitReason.MERGED.value, due_at=None, ended_at=now)


def _move_tags(before: int, after: int) -> None:
    """Put whoever somebody turned out to be on the lists that they were on."""
    held = Tag.objects.filter(customer_id=after).values("name")
    Tag.objects.filter(customer_id=before).exclude(name__in=held).update(customer_id=after)
    Tag.objects.filter(customer_id=before).delete()


def _rename_empty(after: Mapping[int, int]) -> set[int]:
    """Give another's name to the customers who have no identity, passage, message or list left; return them."""
    if not after:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE lifecycle_customer SET merged_into_id = new.after, due_at = NULL
            FROM unnest(%s::bigint[], %s::bigint[]) AS new(before, after)
            WHERE lifecycle_customer.id = new.before
                AND NOT EXISTS (SELECT FROM lifecycle_identity WHERE customer_id = new.before)
                AND NOT EXISTS (SELECT FROM lifecycle_enrollment WHERE customer_id = new.before)
                AND NOT EXISTS (SELECT FROM lifecycle_message WHERE customer_id = new.before)
                AND NOT EXISTS (SELECT FROM lifecycle_tag WHERE customer_id = new.before)
            RETURNING lifecycle_customer.id
            """,
            [list(after), list(after.values())],
        )
        return {row[0] for row in cursor.fetchall()}


def take_visitors_along(email_ids: Collection[int]) -> None:
    """Point visitors that are somebody's through these e-mails to whose the e-mails are."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE lifecycle_identity SET customer_id = email.customer_id FROM lifecycle_identity email
            WHERE lifecycle_identity.tied_to_id = email.id AND email.id = ANY(%s)
            """,
            [list(email_ids)],
        )
