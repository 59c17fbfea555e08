import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from saleor_lifecycle.actions.consent import address_hash

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
SECURITY = ";\n".join(
    f"""
ALTER TABLE lifecycle_{name} ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_{name} FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON lifecycle_{name} TO lifecycle_app;
CREATE POLICY own ON lifecycle_{name} TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN})"""
    for name in ("emailclaim", "erasure")
)


def claims(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make a row of each claim that an identity holds. Row-level security would hide them from the owner too."""
    identities, found = apps.get_model("lifecycle", "Identity"), apps.get_model("lifecycle", "EmailClaim")
    owned = ("lifecycle_identity", "lifecycle_installation")
    for table in owned:
        editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for row in identities.objects.filter(owner_user_id__isnull=False).select_related("installation").iterator():
        found.objects.create(
            installation_id=row.installation_id,
            identity_id=row.pk,
            address_hash=address_hash(row.installation, "erased", row.value),
            user_id=row.owner_user_id,
            updated_at=row.owner_updated_at,
            issued_at=row.owner_issued_at,
            digest=row.owner_digest,
        )
    editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in owned:
        editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0004_backfill")]

    operations = [
        migrations.AddField("order", "anonymised_at", models.DateTimeField(null=True)),
        migrations.AddField("identity", "erased_through", models.DateTimeField(null=True)),
        migrations.AlterField(
            "identity",
            "kind",
            models.TextField(choices=[("user", "User"), ("email", "Email"), ("erased", "Erased")]),
        ),
        migrations.CreateModel(
            name="EmailClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address_hash", models.TextField()),
                ("user_id", models.TextField()),
                ("updated_at", models.DateTimeField()),
                ("issued_at", models.DateTimeField()),
                ("digest", models.TextField()),
                (
                    "installation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
                ),
                (
                    "identity",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="lifecycle.identity"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["installation", "user_id"], name="email_claim_user")],
                "constraints": [
                    models.UniqueConstraint(fields=("installation", "address_hash", "user_id"), name="email_claim_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("asked_at", models.DateTimeField()),
                (
                    "installation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("installation", "text"), name="erasure_text")],
            },
        ),
        migrations.RunPython(claims, migrations.RunPython.noop),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
    ]
