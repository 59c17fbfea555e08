import django.db.models.deletion
from django.db import migrations, models

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
# By month of occurred_at, as the bodies of events: tasks.upkeep makes the months to come.
ACTIVITIES = f"""
CREATE TABLE lifecycle_activity (
    installation_id bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    key text NOT NULL,
    identity_id bigint NOT NULL,
    kind text NOT NULL,
    reference text NOT NULL,
    data jsonb NOT NULL,
    PRIMARY KEY (installation_id, occurred_at, key)
) PARTITION BY RANGE (occurred_at);
CREATE INDEX activity_identity ON lifecycle_activity (installation_id, identity_id, occurred_at);
CREATE TABLE lifecycle_activity_default PARTITION OF lifecycle_activity DEFAULT;
ALTER TABLE lifecycle_activity ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_activity FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON lifecycle_activity TO lifecycle_app;
CREATE POLICY own ON lifecycle_activity TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN});
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0007_projection")]

    operations = [
        migrations.AddField("installation", "activity_retention_days", models.PositiveSmallIntegerField(default=730)),
        migrations.AddField("cart", "touch", models.JSONField(default=dict)),
        migrations.AddIndex(
            "cart",
            models.Index(
                condition=models.Q(("touch", {}), _negated=True),
                fields=["installation", "created_at"],
                name="cart_touch",
            ),
        ),
        migrations.AlterField(
            "identity",
            "kind",
            models.TextField(
                choices=[("user", "User"), ("email", "Email"), ("visitor", "Visitor"), ("erased", "Erased")]
            ),
        ),
        migrations.AddField(
            "identity",
            "tied_to",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="visitors",
                to="lifecycle.identity",
            ),
        ),
        migrations.AddField("identity", "tied_at", models.DateTimeField(null=True)),
        migrations.AddField("identity", "seen_at", models.DateTimeField(null=True)),
        migrations.AddField("identity", "first_touch", models.JSONField(null=True)),
        migrations.AddField("identity", "last_touch", models.JSONField(null=True)),
        migrations.AddIndex(
            "identity",
            models.Index(condition=models.Q(("tied_to__isnull", False)), fields=["tied_to"], name="identity_tied_to"),
        ),
        migrations.AddIndex(
            "identity",
            models.Index(
                condition=models.Q(("customer__isnull", True), ("kind", "visitor")),
                fields=["installation", "seen_at"],
                name="identity_stranger",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(ACTIVITIES, "DROP TABLE lifecycle_activity")],
            [
                migrations.CreateModel(
                    name="Activity",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "installation",
                                "occurred_at",
                                "key",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("occurred_at", models.DateTimeField()),
                        ("key", models.TextField()),
                        ("identity_id", models.BigIntegerField()),
                        (
                            "kind",
                            models.TextField(choices=[("visit", "Visit"), ("product_viewed", "Product Viewed")]),
                        ),
                        ("reference", models.TextField(default="")),
                        ("data", models.JSONField(default=dict)),
                        (
                            "installation",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                to="lifecycle.installation",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["installation", "identity_id", "occurred_at"], name="activity_identity"
                            )
                        ],
                    },
                )
            ],
        ),
    ]
