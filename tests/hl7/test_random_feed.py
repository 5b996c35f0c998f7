"""A feed that sends anything, twice, late and in the wrong order: the list stays explainable."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from milieu.census.models import Facility, Standing
from milieu.census.services import HERE
from milieu.keeping.projected import differing
from milieu.record.models import Entry
from tests.cast import unit_named
from tests.hl7.feed import adt, send

pytestmark = pytest.mark.django_db

BEGAN = datetime(2026, 3, 1, 8, tzinfo=UTC)
EVENTS = ["A01", "A01", "A02", "A03", "A04", "A08", "A11", "A12", "A13", "A21", "A22", "A28", "A40"]
PEOPLE = [
    ("1", "Silva^Ana", "19880412"),
    ("2", "Low^Kim", "19700707"),
    ("3", "Roy^Lee", "19910203"),
]
MESSAGES = 40


def stamp(moment):
    return f"{moment:%Y%m%d%H%M%S}+0000"


def message(chance, number):
    """Return any event about any of three people, at any time of three days."""
    event, (mrn, name, born) = chance.choice(EVENTS), chance.choice(PEOPLE)
    at = BEGAN + timedelta(minutes=chance.randrange(3 * 24 * 60))
    other = chance.choice([person for person in PEOPLE if person[0] != mrn])
    return adt(
        event,
        number=f"{mrn}^^^ELMHOSP^MR",
        name=name,
        born=born,
        control=str(number),
        sent=stamp(at + timedelta(minutes=5)),
        evn=f"EVN|{event}|{stamp(at)}",
        admitted=stamp(at),
        discharged=stamp(at) if event == "A03" else "",
        place=chance.choice(["NORTH^01", "NORTH^02", "SOUTH^01", "SOUTH"]),
        more=f"MRG|{other[0]}^^^ELMHOSP^MR" if event == "A40" else "",
    )


def record():
    entries = Entry.objects.as_system("a test compares").order_by("seq")
    return list(entries.values_list("seq", "entry_id", "stay_id", "content_sha256"))


@pytest.mark.parametrize("seed", range(5))
def test_whatever_a_feed_sends_no_entry_moves_and_nobody_is_on_the_list_twice(seed):
    north = unit_named(Facility.objects.create(name="Elm", code="ELM"), "North")
    unit_named(north.facility, "South")
    chance, kept, became, sent = Random(seed), [], Counter(), []
    for number in range(MESSAGES):
        text = chance.choice(sent) if sent and chance.random() < 0.2 else message(chance, number)
        sent.append(text)
        became.update(answer.outcome for answer in send(text))
        now = record()
        assert now[: len(kept)] == kept  # what was there is there, as it was
        kept = now

    here = (
        Standing.objects.as_system("test")
        .filter(state__in=HERE)
        .values_list("stay__patient", flat=True)
    )
    assert [patient for patient, count in Counter(here).items() if count > 1] == []
    assert differing() == []
    assert {"taken", "refused"} <= set(became)
