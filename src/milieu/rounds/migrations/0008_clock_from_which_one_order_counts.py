from django.db import migrations, models
from django.db.models import Exists, OuterRef, Subquery


def fill(apps, schema_editor):
    """Say it where it is plain: every order of this stay was written when it began.

    For the others it is worked out when something is written of them next.
    """
    Clock = apps.get_model("rounds", "Clock")
    Entry = apps.get_model("record", "Entry")
    written_later = Entry._base_manager.filter(
        stay=OuterRef("stay"), kind="round.level", counted_at=None
    )
    ordered = Entry._base_manager.filter(pk=OuterRef("level_entry"))
    clocks = Clock._base_manager.filter(~Exists(written_later), level_entry__isnull=False)
    clocks.update(level_from=Subquery(ordered.values("happened_at")[:1]))


class Migration(migrations.Migration):
    dependencies = [("rounds", "0007_index_of_taps")]

    operations = [
        migrations.AddField("clock", "level_from", models.DateTimeField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
