"""A day and a time as the unit's own clock shows them, typed into a page; a moment comes out."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.kernel.clock import YEARS, moments_of

TIME_FORMATS = ["%H:%M", "%H.%M", "%H%M"]  # 24 hours, as typed with any keyboard
DAY, TIME, WHICH, EXACT = range(4)
EARLIER, LATER = "earlier", "later"


class MomentWidget(forms.MultiWidget):
    """Day, time of day and, in a doubled hour, which of the two. Works without a script.

    What was first shown travels along to the microsecond: left as it was, it means that moment.
    """

    template_name = "record/moment.html"
    use_fieldset = True

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            "day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "time": forms.TimeInput(
                attrs={"inputmode": "numeric", "autocomplete": "off", "size": 5}, format="%H:%M"
            ),
            "which": forms.Select(choices=WHICH_CHOICES),
            "exact": forms.HiddenInput(),
        }
        super().__init__(widgets)

    def decompress(self, value: datetime | None) -> list[Any]:
        if value is None:
            return [None, None, "", ""]
        local = value.astimezone(self.zone)
        twins = moments_of(to_the_minute(local).replace(tzinfo=None), self.zone)
        which = (EARLIER, LATER)[local.fold] if len(twins) > 1 else ""
        return [local.date(), local.time(), which, value.isoformat()]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        day, clock_time, which, exact = context["widget"]["subwidgets"]
        wall = _wall(day["value"], clock_time["value"])
        twins = moments_of(wall, self.zone) if wall else []
        if len(twins) > 1:
            names = [at.astimezone(self.zone).tzname() for at in twins]
            context["twins"] = list(zip((EARLIER, LATER), names, strict=True))
        context |= {"day": day, "time": clock_time, "which": which, "exact": exact}
        return context


WHICH_CHOICES = [
    ("", ""),
    (EARLIER, gettext_lazy("the first time")),
    (LATER, gettext_lazy("the second time")),
]


class MomentField(forms.MultiValueField):
    """A moment, typed as the unit's clock shows it.

    Args:
        latest: nothing after this is taken: what has not happened yet cannot be written down. But
            ``initial`` is, as it was recorded: a phone's clock may have been ahead.
    """

    def __init__(self, *, zone: ZoneInfo, latest: datetime | None = None, **options: Any) -> None:
        self.zone, self.latest = zone, latest
        needed = options.pop("required", True)
        unreadable = {"invalid": _("Write the time in 24 hours, as 14:05.")}
        day_unreadable = {"invalid": _("Write the day as 2026-11-22.")}
        fields = (
            forms.DateField(required=needed, error_messages=day_unreadable),
            forms.TimeField(required=needed, input_formats=TIME_FORMATS, error_messages=unreadable),
            forms.ChoiceField(required=False, choices=WHICH_CHOICES),
            forms.CharField(required=False),
        )
        super().__init__(
            fields,
            widget=MomentWidget(zone),
            required=needed,
            require_all_fields=False,
            **options,
        )

    def compress(self, data_list: list[Any]) -> datetime | None:
        if not data_list or not (data_list[DAY] or data_list[TIME]):
            return None
        if not data_list[DAY] or not data_list[TIME]:
            raise ValidationError(_("Give both the day and the time."))
        if data_list[DAY].year not in YEARS:
            raise ValidationError(_("Write the day as 2026-11-22."))
        moment = self._moment(datetime.combine(data_list[DAY], data_list[TIME]), data_list[WHICH])
        exact = _exact(data_list[EXACT])
        if exact and to_the_minute(exact) == moment:
            moment = exact
        if self.latest and moment > self.latest and moment != self.initial:
            raise ValidationError(_("This time has not come yet. Choose an earlier one."))
        return moment

    def _moment(self, wall: datetime, which: str) -> datetime:
        found = moments_of(wall, self.zone)
        if not found:
            raise ValidationError(
                _("The clocks went forward that night: there was no %(time)s. Choose another time.")
                % {"time": f"{wall:%H:%M}"}
            )
        if len(found) == 1:
            return found[0]
        if which not in (EARLIER, LATER):
            raise ValidationError(
                _("The clocks went back that night: %(time)s came twice. Say which of the two.")
                % {"time": f"{wall:%H:%M}"}
            )
        return found[(EARLIER, LATER).index(which)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            moment = self.clean(data)
        except ValidationError:
            return True
        return bool(moment != initial)


def to_the_minute(moment: datetime) -> datetime:
    """Return the start of the minute that a moment is in: as much as a person types."""
    return moment.replace(second=0, microsecond=0)


def within_minute(typed: datetime, earliest: datetime) -> datetime:
    """Return the first moment of the typed minute that is not before ``earliest``, if it has one.

    Who types 14:10 means any moment of that minute; an arrival at 14:10:25 is no reason to refuse.
    """
    return earliest if typed < earliest < typed + timedelta(minutes=1) else typed


def _wall(day: str | None, clock_time: str | None) -> datetime | None:
    """Return the day and time as typed, or None where they cannot be read."""
    for form in TIME_FORMATS:
        try:
            parsed = datetime.strptime(clock_time or "", form)  # noqa: DTZ007 - the unit's own clock
            return datetime.combine(date.fromisoformat(day or ""), time(parsed.hour, parsed.minute))
        except ValueError:
            continue
    return None


def _exact(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
