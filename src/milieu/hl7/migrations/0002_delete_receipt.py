"""The receipts are in the census by now, for both doors."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("hl7", "0001_initial"), ("census", "0005_receipts")]

    operations = [migrations.DeleteModel("Receipt")]
