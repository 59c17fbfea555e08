"""Flows: who enters, what each enrollment does next, and who leaves at once."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from saleor_lifecycle.domain.flows import (
    EnrollmentState,
    Exit,
    ExitReason,
    Finish,
    FlowDocument,
    FlowDocumentError,
    FlowFacts,
    SendStep,
    Step,
    Wait,
    cart_document,
    decide,
    read_document,
)
from saleor_lifecycle.domain.messages import SERVICE_TOPICS, Purpose
from saleor_lifecycle.domain.sending import DeferReason, SkipReason
from saleor_lifecycle.models import (
    Account,
    Cart,
    Enrollment,
    Flow,
    FlowVersion,
    Identity,
    Installation,
    Message,
    Template,
)

from . import consent, identities, messages, restores

ABANDONED_CART = "abandoned-cart"


def publish(flow: Flow, document: dict[str, object], now: datetime) -> FlowVersion:
    """Publish a document as the flow's next version. Raises FlowDocumentError, changing nothing, if it is invalid, or
    would send what is commercial as service."""
    _refuse_as_service(flow.installation_id, read_document(document))
    number = (flow.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    version = FlowVersion.objects.create(
        installation_id=flow.installation_id, flow=flow, number=number, document=document, published_at=now
    )
    flow.version = version
    flow.save(update_fields=["version"])
    return version


def add_cart_flow(installation: Installation, seconds: Iterable[int], now: datetime) -> Flow:
    """Give an installation its abandoned-cart flow, if it has none; ``seconds`` are the idle time, then the touches."""
    flow, is_new = Flow.objects.get_or_create(installation=installation, key=ABANDONED_CART)
    if is_new:
        idle, *touches = (timedelta(seconds=value) for value in seconds)
        publish(flow, cart_document(idle, tuple(touches)), now)
    return flow


def change_cart_flow(
    installation_id: int, is_on: bool | None, idle: timedelta | None, touches: Sequence[timedelta] | None, now: datetime
) -> Flow:
    """Switch the abandoned-cart flow, and publish a new version of it where its delays change; None leaves as it is.

    Who is in the flow keeps the version that they entered by, and a cart that is watched keeps its moment until it
    changes. Raises FlowDocumentError, changing nothing, for delays that make no flow.
    """
    flow = (
        Flow.objects.select_related("version")
        .select_for_update(of=("self",))
        .get(installation_id=installation_id, key=ABANDONED_CART)
    )
    held = flow.version
    if held is not None and (idle is not None or touches is not None):
        was = held.value()
        after = tuple(step.after for step in was.steps) if touches is None else tuple(touches)
        document = _checked(installation_id, was.idle if idle is None else idle, after)
        if document != held.document:
            publish(flow, document, now)
    if is_on is not None and flow.is_on != is_on:
        flow.is_on = is_on
        flow.save(update_fields=["is_on"])
        if is_on:
            _wake(flow, now)
    return flow


def _wake(flow: Flow, now: datetime) -> None:
    """Make due what waited because the flow was off."""
    waiting = Message.objects.filter(installation_id=flow.installation_id, enrollment__flow=flow)
    waiting.filter(state=Message.State.QUEUED, reason=DeferReason.FLOW_OFF.value).update(due_at=now)


def _checked(installation_id: int, idle: timedelta, touches: tuple[timedelta, ...]) -> dict[str, object]:
    """Return the document of a cart flow that can run: its messages exist, and it is not over before it begins."""
    if not touches:
        raise FlowDocumentError("steps: a flow needs at least one")
    document = cart_document(idle, touches)
    flow = read_document(document)
    if idle >= flow.ends:
        raise FlowDocumentError("trigger.idle: has to be over before the flow is")
    rows = Template.objects.filter(installation_id=installation_id, archived_at=None).exclude(variants=None)
    there = set(rows.values_list("key", flat=True))
    if missing := [step.template for step in flow.steps if step.template not in there]:
        raise FlowDocumentError(f"steps: there is no message {missing[0]}")
    return document


def _refuse_as_service(installation_id: int, flow: FlowDocument) -> None:
    """Refuse a flow under a topic of service that would send something commercial. Locks its templates, so that none
    becomes commercial or goes meanwhile."""
    keys = [step.template for step in flow.steps]
    rows = Template.objects.select_for_update(no_key=True).filter(installation_id=installation_id, key__in=keys)
    purposes = dict(rows.order_by("id").values_list("key", "purpose"))
    if flow.topic in SERVICE_TOPICS:
        for key in keys:
            if purposes.get(key) == Purpose.COMMERCIAL:
                raise FlowDocumentError(f"topic: {key} is a commercial message, so it cannot go out as {flow.topic}")


def watch(installation_id: int, cart_ids: Collection[int], now: datetime, is_import: bool = False) -> None:
    """Set when each of these carts will count as abandoned, or that it will not.

    One passage per cart: a cart that has entered the flow is not watched again. Nor is one that went idle so long ago
    that every touch would be too late (an outage longer than the flow). An import begins no watch, but may end one.
    """
    if not cart_ids:
        return
    flow = Flow.objects.select_related("version").filter(installation_id=installation_id, key=ABANDONED_CART).first()
    if flow is None or flow.version is None:
        return
    document = flow.version.value()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE lifecycle_cart SET idle_at = CASE WHEN
                    identity_id IS NOT NULL AND lines_hash <> '' AND ordered_at IS NULL AND NOT is_being_paid
                    AND changed_at > %(oldest)s
                    AND NOT EXISTS (
                        SELECT FROM lifecycle_enrollment enrollment
                        WHERE enrollment.flow_id = %(flow)s AND enrollment.cart_id = lifecycle_cart.id
                    )
                    AND (idle_at IS NOT NULL OR NOT %(is_import)s)
                    -- One from before a restore may have entered in what was lost.
                    AND COALESCE(created_at, changed_at) > COALESCE(
                        (SELECT restored_at FROM lifecycle_installation WHERE id = installation_id), '-infinity')
                THEN changed_at + make_interval(secs => %(idle)s) END
            WHERE id = ANY(%(carts)s)
            """,
            {
                "oldest": now - document.ends,
                "flow": flow.pk,
                "idle": document.idle.total_seconds(),
                "carts": sorted(cart_ids),
                "is_import": is_import,
            },
        )


def enter_idle(installation: Installation, limit: int, now: datetime) -> int:
    """Enrol the customers whose carts have gone idle; return how many carts were looked at."""
    idle = Cart.objects.filter(installation=installation, idle_at__lte=now)
    seen = list(idle.order_by("idle_at").values_list("id", "identity__customer_id")[:limit])
    customer_ids = sorted({customer_id for _, customer_id in seen})
    identities.lock(customer_ids)
    # Looked at again under the locks: an order may have come between.
    carts = list(
        idle.filter(id__in=[cart_id for cart_id, _ in seen], identity__customer_id__in=customer_ids)
        .select_related("identity")
        .select_for_update(of=("self",))
        .order_by("id")
    )
    flow = Flow.objects.select_related("version").get(installation=installation, key=ABANDONED_CART)
    if flow.is_on and flow.version is not None:
        Enrollment.objects.bulk_create(
            [
                Enrollment(
                    installation=installation,
                    flow=flow,
                    version=flow.version,
                    customer_id=cart.identity.customer_id,
                    key=cart.checkout_id,
                    cart=cart,
                    entered_at=now,
                )
                for cart in carts
                if cart.identity is not None and cart.identity.customer_id is not None
            ],
            ignore_conflicts=True,
        )
    Cart.objects.filter(id__in=[cart.pk for cart in carts]).update(idle_at=None)
    advance(installation, customer_ids, now)
    return len(seen)


def due_customers(installation_id: int, limit: int, now: datetime) -> list[int]:
    """Return customers with an enrollment whose moment has come."""
    due = Enrollment.objects.filter(installation_id=installation_id, due_at__lte=now).order_by("due_at")
    return sorted(set(due.values_list("customer_id", flat=True)[:limit]))


def advance(installation: Installation, customer_ids: Iterable[int], now: datetime) -> None:
    """Take each waiting enrollment of these customers as far as it goes: wait, queue a message, end, or leave."""
    ids = sorted(set(customer_ids))
    messages.unlease(ids)
    waiting = Enrollment.objects.filter(customer_id__in=ids, state=Enrollment.State.WAITING)
    if not waiting.exists():
        return
    identities.lock(ids)
    is_held = restores.is_held(installation, now)
    for enrollment, document, facts in facts_of(waiting, ids):
        take(enrollment, document, facts, now, is_held)


def facts_of(
    waiting: QuerySet[Enrollment], customer_ids: list[int]
) -> Iterator[tuple[Enrollment, FlowDocument, FlowFacts]]:
    """Yield the enrollments, locked, with what is decided on; their customers are locked."""
    enrollments = waiting.select_related("version", "cart", "customer").select_for_update(of=("self",)).order_by("id")
    withdrawn = consent.withdrawn(customer_ids)
    gone = _gone(customer_ids)
    for enrollment in enrollments:
        cart, customer = enrollment.cart, enrollment.customer
        assert cart is not None
        assert cart.changed_at is not None
        document = enrollment.version.value()
        facts = FlowFacts(
            anchor_at=cart.changed_at,
            is_cart_empty=cart.lines_hash == "",
            is_cart_ordered=cart.ordered_at is not None,
            last_placed_at=customer.last_placed_at,
            is_unsubscribed=withdrawn(customer.pk, document.topic, document.channel),
            is_gone=customer.pk in gone,
        )
        yield enrollment, document, facts


def _gone(customer_ids: list[int]) -> set[int]:
    """Return the customers whose account was deleted or whose e-mail was erased, and who have no other account."""
    accounts = Account.objects.filter(identity__customer_id__in=customer_ids)
    deleted = set(accounts.filter(deleted_at__isnull=False).values_list("identity__customer_id", flat=True))
    living = set(accounts.filter(deleted_at=None).values_list("identity__customer_id", flat=True))
    erased = Identity.objects.filter(customer_id__in=customer_ids, kind=Identity.Kind.ERASED)
    return (deleted | {customer for customer in erased.values_list("customer_id", flat=True) if customer}) - living


def new_message(enrollment: Enrollment, document: FlowDocument, step: Step, now: datetime) -> Message:
    """Return the message of a step, queued but not stored."""
    return Message(
        installation_id=enrollment.installation_id,
        enrollment=enrollment,
        customer_id=enrollment.customer_id,
        step=step.key,
        template=step.template,
        topic=document.topic,
        channel=document.channel,
        queued_at=now,
        due_at=now,
    )


def take(
    enrollment: Enrollment, document: FlowDocument, facts: FlowFacts, now: datetime, is_held: bool = False
) -> None:
    """Go as far as it goes. Held, it may only leave: when its steps come due has to stay known as it was."""
    while True:
        state = EnrollmentState(enrollment.entered_at, enrollment.next_step, enrollment.last_step_at)
        match decide(document, state, facts, now):
            case SendStep(step):
                if is_held:
                    return
                Message.objects.bulk_create([new_message(enrollment, document, step, now)], ignore_conflicts=True)
                enrollment.next_step += 1
                enrollment.last_step_at = now
            case Wait(until):
                if is_held:
                    return
                enrollment.due_at = until
                break
            case Exit(reason):
                _end(enrollment, Enrollment.State.EXITED, reason.value, now)
                break
            case Finish():
                _end(enrollment, Enrollment.State.FINISHED, "all steps done", now)
                break
    enrollment.save(update_fields=["state", "reason", "next_step", "last_step_at", "ended_at", "due_at"])


def _end(enrollment: Enrollment, state: Enrollment.State, reason: str, now: datetime) -> None:
    enrollment.state = state
    enrollment.reason = reason
    enrollment.ended_at = now
    enrollment.due_at = None
    if state == Enrollment.State.EXITED:
        skip = SkipReason.ORDERED if reason == ExitReason.ORDERED else SkipReason.ENROLLMENT_OVER
        Message.objects.filter(enrollment=enrollment, state=Message.State.QUEUED).update(
            state=Message.State.SKIPPED, reason=skip.value, due_at=None, settled_at=now
        )
