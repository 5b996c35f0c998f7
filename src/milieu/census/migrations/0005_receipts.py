"""Receipts of both doors in one place, and when what they are for was so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("census", "0004_standing_left"), ("hl7", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("event", models.CharField(max_length=20)),
                ("control_id", models.CharField(blank=True, max_length=200)),
                ("received_at", models.DateTimeField(db_index=True)),
                ("as_of", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RunSQL(
            "INSERT INTO census_receipt (id, event, control_id, received_at) "
            "SELECT id, event, control_id, received_at FROM hl7_receipt",
            migrations.RunSQL.noop,
        ),
    ]
