"""What is said of vital signs, as it comes in at any door. Declared once.

The bounds here are those of what can be written down. What looks mistyped is data (``measures``).
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Code = Annotated[str, Meta(max_length=40, pattern=r"^[a-z0-9-]*$")]
Codes = Annotated[tuple[Code, ...], Meta(max_length=12)]
FewWords = Annotated[str, Meta(max_length=140)]
Note = Annotated[str, Meta(max_length=500)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Rate = Annotated[int, Meta(ge=0, le=400)]  # a minute, or mmHg
Tenths = Annotated[int, Meta(ge=0, le=20_000)]
Why = Annotated[str, Meta(min_length=1, max_length=500)]
Scale = Literal[1, 2]  # of SpO2, as NEWS2 counts it


class VitalSigns(Struct, frozen=True, forbid_unknown_fields=True):
    """One set of vital signs, or that there was none and why. What is empty was not measured.

    Temperature and weight are in tenths of the unit in which they were typed. ``oxygen`` is the
    saturation in percent, ``air`` what was breathed. ``awareness`` is ACVPU; ``confused`` means
    newly so. ``pain``: 0 to 10 in their own words. ``confirmed``: the measures that look mistyped
    and are not. ``asleep``: they slept and were not woken.
    """

    outcome: Literal["taken", "declined", "asleep"]
    why: FewWords = ""
    temperature_tenths: Tenths | None = None
    temperature_unit: Literal["", "c", "f"] = ""
    pulse: Rate | None = None
    breaths: Rate | None = None
    systolic: Rate | None = None
    diastolic: Rate | None = None
    position: Literal["", "lying", "sitting", "standing"] = ""
    oxygen: Percent | None = None
    air: Literal["", "air", "oxygen"] = ""
    awareness: Literal["", "alert", "confused", "voice", "pain", "unresponsive"] = ""
    pain: Annotated[int, Meta(ge=0, le=10)] | None = None
    weight_tenths: Tenths | None = None
    weight_unit: Literal["", "kg", "lb"] = ""
    confirmed: Codes = ()
    note: Note = ""
    nurse_should_know: FewWords = ""


class OxygenScale(Struct, frozen=True, forbid_unknown_fields=True):
    """From now on NEWS2 is worked out on this SpO2 scale. An order, with its reason.

    Scale 2 is for confirmed hypercapnic respiratory failure, with a target of 88 to 92 %.
    """

    scale: Scale
    why: Why
