"""What is filled in for evidence: from when to when, on the unit's own clock."""

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _

from milieu.record.moments import MomentField

LONGEST: Final = timedelta(days=92)  # more than a survey asks for; a year is for the command line


class WindowForm(forms.Form):
    """A window of time that has begun."""

    def __init__(self, data: Any, *, zone: ZoneInfo, now: datetime) -> None:
        yesterday = now.replace(second=0, microsecond=0) - timedelta(days=1)
        super().__init__(data, initial={"start": yesterday, "end": yesterday + timedelta(days=1)})
        self.fields["start"] = MomentField(label=_("From"), zone=zone, latest=now)
        self.fields["end"] = MomentField(label=_("Until"), zone=zone, latest=now)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        start, end = said.get("start"), said.get("end")
        if start and end and not start < end:
            self.add_error("end", _("Choose an end after the beginning."))
        elif start and end and end - start > LONGEST:
            self.add_error("end", _("Choose at most 92 days."))
        return said
