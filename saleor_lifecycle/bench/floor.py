"""The floor of ``process``: a batch of facts applied by one statement, written by hand for that alone.

Everything that lies beside the facts is left out: no inbox, no locks against others, nothing told late, nobody erased,
no mapped metadata keys, no flow that somebody has entered. What it writes is what the app writes; a test holds the two
equal. ``OFFSET 0`` has rows looked up one by one: the planner cannot know how few a batch is about, and would read a
small shop's tables as a whole.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import connection

from saleor_lifecycle.domain.carts import lines_hash
from saleor_lifecycle.domain.facts import AccountFact, CartFact, Fact, OrderFact
from saleor_lifecycle.domain.identity import key_of
from saleor_lifecycle.models import Installation

from .folding import COLUMNS, FOLD

GRANT = "GRANT USAGE ON SEQUENCE lifecycle_customer_id_seq, lifecycle_identity_id_seq TO lifecycle_app"
"""What the owner of a bench's database says first: the statement draws ids ahead, which the app never does."""

VERSION = "updated_at, issued_at, digest"
NEWEST = "updated_at DESC, issued_at DESC, digest DESC"

STATEMENT = f"""
WITH told_account AS (
    SELECT * FROM unnest(%(a0)s::text[], %(a1)s::text[], %(a2)s::boolean[], %(a3)s::boolean[], %(a4)s::text[],
        %(a5)s::text[], %(a6)s::text[], %(a7)s::timestamptz[], %(a8)s::text[], %(a9)s::timestamptz[],
        %(a10)s::timestamptz[], %(a11)s::text[])
    AS a(user_id, email, is_confirmed, is_active, first_name, last_name, language, joined_at, address_hash, {VERSION})
), told_cart AS (
    SELECT * FROM unnest(%(c0)s::text[], %(c1)s::text[], %(c2)s::text[], %(c3)s::text[], %(c4)s::text[], %(c5)s::text[],
        %(c6)s::text[], %(c7)s::text[], %(c8)s::boolean[], %(c9)s::timestamptz[], %(c10)s::boolean[], %(c11)s::text[],
        %(c12)s::text[], %(c13)s::text[], %(c14)s::timestamptz[], %(c15)s::timestamptz[], %(c16)s::text[])
    AS c(checkout_id, kind, value, email, channel, language, lines, lines_hash, is_being_paid, created_at, consent,
        seen, country, zone, {VERSION})
), told_order AS (
    SELECT * FROM unnest(%(o0)s::text[], %(o1)s::text[], %(o2)s::text[], %(o3)s::text[], %(o4)s::text[], %(o5)s::text[],
        %(o6)s::text[], %(o7)s::text[], %(o8)s::text[], %(o9)s::text[], %(o10)s::numeric[], %(o11)s::numeric[],
        %(o12)s::numeric[], %(o13)s::text[], %(o14)s::timestamptz[], %(o15)s::text[], %(o16)s::text[],
        %(o17)s::text[], %(o18)s::timestamptz[], %(o19)s::timestamptz[], %(o20)s::text[])
    AS o(order_id, number, kind, value, checkout_id, channel, language, status, charge_status, origin, total, charged,
        refunded, currency, created_at, country, zone, lines, {VERSION})
), account AS (
    SELECT DISTINCT ON (user_id) * FROM told_account ORDER BY user_id, {NEWEST}
), claim AS (
    SELECT DISTINCT ON (email) * FROM told_account WHERE is_confirmed AND email <> '' ORDER BY email, {NEWEST}
), cart AS (
    SELECT DISTINCT ON (checkout_id) * FROM told_cart ORDER BY checkout_id, {NEWEST}
), placed AS (
    SELECT DISTINCT ON (order_id) * FROM told_order ORDER BY order_id, {NEWEST}
), keys AS (
    SELECT 'user' AS kind, user_id AS value FROM account UNION SELECT 'email', email FROM claim
    UNION SELECT kind, value FROM cart WHERE kind IS NOT NULL
    UNION SELECT kind, value FROM placed WHERE kind IS NOT NULL
), held AS (
    SELECT old.* FROM keys CROSS JOIN LATERAL (
        SELECT * FROM lifecycle_identity i
        WHERE installation_id = %(shop)s AND i.kind = keys.kind AND i.value = keys.value OFFSET 0
    ) old
), missing AS (
    SELECT kind, value, nextval('lifecycle_identity_id_seq') AS id, nextval('lifecycle_customer_id_seq') AS own
    FROM (
        SELECT * FROM keys WHERE NOT EXISTS (SELECT FROM held WHERE held.kind = keys.kind AND held.value = keys.value)
        ORDER BY kind, value
    ) one
), owner AS (
    SELECT claim.*, customer_id FROM claim JOIN (
        SELECT value AS user_id, customer_id FROM held WHERE kind = 'user'
        UNION ALL SELECT value, own FROM missing WHERE kind = 'user'
    ) users USING (user_id)
), handle AS (
    SELECT held.id, held.kind, held.value, held.customer_id AS before, false AS is_new, NULL AS own,
        coalesce(owner.customer_id, held.customer_id) AS customer, owner.user_id AS owner_user_id, owner.updated_at,
        owner.issued_at, owner.digest
    FROM held LEFT JOIN owner ON held.kind = 'email' AND held.value = owner.email
        AND (held.owner_user_id IS NULL OR (held.owner_updated_at, held.owner_issued_at, held.owner_digest)
            < (owner.updated_at, owner.issued_at, owner.digest))
    UNION ALL
    SELECT missing.id, missing.kind, missing.value, NULL, true, own, coalesce(owner.customer_id, own), owner.user_id,
        owner.updated_at, owner.issued_at, owner.digest
    FROM missing LEFT JOIN owner ON missing.kind = 'email' AND missing.value = owner.email
), made_handles AS (
    INSERT INTO lifecycle_identity (id, installation_id, kind, value, customer_id, began_as_id, owner_user_id,
        owner_updated_at, owner_issued_at, owner_digest)
    SELECT id, %(shop)s, kind, value, customer, own, owner_user_id, updated_at, issued_at, digest FROM handle
    WHERE is_new
), moved_handles AS (
    UPDATE lifecycle_identity SET customer_id = handle.customer, owner_user_id = handle.owner_user_id,
        owner_updated_at = handle.updated_at, owner_issued_at = handle.issued_at, owner_digest = handle.digest
    FROM handle WHERE lifecycle_identity.id = handle.id AND NOT is_new AND handle.owner_user_id IS NOT NULL
), claimed AS (
    INSERT INTO lifecycle_emailclaim AS old (installation_id, identity_id, address_hash, user_id, {VERSION})
    SELECT %(shop)s, handle.id, address_hash, user_id, claim.updated_at, claim.issued_at, claim.digest
    FROM (SELECT DISTINCT ON (email, user_id) * FROM told_account WHERE is_confirmed AND email <> ''
        ORDER BY email, user_id, {NEWEST}) claim
    JOIN handle ON handle.kind = 'email' AND handle.value = claim.email
    ON CONFLICT (installation_id, address_hash, user_id) DO UPDATE SET identity_id = EXCLUDED.identity_id,
        updated_at = EXCLUDED.updated_at, issued_at = EXCLUDED.issued_at, digest = EXCLUDED.digest
    WHERE (old.updated_at, old.issued_at, old.digest) < (EXCLUDED.updated_at, EXCLUDED.issued_at, EXCLUDED.digest)
), made_accounts AS (
    INSERT INTO lifecycle_account AS old (installation_id, user_id, identity_id, email, is_confirmed, is_active,
        first_name, last_name, language, joined_at, metadata, {VERSION})
    SELECT %(shop)s, user_id, handle.id, email, is_confirmed, is_active, first_name, last_name, language, joined_at,
        '{{}}', account.updated_at, account.issued_at, account.digest
    FROM account JOIN handle ON handle.kind = 'user' AND handle.value = account.user_id
    ON CONFLICT (installation_id, user_id) DO UPDATE SET email = EXCLUDED.email, is_confirmed = EXCLUDED.is_confirmed,
        is_active = EXCLUDED.is_active, first_name = EXCLUDED.first_name, last_name = EXCLUDED.last_name,
        language = EXCLUDED.language, joined_at = EXCLUDED.joined_at, metadata = EXCLUDED.metadata,
        updated_at = EXCLUDED.updated_at, issued_at = EXCLUDED.issued_at, digest = EXCLUDED.digest
    WHERE (old.updated_at, old.issued_at, old.digest) < (EXCLUDED.updated_at, EXCLUDED.issued_at, EXCLUDED.digest)
    RETURNING id, identity_id, joined_at
), made_orders AS (
    INSERT INTO lifecycle_order AS old (installation_id, order_id, number, identity_id, checkout_id, channel, language,
        status, charge_status, origin, total, charged, refunded, currency, created_at, country, zone, lines,
        metadata, {VERSION})
    SELECT %(shop)s, order_id, number, handle.id, checkout_id, channel, language, status, charge_status, origin, total,
        charged, refunded, currency, created_at, country, zone, lines::jsonb, '{{}}', placed.updated_at,
        placed.issued_at, placed.digest
    FROM placed LEFT JOIN handle USING (kind, value)
    ON CONFLICT (installation_id, order_id) DO UPDATE SET number = EXCLUDED.number, identity_id = EXCLUDED.identity_id,
        checkout_id = EXCLUDED.checkout_id, channel = EXCLUDED.channel, language = EXCLUDED.language,
        status = EXCLUDED.status, charge_status = EXCLUDED.charge_status, origin = EXCLUDED.origin,
        total = EXCLUDED.total, charged = EXCLUDED.charged, refunded = EXCLUDED.refunded, currency = EXCLUDED.currency,
        created_at = EXCLUDED.created_at, country = EXCLUDED.country, zone = EXCLUDED.zone,
        lines = coalesce(EXCLUDED.lines, old.lines), metadata = EXCLUDED.metadata,
        updated_at = EXCLUDED.updated_at, issued_at = EXCLUDED.issued_at, digest = EXCLUDED.digest
    WHERE (old.updated_at, old.issued_at, old.digest) < (EXCLUDED.updated_at, EXCLUDED.issued_at, EXCLUDED.digest)
    RETURNING id, identity_id, checkout_id, created_at, status, charge_status, charged, refunded, total, currency,
        channel
), seen AS (
    SELECT checkout_id, seen, lines_hash FROM told_cart
    UNION SELECT old.checkout_id, s ->> 0, s ->> 1
    FROM cart CROSS JOIN LATERAL (
        SELECT * FROM lifecycle_cart c WHERE installation_id = %(shop)s AND c.checkout_id = cart.checkout_id OFFSET 0
    ) old, jsonb_array_elements(old.sightings) s
), stretches AS (
    SELECT checkout_id, seen, lines_hash,
        max(seen) FILTER (WHERE lines_hash <> last) OVER (PARTITION BY checkout_id) AS other
    FROM (SELECT *, first_value(lines_hash) OVER (PARTITION BY checkout_id ORDER BY seen DESC) AS last FROM seen) one
), observed AS (
    SELECT checkout_id, jsonb_agg(jsonb_build_array(seen, lines_hash) ORDER BY seen) AS sightings,
        min(seen) FILTER (WHERE other IS NULL OR seen > other)::timestamptz AS changed_at
    FROM stretches GROUP BY checkout_id
), came AS (
    SELECT checkout_id, created_at FROM made_orders WHERE checkout_id IS NOT NULL
    UNION ALL SELECT old.checkout_id, old.created_at FROM cart CROSS JOIN LATERAL (
        SELECT * FROM lifecycle_order o WHERE installation_id = %(shop)s AND o.checkout_id = cart.checkout_id OFFSET 0
    ) old WHERE old.order_id NOT IN (SELECT order_id FROM placed)
), made_carts AS (
    INSERT INTO lifecycle_cart AS old (installation_id, public_id, checkout_id, identity_id, email, channel, language,
        country, zone, lines, lines_hash, sightings, changed_at, is_being_paid, ordered_at, created_at, touch,
        metadata, idle_at, {VERSION})
    SELECT %(shop)s, gen_random_uuid(), checkout_id, handle.id, email, channel, language, country, zone, lines::jsonb,
        lines_hash, sightings, changed_at, is_being_paid, came.created_at, cart.created_at, '{{}}', '{{}}',
        CASE WHEN handle.id IS NOT NULL AND lines_hash <> '' AND came.created_at IS NULL AND NOT is_being_paid
            AND changed_at > %(now)s - interval '7 days' THEN changed_at + interval '1800 seconds' END,
        cart.updated_at, cart.issued_at, cart.digest
    FROM cart JOIN observed USING (checkout_id) LEFT JOIN handle USING (kind, value) LEFT JOIN came USING (checkout_id)
    ON CONFLICT (installation_id, checkout_id) DO UPDATE SET identity_id = EXCLUDED.identity_id, email = EXCLUDED.email,
        channel = EXCLUDED.channel, language = EXCLUDED.language, country = EXCLUDED.country, zone = EXCLUDED.zone,
        lines = EXCLUDED.lines, lines_hash = EXCLUDED.lines_hash, sightings = EXCLUDED.sightings,
        changed_at = EXCLUDED.changed_at, is_being_paid = EXCLUDED.is_being_paid, ordered_at = EXCLUDED.ordered_at,
        created_at = EXCLUDED.created_at,
        touch = EXCLUDED.touch, metadata = EXCLUDED.metadata, idle_at = EXCLUDED.idle_at,
        updated_at = EXCLUDED.updated_at, issued_at = EXCLUDED.issued_at, digest = EXCLUDED.digest
    RETURNING id, identity_id, changed_at, lines_hash, ordered_at
), ended_carts AS (
    UPDATE lifecycle_cart SET ordered_at = came.created_at, idle_at = NULL FROM came
    WHERE lifecycle_cart.installation_id = %(shop)s AND lifecycle_cart.checkout_id = came.checkout_id
        AND ordered_at IS NULL AND came.checkout_id NOT IN (SELECT checkout_id FROM cart)
    RETURNING id, identity_id, changed_at, lines_hash, ordered_at
), new_carts AS (
    SELECT * FROM made_carts UNION ALL SELECT * FROM ended_carts
), consents AS (
    INSERT INTO lifecycle_consent AS old (installation_id, identity_id, topic, channel, source, is_granted, evidence,
        at)
    SELECT DISTINCT ON (handle.id) %(shop)s, handle.id, '', 'email', 'checkout', consent,
        CASE WHEN consent THEN 'marketing_consent=yes' ELSE 'marketing_consent=no' END, told_cart.updated_at
    FROM told_cart JOIN handle USING (kind, value) WHERE consent IS NOT NULL
    ORDER BY handle.id, told_cart.updated_at DESC
    ON CONFLICT (installation_id, identity_id, topic, channel, source) DO UPDATE SET is_granted = EXCLUDED.is_granted,
        evidence = EXCLUDED.evidence, at = EXCLUDED.at
    WHERE (old.at, old.evidence) < (EXCLUDED.at, EXCLUDED.evidence)
), people AS (
    SELECT customer FROM handle UNION SELECT before FROM handle WHERE before IS NOT NULL
), handles AS (
    SELECT id, customer FROM handle
    UNION ALL SELECT old.id, customer FROM people CROSS JOIN LATERAL (
        SELECT id FROM lifecycle_identity WHERE customer_id = customer OFFSET 0
    ) old WHERE old.id NOT IN (SELECT id FROM handle)
), accounts_of AS (
    SELECT customer, joined_at FROM made_accounts JOIN handles ON handles.id = identity_id
    UNION ALL SELECT customer, joined_at FROM handles CROSS JOIN LATERAL (
        SELECT * FROM lifecycle_account WHERE identity_id = handles.id OFFSET 0
    ) old WHERE deleted_at IS NULL AND old.id NOT IN (SELECT id FROM made_accounts)
), orders_of AS (
    SELECT customer, created_at, status, charge_status, charged, refunded, total, currency, channel
    FROM made_orders JOIN handles ON handles.id = identity_id
    UNION ALL SELECT customer, created_at, status, charge_status, charged, refunded, total, currency, channel
    FROM handles CROSS JOIN LATERAL (SELECT * FROM lifecycle_order WHERE identity_id = handles.id OFFSET 0) old
    WHERE old.id NOT IN (SELECT id FROM made_orders)
), carts_of AS (
    SELECT customer, changed_at, lines_hash, ordered_at FROM new_carts JOIN handles ON handles.id = identity_id
    UNION ALL SELECT customer, changed_at, lines_hash, ordered_at
    FROM handles CROSS JOIN LATERAL (SELECT * FROM lifecycle_cart WHERE identity_id = handles.id OFFSET 0) old
    WHERE old.id NOT IN (SELECT id FROM new_carts)
), {FOLD}, gone AS (
    SELECT before AS customer, min(customer) AS heir FROM handle
    WHERE before <> customer AND before NOT IN (SELECT customer FROM handles) GROUP BY before
), joined AS (
    UPDATE lifecycle_customer SET merged_into_id = heir, due_at = NULL FROM gone WHERE id = customer
), empty AS (
    SELECT own AS id, gen_random_uuid() AS public_id, customer AS heir FROM handle WHERE own <> customer
), standing AS (
    SELECT folded.*, coalesce(old.public_id, gen_random_uuid()) AS public_id, earlier.holdout_key,
        coalesce(old.created_at, %(now)s) AS created_at, old.phase AS phase_before, old.phase_since AS since_before
    FROM folded LEFT JOIN LATERAL (SELECT * FROM lifecycle_customer WHERE id = customer OFFSET 0) old ON true
    LEFT JOIN (
        SELECT heir AS customer, (array_agg(public_id ORDER BY id))[1] AS holdout_key, min(id) AS id FROM empty
        GROUP BY heir
    ) earlier ON earlier.customer = folded.customer AND old.id IS NULL AND earlier.id < folded.customer
    WHERE folded.customer NOT IN (SELECT customer FROM gone)
), changed AS (
    INSERT INTO lifecycle_phasechange (installation_id, customer_id, before, after, cause, reason, at)
    SELECT %(shop)s, customer, CASE WHEN since_before IS NULL THEN '' ELSE phase_before END, phase, 'behaviour',
        phase_reason, %(now)s
    FROM standing WHERE since_before IS NULL OR phase_before <> phase
), empty_customers AS (
    -- Of whom an account turned out to be as soon as they were made.
    INSERT INTO lifecycle_customer (id, installation_id, public_id, created_at, merged_into_id, attributes, orders,
        order_days, spent, sums, channel, loss_rung, phase, phase_reason, band)
    SELECT id, %(shop)s, public_id, %(now)s, heir, '{{}}', 0, 0, '{{}}', '[]', '', '', 'education', '', 'cold'
    FROM empty
)
INSERT INTO lifecycle_customer (id, installation_id, public_id, created_at, holdout_key, policy_id, attributes,
    phase_since, {", ".join(COLUMNS)})
SELECT customer, %(shop)s, public_id, created_at, holdout_key, %(policy)s, '{{}}',
    CASE WHEN since_before IS NULL OR phase_before <> phase THEN %(now)s ELSE since_before END, {", ".join(COLUMNS)}
FROM standing
ON CONFLICT (id) DO UPDATE SET policy_id = EXCLUDED.policy_id, phase_since = EXCLUDED.phase_since,
    {", ".join(f"{column} = EXCLUDED.{column}" for column in COLUMNS)}
"""

version = attrgetter("version.updated_at", "version.issued_at", "version.digest")
of_account = attrgetter(
    *("user_id", "email", "is_confirmed", "is_active", "first_name", "last_name", "language", "joined_at")
)
of_cart = attrgetter("channel", "language")
of_order = attrgetter(
    *("checkout_id", "channel", "language", "status", "charge_status", "origin", "total", "charged", "refunded"),
    *("currency", "created_at", "country", "zone"),
)


def apply(installation: Installation, facts: Sequence[Fact], hash_of: Callable[[str], str], now: datetime) -> None:
    """Do with a batch of facts what ``actions.events.apply`` does, as far as a floor has to."""
    rows: dict[str, list[tuple[Any, ...]]] = {"a": [], "c": [], "o": []}
    for fact in facts:
        if isinstance(fact, AccountFact):
            rows["a"].append((*of_account(fact), hash_of(fact.email), *version(fact)))
        elif isinstance(fact, CartFact):
            rows["c"].append(_cart(fact))
        elif isinstance(fact, OrderFact):
            lines = None if fact.lines is None else _lines(fact.lines)
            rows["o"].append((fact.order_id, fact.number, *_key(fact), *of_order(fact), lines, *version(fact)))
    values: dict[str, Any] = {"shop": installation.pk, "policy": installation.policy_id, "now": now}
    for name, width in (("a", 12), ("c", 17), ("o", 21)):
        columns = zip(*rows[name], strict=True) if rows[name] else ([] for _ in range(width))
        values |= {f"{name}{place}": list(column) for place, column in enumerate(columns)}
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, values)


def _cart(fact: CartFact) -> tuple[Any, ...]:
    seen = fact.version.updated_at.isoformat()
    kept = (fact.email, *of_cart(fact), _lines(fact.lines), lines_hash(fact.lines), fact.is_being_paid, fact.created_at)
    return (fact.checkout_id, *_key(fact), *kept, fact.consent, seen, fact.country, fact.zone, *version(fact))


def _lines(lines: tuple[tuple[str, int], ...]) -> str:
    return "[" + ",".join(f'["{variant}", {quantity}]' for variant, quantity in lines) + "]"


def _key(fact: CartFact | OrderFact) -> tuple[str | None, str | None]:
    key = key_of(fact.user_id, fact.email)
    return (key.kind.value, key.value) if key else (None, None)
