from django.db import migrations, models

# Walks of flows that are off cost the sweep nothing.
WAITING = "GRANT SELECT (flow_id) ON lifecycle_admission TO lifecycle_claim"


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0026_flow_engine")]

    operations = [
        migrations.AddField(
            model_name="admission",
            name="kind",
            field=models.TextField(choices=[("customers", "Customers"), ("dates", "Dates")], default="customers"),
        ),
        migrations.AddField(
            model_name="admission",
            name="customers",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="flowhook",
            name="used_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
    ]
