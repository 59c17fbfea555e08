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
    for name in ("product", "variant")
)
CLAIMED = "GRANT SELECT (webhooks_due_at) ON lifecycle_installation TO lifecycle_claim"
# What changed since an import of the version before is read at once, and so are the new kinds. Row-level security would
# hide the rows from the owner too.
ROUNDS = """
ALTER TABLE lifecycle_backfill NO FORCE ROW LEVEL SECURITY;
UPDATE lifecycle_backfill SET since = started_at - interval '1 hour', due_at = now() WHERE finished_at IS NOT NULL;
UPDATE lifecycle_backfill SET round_at = started_at, due_at = now() WHERE finished_at IS NULL;
INSERT INTO lifecycle_backfill (installation_id, kind, cursor, done, skipped, attempts, error, due_at)
    SELECT DISTINCT installation_id, missing.kind, '', 0, 0, 0, '', now()
    FROM lifecycle_backfill, unnest(ARRAY['products', 'deliveries']) AS missing(kind);
ALTER TABLE lifecycle_backfill FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0010_attributes")]

    operations = [
        migrations.AddField("order", "lines", models.JSONField(null=True)),
        migrations.AddField("installation", "webhooks_due_at", models.DateTimeField(null=True)),
        migrations.AddField("backfill", "round_at", models.DateTimeField(null=True)),
        migrations.AddField("backfill", "since", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("product_id", models.TextField()),
                ("name", models.TextField()),
                ("slug", models.TextField()),
                ("category", models.TextField(default="")),
                ("collections", models.JSONField(default=list)),
                ("removed_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField()),
                ("issued_at", models.DateTimeField()),
                ("digest", models.TextField()),
                (
                    "installation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("installation", "product_id"), name="product_key")],
            },
        ),
        migrations.CreateModel(
            name="Variant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("variant_id", models.TextField()),
                (
                    "installation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
                ),
                (
                    "product",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.product"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("installation", "variant_id"), name="variant_key")],
            },
        ),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
        migrations.RunSQL(CLAIMED, migrations.RunSQL.noop),
        migrations.RunSQL(ROUNDS, migrations.RunSQL.noop),
    ]
