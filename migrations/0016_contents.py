from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0015_templates")]

    operations = [
        migrations.AddField(model_name="message", name="offer", field=models.JSONField(null=True)),
        migrations.AddField(model_name="brand", name="product_url", field=models.TextField(default="")),
    ]
