from django.db import migrations

from milieu.record.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("rounds", "0001_initial")]

    operations = [
        append_only("rounds_safetycheck"),
        append_only("rounds_levelorder"),
        append_only("rounds_take"),
        append_only("rounds_give"),
    ]
