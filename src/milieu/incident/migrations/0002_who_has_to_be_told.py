from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incident", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="marks",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["began_at"], name="incident_by_time"),
        ),
    ]
