from django.db import migrations, models
from django.db.models import Case, Exists, OuterRef, Subquery, When
from django.db.models.functions import Greatest


def fill(apps, schema_editor):
    """Say what working every clock out again would: backups are compared with the record."""
    Clock = apps.get_model("rounds", "Clock")
    entries = apps.get_model("record", "Entry")._base_manager
    standing = entries.filter(
        ~Exists(entries.filter(amends=OuterRef("pk"))),
        stay=OuterRef("stay"),
        kind="round.level",
        struck=False,
    )
    # Written late, an order is heard when it was written: rounds/projection.py, asked.
    heard = Case(
        When(counted_at=None, then=Greatest("happened_at", "written_at")), default="happened_at"
    )
    newest = standing.annotate(heard=heard).order_by("-heard").values("heard")[:1]
    Clock._base_manager.update(level_from=Subquery(newest))


class Migration(migrations.Migration):
    dependencies = [("rounds", "0007_index_of_taps")]

    operations = [
        migrations.AddField("clock", "level_from", models.DateTimeField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
