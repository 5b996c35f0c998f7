from django.db import migrations, models

from milieu.record.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("crisis", "0002_guards")]

    operations = [
        migrations.AddField(
            model_name="restraintdebrief",
            name="worsened",
            field=models.CharField(blank=True, max_length=500),
        ),
        append_only("crisis_restraintdebrief"),
    ]
