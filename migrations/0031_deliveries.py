import django.db.models.deletion
from django.db import migrations, models

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
TABLES = ("lifecycle_deliverysettings", "lifecycle_orderdelivery", "lifecycle_secondorderdays")
SECURITY = "".join(
    f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO lifecycle_app;
CREATE POLICY own ON {table} TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN});
"""
    for table in TABLES
)
WAITING = """
GRANT SELECT (installation_id, at, came_at) ON lifecycle_orderdelivery TO lifecycle_claim;
CREATE POLICY waiting ON lifecycle_orderdelivery FOR SELECT TO lifecycle_claim
    USING (current_user = 'lifecycle_claim');
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0030_recommendations")]

    operations = [
        migrations.AddField("order", "shipping_method", models.TextField(null=True)),
        migrations.AddField("order", "stated_at", models.DateTimeField(null=True)),
        migrations.AddField("fulfillment", "stated_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="DeliverySettings",
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
                ("metadata_key", models.TextField(default="delivered_at")),
                ("methods", models.JSONField(default=dict)),
                ("otherwise", models.PositiveSmallIntegerField(default=3)),
            ],
        ),
        migrations.CreateModel(
            name="OrderDelivery",
            fields=[
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="delivery",
                        serialize=False,
                        to="lifecycle.order",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "source",
                    models.TextField(choices=[("told", "told"), ("metadata", "metadata"), ("shipped", "shipped")]),
                ),
                ("told_at", models.DateTimeField(null=True)),
                ("came_at", models.DateTimeField(null=True)),
                (
                    "installation",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("came_at__isnull", True)),
                        fields=["installation", "at"],
                        name="order_delivery_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SecondOrderDays",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("category", models.TextField()),
                ("days", models.FloatField(null=True)),
                ("customers", models.PositiveIntegerField()),
                ("learnt_at", models.DateTimeField()),
                (
                    "installation",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("installation", "category"), name="second_order_category")
                ],
            },
        ),
        migrations.RunSQL(SECURITY + WAITING, migrations.RunSQL.noop),
    ]
