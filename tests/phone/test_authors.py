"""What is sent in somebody else's name: theirs if it may be, and with proof where it binds them."""

from datetime import timedelta
from uuid import UUID

import pytest

from milieu.kernel import clock
from milieu.people.models import Grant
from milieu.people.proof import proof_of
from milieu.people.services import token_sha256
from milieu.record.models import Entry
from milieu.rounds.models import Hold
from tests.cast import Cast
from tests.phone.test_push import Phone, outcomes

pytestmark = pytest.mark.django_db

START = {
    "devices": ["four-limb"],
    "danger": "Hits",
    "criteria": ["Speaks in a quiet voice"],
    "applied_by": [],
    "basis": "emergency",
    "tried": ["talk"],
    "tried_words": "",
    "observer": None,
}


@pytest.fixture
def phone(db):
    cast = Cast()
    cast.order(cast.rosa)
    return Phone(cast)


def used_by(phone, person):
    """Have somebody sign in on this phone, then Dana again; return their session's token."""
    phone.sign_in(person)
    token = phone.session
    phone.sign_in(phone.cast.dana)
    return token


def of(person, token, entry):
    return entry | {
        "author": str(person.pk),
        "proof": proof_of(token_sha256(token), UUID(entry["id"])),
    }


def accepting(phone):
    """Dana has Rosa, offers her to Lena, and holds the phone that Lena used before."""
    lena = str(phone.cast.lena.pk)
    offer = phone.entry(
        kind="round.offer", fact={"purpose": "shift", "to": lena, "sharps": "none", "level": "q15"}
    )
    phone.push(phone.entry(kind="round.take", fact={"without": None}), offer)
    return phone.entry(kind="round.reply", fact={"offer": offer["id"], "says": "accept"})


def striking(phone):
    """Lena wrote a check that somebody would rather not have."""
    check = phone.entry(author=str(phone.cast.lena.pk))
    phone.push(check)
    return phone.entry(fact=None, amends=check["id"], reason="A mistake")


def taking(phone):
    return phone.entry(kind="round.take", fact={"without": None})


def examining(phone):
    start = phone.entry(kind="restraint.start", fact=START)
    phone.push(start)
    said = {"what": "nurse-exam", "capacity": "registered-nurse", "how": "in-person"}
    return phone.entry(kind="restraint.seen", fact={"application": start["id"], **said})


@pytest.mark.parametrize("said", [accepting, striking, taking])
def test_what_binds_a_colleague_is_taken_in_their_name_with_their_proof_alone(phone, said):
    lena = phone.cast.lena
    token = used_by(phone, lena)
    entry = said(phone)
    theirs = of(lena, token, entry)

    assert outcomes(phone.push(entry | {"author": str(lena.pk)})) == ["not-proved"]
    assert outcomes(phone.push(of(lena, phone.session, entry))) == ["not-proved"]
    assert outcomes(phone.push(theirs | {"proof": of(lena, token, phone.entry())["proof"]})) == [
        "not-proved"
    ]
    assert outcomes(phone.push(theirs)) == ["stored"]


def test_a_technician_signs_no_exam_as_the_nurse_who_was_here(phone):
    nora = phone.cast.nora
    used_by(phone, nora)
    exam = examining(phone) | {"author": str(nora.pk)}

    (answer,) = phone.push(exam).json()["answers"]
    assert (answer["code"], answer["field"]) == ("not-proved", "proof")


def test_nobody_is_rid_of_a_watch_by_accepting_it_for_who_is_at_home(phone):
    used_by(phone, phone.cast.lena)
    phone.push(accepting(phone) | {"author": str(phone.cast.lena.pk)})

    assert Hold.objects.as_system("test").get(stay=phone.cast.rosa).holder == phone.cast.dana


def test_what_was_refused_for_want_of_proof_is_taken_from_its_author(phone):
    lena = phone.cast.lena
    used_by(phone, lena)
    entry = accepting(phone) | {"author": str(lena.pk)}
    phone.push(entry)

    phone.sign_in(lena)
    assert outcomes(phone.push(entry)) == ["stored"]


def test_who_has_lost_the_role_writes_nothing_that_counts_now(phone):
    Grant.objects.filter(person=phone.cast.dana).update(ends_at=clock.now() - timedelta(hours=48))

    assert outcomes(phone.push(phone.entry(clock=None))) == ["unknown-stay"]
    assert not Entry.objects.as_system("test").filter(kind="round.check").exists()
