import uuid

import django.db.models.deletion
from django.db import migrations, models

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
OWNED = ("attributemap", "fileentry", "customerfile", "customerfileline", "customerfilerow")
SECURITY = ";\n".join(
    f"""
ALTER TABLE lifecycle_{name} ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_{name} FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON lifecycle_{name} TO lifecycle_app;
CREATE POLICY own ON lifecycle_{name} TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN})"""
    for name in OWNED
)
WAITING = ";\n".join(
    f"""
GRANT SELECT (installation_id, due_at) ON lifecycle_{name} TO lifecycle_claim;
CREATE POLICY waiting ON lifecycle_{name} FOR SELECT TO lifecycle_claim USING (current_user = 'lifecycle_claim')"""
    for name in ("attributemap", "customerfile")
)

# An imported file's people are inserted with their identities, so their ids are drawn before.
DRAW = "GRANT USAGE ON SEQUENCE lifecycle_customer_id_seq TO lifecycle_app"


class Migration(migrations.Migration):
    dependencies = [
        ("lifecycle", "0009_scoring"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="metadata",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="cart",
            name="metadata",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="customer",
            name="attributes",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="order",
            name="metadata",
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name="AttributeMap",
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
                ("mappings", models.JSONField(default=list)),
                ("changed_at", models.DateTimeField()),
                ("cursor", models.BigIntegerField(default=0)),
                ("due_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["installation", "due_at"],
                        name="attribute_map_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.TextField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("uploading", "Uploading"),
                            ("uploaded", "Uploaded"),
                            ("reading", "Reading"),
                            ("ready", "Ready"),
                            ("importing", "Importing"),
                            ("done", "Done"),
                        ],
                        default="uploading",
                    ),
                ),
                ("columns", models.JSONField(default=list)),
                ("lines", models.PositiveIntegerField(default=0)),
                ("mapping", models.JSONField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("done", models.PositiveIntegerField(default=0)),
                ("cursor", models.TextField(default="")),
                ("uploaded_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "installation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CustomerFileLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("fields", models.JSONField()),
                ("is_broken", models.BooleanField()),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.customerfile"
                    ),
                ),
                (
                    "installation",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CustomerFileRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("reason", models.TextField()),
                ("email", models.TextField()),
                ("is_granted", models.BooleanField(null=True)),
                ("at", models.DateTimeField(null=True)),
                ("evidence", models.TextField()),
                ("first_name", models.TextField()),
                ("last_name", models.TextField()),
                ("language", models.TextField()),
                ("attributes", models.JSONField()),
                ("is_known", models.BooleanField()),
                ("stays_no", models.BooleanField()),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.customerfile"
                    ),
                ),
                (
                    "installation",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FileEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.TextField()),
                ("line", models.PositiveIntegerField()),
                ("first_name", models.TextField(default="")),
                ("last_name", models.TextField(default="")),
                ("language", models.TextField(default="")),
                ("attributes", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("identity", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.identity")),
                (
                    "installation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="customerfile",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["installation", "due_at"],
                name="customer_file_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="customerfileline",
            constraint=models.UniqueConstraint(fields=("file", "number"), name="customer_file_line_number"),
        ),
        migrations.AddIndex(
            model_name="customerfilerow",
            index=models.Index(
                condition=models.Q(("reason", "")), fields=["file", "email"], name="customer_file_row_email"
            ),
        ),
        migrations.AddConstraint(
            model_name="customerfilerow",
            constraint=models.UniqueConstraint(fields=("file", "number"), name="customer_file_row_number"),
        ),
        migrations.AddConstraint(
            model_name="fileentry",
            constraint=models.UniqueConstraint(fields=("installation", "identity"), name="file_entry_identity"),
        ),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
        migrations.RunSQL(DRAW, migrations.RunSQL.noop),
    ]
