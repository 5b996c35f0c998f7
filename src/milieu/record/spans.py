"""How long something took, in words."""

from datetime import timedelta

from django.utils.translation import gettext as _


def length(span: timedelta) -> str:
    """Return a length of time in hours and whole minutes: ``1 h 12 min``."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return _("under 1 min")
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    hours, minutes = divmod(minutes, 60)
    if minutes == 0:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
