"""Behavior at a desk: written, read, put right."""

import pytest
from django.urls import reverse

from milieu.behavior.models import ShiftSeen
from milieu.kernel.ids import uuid7
from milieu.record.models import Entry
from tests.pages import send, text, to_mend

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


def shift(client, cast, **changes):
    given = {
        "shift": "day",
        "outcome": "seen",
        "activity": "5",
        "company": "with",
        "mood": "happy to be here",
        "declined": ["meal", "talk"],
        "agitation": ["none"],
        "requests": "3",
    }
    return send(client, "behavior-shift", cast.rosa.pk, **given | changes)


def test_nothing_is_chosen_beforehand(nora, cast):
    page = text(nora.get(reverse("behavior-shift", args=[cast.rosa.pk])))
    assert "checked" not in page
    assert "Up and about, at an even pace" in page


def test_a_shift_is_recorded_and_read_in_the_words_of_the_unit(nora, cast):
    assert shift(nora, cast).status_code == 302
    row = ShiftSeen.objects.as_system("a test").get()
    assert (row.activity, row.requests, row.declined) == (5, 3, "meal talk")
    for page in ("stay", "behavior"):
        shown = text(nora.get(reverse(page, args=[cast.rosa.pk])))
        assert "Day: Busy most of the time. With others. Said: “happy to be here”." in shown
        assert "Asked 3 times. Declined: a meal, a talk." in shown


def test_what_does_not_apply_to_who_was_not_seen_is_left_out(nora, cast):
    assert shift(nora, cast, outcome="not-seen", why="away").status_code == 302
    row = ShiftSeen.objects.as_system("a test").get()
    assert (row.why, row.activity, row.agitation) == ("away", None, "")


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(nora, cast):
    answer = shift(nora, cast, agitation=["none", "pacing"])
    assert answer.status_code == 422
    assert any("Both cannot be so" in each for each in to_mend(answer))
    assert "happy to be here" in text(answer)


def test_an_episode_is_recorded_and_read(nora, cast):
    given = {
        "antecedent": "Visit was cancelled",
        "behavior": "Threw a cup",
        "consequence": "Sat with Nora, then slept",
        "count": "1",
        "duration_min": "4",
        "intensity": "2",
    }
    assert send(nora, "behavior-episode", cast.rosa.pk, **given).status_code == 302
    shown = text(nora.get(reverse("behavior", args=[cast.rosa.pk])))
    assert "Before: Visit was cancelled. Seen: Threw a cup. After: Sat with Nora" in shown
    assert "1 time. 4 min in all" in shown


def test_its_author_puts_it_right_or_strikes_it_out_and_both_stay(nora, cast):
    shift(nora, cast)
    entry = Entry.objects.as_system("test").get(kind="behavior.shift")
    page = nora.get(reverse("behavior-shift-amend", args=[entry.entry_id]))
    assert 'value="happy to be here"' in text(page)

    given = {"shift": "day", "outcome": "seen", "activity": "3", "reason": "Slower after lunch"}
    assert send(nora, "behavior-shift-amend", entry.entry_id, **given).status_code == 302
    second = Entry.objects.as_system("test").current().get(kind="behavior.shift")
    assert second.shiftseen.activity == 3

    strike = {"strike": "1", "strike-reason": "Wrong person", "strike-entry_id": uuid7()}
    assert send(nora, "behavior-shift-amend", second.entry_id, **strike).status_code == 302
    assert not Entry.objects.as_system("test").current().filter(kind="behavior.shift").exists()
    assert "Slower after lunch" in text(nora.get(reverse("stay", args=[cast.rosa.pk])))


def test_the_page_of_an_entry_leads_to_putting_it_right(nora, cast):
    shift(nora, cast)
    entry = Entry.objects.as_system("test").get(kind="behavior.shift")
    page = text(nora.get(reverse("entry", args=[entry.entry_id])))
    assert reverse("behavior-shift-amend", args=[entry.entry_id]) in page


def test_who_only_reads_finds_no_way_to_write(client, cast):
    client.force_login(cast.thea)
    page = text(client.get(reverse("stay", args=[cast.rosa.pk])))
    assert reverse("behavior", args=[cast.rosa.pk]) in page
    assert reverse("behavior-shift", args=[cast.rosa.pk]) not in page
