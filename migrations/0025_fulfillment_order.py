"""Fulfillments by their orders: what rules ask about them would else read all of a shop's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0024_turn")]

    operations = [
        migrations.AddIndex(
            model_name="fulfillment",
            index=models.Index(fields=["installation", "order_id"], name="fulfillment_order"),
        ),
    ]
