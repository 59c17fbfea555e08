import uuid

from django.db import migrations, models

from saleor_lifecycle.models.installations import new_storefront_key

# Rows that are there already get their values as defaults of the column: a new column is filled for every row, while an
# UPDATE would change none, because row-level security holds for the owner too. Each value is made for itself.
KEYS = """
ALTER TABLE lifecycle_installation ADD COLUMN storefront_key text NOT NULL
    DEFAULT 'pk_' || left(encode(sha256((gen_random_uuid()::text || gen_random_uuid())::bytea), 'hex'), 32);
ALTER TABLE lifecycle_installation ALTER COLUMN storefront_key DROP DEFAULT;
GRANT SELECT (storefront_key) ON lifecycle_installation TO lifecycle_claim;
"""
FORGET_KEYS = "ALTER TABLE lifecycle_installation DROP COLUMN storefront_key"
CARTS = """
ALTER TABLE lifecycle_cart ADD COLUMN public_id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE lifecycle_cart ALTER COLUMN public_id DROP DEFAULT;
"""
FORGET_CARTS = "ALTER TABLE lifecycle_cart DROP COLUMN public_id"


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0002_record_event")]

    operations = [
        migrations.RunSQL(
            KEYS,
            FORGET_KEYS,
            [
                migrations.AddField(
                    "installation",
                    "storefront_key",
                    models.TextField(default=new_storefront_key, editable=False),
                )
            ],
        ),
        migrations.AlterField(
            "installation",
            "storefront_key",
            models.TextField(default=new_storefront_key, editable=False, unique=True),
        ),
        migrations.AddField("installation", "server_key_hash", models.TextField(default="")),
        migrations.RunSQL(
            CARTS,
            FORGET_CARTS,
            [migrations.AddField("cart", "public_id", models.UUIDField(default=uuid.uuid4, editable=False))],
        ),
        migrations.AlterField("cart", "public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
        migrations.AddIndex("enrollment", models.Index(fields=["flow", "entered_at"], name="enrollment_entered")),
    ]
