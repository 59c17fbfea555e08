from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0023_rescoring_parts")]

    # It is called once a mail: to plan its two statements anew takes longer than to run them, and tells nothing more.
    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION lifecycle_turn SET plan_cache_mode = force_generic_plan",
            "ALTER FUNCTION lifecycle_turn RESET plan_cache_mode",
        ),
    ]
