from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0031_deliveries")]

    operations = [
        migrations.AddField(
            model_name="admission",
            name="after_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("phase", "loss")), fields=["installation", "loss_at", "id"], name="customer_lost"
            ),
        ),
    ]
