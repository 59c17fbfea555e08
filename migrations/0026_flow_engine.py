import uuid

import django.db.models.deletion
from django.db import migrations, models

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
SECURITY = ";\n".join(
    f"""
ALTER TABLE lifecycle_{name} ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_{name} FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON lifecycle_{name} TO lifecycle_app;
CREATE POLICY own ON lifecycle_{name} TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN})"""
    for name in ("admission", "flowentry", "flowhook", "occasion", "tag")
)
# The sweep looks flow by flow, so that one that is off costs nothing; whoever calls a flow's address names no shop.
WAITING = """
GRANT SELECT (flow_id) ON lifecycle_enrollment TO lifecycle_claim;
GRANT SELECT (id, installation_id, is_on, runs_at) ON lifecycle_flow TO lifecycle_claim;
GRANT SELECT (flow_id, at) ON lifecycle_occasion TO lifecycle_claim;
GRANT SELECT (installation_id, due_at) ON lifecycle_admission TO lifecycle_claim;
GRANT SELECT (installation_id, public_id) ON lifecycle_flowhook TO lifecycle_claim;
""" + "".join(
    f"""
CREATE POLICY waiting ON lifecycle_{name} FOR SELECT TO lifecycle_claim USING (current_user = 'lifecycle_claim');
"""
    for name in ("flow", "occasion", "admission", "flowhook")
)
WAITING_NO_MORE = """
DROP POLICY waiting ON lifecycle_flow;
REVOKE SELECT (id, installation_id, is_on, runs_at) ON lifecycle_flow FROM lifecycle_claim;
REVOKE SELECT (flow_id) ON lifecycle_enrollment FROM lifecycle_claim;
"""
# By month of occurred_at, as activities are: tasks.upkeep makes the months to come. A decision is never changed.
DECISIONS = f"""
CREATE TABLE lifecycle_decision (
    installation_id bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    key text NOT NULL,
    customer_id bigint NOT NULL,
    flow_id bigint NOT NULL,
    enrollment_id bigint,
    message_id bigint,
    step text NOT NULL,
    kind text NOT NULL,
    outcome text NOT NULL,
    data jsonb NOT NULL,
    PRIMARY KEY (installation_id, occurred_at, key)
) PARTITION BY RANGE (occurred_at);
CREATE INDEX decision_customer ON lifecycle_decision (installation_id, customer_id, occurred_at);
CREATE TABLE lifecycle_decision_default PARTITION OF lifecycle_decision DEFAULT;
ALTER TABLE lifecycle_decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_decision FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON lifecycle_decision TO lifecycle_app;
CREATE POLICY own ON lifecycle_decision TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN});
"""
# An enrollment knew the number of its next touch; now it knows the step that it stands at: the wait before it.
PLACES = """
ALTER TABLE lifecycle_enrollment NO FORCE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_flow NO FORCE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_flowversion NO FORCE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_cart NO FORCE ROW LEVEL SECURITY;
UPDATE lifecycle_enrollment enrollment SET public_id = gen_random_uuid(),
    since = COALESCE(enrollment.last_step_at, enrollment.entered_at),
    anchor_at = COALESCE(cart.changed_at, enrollment.entered_at),
    step = COALESCE('wait-' || (version.document -> 'steps' -> enrollment.next_step ->> 'key'), '')
FROM lifecycle_enrollment held
    JOIN lifecycle_flowversion version ON version.id = held.version_id
    LEFT JOIN lifecycle_cart cart ON cart.id = held.cart_id
WHERE held.id = enrollment.id;
UPDATE lifecycle_flow SET switched_on_at = now() WHERE is_on;
ALTER TABLE lifecycle_enrollment FORCE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_flow FORCE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_flowversion FORCE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_cart FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0025_fulfillment_order")]

    operations = [
        migrations.RemoveIndex(
            model_name="enrollment",
            name="enrollment_due",
        ),
        migrations.AddField(
            model_name="enrollment",
            name="carries",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="enrollment",
            name="depth",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="enrollment",
            name="is_shadow",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="enrollment",
            name="properties",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="enrollment",
            name="step",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="flow",
            name="draft",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="flow",
            name="draft_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="flow",
            name="is_shadow",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="flow",
            name="name",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="flow",
            name="runs_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="flow",
            name="switched_on_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField("enrollment", "public_id", models.UUIDField(null=True)),
        migrations.AddField("enrollment", "since", models.DateTimeField(null=True)),
        migrations.AddField("enrollment", "anchor_at", models.DateTimeField(null=True)),
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
        migrations.AlterField(
            "enrollment", "public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
        migrations.AlterField("enrollment", "since", models.DateTimeField()),
        migrations.AlterField("enrollment", "anchor_at", models.DateTimeField()),
        migrations.RemoveField("enrollment", "last_step_at"),
        migrations.RemoveField("enrollment", "next_step"),
        migrations.CreateModel(
            name="Admission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("key", models.TextField()),
                ("after", models.BigIntegerField(null=True)),
                ("looked_at", models.PositiveIntegerField(default=0)),
                ("admitted", models.PositiveIntegerField(default=0)),
                ("per_hour", models.PositiveIntegerField()),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="FlowEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("value", models.JSONField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "identity",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.identity"
                    ),
                ),
                (
                    "installation",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("identity", "name"), name="flow_entry_name")],
            },
        ),
        migrations.AlterField(
            model_name="outbox",
            name="kind",
            field=models.TextField(
                choices=[
                    ("projection", "Projection"),
                    ("webhook", "Webhook"),
                    ("staff", "Staff"),
                    ("problem", "Problem"),
                ]
            ),
        ),
        migrations.CreateModel(
            name="FlowHook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("secret_hash", models.TextField()),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Occasion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="installation",
            name="holdout_share",
            field=models.FloatField(default=0.0),
        ),
        migrations.AlterField(
            model_name="enrollment",
            name="state",
            field=models.TextField(
                choices=[("waiting", "Waiting"), ("finished", "Finished"), ("exited", "Exited"), ("failed", "Failed")],
                default="waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="enrollment",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["flow", "due_at"], name="enrollment_due"
            ),
        ),
        migrations.AddIndex(
            model_name="flow",
            index=models.Index(
                condition=models.Q(("runs_at__isnull", False)), fields=["installation", "runs_at"], name="flow_schedule"
            ),
        ),
        migrations.AddField(
            model_name="admission",
            name="flow",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.flow"),
        ),
        migrations.AddField(
            model_name="admission",
            name="installation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
        ),
        migrations.AddField(
            model_name="flowhook",
            name="flow",
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.flow"),
        ),
        migrations.AddField(
            model_name="flowhook",
            name="installation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
        ),
        migrations.AddField(
            model_name="occasion",
            name="customer",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.customer"),
        ),
        migrations.AddField(
            model_name="occasion",
            name="flow",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.flow"),
        ),
        migrations.AddField(
            model_name="occasion",
            name="installation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
        ),
        migrations.AddField(
            model_name="tag",
            name="customer",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, to="lifecycle.customer"
            ),
        ),
        migrations.AddField(
            model_name="tag",
            name="installation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="lifecycle.installation"),
        ),
        migrations.AddIndex(
            model_name="admission",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["installation", "due_at"], name="admission_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="admission",
            constraint=models.UniqueConstraint(fields=("flow", "key"), name="admission_key"),
        ),
        migrations.AddIndex(
            model_name="occasion",
            index=models.Index(fields=["flow", "at"], name="occasion_at"),
        ),
        migrations.AddConstraint(
            model_name="occasion",
            constraint=models.UniqueConstraint(fields=("flow", "customer"), name="occasion_customer"),
        ),
        migrations.AddIndex(
            model_name="tag",
            index=models.Index(fields=["installation", "name", "customer"], name="tag_customers"),
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.UniqueConstraint(fields=("customer", "name"), name="tag_name"),
        ),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(DECISIONS, "DROP TABLE lifecycle_decision")],
            [
                migrations.CreateModel(
                    name="Decision",
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
                        ("customer_id", models.BigIntegerField()),
                        ("flow_id", models.BigIntegerField()),
                        ("enrollment_id", models.BigIntegerField(null=True)),
                        ("message_id", models.BigIntegerField(null=True)),
                        ("step", models.TextField(default="")),
                        (
                            "kind",
                            models.TextField(
                                choices=[
                                    ("entered", "Entered"),
                                    ("refused", "Refused"),
                                    ("passed", "Passed"),
                                    ("sent", "Sent"),
                                    ("deferred", "Deferred"),
                                    ("skipped", "Skipped"),
                                    ("moved", "Moved"),
                                    ("finished", "Finished"),
                                    ("exited", "Exited"),
                                    ("failed", "Failed"),
                                ]
                            ),
                        ),
                        ("outcome", models.TextField(default="")),
                        ("data", models.JSONField(default=dict)),
                    ],
                ),
                migrations.AddField(
                    model_name="decision",
                    name="installation",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="lifecycle.installation",
                    ),
                ),
                migrations.AddIndex(
                    model_name="decision",
                    index=models.Index(fields=["installation", "customer_id", "occurred_at"], name="decision_customer"),
                ),
            ],
        ),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
        migrations.RunSQL(WAITING, WAITING_NO_MORE),
    ]
