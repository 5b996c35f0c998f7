from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="device",
            name="badge_misses",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
