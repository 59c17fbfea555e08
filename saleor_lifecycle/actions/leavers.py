"""Who cannot be written to any more, or may not want to be: looked for among many, so that the others cost nothing."""

from collections.abc import Collection

from django.db import connection

from saleor_lifecycle.models.sets import ids


def refusing(customer_ids: Collection[int]) -> list[int]:
    """Return those of these customers who have ever said no to anything: few, so that the others cost nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT identity.customer_id FROM lifecycle_consent said
            JOIN lifecycle_identity identity ON identity.id = said.identity_id
            WHERE identity.customer_id = ANY(%s::bigint[]) AND NOT said.is_granted
            """,
            [ids(customer_ids)],
        )
        return [customer_id for (customer_id,) in cursor.fetchall()]


def gone(customer_ids: Collection[int]) -> set[int]:
    """Return the customers whose account was deleted or whose e-mail was erased, and who have no other account."""
    with connection.cursor() as cursor:
        cursor.execute(_GONE, {"customers": ids(customer_ids)})
        return {customer_id for (customer_id,) in cursor.fetchall()}


_GONE = """
    SELECT identity.customer_id FROM lifecycle_identity identity
        LEFT JOIN lifecycle_account account ON account.identity_id = identity.id
    WHERE identity.customer_id = ANY(%(customers)s::bigint[])
    GROUP BY identity.customer_id
    HAVING (bool_or(identity.kind = 'erased') OR bool_or(account.deleted_at IS NOT NULL))
        AND NOT COALESCE(bool_or(account.id IS NOT NULL AND account.deleted_at IS NULL), false)
"""
