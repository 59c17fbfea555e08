import uuid

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
    for name in ("webhookendpoint",)
)
# The sweep passes over endpoints that are left alone for a while.
WAITING = """
GRANT SELECT (endpoint_id) ON lifecycle_outbox TO lifecycle_claim;
GRANT SELECT (id, free_at) ON lifecycle_webhookendpoint TO lifecycle_claim;
CREATE POLICY waiting ON lifecycle_webhookendpoint FOR SELECT TO lifecycle_claim
    USING (current_user = 'lifecycle_claim')
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0020_accounts")]

    operations = [
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("url", models.TextField()),
                ("events", models.JSONField(default=list)),
                ("secret", models.BinaryField()),
                ("former_secret", models.BinaryField(null=True)),
                ("former_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("off_at", models.DateTimeField(null=True)),
                (
                    "off_reason",
                    models.TextField(
                        choices=[("merchant", "Merchant"), ("failing", "Failing"), ("gone", "Gone")], default=""
                    ),
                ),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("free_at", models.DateTimeField(null=True)),
                ("trouble", models.TextField(default="")),
                ("served_at", models.DateTimeField(null=True)),
                ("lost", models.PositiveIntegerField(default=0)),
                (
                    "installation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["installation", "id"], name="webhook_endpoint_installation")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("events__contains", ["message.send"])),
                        fields=("installation",),
                        name="webhook_endpoint_of_messages",
                    )
                ],
            },
        ),
        migrations.AddField(
            "outbox",
            "endpoint",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.webhookendpoint"),
        ),
        migrations.AddField("template", "placement", models.TextField(db_default="", default="")),
        migrations.AddField("templateversion", "short_text", models.TextField(db_default="", default="")),
        migrations.AddField("message", "seen_at", models.DateTimeField(null=True)),
        migrations.AddField("message", "dismissed_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=models.Q(("channel", "sms")),
                fields=["installation", "address_hash"],
                name="message_sms_address",
            ),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=models.Q(("channel", "on_site"), ("dismissed_at", None), ("state", "sent")),
                fields=["customer", "settled_at"],
                name="message_on_site",
            ),
        ),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
    ]
