from django.db import migrations

from milieu.record.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("admissions", "0001_initial")]

    operations = [
        append_only("admissions_movement"),
    ]
