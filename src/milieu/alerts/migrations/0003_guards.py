from django.db import migrations

from milieu.record.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("alerts", "0002_initial")]

    operations = [
        append_only("alerts_alert"),
        append_only("alerts_acknowledgement"),
    ]
