"""Customers whom another system names: through a flow's own address, or with the storefront's server key."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from saleor_lifecycle.domain.flow_calls import FlowCall
from saleor_lifecycle.models import Flow, FlowHook, Identity, Installation

from . import entries

UNKNOWN = "unknown_customer"
"""Nobody whom the shop knows: nothing is kept of them."""
MINUTE = timedelta(minutes=1)
PER_MINUTE = 600
"""Calls of one address; whoever calls more often is asked to come again."""


def make(flow: Flow, now: datetime) -> tuple[FlowHook, str]:
    """Return an address of a flow's own with its secret, which is told this once; the one before stops working."""
    secret = secrets.token_urlsafe(32)
    hook, _ = FlowHook.objects.update_or_create(
        flow=flow,
        defaults={"installation_id": flow.installation_id, "secret_hash": _hash(secret), "created_at": now},
    )
    return hook, secret


def remove(flow: Flow) -> bool:
    """Let a flow's address stop working; return whether there was one."""
    return bool(FlowHook.objects.filter(flow=flow).delete()[0])


def find(public_id: UUID, secret: str) -> FlowHook | None:
    """Return the address, if this is its secret."""
    hook = FlowHook.objects.select_related("flow").filter(public_id=public_id).first()
    # Compared where there is none too, so that nobody learns from the time it takes.
    is_right = hmac.compare_digest(hook.secret_hash if hook else _hash(""), _hash(secret))
    return hook if is_right else None


def admit(hook: FlowHook, now: datetime) -> bool:
    """Take a call off what an address may be called in a minute; False where nothing is left.

    A transaction of its own, or calls would wait for each other.
    """
    cost = MINUTE / PER_MINUTE
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE lifecycle_flowhook
            SET used_until = GREATEST(COALESCE(used_until, %(now)s), %(now)s) + make_interval(secs => %(cost)s)
            WHERE id = %(hook)s AND COALESCE(used_until, %(now)s) <= %(until)s
            """,
            {"now": now, "cost": cost.total_seconds(), "hook": hook.pk, "until": now + MINUTE - cost},
        )
        return bool(cursor.rowcount)


def enter(installation: Installation, flow_key: str, call: FlowCall, kind: str, now: datetime) -> str:
    """Let in whom a call names; return "entered", or why not. Raises NoSuchFlow."""
    handle = (
        {"kind": Identity.Kind.USER, "value": call.user_id}
        if call.user_id
        else {"kind": Identity.Kind.EMAIL, "value": call.email}
    )
    found = Identity.objects.filter(installation=installation, **handle).values_list("customer_id", flat=True).first()
    people = [] if found is None else [found]
    answers = entries.call(installation, flow_key, people, now, kind, call.key, call.properties or entries.NOTHING)
    return answers.get(found or 0, UNKNOWN)


def _hash(secret: str) -> str:
    """A plain digest will do: nobody guesses 256 random bits, however fast it is tried."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
