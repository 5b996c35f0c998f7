from django.db import migrations, models
from django.db.models import Q

from milieu.record.guards import append_only

SEEN = (
    *("consult", "face-to-face", "guardian-told", "nurse-exam", "order-signed"),
    *("physician", "second-physician", "wellbeing"),
)


class Migration(migrations.Migration):
    dependencies = [("crisis", "0003_what_made_it_worse")]

    operations = [
        migrations.RemoveConstraint(model_name="restraintseen", name="restraint_seen_what"),
        migrations.AddField(
            model_name="restraintorder",
            name="attending",
            field=models.CharField(blank=True, max_length=3),
        ),
        migrations.AddConstraint(
            model_name="restraintorder",
            constraint=models.CheckConstraint(
                condition=Q(attending__in=["", "no", "yes"]), name="restraint_order_attending"
            ),
        ),
        migrations.AddConstraint(
            model_name="restraintseen",
            constraint=models.CheckConstraint(
                condition=Q(what__in=list(SEEN)), name="restraint_seen_what"
            ),
        ),
        append_only("crisis_restraintorder"),
        append_only("crisis_restraintseen"),
    ]
