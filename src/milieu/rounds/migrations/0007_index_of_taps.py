from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0003_newest_of_a_kind"),
        ("rounds", "0006_handing_over"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="safetycheck", name="check_by_tag"),
        migrations.AddIndex(
            model_name="safetycheck",
            index=models.Index(
                condition=models.Q(("tag_counter__isnull", False)),
                fields=["tag_uid", "tag_counter", "shown_at"],
                name="check_by_tag",
            ),
        ),
    ]
