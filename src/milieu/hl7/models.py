"""Which messages were already taken in, so that the same file twice changes nothing."""

from django.db import models


class Receipt(models.Model):
    """One message that was taken in. Says nothing about whom it was."""

    id = models.UUIDField(primary_key=True)  # worked out from sender, MSH-10 and content
    event = models.CharField(max_length=20)
    control_id = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField(db_index=True)  # the last one tells whether the feed lives

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"
