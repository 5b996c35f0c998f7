"""The units that a stay was transferred from: all of the last eight, where it was one."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the one that is known in the new form. ``milieu rebuild`` finds those before it."""
    rows = apps.get_model("census", "Standing")._base_manager.using(schema_editor.connection.alias)
    for row in rows.exclude(came_from=None).exclude(moved_at=None):
        row.left = f"{row.came_from_id} {row.moved_at.isoformat()}"
        row.save(update_fields=["left"])


class Migration(migrations.Migration):
    dependencies = [("census", "0003_details_at")]

    operations = [
        migrations.AddField("standing", "left", models.TextField(default="")),
        migrations.RunPython(keep, migrations.RunPython.noop),
        migrations.RemoveField("standing", "came_from"),
        migrations.RemoveField("standing", "moved_at"),
    ]
