from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0013_messages")]

    operations = [
        migrations.AlterField("installation", "projection_per_minute", models.PositiveIntegerField(default=120)),
    ]
