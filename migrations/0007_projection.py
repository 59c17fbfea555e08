from django.db import migrations, models

# The sweep passes over those whose pace lets nothing out yet.
GRANT = """
GRANT SELECT (projection_at) ON lifecycle_installation TO lifecycle_claim;
GRANT SELECT (kind) ON lifecycle_outbox TO lifecycle_claim;
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0006_identity")]

    operations = [
        migrations.AddField("installation", "is_clearing", models.BooleanField(default=False)),
        migrations.AddField("installation", "has_phase_attribute", models.BooleanField(default=False)),
        migrations.AddField("installation", "attribute_prepared_at", models.DateTimeField(null=True)),
        migrations.AddField("installation", "attribute_trouble", models.TextField(default="")),
        migrations.AddField("installation", "projection_per_minute", models.PositiveIntegerField(default=600)),
        migrations.AddField("installation", "projection_at", models.DateTimeField(null=True)),
        migrations.AddField("installation", "projection_failures", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("installation", "projection_trouble", models.TextField(default="")),
        migrations.AddField("outbox", "record", models.TextField(default="")),
        migrations.AddField("outbox", "record_updated_at", models.DateTimeField(null=True)),
        migrations.AddField("outbox", "repaired", models.TextField(default="")),
        migrations.AddField("outbox", "edited_at", models.DateTimeField(null=True)),
        migrations.RemoveIndex("outbox", "outbox_due"),
        migrations.AddIndex(
            "outbox",
            models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["installation", "kind", "due_at"],
                name="outbox_due",
            ),
        ),
        migrations.AddIndex(
            "outbox",
            models.Index(
                condition=models.Q(("edited_at__isnull", False)),
                fields=["installation", "edited_at"],
                name="outbox_edited",
            ),
        ),
        migrations.RunSQL(GRANT, migrations.RunSQL.noop),
    ]
