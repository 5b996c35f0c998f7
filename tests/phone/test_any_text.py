"""Whatever somebody types, pastes or dictates into a note: kept as it was, or refused alone."""

import json
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milieu.kernel import clock
from milieu.people.services import new_enrol_code
from milieu.record.models import Entry
from tests.cast import Cast
from tests.phone.test_push import SEEN, Phone

pytestmark = pytest.mark.django_db

NASTY = [
    "",
    "\x00",
    "a\x00b",
    "\u202eright to left\u202c",
    "Z\u0341a\u0300l\u0315g\u0358o",
    "'; DROP TABLE record_entry; --",
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "{{ 7 * 7 }} %s %(x)s {0}",
    "\N{GRINNING FACE}" * 250,
    "\x1b[2J\r\n\t",
    "\ufeff\u200b\u2028",
    "e\u0301",
    "x" * 501,
]
ANY = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)
HALF = "\ud800"  # of a pair of surrogates, as a broken keyboard sends it: no text in UTF-8


@pytest.fixture
def phone(db):
    return Phone(Cast())


@given(text=ANY)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_any_text_is_kept_as_it_was_or_refused_alone(phone, text):
    pushed_with(phone, text)


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_text_that_breaks_other_programs_is_kept_as_it_was_or_refused_alone(phone, text):
    pushed_with(phone, text)


def test_half_a_sign_makes_the_body_no_json_and_nothing_of_it_is_stored(phone):
    """A phone then halves what it sends until it has found the one entry."""
    good, odd = phone.entry(), phone.entry(fact=SEEN | {"note": HALF})
    answer = phone.post("push", json.dumps(push_of(phone, odd, good)))

    assert (answer.status_code, answer.json()["code"]) == (400, "not-json")
    assert not Entry.objects.as_system("test").filter(kind="round.check").exists()


def pushed_with(phone, text):
    good, odd = phone.entry(), phone.entry(fact=SEEN | {"note": text})
    answer = phone.post("push", json.dumps(push_of(phone, odd, good)))

    assert answer.status_code == 200, answer.content
    first, second = answer.json()["answers"]
    assert second["outcome"] == "stored"
    assert (first["outcome"], bool(first["code"])) in (("stored", False), ("refused", True))
    if first["outcome"] == "stored":
        entry = Entry.objects.as_system("test").select_related("safetycheck").get(pk=first["seq"])
        assert entry.safetycheck.note == unicodedata.normalize("NFC", text).strip()


def push_of(phone, *entries):
    return {
        "wire": 1,
        "device": str(phone.device.pk),
        "sent_at": entries[0]["written_at"],
        "entries": list(entries),
    }


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("session", {"username": "dana\x00", "password": "x"}),
        ("enrol", {"name": "Phone\x00"}),
    ],
)
def test_text_that_cannot_be_stored_is_refused_in_the_phones_language(phone, path, body):
    cast, headers = phone.cast, phone.headers() | {"Accept-Language": "es"}
    code = new_enrol_code(cast.north, by=cast.lena, at=clock.now())

    told = phone.client.post(
        f"/phone/{path}", body | {"code": code}, "application/json", headers=headers
    ).json()

    assert told["code"] == "text-unusable"
    assert told["message"].startswith("Este texto tiene un signo que no se puede guardar.")
