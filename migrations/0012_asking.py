import django.db.models.deletion
from django.db import migrations, models

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
SECURITY = f"""
ALTER TABLE lifecycle_visitbudget ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_visitbudget FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON lifecycle_visitbudget TO lifecycle_app;
CREATE POLICY own ON lifecycle_visitbudget TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN})
"""
WAITING = "GRANT SELECT (asking_after) ON lifecycle_installation TO lifecycle_claim"


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0011_catalogue")]

    operations = [
        migrations.AddField(
            model_name="installation",
            name="asking_after",
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="VisitBudget",
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
                ("used_until", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
    ]
