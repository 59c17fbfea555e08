"""Puts a drawn shop into the database, through the same door as everything else: its role, its policies.

By INSERT from arrays, not by COPY: PostgreSQL refuses COPY where row-level security holds.
"""

from collections.abc import Callable, Mapping

import numpy as np
from django.db import connection
from django.db.backends.utils import CursorWrapper

from saleor_lifecycle.models import Installation
from saleor_lifecycle.models.entry import maintaining, within

from . import population
from .folding import COLUMNS, FOLD
from .population import CURRENCIES, STATES, Block, Handle, Numbers, email

Shop = Mapping[str, int]
"""The installation's id, and the first ids of its customers and identities."""

KNOWN = """
WITH person AS (
    SELECT * FROM unnest(%(number)s::bigint[], %(handle)s::int[], %(joined)s::bigint[]) AS p(number, handle, joined)
), handles AS (
    -- An identity's id follows from its person's number: what hangs on it need not look it up.
    INSERT INTO lifecycle_identity (id, installation_id, kind, value, customer_id, began_as_id,
        owner_user_id, owner_updated_at, owner_issued_at, owner_digest)
    SELECT %(identity)s + 2 * number, %(shop)s, 'user', {user}, %(customer)s + number, %(customer)s + number, NULL,
        NULL::timestamptz, NULL::timestamptz, NULL
    FROM person WHERE handle <> 2
    UNION ALL
    SELECT %(identity)s + 2 * number + 1, %(shop)s, 'email', {email}, %(customer)s + number, %(customer)s + number,
        CASE handle WHEN 0 THEN {user} END, CASE handle WHEN 0 THEN to_timestamp(joined) END,
        CASE handle WHEN 0 THEN to_timestamp(joined) END, CASE handle WHEN 0 THEN '' END
    FROM person WHERE handle <> 1
), claims AS (
    INSERT INTO lifecycle_emailclaim (installation_id, identity_id, address_hash, user_id, updated_at, issued_at,
        digest)
    SELECT %(shop)s, %(identity)s + 2 * number + 1, address_hash, {user}, to_timestamp(joined),
        to_timestamp(joined), ''
    FROM person JOIN unnest(%(claimed)s::bigint[], %(hashes)s::text[]) AS c(number, address_hash) USING (number)
)
INSERT INTO lifecycle_account (installation_id, user_id, identity_id, email, is_confirmed, is_active, first_name,
    last_name, language, joined_at, metadata, updated_at, issued_at, digest)
SELECT %(shop)s, {user}, %(identity)s + 2 * number, {email}, handle = 0, true, 'Ada', '', 'en', to_timestamp(joined),
    '{{}}', to_timestamp(joined), to_timestamp(joined), ''
FROM person WHERE handle <> 2
"""

PLACED = """
INSERT INTO lifecycle_order (installation_id, order_id, number, identity_id, checkout_id, channel, language, status,
    charge_status, origin, total, charged, refunded, currency, lines, created_at, metadata, updated_at, issued_at,
    digest)
SELECT %(shop)s, {order}, number, %(identity)s + handle, {checkout}, 'default-channel', 'en', status, charge_status,
    'CHECKOUT', cents / 100.0, charged * cents / 100.0, refunded * cents / 100.0, currency, {lines},
    to_timestamp(at), '{{}}', to_timestamp(at), to_timestamp(at), ''
FROM unnest(%(order)s::bigint[], %(whose)s::bigint[], %(cart)s::bigint[], %(status)s::text[], %(charge)s::text[],
    %(cents)s::bigint[], %(charged)s::int[], %(refunded)s::int[], %(currency)s::text[], %(at)s::bigint[])
    AS o(number, handle, cart, status, charge_status, cents, charged, refunded, currency, at)
"""

CARTED = """
INSERT INTO lifecycle_cart (installation_id, public_id, checkout_id, identity_id, email, channel, language, lines,
    lines_hash, sightings, changed_at, is_being_paid, ordered_at, created_at, touch, metadata, updated_at,
    issued_at, digest)
SELECT %(shop)s, md5('cart ' || %(shop)s || ' ' || cart)::uuid, {checkout}, %(identity)s + handle, NULL,
    'default-channel', 'en', '[["UHJvZHVjdFZhcmlhbnQ6MQ==", 1]]', 'c0ffee', jsonb_build_array(jsonb_build_array(
    to_char(to_timestamp(at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS+00:00'), 'c0ffee')), to_timestamp(at), false,
    to_timestamp(ordered), to_timestamp(at), '{{}}', '{{}}', to_timestamp(at), to_timestamp(at), ''
FROM unnest(%(cart)s::bigint[], %(whose)s::bigint[], %(at)s::bigint[], %(ordered)s::bigint[])
    AS c(cart, handle, at, ordered)
"""

PEOPLE = f"""
WITH people AS (SELECT generate_series(%(first)s::bigint, %(last)s::bigint) AS customer),
handles AS (SELECT id, customer_id AS customer FROM lifecycle_identity WHERE id BETWEEN %(low)s AND %(high)s),
accounts_of AS (
    SELECT customer, joined_at FROM lifecycle_account JOIN handles ON handles.id = identity_id
    WHERE deleted_at IS NULL AND identity_id BETWEEN %(low)s AND %(high)s
), orders_of AS (
    SELECT customer, created_at, status, charge_status, charged, refunded, total, currency, channel
    FROM lifecycle_order JOIN handles ON handles.id = identity_id WHERE identity_id BETWEEN %(low)s AND %(high)s
), carts_of AS (
    SELECT customer, changed_at, lines_hash, ordered_at FROM lifecycle_cart JOIN handles ON handles.id = identity_id
    WHERE identity_id BETWEEN %(low)s AND %(high)s
), {FOLD}
INSERT INTO lifecycle_customer (id, installation_id, public_id, created_at, policy_id, attributes, phase_since,
    {", ".join(COLUMNS)})
SELECT customer, %(shop)s, md5('customer ' || %(shop)s || ' ' || customer)::uuid, %(now)s, %(policy)s, '{{}}', %(now)s,
    {", ".join(COLUMNS)}
FROM folded
"""


def _saleor_id(kind: str, number: str) -> str:
    return f"encode(convert_to('{kind}:' || {number}, 'UTF8'), 'base64')"


NAMES = {
    "user": _saleor_id("User", "number"),
    "order": _saleor_id("Order", "number"),
    "checkout": _saleor_id("Checkout", "nullif(cart, -1)"),
    "lines": """jsonb_build_array(jsonb_build_array(encode(convert_to('ProductVariant:' || number %% 500, 'UTF8'),
        'base64'), 1))""",
    "email": "'person' || number || '@people.example'",
}


def load(
    installation: Installation,
    people: int,
    hash_of: Callable[[str], str],
    told: Callable[[int], object] = lambda _: None,
) -> None:
    """Store a shop of so many people, as an import that is over would have left it; ``told`` is called on the way.

    A block at a time, each in a transaction of its own.
    """
    first = {table: _reserve(table, people * times) for table, times in (("customer", 1), ("identity", 2))}
    for block in population.blocks(people):
        with within(installation.pk), connection.cursor() as cursor:
            shop = {"shop": installation.pk, **first}
            _load_people(cursor, shop, block, hash_of)
            _load_orders(cursor, shop, block)
            numbers = (int(block.number[0]), int(block.number[-1]))
            # New tables have no statistics, and a planner that expects few rows joins thousands one by one.
            cursor.execute("SET LOCAL enable_nestloop = off")
            cursor.execute(
                PEOPLE,
                {
                    "shop": installation.pk,
                    "policy": installation.policy_id,
                    "now": population.NOW,
                    "first": first["customer"] + numbers[0],
                    "last": first["customer"] + numbers[1],
                    "low": first["identity"] + 2 * numbers[0],
                    "high": first["identity"] + 2 * numbers[1] + 1,
                },
            )
        told(numbers[1] + 1)


def _reserve(table: str, count: int) -> int:
    """Return the first of so many ids in a row; nobody else writes to a bench's database."""
    with maintaining(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(id) FROM (SELECT nextval(%s) AS id FROM generate_series(1, %s)) one",
            [f"lifecycle_{table}_id_seq", count],
        )
        return int(cursor.fetchone()[0])


def _load_people(cursor: CursorWrapper, shop: Shop, block: Block, hash_of: Callable[[str], str]) -> None:
    claimed = block.number[block.handle == Handle.CONFIRMED].tolist()
    cursor.execute(
        KNOWN.format(**NAMES),
        {
            **shop,
            "number": block.number.tolist(),
            "handle": block.handle.tolist(),
            "joined": block.joined.tolist(),
            "claimed": claimed,
            "hashes": [hash_of(email(number)) for number in claimed],
        },
    )


def _load_orders(cursor: CursorWrapper, shop: Shop, block: Block) -> None:
    start = int(block.number[0])
    came_of = {int(order): int(cart) for order, cart in zip(block.became, block.cart, strict=True) if order >= 0}
    states = [STATES[state] for state in block.state]
    cursor.execute(
        PLACED.format(**NAMES),
        {
            **shop,
            "order": block.order.tolist(),
            "whose": _whose(block, block.buyer, start),
            "cart": [came_of.get(order, -1) for order in block.order.tolist()],
            "status": [status for status, _, _, _ in states],
            "charge": [charge for _, charge, _, _ in states],
            "cents": block.cents.tolist(),
            "charged": [charged for _, _, charged, _ in states],
            "refunded": [refunded for _, _, _, refunded in states],
            "currency": [CURRENCIES[currency] for currency in block.currency],
            "at": block.ordered.tolist(),
        },
    )
    at = dict(zip(block.order.tolist(), block.ordered.tolist(), strict=True))
    cursor.execute(
        CARTED.format(**NAMES),
        {
            **shop,
            "cart": block.cart.tolist(),
            "whose": _whose(block, block.holder, start),
            "at": block.changed.tolist(),
            "ordered": [at.get(order) for order in block.became.tolist()],
        },
    )


def _whose(block: Block, people: Numbers, start: int) -> list[int]:
    """Return which identity of theirs each is, counted from the shop's first: the account's, else the e-mail's."""
    is_guest = block.handle[people - start] == Handle.GUEST
    whose: list[int] = (2 * people + np.where(is_guest, 1, 0)).tolist()
    return whose
