from django.db import migrations

from milieu.record.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial"), ("census", "0002_initial")]

    operations = [
        append_only("record_entry"),
        append_only("census_merge"),
        append_only("record_epoch"),
    ]
