import django.db.models.deletion
from django.db import migrations, models

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
SECURITY = f"""
ALTER TABLE lifecycle_rescoringpart ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_rescoringpart FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON lifecycle_rescoringpart TO lifecycle_app;
CREATE POLICY own ON lifecycle_rescoringpart TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN});
GRANT SELECT (installation_id, due_at) ON lifecycle_rescoringpart TO lifecycle_claim;
CREATE POLICY waiting ON lifecycle_rescoringpart FOR SELECT TO lifecycle_claim
    USING (current_user = 'lifecycle_claim');
DROP POLICY waiting ON lifecycle_rescoring;
REVOKE SELECT (installation_id) ON lifecycle_rescoring FROM lifecycle_claim;
"""
BACK = """
GRANT SELECT (installation_id, due_at) ON lifecycle_rescoring TO lifecycle_claim;
CREATE POLICY waiting ON lifecycle_rescoring FOR SELECT TO lifecycle_claim USING (current_user = 'lifecycle_claim');
"""
# Whoever is not walked yet becomes one part. Row-level security would hide the rows from the owner too.
PARTS = """
ALTER TABLE lifecycle_rescoring NO FORCE ROW LEVEL SECURITY;
INSERT INTO lifecycle_rescoringpart (installation_id, rescoring_id, cursor, until, due_at)
    SELECT installation_id, id, cursor, 1::bigint << 62, due_at FROM lifecycle_rescoring WHERE due_at IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE lifecycle_rescoring FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0022_deliverability")]

    operations = [
        migrations.CreateModel(
            name="RescoringPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cursor", models.BigIntegerField()),
                ("until", models.BigIntegerField()),
                ("due_at", models.DateTimeField()),
                (
                    "installation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
                ),
                (
                    "rescoring",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="lifecycle.rescoring"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["installation", "due_at"], name="rescoring_part_due")],
            },
        ),
        migrations.RunSQL(PARTS, migrations.RunSQL.noop),
        migrations.RunSQL(SECURITY, BACK),
        migrations.RemoveIndex(model_name="rescoring", name="rescoring_due"),
        migrations.RemoveField(model_name="rescoring", name="cursor"),
        migrations.RemoveField(model_name="rescoring", name="due_at"),
        migrations.AddField(model_name="rescoring", name="is_scores_only", field=models.BooleanField(default=False)),
        migrations.AlterField(
            model_name="customer",
            name="installation",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"
            ),
        ),
        migrations.AlterField(
            model_name="customer",
            name="merged_into",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to="lifecycle.customer"
            ),
        ),
        migrations.AlterField(
            model_name="customer",
            name="policy",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="lifecycle.policyversion",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="customer_merged_into"
            ),
        ),
    ]
