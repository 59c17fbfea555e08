import django.db.models.deletion
from django.db import migrations, models

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
SECURITY = ";\n".join(
    f"""
ALTER TABLE lifecycle_{name} ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_{name} FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON lifecycle_{name} TO lifecycle_app;
CREATE POLICY own ON lifecycle_{name} TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN})"""
    for name in ("sendingchannel", "plan")
)
# The sweep passes over those that are switched off, held, or whose pace lets nothing out yet.
WAITING = """
GRANT SELECT (sending_off_at, held_at) ON lifecycle_installation TO lifecycle_claim;
GRANT SELECT (channel, state) ON lifecycle_message TO lifecycle_claim;
GRANT SELECT (installation_id, channel, off_at, free_at) ON lifecycle_sendingchannel TO lifecycle_claim;
CREATE POLICY waiting ON lifecycle_sendingchannel FOR SELECT TO lifecycle_claim
    USING (current_user = 'lifecycle_claim');
"""

# One call settles what came back and claims what goes next: a mail costs one commit and one round trip. Whatever has
# come to forbid a message since it was decided is asked for here, under the row's lock; an unsubscription ends the row
# first, or waits for this. It enters as models.entry.within does, with its caller's rights.
TURN = """
CREATE FUNCTION lifecycle_turn(shop bigint, told jsonb) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    claimed bigint[];
    entered text;
BEGIN
    entered := set_config('role', 'lifecycle_app', true) || set_config('app.installation', $1::text, true);
    IF jsonb_array_length($2 -> 'settled') > 0 THEN
        UPDATE lifecycle_message message SET state = new.state, reason = new.reason, due_at = new.due_at, lease = NULL,
            provider_id = new.provider_id,
            settled_at = CASE WHEN new.state = 'queued' THEN NULL ELSE ($2 ->> 'now')::timestamptz END
        FROM jsonb_to_recordset($2 -> 'settled')
            AS new(message_id bigint, state text, reason text, provider_id text, due_at timestamptz)
        WHERE message.id = new.message_id
            -- One that took so long that it was given up: what became of it is known after all.
            AND (message.state = 'sending' OR (message.state = 'unknown' AND new.state IN ('sent', 'failed')));
    END IF;
    WITH mine AS (
        UPDATE lifecycle_message message SET state = 'sending', attempts = attempts + 1,
            due_at = ($2 ->> 'lost')::timestamptz, lease = NULL
        FROM jsonb_to_recordset($2 -> 'wanted') AS wanted(message_id bigint, lease uuid)
        WHERE message.id = wanted.message_id AND message.state = 'queued' AND message.lease = wanted.lease
            AND EXISTS (
                SELECT FROM lifecycle_installation WHERE id = $1 AND state = 'active' AND sending_off_at IS NULL
                    AND held_at IS NULL)
            AND NOT EXISTS (
                SELECT FROM lifecycle_sendingchannel held WHERE held.installation_id = $1
                    AND held.channel = message.channel AND held.off_at IS NOT NULL)
            AND NOT EXISTS (
                SELECT FROM lifecycle_suppression held WHERE held.installation_id = $1
                    AND held.channel = message.channel AND held.address_hash = message.address_hash
                    AND (message.purpose = 'commercial' OR held.reason IN ('soft_bounces', 'bounced', 'complained')))
            AND NOT EXISTS (
                SELECT FROM lifecycle_enrollment enrollment JOIN lifecycle_flow flow ON flow.id = enrollment.flow_id
                WHERE enrollment.id = message.enrollment_id AND (enrollment.state = 'exited' OR NOT flow.is_on))
        RETURNING message.id
    )
    SELECT array_agg(id) INTO claimed FROM mine;
    RETURN coalesce(claimed, '{}');
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0016_contents")]

    operations = [
        migrations.AddField("installation", "sending_off_at", models.DateTimeField(null=True)),
        migrations.AddField("installation", "home", models.TextField(default="")),
        migrations.AddField("installation", "held_at", models.DateTimeField(null=True)),
        migrations.AddField("installation", "restored_at", models.DateTimeField(null=True)),
        migrations.AddField("message", "lease", models.UUIDField(null=True)),
        migrations.RemoveIndex("message", "message_due"),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=models.Q(("state", "queued")),
                fields=["installation", "channel", "due_at", "id"],
                name="message_due",
            ),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=models.Q(("state", "sending")), fields=["installation", "due_at"], name="message_sending"
            ),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=models.Q(("state", "queued"), models.Q(("address_hash", ""), _negated=True)),
                fields=["installation", "address_hash"],
                name="message_queued_address",
            ),
        ),
        migrations.CreateModel(
            name="SendingChannel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.TextField()),
                ("off_at", models.DateTimeField(null=True)),
                ("off_reason", models.TextField(default="")),
                ("per_minute", models.PositiveIntegerField(null=True)),
                ("free_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("trouble", models.TextField(default="")),
                (
                    "installation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("installation", "channel"), name="sending_channel")]
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("template", models.TextField()),
                ("topic", models.TextField()),
                ("channel", models.TextField()),
                ("purpose", models.TextField(default="commercial")),
                ("after", models.BigIntegerField(default=0, null=True)),
                ("planned", models.PositiveIntegerField(default=0)),
                ("send_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                (
                    "installation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
                ),
            ],
        ),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
        migrations.RunSQL(TURN, "DROP FUNCTION lifecycle_turn"),
    ]
