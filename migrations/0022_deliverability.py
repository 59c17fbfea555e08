from importlib import import_module

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
    for name in ("senderdomain", "sendingday")
)
# While commercial messages wait, the sweep looks for service messages only.
WAITING = """
GRANT SELECT (purpose) ON lifecycle_message TO lifecycle_claim;
GRANT SELECT (paused_at, commercial_at) ON lifecycle_sendingchannel TO lifecycle_claim;
GRANT SELECT (installation_id, due_at) ON lifecycle_senderdomain TO lifecycle_claim;
CREATE POLICY waiting ON lifecycle_senderdomain FOR SELECT TO lifecycle_claim
    USING (current_user = 'lifecycle_claim');
"""
# A pause is heard before the next claim, like a switch.
TURN = import_module("migrations.0017_sending").TURN.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
SWITCH = "AND held.channel = message.channel AND held.off_at IS NOT NULL)"
PAUSE = """AND held.channel = message.channel
                    AND (held.off_at IS NOT NULL OR held.paused_at IS NOT NULL AND message.purpose = 'commercial'))"""
assert TURN.count(SWITCH) == 1


class Migration(migrations.Migration):
    dependencies = [
        ("lifecycle", "0021_outbound"),
    ]

    operations = [
        migrations.CreateModel(
            name="SenderDomain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("domain", models.TextField()),
                ("provider", models.TextField(default="")),
                ("selectors", models.JSONField(default=list)),
                ("findings", models.JSONField(default=list)),
                ("checked_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SendingDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.TextField()),
                ("day", models.DateField()),
                ("sent", models.PositiveIntegerField(default=0)),
                ("bounced", models.PositiveIntegerField(default=0)),
                ("complained", models.PositiveIntegerField(default=0)),
                ("forgiven_sent", models.PositiveIntegerField(default=0)),
                ("forgiven_bounced", models.PositiveIntegerField(default=0)),
                ("forgiven_complained", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name="sendingchannel",
            name="commercial_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="sendingchannel",
            name="is_warming_up",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="sendingchannel",
            name="pause_reason",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="sendingchannel",
            name="paused_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="sendingchannel",
            name="warm_up_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="sendingchannel",
            name="warmed",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="sendingchannel",
            name="warmed_on",
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name="outbox",
            name="kind",
            field=models.TextField(
                choices=[("projection", "Projection"), ("webhook", "Webhook"), ("problem", "Problem")]
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("purpose", "service"), ("state", "queued")),
                fields=["installation", "channel", "due_at", "id"],
                name="message_due_service",
            ),
        ),
        migrations.AddField(
            model_name="senderdomain",
            name="installation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
        ),
        migrations.AddField(
            model_name="sendingday",
            name="installation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
        ),
        migrations.AddIndex(
            model_name="senderdomain",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["installation", "due_at"],
                name="sender_domain_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="senderdomain",
            constraint=models.UniqueConstraint(fields=("installation", "domain"), name="sender_domain"),
        ),
        migrations.AddConstraint(
            model_name="sendingday",
            constraint=models.UniqueConstraint(fields=("installation", "channel", "day"), name="sending_day"),
        ),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
        migrations.RunSQL(TURN.replace(SWITCH, PAUSE), TURN),
    ]
