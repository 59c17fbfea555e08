import django.db.models.deletion
from django.db import migrations, models

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
SECURITY = f"""
ALTER TABLE lifecycle_separation ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_separation FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON lifecycle_separation TO lifecycle_app;
CREATE POLICY own ON lifecycle_separation TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN})
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0005_erasure")]

    operations = [
        migrations.AddField("customer", "holdout_key", models.UUIDField(null=True)),
        migrations.AddField("enrollment", "arm", models.TextField(default="")),
        # Of those who are there already it is not known: they become new customers when they are separated.
        migrations.AddField(
            "identity",
            "began_as",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="lifecycle.customer",
            ),
        ),
        migrations.CreateModel(
            name="Separation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("separated_by", models.TextField()),
                ("separated_at", models.DateTimeField()),
                ("rejoined_by", models.TextField(default="")),
                ("rejoined_at", models.DateTimeField(null=True)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="separations",
                        to="lifecycle.emailclaim",
                    ),
                ),
                (
                    "installation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("rejoined_at__isnull", True)),
                        fields=("claim",),
                        name="separation_standing",
                    )
                ],
            },
        ),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
    ]
