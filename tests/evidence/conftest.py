"""A night of the cast, and the evidence about Rosa from it."""

import io
import zipfile
from datetime import timedelta

import pytest

from milieu.evidence.choosing import Asked, same_person
from milieu.evidence.package import write
from milieu.kernel.ids import uuid7
from milieu.rounds.handing import TAKE
from milieu.rounds.shape import Take
from milieu.seals.sealing import seal
from tests.alerts.work import begin
from tests.alerts.work import leave as sign_out
from tests.cast import LYING, NIGHT, Cast

START, END = NIGHT - timedelta(minutes=30), NIGHT + timedelta(hours=4)
MADE = NIGHT + timedelta(days=1)


def lived(cast):
    """Let a night pass: orders, a list taken, checks, one late, one put right, a gap, nobody."""
    for stay in (cast.rosa, cast.john):
        cast.order(stay)
    early = NIGHT - timedelta(hours=2)
    begin(cast, cast.dana, at=early)
    cast.store(
        cast.check(cast.rosa, NIGHT - timedelta(minutes=40)),
        cast.check(cast.rosa, early, kind=TAKE, fact=Take()),
        cast.check(cast.john, early, kind=TAKE, fact=Take()),
    )
    seal(NIGHT)
    for number in range(8):
        at = NIGHT + timedelta(minutes=14 * number)
        cast.store(cast.check(cast.rosa, at), cast.check(cast.john, at))
    wrong = cast.check(cast.rosa, NIGHT + timedelta(minutes=100))
    seal(NIGHT)
    cast.store(wrong)
    cast.store(
        cast.check(
            cast.rosa,
            NIGHT + timedelta(minutes=100),
            entry_id=uuid7(),
            amends=wrong.entry_id,
            reason="It was the dayroom",
        )
    )
    late = NIGHT + timedelta(minutes=150)
    cast.store(cast.check(cast.rosa, late, written_at=late + timedelta(minutes=38)))
    after = NIGHT + timedelta(minutes=200)
    sign_out(cast.dana, at=after)
    cast.store(cast.check(cast.rosa, NIGHT + timedelta(hours=6), fact=LYING))
    return cast


@pytest.fixture
def cast(db):
    return lived(Cast())


def evidence(cast, stay=None, start=START, end=END, by="Priya Nair", **more):
    """Return the zip as bytes."""
    people = same_person(stay.patient) if stay else frozenset()
    asked = Asked(facility=cast.facility, people=people, start=start, end=end)
    out = io.BytesIO()
    write(asked, out, by=by, now=MADE, language="en", **more)
    return out.getvalue()


def unpacked(packed):
    """Return the files by name."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
