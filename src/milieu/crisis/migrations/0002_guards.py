from django.db import migrations

from milieu.record.guards import append_only

FACTS = (
    *("restraintstart", "restraintchange", "restraintorder", "restraintcheck", "restraintseen"),
    *("restraintend", "restraintdebrief", "occurrence", "occurrencereport"),
)


class Migration(migrations.Migration):
    dependencies = [("crisis", "0001_initial")]

    operations = [append_only(f"crisis_{fact}") for fact in (*FACTS, "trained")]
