import uuid

import django.db.models.deletion
from django.db import migrations, models

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
OWNED = ("consentsettings", "consenttext", "preference", "optin", "formbudget", "suppressionlift")
SECURITY = ";\n".join(
    f"""
ALTER TABLE lifecycle_{name} ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_{name} FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON lifecycle_{name} TO lifecycle_app;
CREATE POLICY own ON lifecycle_{name} TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN})"""
    for name in OWNED
)
WAITING = """
GRANT SELECT (installation_id, due_at) ON lifecycle_optin TO lifecycle_claim;
CREATE POLICY waiting ON lifecycle_optin FOR SELECT TO lifecycle_claim USING (current_user = 'lifecycle_claim')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("lifecycle", "0017_sending"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsentSettings",
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
                ("topics", models.JSONField(null=True)),
                ("soft_opt_in", models.JSONField(default=dict)),
                ("is_tracking_default", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", models.TextField()),
                ("text", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="FormBudget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("network_hash", models.TextField()),
                ("used_until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OptIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.TextField(
                        choices=[("pending", "Pending"), ("confirmed", "Confirmed"), ("expired", "Expired")],
                        default="pending",
                    ),
                ),
                ("channel", models.TextField()),
                ("address", models.TextField()),
                ("address_hash", models.TextField()),
                ("topics", models.JSONField()),
                ("language", models.TextField()),
                ("text_hash", models.TextField()),
                ("form", models.TextField(default="")),
                ("network_hash", models.TextField(default="")),
                ("confirmed_network_hash", models.TextField(default="")),
                ("asked_at", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("frequency", models.TextField(default="all")),
                ("paused_until", models.DateTimeField(null=True)),
                ("is_personalised", models.BooleanField(null=True)),
                ("language", models.TextField(default="")),
                ("text_hash", models.TextField(default="")),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SuppressionLift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.TextField()),
                ("address_hash", models.TextField()),
                ("reason", models.TextField()),
                ("suppressed_at", models.DateTimeField()),
                ("lifted_by", models.TextField()),
                ("lifted_at", models.DateTimeField()),
                ("note", models.TextField()),
            ],
        ),
        migrations.AddField(
            model_name="cart",
            name="country",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="consent",
            name="text_hash",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="order",
            name="country",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AlterField(
            model_name="outbox",
            name="kind",
            field=models.TextField(choices=[("projection", "Projection"), ("webhook", "Webhook")]),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                condition=models.Q(("text_hash", ""), _negated=True),
                fields=["installation", "text_hash"],
                name="consent_text",
            ),
        ),
        migrations.AddIndex(
            model_name="suppression",
            index=models.Index(fields=["installation", "channel", "-at", "-id"], name="suppression_at"),
        ),
        migrations.AddField(
            model_name="consenttext",
            name="installation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
        ),
        migrations.AddField(
            model_name="formbudget",
            name="installation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
        ),
        migrations.AddField(
            model_name="optin",
            name="installation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
        ),
        migrations.AddField(
            model_name="message",
            name="opt_in",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="lifecycle.optin"),
        ),
        migrations.AddField(
            model_name="preference",
            name="identity",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.identity"),
        ),
        migrations.AddField(
            model_name="preference",
            name="installation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
        ),
        migrations.AddField(
            model_name="suppressionlift",
            name="installation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.UniqueConstraint(fields=("installation", "hash"), name="consent_text_hash"),
        ),
        migrations.AddConstraint(
            model_name="formbudget",
            constraint=models.UniqueConstraint(fields=("installation", "network_hash"), name="form_budget_network"),
        ),
        migrations.AddIndex(
            model_name="optin",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["installation", "due_at"], name="opt_in_due"
            ),
        ),
        migrations.AddIndex(
            model_name="optin",
            index=models.Index(fields=["installation", "address_hash"], name="opt_in_address"),
        ),
        migrations.AddConstraint(
            model_name="optin",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "pending")),
                fields=("installation", "channel", "address_hash"),
                name="opt_in_pending",
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.UniqueConstraint(fields=("installation", "identity"), name="preference_identity"),
        ),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
    ]
