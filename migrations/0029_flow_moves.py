import uuid

import django.db.models.deletion
from django.db import migrations, models

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
SECURITY = f"""
ALTER TABLE lifecycle_flowmove ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_flowmove FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON lifecycle_flowmove TO lifecycle_app;
CREATE POLICY own ON lifecycle_flowmove TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN});
GRANT SELECT (installation_id, due_at) ON lifecycle_flowmove TO lifecycle_claim;
CREATE POLICY waiting ON lifecycle_flowmove FOR SELECT TO lifecycle_claim USING (current_user = 'lifecycle_claim');
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0028_attention")]

    operations = [
        migrations.CreateModel(
            name="FlowMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("choices", models.JSONField(null=True)),
                ("reason", models.TextField()),
                ("after_version", models.BigIntegerField(null=True)),
                ("after", models.BigIntegerField(null=True)),
                ("moved", models.PositiveIntegerField(default=0)),
                ("exited", models.PositiveIntegerField(default=0)),
                ("stayed", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("started_by", models.TextField(default="")),
                ("due_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="flowversion",
            name="published_by",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AlterField(
            model_name="enrollment",
            name="flow",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.flow"),
        ),
        migrations.AddIndex(
            model_name="enrollment",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["flow", "version", "id"],
                include=("step", "installation"),
                name="enrollment_standing",
            ),
        ),
        migrations.AddField(
            model_name="flowmove",
            name="flow",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.flow"),
        ),
        migrations.AddField(
            model_name="flowmove",
            name="installation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
        ),
        migrations.AddField(
            model_name="flowmove",
            name="version",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="lifecycle.flowversion"),
        ),
        migrations.AddIndex(
            model_name="flowmove",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["installation", "due_at"], name="flow_move_due"
            ),
        ),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
    ]
