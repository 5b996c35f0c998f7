"""What codes of this room are called on screens and on paper."""

from typing import Final

from django.utils.translation import gettext_lazy as _

CAPACITY_NAMES: Final = {
    "physician": _("physician"),
    "practitioner": _("other licensed practitioner"),
    "physician-assistant": _("physician assistant"),
    "psychologist": _("psychologist"),
    "registered-nurse": _("registered nurse"),
    "practical-nurse": _("practical nurse"),
    "technician": _("technician or other staff"),
}
VALUES: Final = {  # what a law says of a figure, where it is not a number
    **CAPACITY_NAMES,
    "as-soon-as-possible": _("as soon as possible"),
    "next-business-day": _("by the close of the next business day"),
    "never": _("never"),
    "second-physician": _("after a second physician"),
    "examined": _("after they were seen and assessed"),
    "forbidden": _("forbidden"),
    "required": _("required"),
    "in-person": _("somebody in person"),
    "in-person-or-video": _("somebody in person, or by video and audio"),
    "yes": _("yes"),
    "prone-hold": _("holding somebody face down"),
    "supine-hold": _("holding somebody face up"),
    "four-limb": _("four limbs strapped"),
    "two-point-soft-wrist": _("two soft wrist restraints"),
    "locked-room": _("a locked room"),
}
CPR: Final = "cpr"
SORTS: Final = {
    "personal": _("Held by hands"),
    "mechanical": _("Mechanical restraint"),
    "seclusion": _("Seclusion"),
}
TRAINED: Final = {**SORTS, CPR: _("Resuscitation (CPR)")}
ATTENDING: Final = {"yes": _("Yes"), "no": _("No")}
HOW: Final = {
    "in-person": _("in person"),
    "telephone": _("by telephone"),
    "video": _("by video"),
}
BASIS: Final = {"emergency": _("An emergency; an order follows"), "order": _("An order was given")}
SEEN: Final = {
    "face-to-face": _("Face-to-face evaluation"),
    "nurse-exam": _("Examined by a nurse"),
    "physician": _("Examined by a physician"),
    "second-physician": _("Seen by a second physician"),
    "consult": _("Attending or practitioner consulted"),
    "wellbeing": _("Well-being looked at after release"),
    "guardian-told": _("Parent or guardian told"),
    "order-signed": _("A spoken order signed"),
}
GO_ON: Final = {"go-on": _("It has to go on"), "end": _("It ends")}
INJURIES: Final = {
    "none": _("Nobody was hurt"),
    "person": _("The person was hurt"),
    "staff": _("Somebody of the staff was hurt"),
    "both": _("The person and staff were hurt"),
}
WHO: Final = {"person": _("With the person"), "staff": _("Among staff")}
HELD: Final = {"held": _("It was held"), "declined": _("Offered and declined")}
# Each part of a check: its name, and its answers.
LOOKS: Final = {
    "circulation": (_("Circulation"), {"good": _("warm, good color"), "concern": _("concern")}),
    "breathing": (_("Breathing"), {"good": _("easy"), "concern": _("concern")}),
    "skin": (_("Skin under devices"), {"good": _("whole"), "concern": _("concern")}),
    "motion": (
        _("Limbs moved"),
        {"done": _("done"), "declined": _("declined"), "unsafe": _("not safe now")},
    ),
    "fluids": (
        _("Drink"),
        {"taken": _("taken"), "declined": _("declined"), "unsafe": _("not safe now")},
    ),
    "food": (
        _("Food"),
        {
            "taken": _("taken"),
            "declined": _("declined"),
            "not-time": _("not mealtime"),
            "unsafe": _("not safe now"),
        },
    ),
    "toilet": (
        _("Toilet"),
        {"used": _("used"), "declined": _("declined"), "unsafe": _("not safe now")},
    ),
    "dignity": (
        _("Dignity"),
        {"kept": _("covered, in private"), "mended": _("put right now")},
    ),
    "distress": (
        _("How they seem"),
        {"calm": _("calm"), "tense": _("tense"), "distressed": _("distressed")},
    ),
}
OCCURRED: Final = {
    "death": _("Death"),
    "serious-injury": _("Serious injury"),
    "suicide-attempt": _("Attempt to die"),
}
RELATION: Final = {
    "during": _("while restrained or secluded"),
    "within-24h": _("within 24 hours after release"),
    "within-week": _("within a week, and it may have contributed"),
    "none": _("not connected with restraint or seclusion"),
}
REPORTED_TO: Final = {
    "cms": _("CMS"),
    "state": _("State agency"),
    "advocates": _("Protection and advocacy"),
    "guardian": _("Parent or guardian"),
    "log": _("The hospital's own log"),
    "other": _("Somebody else"),
}
