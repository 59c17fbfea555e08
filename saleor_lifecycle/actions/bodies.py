"""Stored bodies: what they hold of erased people is looked for afterwards, set-based, and goes with them.

No body says in a column whom it is about: that would cost each of a million deliveries a write, for the few that are
ever erased. A search reads the bodies of one installation once, a day at a time, whatever the number of people.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import cast

from django.db import connection

BODIES_STAY = timedelta(days=30)
AT_ONCE = 500
"""So many texts are looked for in one pass."""


def oldest(installation_id: int, before: datetime) -> datetime | None:
    """Return when an installation's oldest body came, if that was before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(occurred_at) FROM lifecycle_event_body WHERE installation_id = %s AND occurred_at < %s",
            [installation_id, before],
        )
        [(found,)] = cursor.fetchall()
        return None if found is None else cast(datetime, found)


def expire(installation_id: int, begins: datetime, ends: datetime) -> None:
    """Delete an installation's bodies of that time, ``ends`` not among it.

    By their moments and not by their keys: so the plan leaves out the other months, and what lies elsewhere in this.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM lifecycle_event_body WHERE installation_id = %s AND occurred_at >= %s AND occurred_at < %s",
            [installation_id, begins, ends],
        )


def forget(installation_id: int, texts: Iterable[str], now: datetime) -> None:
    """Ask for every processed body that holds one of these texts to be deleted."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO lifecycle_erasure (installation_id, text, asked_at)
            SELECT %s, text, %s FROM unnest(%s::text[]) AS text
            ON CONFLICT (installation_id, text) DO UPDATE
                SET asked_at = GREATEST(lifecycle_erasure.asked_at + interval '1 microsecond', EXCLUDED.asked_at)
            """,
            [installation_id, now, sorted(set(texts))],
        )


def asked(installation_id: int) -> list[tuple[str, datetime]]:
    """Return texts that are still to be looked for, with when that was asked last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT text, asked_at FROM lifecycle_erasure WHERE installation_id = %s ORDER BY id LIMIT %s",
            [installation_id, AT_ONCE],
        )
        return [(text, at) for text, at in cursor.fetchall()]


def delete(installation_id: int, texts: Sequence[str], begins: datetime, ends: datetime) -> int:
    """Delete the processed bodies of that time that hold one of these texts; return how many.

    What has not been processed yet asks again when it is.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH holding AS MATERIALIZED (
                -- First the bodies of that time: of digests there are all that ever were.
                SELECT event_id, occurred_at FROM lifecycle_event_body
                WHERE installation_id = %s AND occurred_at >= %s AND occurred_at < %s
                    AND lower(encode(body, 'escape')) LIKE ANY (%s::text[])
            )
            DELETE FROM lifecycle_event_body WHERE (event_id, occurred_at) IN (
                SELECT event_id, occurred_at FROM holding JOIN lifecycle_event event ON event.id = event_id
                WHERE event.state = 'done'
            )
            """,
            [installation_id, begins, ends, sorted({pattern for text in texts for pattern in _patterns(text)})],
        )
        return int(cursor.rowcount)


def settle(installation_id: int, searched: Sequence[tuple[str, datetime]]) -> None:
    """Forget texts that were looked for, unless they were asked for again meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM lifecycle_erasure asked USING unnest(%s::text[], %s::timestamptz[]) AS done(text, asked_at)
            WHERE asked.installation_id = %s AND asked.text = done.text AND asked.asked_at = done.asked_at
            """,
            [[text for text, _ in searched], [at for _, at in searched], installation_id],
        )


def _patterns(text: str) -> set[str]:
    """Return what a text looks like in a body, as ``encode(body, 'escape')`` shows it, for LIKE.

    Whole values, or an id would also be found in a longer one; an e-mail also where it stands among other words.
    """
    forms = {json.dumps(text), json.dumps(text, ensure_ascii=False)}
    if "@" in text:
        forms = {form[1:-1] for form in forms}
    shown = {"".join(_shown(byte) for byte in form.lower().encode()) for form in forms}
    return {"%" + form.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for form in shown}


def _shown(byte: int) -> str:
    if byte == 0x5C:
        return "\\\\"
    return chr(byte) if 0 < byte < 0x80 else f"\\{byte:03o}"
