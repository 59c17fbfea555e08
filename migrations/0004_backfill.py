import django.db.models.deletion
from django.db import migrations, models

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
SECURITY = f"""
ALTER TABLE lifecycle_backfill ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_backfill FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON lifecycle_backfill TO lifecycle_app;
CREATE POLICY own ON lifecycle_backfill TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN});
GRANT SELECT (installation_id, due_at) ON lifecycle_backfill TO lifecycle_claim;
CREATE POLICY waiting ON lifecycle_backfill FOR SELECT TO lifecycle_claim USING (current_user = 'lifecycle_claim');
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0003_storefront")]

    operations = [
        migrations.AddField("installation", "import_pages_per_second", models.FloatField(default=2.0)),
        migrations.CreateModel(
            name="Backfill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField()),
                ("cursor", models.TextField(default="")),
                ("done", models.PositiveIntegerField(default=0)),
                ("skipped", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.TextField(default="")),
                ("started_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "installation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["installation", "due_at"],
                        name="backfill_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("installation", "kind"), name="backfill_kind"),
                ],
            },
        ),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
    ]
