import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
SECURITY = ";\n".join(
    f"""
ALTER TABLE lifecycle_{name} ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_{name} FORCE ROW LEVEL SECURITY;
GRANT {rights} ON lifecycle_{name} TO lifecycle_app;
CREATE POLICY own ON lifecycle_{name} TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN})"""
    # What is immutable may be added, and with an installation removed, but never changed.
    for name, rights in (("fit", "SELECT, INSERT, DELETE"), ("rescoring", "SELECT, INSERT, UPDATE, DELETE"))
)
WAITING = """
GRANT SELECT (installation_id, due_at) ON lifecycle_rescoring TO lifecycle_claim;
CREATE POLICY waiting ON lifecycle_rescoring FOR SELECT TO lifecycle_claim USING (current_user = 'lifecycle_claim');
GRANT SELECT (refit_at) ON lifecycle_installation TO lifecycle_claim;
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0008_timeline")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="channel",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="customer",
            name="first_order_day",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="last_order_day",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="next_order_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="order_days",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="installation",
            name="applies_refits",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="installation",
            name="refit_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.CreateModel(
            name="Fit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("day", models.DateField()),
                ("rung", models.TextField()),
                ("reason", models.TextField(default="")),
                ("r", models.FloatField(null=True)),
                ("alpha", models.FloatField(null=True)),
                ("a", models.FloatField(null=True)),
                ("b", models.FloatField(null=True)),
                ("silences", models.JSONField()),
                ("buyers", models.PositiveIntegerField()),
                ("reorderers", models.PositiveIntegerField()),
                ("curves", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                (
                    "installation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="fits", to="lifecycle.installation"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="installation",
            name="fit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="lifecycle.fit"
            ),
        ),
        migrations.CreateModel(
            name="Rescoring",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.TextField(choices=[("refit", "Refit"), ("policy", "Policy")])),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("previewing", "Previewing"),
                            ("proposed", "Proposed"),
                            ("applying", "Applying"),
                            ("applied", "Applied"),
                            ("discarded", "Discarded"),
                        ],
                        default="previewing",
                    ),
                ),
                ("cursor", models.BigIntegerField(default=0)),
                ("looked", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField()),
                ("moves", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "fit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="lifecycle.fit"
                    ),
                ),
                (
                    "installation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="lifecycle.policyversion",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="fit",
            constraint=models.UniqueConstraint(fields=("installation", "number"), name="fit_number"),
        ),
        migrations.AddIndex(
            model_name="rescoring",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["installation", "due_at"], name="rescoring_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="rescoring",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["previewing", "proposed", "applying"])),
                fields=("installation",),
                name="rescoring_open",
            ),
        ),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
    ]
