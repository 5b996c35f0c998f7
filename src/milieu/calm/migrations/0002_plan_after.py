from django.db import migrations, models

from milieu.record.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("calm", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="ownplan",
            name="after",
            field=models.CharField(blank=True, default="", max_length=300),
            preserve_default=False,
        ),
        append_only("calm_ownplan"),  # SQLite loses its triggers when a table is rebuilt
    ]
