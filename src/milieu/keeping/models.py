"""What the house knows of its own health."""

from django.db import models


class Heartbeat(models.Model):
    """One row for each part and chore: when it last showed that it works. Nothing about people."""

    part = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField(null=True)  # it worked then
    tried_at = models.DateTimeField(null=True)  # a chore: when it was last begun
    said = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.part
