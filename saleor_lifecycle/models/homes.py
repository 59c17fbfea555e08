"""Where a database lives: what changes when its rows are found somewhere else than where they were written.

    restored from a dump, in any cluster      the table is another, and the database, or only the table
    restored to a moment (from WAL)           the timeline is another; so it is after a failover
    CREATE DATABASE ... TEMPLATE              the database is another
    another machine's cluster                 the system is another

A copy of the files, such as a snapshot of the disk, changes none of these: it has to be marked by hand.
"""

from django.db import connection

_FINGERPRINT = """
SELECT concat_ws('.',
    CASE WHEN has_function_privilege('pg_control_system()', 'execute')
        THEN (SELECT system_identifier::text FROM pg_control_system()) END,
    CASE WHEN has_function_privilege('pg_walfile_name(pg_lsn)', 'execute')
        THEN left(pg_walfile_name(pg_current_wal_lsn()), 8) END,
    (SELECT oid FROM pg_database WHERE datname = current_database()),
    'lifecycle_message'::regclass::oid)
"""


def home(public_url: str) -> str:
    """Return where this database lives and under which address it is reached."""
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINT)
        return f"{cursor.fetchone()[0]} {public_url}"
