"""What was written does not drop when something else about it is put right at a desk."""

from datetime import timedelta

import pytest
from django.urls import reverse

from milieu.crisis import kinds
from milieu.kernel.ids import uuid7
from milieu.people.models import Grant, Person
from milieu.record.models import Entry
from tests.crisis.acts import MIN, Acts
from tests.pages import now, unchanged

pytestmark = pytest.mark.django_db

SIX = tuple(f"Has been quiet for {n} minutes" for n in range(5, 11))
WHEN = timedelta(minutes=20)


@pytest.fixture
def lena(client, cast):
    """Return a browser in which Lena, who leads and may put right what others wrote, works."""
    client.force_login(cast.lena)
    return client


@pytest.fixture
def acts(cast):
    """Return an application of Rosa, as a phone tells of it."""
    return Acts(cast, phone=True)


def newest(kind):
    """Return the entry of a kind that stands."""
    return Entry.objects.as_system("test").current().filter(kind=kind).order_by("seq").last()


def leave(*people):
    """Let these people work here no longer."""
    Grant.objects.filter(person__in=people).update(ends_at=now() - 2 * MIN)
    Person.objects.filter(pk__in=[each.pk for each in people]).update(is_active=False)


def put_right(client, kind, **changes):
    """Put the newest of a kind right; return its fact as it stands then."""
    wrong = newest(kind)
    url = reverse("restraint-amend", args=[wrong.entry_id])
    sent = unchanged(client.get(url).context["form"]) | {"reason": "Misheard", "entry_id": uuid7()}
    answer = client.post(url, sent | changes)
    assert answer.status_code == 302, answer.context["form"].errors
    found = newest(kind)
    assert found.amends_id == wrong.seq
    return getattr(found, kinds.FACTS[kind])


def test_every_release_criterion_of_a_phone_stays_and_one_more_can_be_written(lena, cast, acts):
    assert acts.start(now() - WHEN, criteria=SIX[:5]) == "stored"
    row = put_right(lena, kinds.START, danger="Ran at John with a chair", criterion_6=SIX[5])
    assert row.criteria.splitlines() == list(SIX)
    assert put_right(lena, kinds.START).criteria.splitlines() == list(SIX)


def test_who_did_it_stays_also_when_they_left_or_were_never_known_here(lena, cast, acts):
    stranger = uuid7()
    people = (cast.dana.pk, cast.thea.pk, stranger)
    acts.start(now() - WHEN, by=cast.nora, applied_by=people, observer=cast.thea.pk)
    leave(cast.thea, cast.dana)
    row = put_right(lena, kinds.START, danger="Ran at John with a chair")
    assert set(row.people) == set(people)
    assert row.observer_id == cast.thea.pk


def test_who_observes_stays_when_they_left(lena, cast, acts):
    acts.start(now() - WHEN, by=cast.nora)
    acts.change("observer", now() - 5 * MIN, observer=cast.dana, by=cast.nora)
    leave(cast.dana)
    row = put_right(lena, kinds.CHANGE, why="A meal")
    assert (row.observer_id, row.why) == (cast.dana.pk, "A meal")


def test_criteria_that_were_met_stay_as_they_were_read(lena, cast, acts):
    acts.start(now() - WHEN)
    acts.look(now() - 5 * MIN, met=("Talks in a quiet voice",))
    put_right(lena, kinds.START, criterion_1="Talks quietly")
    row = put_right(lena, kinds.CHECK, note="Drank a cup")
    assert row.met == "Talks in a quiet voice"


def test_whoever_puts_an_evaluation_right_does_not_change_in_which_capacity_it_was(lena, acts):
    acts.start(now() - WHEN)
    acts.see("face-to-face", now() - 5 * MIN)
    row = put_right(lena, kinds.SEEN, condition="Pulse uneven, oriented")
    assert (row.capacity, row.condition) == ("physician", "Pulse uneven, oriented")


def test_whoever_ordered_stays_when_they_left(nora, cast, acts):
    acts.start(now() - WHEN)
    acts.phone = False
    assert acts.order(now() - 5 * MIN, by=cast.nora, how="telephone") == "stored"
    leave(cast.petra)
    row = put_right(nora, kinds.ORDER, why="Still hits out at whoever comes near")
    assert row.ordered_by_id == cast.petra.pk


def test_a_word_that_a_unit_has_no_longer_stays(lena, cast, acts, monkeypatch):
    acts.start(now() - WHEN)
    acts.change("on", now() - 5 * MIN, "locked-room")
    pack = cast.north.pack.restraint
    for name in ("devices", "tried"):
        kept = tuple(each for each in getattr(pack, name) if each.code in ("two-limb", "choices"))
        monkeypatch.setattr(type(pack), name, kept)
    row = put_right(lena, kinds.START, danger="Ran at John with a chair")
    assert (row.devices, row.tried) == ("four-limb", "choices talk")
    assert put_right(lena, kinds.CHANGE, why="Hit out").device == "locked-room"


def test_what_is_about_a_start_that_has_not_arrived_can_be_put_right(client, cast, acts):
    client.force_login(cast.dana)
    assert acts.look(now() - 5 * MIN, note="Drank") == "stored"
    row = put_right(client, kinds.CHECK, note="Drank a cup")
    assert (row.application, row.note) == (acts.id, "Drank a cup")
