"""Arms of holdouts: a person's key is that of whoever was there first of those who turned out to be them."""

from collections.abc import Iterable

from django.db import connection


def keep_first(customer_ids: Iterable[int]) -> None:
    """Give customers, whom others were joined to or separated from, the key of whoever was there first; null: the own.

    Those who were joined keep keys of their own, so separating brings both back to where they were.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE person(id, one, public_id, created_at) AS (
                SELECT id, id, public_id, created_at FROM lifecycle_customer WHERE id = ANY(%s)
                UNION
                SELECT person.id, other.id, other.public_id, other.created_at
                FROM person JOIN lifecycle_customer other ON other.merged_into_id = person.one
            ), first AS (
                SELECT DISTINCT ON (id) id, CASE WHEN one <> id THEN public_id END AS key
                FROM person ORDER BY id, created_at, one
            )
            UPDATE lifecycle_customer SET holdout_key = first.key FROM first
            WHERE lifecycle_customer.id = first.id AND lifecycle_customer.holdout_key IS DISTINCT FROM first.key
            """,
            [sorted(set(customer_ids))],
        )
