import django.db.models.deletion
from django.db import migrations, models

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
SECURITY = f"""
ALTER TABLE lifecycle_attentionsettings ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_attentionsettings FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON lifecycle_attentionsettings TO lifecycle_app;
CREATE POLICY own ON lifecycle_attentionsettings TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN})
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0027_entries")]

    operations = [
        migrations.CreateModel(
            name="AttentionSettings",
            fields=[
                (
                    "installation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="lifecycle.installation",
                    ),
                ),
                ("per_day", models.PositiveSmallIntegerField(default=1, null=True)),
                ("per_week", models.PositiveSmallIntegerField(default=3, null=True)),
                ("per_month", models.PositiveSmallIntegerField(default=8, null=True)),
                ("quiet_hours", models.JSONField(default=dict)),
            ],
        ),
        migrations.AddField("cart", "zone", models.TextField(db_default="", default="")),
        migrations.AddField("order", "zone", models.TextField(db_default="", default="")),
        migrations.AddField("message", "allowed_lease", models.UUIDField(null=True)),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["customer", "settled_at"],
                condition=models.Q(purpose="commercial", state__in=["queued", "sending", "sent", "unknown"]),
                name="message_attention",
            ),
        ),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
    ]
