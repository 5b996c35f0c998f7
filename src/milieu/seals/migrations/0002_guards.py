from django.db import migrations

from milieu.record.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("seals", "0001_initial")]

    operations = [
        append_only("seals_leaf"),
        append_only("seals_node"),
        append_only("seals_head"),
        append_only("seals_sealkey"),
        append_only("seals_contradiction"),
        append_only("seals_explanation"),
    ]
