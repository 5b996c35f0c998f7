import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Exists, F, OuterRef, Subquery


def fill(apps, schema_editor):
    """Say what working every clock out again would: backups are compared with the record."""
    Clock = apps.get_model("rounds", "Clock")
    entries = apps.get_model("record", "Entry")._base_manager
    looks = entries.filter(
        ~Exists(entries.filter(amends=OuterRef("pk"))),
        stay=OuterRef("stay"),
        kind="round.check",
        counted_at__isnull=False,
        struck=False,
    ).order_by("-counted_at", "-seq")
    Clock._base_manager.update(
        tried=Subquery(looks.values("seq")[:1]), tried_at=Subquery(looks.values("counted_at")[:1])
    )
    Clock._base_manager.filter(tried=F("last")).update(tried=None, tried_at=None)


class Migration(migrations.Migration):
    dependencies = [("rounds", "0008_clock_from_which_one_order_counts")]

    operations = [
        migrations.AddField(
            "clock",
            "tried",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rounds.safetycheck",
            ),
        ),
        migrations.AddField("clock", "tried_at", models.DateTimeField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
