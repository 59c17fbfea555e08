"""Double opt-in: forms that were filled in, and what comes of them. CONTEXT.md draws the states.

Whatever is known of an address, filling in a form runs the same statements and gives the same answer.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection
from django.db.models import Q

from saleor_lifecycle.domain.consent import EVERY_TOPIC, Source
from saleor_lifecycle.domain.identity import IdentityKind, Key
from saleor_lifecycle.domain.messages import Purpose
from saleor_lifecycle.domain.opt_ins import (
    FORMS_PER_HOUR,
    LASTS,
    REMEMBERED,
    REMIND_AFTER,
    Expire,
    Remind,
    WaitUntil,
    may_ask,
    next_step,
)
from saleor_lifecycle.domain.phases import Cause
from saleor_lifecycle.models import Consent, Customer, FormBudget, Installation, Message, OptIn, Preference
from saleor_lifecycle.models.sets import upsert

from . import consent, customers, identities, suppressions
from .addresses import address_hash, network_hash

CHANNEL = "email"
ASKING, REMINDING = "opt-in", "opt-in-reminder"
"""The templates."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in. ``topics``: none is every one; ``network``: whence, "" where a shop's server tells it."""

    address: str  # in lower case, checked
    topics: tuple[str, ...]
    language: str
    text: str
    page: str = ""
    network: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a confirmation goes to, in which language, and which it is."""

    address: str
    language: str
    public_id: uuid.UUID


class Standing(StrEnum):
    """How it stands with a form, for whoever follows its link."""

    ASK = "ask"
    DONE = "done"
    ALREADY = "already"
    EXPIRED = "expired"


def admit(installation: Installation, network: str, now: datetime) -> bool:
    """Take one form off what a network address may fill in within an hour; False where nothing is left."""
    hashed = network_hash(installation, network)
    if not hashed:
        return True
    cost = HOUR / FORMS_PER_HOUR
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO lifecycle_formbudget AS held (installation_id, network_hash, used_until) VALUES (%s, %s, %s)
            ON CONFLICT (installation_id, network_hash) DO UPDATE
            SET used_until = GREATEST(held.used_until, %s) + make_interval(secs => %s)
            WHERE held.used_until <= %s
            """,
            [installation.pk, hashed, now + cost, now, cost.total_seconds(), now + HOUR - cost],
        )
        return bool(cursor.rowcount)


def ask(installation: Installation, form: Form, now: datetime) -> None:
    """Ask the holder of an address to confirm, unless they are being asked already, or were too often lately."""
    hashed = address_hash(installation, CHANNEL, form.address)
    text_hash = consent.keep_text(installation.pk, form.text)
    over = OptIn.objects.filter(channel=CHANNEL, address_hash=hashed).exclude(state=OptIn.State.PENDING)
    is_open = may_ask(over.values_list("asked_at", flat=True), now)
    public_id = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH asked AS (
                INSERT INTO lifecycle_optin (installation_id, public_id, state, channel, address, address_hash, topics,
                    language, text_hash, form, network_hash, confirmed_network_hash, asked_at, due_at)
                SELECT %(shop)s, %(public_id)s, 'pending', %(channel)s, %(address)s, %(hashed)s,
                    to_jsonb(%(topics)s::text[]), %(language)s, %(text_hash)s, %(page)s, %(network)s, '',
                    %(now)s, %(due)s
                WHERE %(is_open)s
                ON CONFLICT (installation_id, channel, address_hash) WHERE state = 'pending' DO NOTHING
                RETURNING id
            )
            INSERT INTO lifecycle_message (installation_id, public_id, opt_in_id, step, key, purpose, template, topic,
                channel, state, reason, attempts, address_hash, provider_id, queued_at, due_at)
            SELECT %(shop)s, gen_random_uuid(), asked.id, '', %(template)s || ':' || %(public_id)s, %(purpose)s,
                %(template)s, '', %(channel)s, 'queued', '', 0, '', '', %(now)s, %(now)s FROM asked
            """,
            {
                "shop": installation.pk,
                "public_id": public_id,
                "channel": CHANNEL,
                "address": form.address,
                "hashed": hashed,
                "topics": sorted(set(form.topics)),
                "language": form.language,
                "text_hash": text_hash,
                "page": form.page,
                "network": network_hash(installation, form.network),
                "now": now,
                "due": now + REMIND_AFTER,
                "is_open": is_open,
                "template": ASKING,
                "purpose": Purpose.SERVICE.value,
            },
        )


def asked(opt_in_ids: Collection[int]) -> dict[int, Asked]:
    """Return those of these requests that nobody has confirmed yet."""
    rows = OptIn.objects.filter(pk__in=opt_in_ids, state=OptIn.State.PENDING)
    return {row.pk: Asked(row.address, row.language, row.public_id) for row in rows}


def find(public_id: uuid.UUID) -> OptIn | None:
    """Return a request by its public id."""
    return OptIn.objects.select_related("installation__policy").filter(public_id=public_id).first()


def state_of(opt_in: OptIn, now: datetime) -> Standing:
    """Return how it stands with a form."""
    if opt_in.state == OptIn.State.CONFIRMED:
        return Standing.ALREADY
    is_open = opt_in.state == OptIn.State.PENDING and now < opt_in.asked_at + LASTS
    return Standing.ASK if is_open else Standing.EXPIRED


def confirm(opt_in: OptIn, network: str, now: datetime) -> Standing:
    """Store the yes of an address's holder, with its evidence; an unsubscription of the address ends.

    What bounced or complained stays suppressed: nothing leaves for it, whatever is confirmed.
    """
    installation = opt_in.installation
    if (state := state_of(opt_in, now)) is not Standing.ASK:
        return state
    key = Key(IdentityKind.EMAIL, opt_in.address)
    identity = identities.resolve(installation.pk, [key], now)[key]
    assert identity.customer_id is not None
    identities.lock([identity.customer_id])
    held = OptIn.objects.select_for_update().get(pk=opt_in.pk)
    if (state := state_of(held, now)) is not Standing.ASK:
        return state
    evidence = f"form {held.public_id}, asked {held.asked_at.isoformat(timespec='seconds')}"
    rows = [
        consent.row_of(installation, identity, Source.FORM, True, now)
        | {"topic": topic, "channel": held.channel, "evidence": evidence, "text_hash": held.text_hash}
        for topic in held.topics or [EVERY_TOPIC]
    ]
    upsert(Consent, rows, consent.KEY, guard=("at", "evidence"))
    suppressions.take_back(held.channel, [held.address_hash], now)
    if held.language:
        Preference.objects.get_or_create(
            installation=installation, identity=identity, defaults={"language": held.language, "at": now}
        )
    held.state = OptIn.State.CONFIRMED
    held.address, held.due_at = "", None
    held.confirmed_at, held.confirmed_network_hash = now, network_hash(installation, network)
    held.save()
    _end_messages([held.pk], "confirmed", now)
    consent.tell(installation, identity.customer_id, rows, now)
    if Customer.objects.filter(pk=identity.customer_id, phase_since=None).exists():
        customers.refold(installation, [identity.customer_id], now, Cause.BEHAVIOUR)
    return Standing.DONE


def take_due(installation_id: int, limit: int, now: datetime) -> int:
    """Remind whoever has to be reminded, end what nobody confirmed, forget what is long over; return how many."""
    due = OptIn.objects.filter(installation_id=installation_id, due_at__lte=now).order_by("due_at", "id")
    rows = list(due.select_for_update(skip_locked=True)[:limit])
    over = [row for row in rows if row.state != OptIn.State.PENDING]
    ended = []
    for row in (row for row in rows if row.state == OptIn.State.PENDING):
        match next_step(row.asked_at, row.reminded_at is not None, now):
            case Remind(next_at):
                _remind(row, now)
                row.reminded_at, row.due_at = now, next_at
            case Expire():
                row.state, row.address, row.due_at = OptIn.State.EXPIRED, "", row.asked_at + REMEMBERED
                ended.append(row.pk)
            case WaitUntil(at):
                row.due_at = at
        row.save(update_fields=["state", "address", "reminded_at", "due_at"])
    _end_messages(ended, "expired", now)
    OptIn.objects.filter(pk__in=[row.pk for row in over]).delete()
    consent.drop_texts(installation_id, [row.text_hash for row in over])
    return len(rows)


def forget_networks(installation_id: int, now: datetime) -> None:
    """Drop the budgets that are whole again."""
    FormBudget.objects.filter(installation_id=installation_id, used_until__lte=now).delete()


def _remind(row: OptIn, now: datetime) -> None:
    """Queue the one reminder."""
    Message.objects.bulk_create(
        [
            Message(
                installation_id=row.installation_id,
                opt_in=row,
                key=f"{REMINDING}:{row.public_id}",
                purpose=Purpose.SERVICE.value,
                template=REMINDING,
                topic="",
                channel=row.channel,
                queued_at=now,
                due_at=now,
            )
        ],
        ignore_conflicts=True,
    )


def _end_messages(opt_in_ids: Collection[int], reason: str, now: datetime) -> None:
    queued = Message.objects.filter(Q(opt_in__in=opt_in_ids), state=Message.State.QUEUED)
    queued.update(state=Message.State.SKIPPED, reason=reason, due_at=None, settled_at=now)
