"""Checks and levels from a desk: recorded, put right, struck out, ordered."""

from datetime import datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from milieu.admissions.services import discharge
from milieu.alerts.models import Alert
from milieu.kernel.ids import uuid7
from milieu.record.models import Entry
from milieu.rounds.models import Clock, LevelOrder, SafetyCheck
from milieu.rounds.shape import SafetyCheck as Said
from tests.cast import Cast, outcomes
from tests.pages import hidden, moment, now, text, to_mend

pytestmark = pytest.mark.django_db

SEEN = {"outcome": "seen", "place": "dayroom", "position": "sitting", "eyes": "open"}


@pytest.fixture
def cast(db):
    return Cast()


@pytest.fixture
def nora(client, cast):
    client.force_login(cast.nora)
    return client


def check_url(cast):
    return reverse("check", args=[cast.rosa.pk])


def clock(cast):
    return Clock.objects.visible_to(cast.nora).get(stay=cast.rosa)


def test_a_check_from_a_desk_sets_the_clock(nora, cast):
    cast.order(cast.rosa)
    seen_at = now().replace(second=0, microsecond=0) - timedelta(minutes=2)
    said = {"entry_id": uuid7(), **moment(seen_at), **SEEN}
    answer = nora.post(check_url(cast), said)

    assert answer["Location"] == reverse("stay", args=[cast.rosa.pk])
    assert clock(cast).due_at == seen_at + timedelta(minutes=15)
    fact = SafetyCheck.objects.as_system("a test").get()
    assert (fact.place, fact.position, fact.eyes, fact.activity) == (
        "dayroom",
        "sitting",
        "open",
        "",
    )


def test_nothing_is_chosen_beforehand(nora, cast):
    assert "checked" not in text(nora.get(check_url(cast)))


def test_the_time_that_was_shown_is_kept_exactly_when_it_is_left_as_it_was(nora, cast):
    page = nora.get(check_url(cast))
    shown = hidden(page, "at_exact")
    said = {"entry_id": hidden(page), "at_exact": shown, **SEEN}
    said |= moment(datetime.fromisoformat(shown))
    assert nora.post(check_url(cast), said).status_code == 302
    entry = Entry.objects.visible_to(cast.nora).get(kind="round.check")
    assert entry.happened_at.isoformat() == shown


def test_a_late_entry_is_said_and_moves_no_due_time(nora, cast):
    cast.order(cast.rosa)
    before = clock(cast).due_at
    said = {"entry_id": uuid7(), **moment(now() - timedelta(minutes=20)), **SEEN}
    answer = nora.post(check_url(cast), said)

    (message,) = get_messages(answer.wsgi_request)
    assert "recorded as a late entry" in str(message)
    assert clock(cast).due_at == before


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"outcome": ""}, ["Outcome: Choose one."]),
        ({"place": ""}, ["Where: Say where this person was seen."]),
        ({"outcome": "refused"}, ["Why not seen: Say why this person was not seen."]),
        (
            {"nurse_should_know": "x" * 141},
            ["The nurse should know: Ensure this value has at most 140 characters (it has 141)."],
        ),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(nora, cast, said, refused):
    given = {"entry_id": uuid7(), **moment(now()), **SEEN, "note": "Humming a tune", **said}
    page = nora.post(check_url(cast), given)
    assert page.status_code == 422
    assert to_mend(page) == refused
    assert "Humming a tune" in text(page)


def test_breathing_that_could_not_be_seen_may_say_why(nora, cast):
    said = {"entry_id": uuid7(), **moment(now()), **SEEN, "breathing": "not-seen", "why": "covered"}
    assert nora.post(check_url(cast), said).status_code == 302
    assert SafetyCheck.objects.as_system("a test").get().why == "covered"


def test_a_part_that_does_not_apply_is_left_out(nora, cast):
    said = {"entry_id": uuid7(), **moment(now()), **SEEN, "outcome": "not-seen", "why": "not-found"}
    nora.post(check_url(cast), said)
    fact = SafetyCheck.objects.as_system("a test").get()
    assert (fact.outcome, fact.position, fact.eyes, fact.why) == ("not-seen", "", "", "not-found")


def test_sending_a_check_twice_records_it_once(nora, cast):
    said = {"entry_id": uuid7(), **moment(now()), **SEEN, "nurse_should_know": "Hand hurts"}
    assert [nora.post(check_url(cast), said).status_code for _ in range(2)] == [302, 302]
    assert SafetyCheck.objects.as_system("a test").count() == 1
    assert Alert.objects.visible_to(cast.nora).count() == 1


def by_dana(cast, **changes):
    seen_at = now() - timedelta(minutes=8)
    draft = cast.check(cast.rosa, seen_at, **changes)
    cast.store(draft)
    return draft


def amend_url(draft):
    return reverse("amend", args=[draft.entry_id])


def test_its_author_puts_a_check_right_and_both_stay(client, cast):
    cast.order(cast.rosa)
    draft = by_dana(cast)
    client.force_login(cast.dana)
    page = client.get(amend_url(draft))
    assert "Own room, lying, eyes closed, breathing seen" in text(page)

    said = {
        "entry_id": uuid7(),
        "at_exact": hidden(page, "at_exact"),
        **moment(draft.happened_at),
        **SEEN,
        "reason": "It was the dayroom",
    }
    assert client.post(amend_url(draft), said).status_code == 302
    entries = Entry.objects.visible_to(cast.nora).filter(kind="round.check")
    assert entries.count() == 2
    assert entries.current().get().safetycheck.place == "dayroom"
    assert clock(cast).last_at == draft.happened_at


def test_what_a_phone_wrote_whose_clock_was_ahead_is_put_right_and_keeps_its_time(client, cast):
    cast.order(cast.rosa)
    seen_at, ahead = now() - timedelta(minutes=8), timedelta(hours=2)
    draft = cast.check(cast.rosa, seen_at + ahead, clock_offset_ms=2 * 3_600_000)
    cast.store(draft, received_at=now())
    client.force_login(cast.dana)
    exact = hidden(client.get(amend_url(draft)), "at_exact")
    said = {
        "entry_id": uuid7(),
        **moment(draft.happened_at),
        **SEEN,
        "reason": "It was the dayroom",
    }
    page = client.post(amend_url(draft), said)
    assert "This time has not come yet" in text(page), "Only the very time that was recorded is."

    assert client.post(amend_url(draft), said | {"at_exact": exact}).status_code == 302
    assert clock(cast).last_at == seen_at


def test_a_check_is_struck_out_with_a_reason(client, cast):
    draft = by_dana(cast)
    client.force_login(cast.lena)
    said = {"strike": "1", "strike-entry_id": uuid7()}

    assert to_mend(client.post(amend_url(draft), said)) == ["Why it is struck out: Fill this in."]
    answers = [
        client.post(amend_url(draft), said | {"strike-reason": "It was John"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert not Entry.objects.visible_to(cast.nora).filter(kind="round.check").current().exists()


@pytest.mark.parametrize("hours", [-2, 2])
def test_what_a_wrong_clock_puts_outside_of_the_stay_is_struck_out_all_the_same(
    client, cast, hours
):
    seen_at, off = now() - timedelta(minutes=8), timedelta(hours=hours)
    stay = cast.arrive("Ana", "Ruiz", at=seen_at - timedelta(minutes=30))
    draft = cast.check(stay, seen_at + off, clock_offset_ms=hours * 3_600_000)
    assert outcomes(cast.store(draft, received_at=now())) == ["stored"]
    discharge(entry_id=uuid7(), stay=stay, at=now() - timedelta(minutes=2), by=cast.nora)
    client.force_login(cast.lena)
    said = {"strike": "1", "strike-entry_id": uuid7(), "strike-reason": "It was John"}
    assert client.post(amend_url(draft), said).status_code == 302


def test_an_amendment_that_changes_nothing_is_not_recorded(client, cast):
    draft = by_dana(cast)
    client.force_login(cast.dana)
    page = client.get(amend_url(draft))
    said = {
        "entry_id": uuid7(),
        "at_exact": hidden(page, "at_exact"),
        **moment(draft.happened_at),
        "outcome": "seen",
        "place": "own-room",
        "position": "lying",
        "eyes": "closed",
        "breathing": "seen",
        "reason": "Hm",
    }
    answer = client.post(amend_url(draft), said)
    assert "Nothing here differs from the entry" in to_mend(answer)[0]


def test_a_concern_that_stays_the_same_is_raised_once(client, cast):
    draft = by_dana(cast, fact=Said(outcome="seen", place="hall", nurse_should_know="Hand hurts"))
    client.force_login(cast.dana)
    page = client.get(amend_url(draft))
    said = {
        "entry_id": uuid7(),
        "at_exact": hidden(page, "at_exact"),
        **moment(draft.happened_at),
        **SEEN,
        "nurse_should_know": "Hand hurts",
        "reason": "It was the dayroom",
    }
    client.post(amend_url(draft), said)
    assert Alert.objects.visible_to(cast.nora).count() == 1


@pytest.mark.parametrize(
    ("who", "status"), [("dana", 200), ("lena", 200), ("nora", 403), ("theo", 404)]
)
def test_only_its_author_or_a_lead_may_put_a_check_right(client, cast, who, status):
    draft = by_dana(cast)
    client.force_login(getattr(cast, who))
    assert client.get(amend_url(draft)).status_code == status


def test_a_level_is_ordered_with_its_reason(nora, cast):
    at = now().replace(second=0, microsecond=0) - timedelta(minutes=1)
    said = {"entry_id": uuid7(), "level": "q30", "why": "Settled", **moment(at)}
    url = reverse("level-order", args=[cast.rosa.pk])

    assert to_mend(nora.post(url, said | {"why": ""})) == ["Why: Fill this in."]
    for _ in range(2):
        answer = nora.post(url, said)
        assert answer.status_code == 302
    assert LevelOrder.objects.as_system("a test").count() == 1
    due = f"{at + timedelta(minutes=30):%H:%M}"
    told = [str(each) for each in get_messages(answer.wsgi_request)]
    assert told[-1] == f"Q30 is ordered. The next check is due by {due}."
    assert clock(cast).level == "q30"
    assert "Q30: At least every 30 minutes" in text(nora.get(url))


def test_a_named_observer_is_asked_for_where_the_level_needs_one(nora, cast):
    said = {"entry_id": uuid7(), "level": "one-to-one", "why": "Asked for it", **moment(now())}
    url = reverse("level-order", args=[cast.rosa.pk])

    assert to_mend(nora.post(url, said)) == [
        "Who stays with them: This level needs someone by name. Choose who stays with them."
    ]
    nora.post(url, said | {"observer": str(cast.dana.pk)})
    assert clock(cast).observer == cast.dana


def test_a_technician_is_told_who_orders_levels(client, cast):
    client.force_login(cast.dana)
    page = client.get(reverse("level-order", args=[cast.rosa.pk]))
    assert page.status_code == 403
    assert "A nurse or a prescriber can do this here." in text(page)


@pytest.mark.parametrize("name", ["check", "level-order"])
def test_a_person_of_another_unit_is_not_there(client, cast, name):
    client.force_login(cast.sana)
    assert client.get(reverse(name, args=[cast.rosa.pk])).status_code == 404
