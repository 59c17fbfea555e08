import django.db.models.deletion
from django.db import migrations, models

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
SECURITY = "".join(
    f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO lifecycle_app;
CREATE POLICY own ON {table} TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN});
"""
    for table in ("lifecycle_incentivesettings", "lifecycle_codepool", "lifecycle_personalcode")
)
WAITING = """
GRANT SELECT (installation_id, due_at) ON lifecycle_incentivesettings TO lifecycle_claim;
CREATE POLICY waiting ON lifecycle_incentivesettings FOR SELECT TO lifecycle_claim
    USING (current_user = 'lifecycle_claim');
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0032_named")]

    operations = [
        migrations.CreateModel(
            name="IncentiveSettings",
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
                ("per_month", models.PositiveIntegerField(default=200)),
                ("margin_percent", models.PositiveSmallIntegerField(default=15)),
                ("month", models.DateField(null=True)),
                ("taken", models.PositiveIntegerField(default=0)),
                ("trouble", models.TextField(default="")),
                ("due_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="cart",
            name="voucher_code",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="order",
            name="voucher_code",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AlterField(
            model_name="outbox",
            name="kind",
            field=models.TextField(
                choices=[
                    ("projection", "Projection"),
                    ("webhook", "Webhook"),
                    ("staff", "Staff"),
                    ("voucher", "Voucher"),
                    ("problem", "Problem"),
                ]
            ),
        ),
        migrations.CreateModel(
            name="CodePool",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("percent", models.PositiveSmallIntegerField()),
                ("expires_on", models.DateField()),
                ("ends_at", models.DateTimeField()),
                ("numbered", models.PositiveIntegerField(default=0)),
                ("voucher_id", models.TextField(default="")),
                (
                    "installation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PersonalCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("code", models.TextField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("making", "Making"),
                            ("ready", "Ready"),
                            ("given", "Given"),
                            ("used", "Used"),
                            ("withdrawing", "Withdrawing"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="making",
                    ),
                ),
                ("key", models.TextField(null=True)),
                ("given_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("order_id", models.TextField(default="")),
                (
                    "customer",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.customer"),
                ),
                (
                    "enrollment",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.enrollment"
                    ),
                ),
                (
                    "installation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
                ),
                ("pool", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.codepool")),
            ],
        ),
        migrations.AddConstraint(
            model_name="codepool",
            constraint=models.UniqueConstraint(fields=("installation", "percent", "expires_on"), name="code_pool_key"),
        ),
        migrations.AddIndex(
            model_name="personalcode",
            index=models.Index(
                condition=models.Q(("state__in", ["making", "ready", "withdrawing"])),
                fields=["pool", "state", "number"],
                name="personal_code_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="personalcode",
            constraint=models.UniqueConstraint(fields=("installation", "code"), name="personal_code_code"),
        ),
        migrations.AddConstraint(
            model_name="personalcode",
            constraint=models.UniqueConstraint(fields=("installation", "key"), name="personal_code_key"),
        ),
        migrations.RunSQL(SECURITY + WAITING, migrations.RunSQL.noop),
    ]
