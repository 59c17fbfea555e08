from typing import Any

import django.db.models.deletion
from django.db import migrations, models

OWN = "NULLIF(current_setting('app.installation', true), '')::bigint"
RIGHTS = {"templateversion": "SELECT, INSERT, DELETE"}  # a version never changes
SECURITY = ";\n".join(
    f"""
ALTER TABLE lifecycle_{name} ENABLE ROW LEVEL SECURITY;
ALTER TABLE lifecycle_{name} FORCE ROW LEVEL SECURITY;
GRANT {RIGHTS.get(name, "SELECT, INSERT, UPDATE, DELETE")} ON lifecycle_{name} TO lifecycle_app;
CREATE POLICY own ON lifecycle_{name} TO lifecycle_app
    USING (installation_id = {OWN}) WITH CHECK (installation_id = {OWN})"""
    for name in ("templateversion", "templatevariant", "channelbrand", "testsendbudget")
)
# A row was a template in one language. The oldest of a key stays as what they share.
SPLIT = """
ALTER TABLE lifecycle_template NO FORCE ROW LEVEL SECURITY;
INSERT INTO lifecycle_templateversion (
    installation_id, template_id, language, number, subject, mjml, html, text, is_text_made, saved_at, saved_by
)
SELECT installation_id, min(id) OVER (PARTITION BY installation_id, key), language, 1, subject, mjml, html, text,
       false, created_at, ''
FROM lifecycle_template ORDER BY id;
INSERT INTO lifecycle_templatevariant (installation_id, template_id, language, version_id, published_at)
SELECT installation_id, template_id, language, id, saved_at FROM lifecycle_templateversion ORDER BY id;
DELETE FROM lifecycle_template t USING lifecycle_template older
WHERE older.installation_id = t.installation_id AND older.key = t.key AND older.id < t.id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE lifecycle_template FORCE ROW LEVEL SECURITY
"""


def of(model: str, related_name: str | None = None) -> Any:
    cascade = django.db.models.deletion.CASCADE
    return models.ForeignKey(on_delete=cascade, to=f"lifecycle.{model}", related_name=related_name)


def key() -> tuple[str, Any]:
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0014_pace")]

    operations = [
        migrations.AddField("installation", "language", models.TextField(default="en")),
        migrations.AddField("brand", "color", models.TextField(default="#16161a")),
        migrations.AddField("brand", "text_color", models.TextField(default="")),
        migrations.CreateModel(
            name="ChannelBrand",
            fields=[
                key(),
                ("channel", models.TextField()),
                ("values", models.JSONField(default=dict)),
                ("installation", of("installation")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("installation", "channel"), name="channel_brand")]
            },
        ),
        migrations.CreateModel(
            name="TestSendBudget",
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
        migrations.RemoveConstraint("template", "template_language"),
        migrations.RenameField("template", "saved_at", "created_at"),
        migrations.AddField("template", "name", models.TextField(default="")),
        migrations.AddField("template", "archived_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="TemplateVersion",
            fields=[
                key(),
                ("language", models.TextField()),
                ("number", models.PositiveIntegerField()),
                ("subject", models.TextField()),
                ("mjml", models.TextField()),
                ("html", models.TextField()),
                ("text", models.TextField()),
                ("is_text_made", models.BooleanField(default=False)),
                ("saved_at", models.DateTimeField()),
                ("saved_by", models.TextField(default="")),
                ("installation", of("installation")),
                ("template", of("template", related_name="versions")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("template", "language", "number"), name="template_version_number")
                ]
            },
        ),
        migrations.CreateModel(
            name="TemplateVariant",
            fields=[
                key(),
                ("language", models.TextField()),
                ("published_at", models.DateTimeField()),
                ("installation", of("installation")),
                ("template", of("template", related_name="variants")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="lifecycle.templateversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("template", "language"), name="template_variant_language")
                ]
            },
        ),
        migrations.RunSQL(SPLIT, migrations.RunSQL.noop),
        *(migrations.RemoveField("template", name) for name in ("language", "subject", "mjml", "html", "text")),
        migrations.AddConstraint(
            "template", models.UniqueConstraint(fields=("installation", "key"), name="template_key")
        ),
        migrations.RunSQL(SECURITY, migrations.RunSQL.noop),
    ]
