"""A word that a unit has given up stays where it was said, whatever else there is put right."""

import pytest
from django.urls import reverse

from milieu.behavior import services as behavior
from milieu.behavior.shape import ShiftSeen
from milieu.calm import services as calm
from milieu.calm.shape import Tried
from milieu.census.packs import Intake
from milieu.incident import services as incident
from milieu.incident.shape import Mark
from milieu.intake.shape import Meal
from milieu.kernel.ids import uuid7
from milieu.record.kinds import fact_of
from milieu.record.models import Entry
from milieu.rounds import services as rounds
from milieu.rounds.shape import SafetyCheck
from tests.cast import outcomes
from tests.pages import now, unchanged

pytestmark = pytest.mark.django_db


class Every:
    """The words of a unit that has a word for everything."""

    def __contains__(self, code):
        return True


ONCE = {
    "round.check": (
        SafetyCheck(outcome="seen", place="smoking-room", activity="juggling", note="Hums"),
        "amend",
        {"note": "Hums a tune"},
    ),
    "behavior.shift": (
        ShiftSeen(shift="day", outcome="seen", declined=("meal", "bingo")),
        "behavior-shift-amend",
        {"mood": "happy to be here"},
    ),
    "intake.meal": (
        Meal(meal="elevenses", outcome="declined", why="too-hot"),
        "intake-meal-amend",
        {"note": "Had tea"},
    ),
    "calm.tried": (
        Tried(of="way", code="ice-cube", words="Ice in the hand", did="calmer"),
        "tried-amend",
        {"note": "Asked for it"},
    ),
    "incident.mark": (
        Mark(incident=uuid7(), what="whistled", place="smoking-room"),
        "incident-mark-amend",
        {"words": "Twice"},
    ),
}


@pytest.fixture
def in_old_words(monkeypatch):
    """Let entries be stored with words that a unit had once."""

    def old(*_given):
        return Every()

    with monkeypatch.context() as then:
        for room in (rounds, behavior, incident):
            then.setattr(room, "words", old)
        then.setattr(Intake, "words", old)
        then.setattr(calm, "named", old)
        yield then


@pytest.mark.parametrize("kind", ONCE)
def test_it_stays_and_is_shown_as_chosen(nora, cast, in_old_words, kind):
    fact, page, change = ONCE[kind]
    draft = cast.check(cast.rosa, now(), kind=kind, fact=fact, author_id=cast.nora.pk)
    assert outcomes(cast.store(draft, received_at=now())) == ["stored"]
    in_old_words.undo()

    url = reverse(page, args=[draft.entry_id])
    sent = unchanged(nora.get(url).context["form"])
    answer = nora.post(url, sent | change | {"reason": "Misheard", "entry_id": uuid7()})

    assert answer.status_code == 302, answer.context["form"].errors
    before, after = Entry.objects.as_system("a test").filter(kind=kind).order_by("seq")
    differs = {
        field.attname
        for field in fact_of(before)._meta.concrete_fields
        if getattr(fact_of(before), field.attname) != getattr(fact_of(after), field.attname)
    }
    assert differs == {"entry_id", *change}


@pytest.mark.parametrize("kind", ONCE)
def test_it_is_refused_where_it_was_not_said_before(cast, kind):
    fact, _page, _change = ONCE[kind]
    (answer,) = cast.store(cast.check(cast.rosa, kind=kind, fact=fact))
    assert (answer.outcome, answer.code) == ("refused", "unknown-code")
