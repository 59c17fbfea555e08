import django.db.models.deletion
from django.db import migrations, models

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
TABLES = ("learning", "countedorder", "productcount", "productpair")
SECURITY = "".join(
    f"""
ALTER TABLE lifecycle_{table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_{table} FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON lifecycle_{table} TO lifecycle_app;
CREATE POLICY own ON lifecycle_{table} TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN});
"""
    for table in TABLES
)
WAITING = """
GRANT SELECT (installation_id, due_at) ON lifecycle_learning TO lifecycle_claim;
CREATE POLICY waiting ON lifecycle_learning FOR SELECT TO lifecycle_claim USING (current_user = 'lifecycle_claim');
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0029_flow_moves")]

    operations = [
        migrations.CreateModel(
            name="Learning",
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
                ("customers", models.PositiveIntegerField(default=0)),
                ("cursor", models.BigIntegerField(default=0)),
                ("learnt_at", models.DateTimeField(null=True)),
                ("favourites", models.JSONField(default=dict)),
                ("favourites_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["due_at"], name="learning_due")],
            },
        ),
        migrations.CreateModel(
            name="CountedOrder",
            fields=[
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="lifecycle.order",
                    ),
                ),
                ("day", models.DateField()),
                ("products", models.JSONField()),
                ("customer", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.customer")),
                (
                    "installation",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["installation", "day"], name="counted_order_day")],
            },
        ),
        migrations.CreateModel(
            name="ProductCount",
            fields=[
                (
                    "product",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="lifecycle.product",
                    ),
                ),
                ("buyers", models.IntegerField()),
                ("again", models.IntegerField()),
                (
                    "installation",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["installation", "-buyers"], name="product_count_buyers")],
            },
        ),
        migrations.CreateModel(
            name="ProductPair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customers", models.IntegerField()),
                (
                    "installation",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"
                    ),
                ),
                (
                    "one",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="lifecycle.product",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="lifecycle.product",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["other"], name="product_pair_other")],
                "constraints": [models.UniqueConstraint(fields=("one", "other"), name="product_pair")],
            },
        ),
        migrations.RunSQL(SECURITY + WAITING, migrations.RunSQL.noop),
    ]
