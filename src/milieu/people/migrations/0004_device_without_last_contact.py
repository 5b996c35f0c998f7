from django.db import migrations


class Migration(migrations.Migration):
    """Nothing wrote or read it: who signed in on a phone, and when, is read from its sessions."""

    dependencies = [("people", "0003_screens")]

    operations = [migrations.RemoveField("device", "seen_at")]
