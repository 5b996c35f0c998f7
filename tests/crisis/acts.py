"""What people of the cast do with somebody in restraint, each an entry of the record."""

from datetime import timedelta

from milieu.crisis import kinds, shape
from milieu.crisis.models import Trained
from milieu.kernel.ids import uuid7
from tests.cast import NIGHT, outcomes

MIN = timedelta(minutes=1)
TODAY = NIGHT.date()
CRITERIA = ("Talks in a quiet voice", "Says they will not hit anybody")


def train(*people, sorts=("personal", "mechanical", "seclusion"), today=TODAY):
    """Write down that these people are trained, for most of a year."""
    for person in people:
        for sort in sorts:
            Trained.objects.create(
                person=person,
                sort=sort,
                on=today - timedelta(days=30),
                until=today + timedelta(days=300),
                certified_by="C. Instructor",
                written_at=NIGHT,
            )


class Acts:
    """One application of somebody, from a page or from a phone."""

    def __init__(self, cast, stay=None, *, phone=False):
        self.cast, self.stay, self.phone = cast, stay or cast.rosa, phone
        self.id = uuid7()

    def draft(self, kind, fact, at, by=None, **more):
        device = {} if self.phone else {"device_id": None}
        given = {"kind": kind, "fact": fact, "author_id": (by or self.cast.dana).pk}
        return self.cast.check(self.stay, at, **given | device | more)

    def say(self, kind, fact, at, by=None, received_at=None, **more):
        """Store one entry, and return what became of it."""
        (said,) = outcomes(
            self.cast.store(self.draft(kind, fact, at, by, **more), received_at=received_at)
        )
        return said

    def start(self, at=NIGHT, by=None, received_at=None, entry_id=None, **changes):
        given = {
            "devices": ("four-limb",),
            "danger": "Hit Dana, and ran at John with a chair",
            "criteria": CRITERIA,
            "applied_by": (self.cast.dana.pk,),
            "basis": "emergency",
            "tried": ("talk", "choices"),
            "observer": self.cast.dana.pk,
        }
        fact = shape.Start(**given | changes)
        return self.say(kinds.START, fact, at, by, received_at, entry_id=entry_id or self.id)

    def change(self, what, at, device="", observer=None, by=None):
        who = observer.pk if observer else None
        fact = shape.Change(application=self.id, what=what, device=device, observer=who)
        return self.say(kinds.CHANGE, fact, at, by)

    def order(self, at, minutes=240, by=None, received_at=None, **changes):
        given = {
            "application": self.id,
            "sorts": ("mechanical",),
            "minutes": minutes,
            "how": "in-person",
            "ordered_by": self.cast.petra.pk,
            "capacity": "physician",
            "renews": False,
            "why": "Still hitting out",
        }
        fact = shape.Order(**given | changes)
        return self.say(kinds.ORDER, fact, at, by or self.cast.petra, received_at)

    def look(self, at, by=None, received_at=None, **changes):
        given = {"circulation": "good", "breathing": "good", "distress": "tense"}
        fact = shape.Check(application=self.id, **given | changes)
        return self.say(kinds.CHECK, fact, at, by, received_at)

    def see(self, what, at, by=None, **changes):
        given = {"capacity": "physician", "how": "in-person"}
        if what == "face-to-face":
            given |= {
                "situation": "On the bed, four limbs",
                "reaction": "Shouts less",
                "condition": "Pulse even, oriented",
                "go_on": "go-on",
            }
        fact = shape.Seen(application=self.id, what=what, **given | changes)
        return self.say(kinds.SEEN, fact, at, by or self.cast.petra)

    def end(self, at, by=None, received_at=None, **changes):
        given = {"state": "Sits on the bed, drinks water", "injuries": "none"}
        fact = shape.End(application=self.id, **given | changes)
        return self.say(kinds.END, fact, at, by, received_at)

    def debrief(self, who, at, by=None, **changes):
        given = {"outcome": "held", "helped": "To be asked before anybody touches her"}
        fact = shape.Debrief(application=self.id, who=who, **given | changes)
        return self.say(kinds.DEBRIEF, fact, at, by or self.cast.nora)
