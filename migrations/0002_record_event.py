from django.db import migrations

# One call stores a delivery in one round trip: it enters as models.entry.within does, with its caller's rights, so the
# policies apply as to any statement. PostgreSQL keeps the plans of a function's statements with the connection, also
# behind pgbouncer, where a driver's prepared statements are lost; to make them costs more than to carry them out.
RECORD = """
CREATE FUNCTION lifecycle_record_event(shop bigint, digest text, name text, received_at timestamptz, body bytea)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    new_id bigint;
    entered text;
BEGIN
    -- Assigned, not performed: PostgreSQL evaluates a lone expression without setting up a query.
    entered := set_config('role', 'lifecycle_app', true) || set_config('app.installation', $1::text, true);
    INSERT INTO lifecycle_event (installation_id, digest, name, received_at, next_attempt_at)
    VALUES ($1, $2, $3, $4, $4)
    ON CONFLICT ON CONSTRAINT event_digest DO NOTHING
    RETURNING id INTO new_id;
    IF new_id IS NOT NULL THEN
        INSERT INTO lifecycle_event_body (event_id, installation_id, occurred_at, body) VALUES (new_id, $1, $4, $5);
    END IF;
    RETURN new_id IS NOT NULL;
END $$;
"""
FORGET = "DROP FUNCTION lifecycle_record_event"


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0001_initial")]

    operations = [migrations.RunSQL(RECORD, FORGET)]
