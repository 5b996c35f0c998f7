"""A night's work at a desk: begin, order, check, examine, release, talk it over, print."""

from datetime import timedelta

import pytest
from django.urls import reverse

from milieu.board.render import Wanted, board
from milieu.crisis import kinds
from milieu.crisis.models import Application, ListedLaw, Trained
from milieu.crisis.training import trained
from milieu.kernel.ids import uuid7
from milieu.record.models import Entry
from tests.crisis.acts import CRITERIA, MIN, Acts, train
from tests.pages import moment, now, send, text, to_mend

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


@pytest.fixture
def begun(cast):
    """Rosa has been in four limb restraint for twenty minutes."""
    train(cast.dana, cast.lena, today=now().date())
    acts = Acts(cast)
    assert acts.start(now() - 20 * MIN) == "stored"
    return acts


def given(cast, **changes):
    return {
        "devices": ["four-limb"],
        "danger": "Hit Dana, and ran at John with a chair",
        "basis": "emergency",
        "applied_by": [str(cast.dana.pk)],
        "observer": str(cast.dana.pk),
        "criterion_1": CRITERIA[0],
        "criterion_2": CRITERIA[1],
        "tried": ["talk"],
    } | changes


def test_it_is_begun_at_a_desk_and_leads_to_the_order(nora, cast):
    train(cast.dana, today=now().date())
    answer = send(nora, "restraint-start", cast.rosa.pk, **given(cast))
    row = Application.objects.visible_to(cast.nora).get()
    assert answer["Location"] == reverse("restraint", args=[row.pk])
    page = text(nora.get(answer["Location"]))
    assert "Now the order" in page
    assert "An order is needed" in page
    assert "Four limbs strapped" in page
    assert CRITERIA[0] in page


def test_a_start_is_offered_on_the_persons_page_while_none_is_under_way(nora, cast, begun):
    start = [reverse("restraint-start", args=[each.pk]) for each in (cast.rosa, cast.john)]
    held, free = (
        text(nora.get(reverse("stay", args=[each.pk]))) for each in (cast.rosa, cast.john)
    )
    assert start[0] not in held
    assert start[1] in free.split("<details")[0]
    begun.end(now())
    assert start[0] in text(nora.get(reverse("stay", args=[cast.rosa.pk])))


def test_nothing_clinical_is_chosen_beforehand(nora, cast, begun):
    for name in ("check", "end", "debrief"):
        assert "checked" not in text(nora.get(reverse(f"restraint-{name}", args=[begun.id])))
    assert "checked" not in text(nora.get(reverse("restraint-start", args=[cast.john.pk])))


def test_only_who_is_trained_is_offered_and_others_stand_apart(nora, cast, begun):
    page = text(nora.get(reverse("restraint-start", args=[cast.john.pk])))
    assert "Dana Reyes (held by hands, mechanical restraint, seclusion)" in page
    assert "Nora Lind (" not in page
    assert "Not trained for it by our list" in page


def test_somebody_untrained_in_an_emergency_is_written_down_and_it_is_said(nora, cast):
    answer = send(
        nora,
        "restraint-start",
        cast.rosa.pk,
        **given(cast, applied_by=[], others=[str(cast.dana.pk)]),
    )
    assert answer.status_code == 302
    assert "Not trained for it by our list when it was written down: Dana R." in text(
        nora.get(answer["Location"])
    ).replace("\n", " ")


def test_somebody_has_to_have_done_it(nora, cast):
    answer = send(nora, "restraint-start", cast.rosa.pk, **given(cast, applied_by=[]))
    assert any("Say who did it" in each for each in to_mend(answer))


def test_a_prescriber_orders_and_the_page_says_the_longest_and_by_which_law(client, cast, begun):
    client.force_login(cast.petra)
    page = text(client.get(reverse("restraint-order", args=[begun.id])))
    assert "At most 240" in page
    order = {
        "sorts": ["mechanical"],
        "minutes": "300",
        "ordered_by": str(cast.petra.pk),
        "capacity": "physician",
        "how": "in-person",
        "why": "Still hits out",
    }
    answer = send(client, "restraint-order", begun.id, **order)
    assert any("482.13(e)" in each for each in to_mend(answer))
    assert send(client, "restraint-order", begun.id, **order | {"minutes": "60"}).status_code == 302
    page = text(client.get(reverse("restraint", args=[begun.id])))
    assert (
        "Ordered by Petra H. (physician, in person): mechanical restraint, at most 60 min" in page
    )
    assert "The order runs out" in page


def test_release_criteria_stand_at_every_check_and_all_met_says_release(nora, cast, begun):
    page = text(nora.get(reverse("restraint-check", args=[begun.id])))
    assert all(line in page for line in CRITERIA)
    said = {"circulation": "good", "breathing": "good", "met": list(CRITERIA)}
    assert send(nora, "restraint-check", begun.id, **said).status_code == 302
    for name, key in (("restraint", begun.id), ("stay", cast.rosa.pk)):
        assert "Criteria met: release now" in text(nora.get(reverse(name, args=[key])))


def test_the_minute_in_which_it_began_is_not_before_it_began(nora, cast):
    train(cast.dana, today=now().date())
    acts = Acts(cast)
    began = now().replace(second=40, microsecond=0) - 2 * MIN
    assert acts.start(began) == "stored"
    said = {"breathing": "good"} | moment(began)
    answer = nora.post(reverse("restraint-check", args=[acts.id]), {"entry_id": uuid7(), **said})
    assert answer.status_code == 302


def test_it_is_released_and_talked_over(nora, cast, begun):
    end = {"state": "Sits, drinks water", "injuries": "none"}
    assert send(nora, "restraint-end", begun.id, **end).status_code == 302
    page = text(nora.get(reverse("restraint", args=[begun.id])))
    assert "Restraint or seclusion, over" in page
    talk = {"who": "person", "outcome": "held", "helped": "To be asked first"}
    assert send(nora, "restraint-debrief", begun.id, **talk).status_code == 302
    assert "Would have helped: To be asked first" in text(
        nora.get(reverse("restraint", args=[begun.id]))
    )


def test_devices_and_the_observer_change_and_uncovered_time_is_said(nora, cast, begun):
    change = {"what": "observer", "observer": ""}
    assert send(nora, "restraint-change", begun.id, **change).status_code == 302
    page = text(nora.get(reverse("restraint", args=[begun.id])))
    assert "Nobody observes by name" in page


def test_the_unit_sees_who_is_held_now_and_who_was(nora, cast, begun):
    page = text(nora.get(reverse("restraint-now", args=[cast.north.pk])))
    assert "Rosa M." in page
    assert "20 min" in page
    begun.end(now())
    page = text(nora.get(reverse("restraint-now", args=[cast.north.pk])))
    assert "Nobody is restrained or secluded" in page
    assert reverse("restraint", args=[begun.id]) in page


@pytest.mark.parametrize("wall", [False, True])
def test_the_board_says_for_how_long_and_what_comes_next(cast, begun, wall):
    shown = board(cast.north, Wanted(cast.north.pk, "en", wall=wall), now()).markup
    assert "Mechanical restraint 20 min" in shown
    assert "Check in restraint: " in shown
    assert " over" in shown
    begun.look(now())
    after = board(cast.north, Wanted(cast.north.pk, "en", wall=wall), now()).markup
    assert after != shown
    begun.end(now())
    over = board(cast.north, Wanted(cast.north.pk, "en", wall=wall), now()).markup
    assert "Mechanical restraint" not in over


def test_an_entry_is_put_right_by_its_author_and_both_stay(client, cast, begun):
    client.force_login(cast.dana)
    begun.look(now() - 5 * MIN, breathing="concern", nurse_should_know="Breathes fast")
    entry = Entry.objects.as_system("test").get(kind=kinds.CHECK)
    page = text(client.get(reverse("entry", args=[entry.entry_id])))
    assert reverse("restraint-amend", args=[entry.entry_id]) in page
    said = {"breathing": "good", "reason": "Counted again"} | moment(now() - 5 * MIN)
    answer = client.post(
        reverse("restraint-amend", args=[entry.entry_id]), {"entry_id": uuid7(), **said}
    )
    assert answer.status_code == 302
    client.force_login(cast.nora)
    record = text(client.get(reverse("restraint-record", args=[begun.id]), {"page": ""}))
    assert "<s>" in record
    assert "Put right by Dana Reyes" in record
    assert "Counted again" in record


def test_the_record_on_paper_says_all_of_it(nora, cast, begun):
    begun.order(now() - 15 * MIN, minutes=60)
    begun.look(now() - 10 * MIN, nurse_should_know="Left hand is cold")
    begun.see("face-to-face", now() - 5 * MIN)
    begun.end(now() - MIN)
    begun.debrief("staff", now(), present="Dana, Lena, the sister")
    record = text(nora.get(reverse("restraint-record", args=[begun.id]), {"page": ""}))
    for words in (
        "Rosa Martinez",
        "MRN Rosa-Martinez",
        "Four limbs strapped",
        "Petra Holm (physician), in person",
        "Face-to-face evaluation",
        "in time",
        "Dana Reyes",
        *CRITERIA,
        "Released.",
        "For the nurse: Left hand is cold",
        "There: Dana, Lena, the sister",
    ):
        assert words in record, words
    pdf = nora.get(reverse("restraint-record", args=[begun.id]))
    assert pdf["Content-Type"].startswith(("application/pdf", "text/html"))


def test_a_manager_lists_the_laws_and_the_strictest_holds_from_then_on(client, cast, begun):
    client.force_login(cast.mona)
    page = text(client.get(reverse("restraint-laws", args=[cast.north.pk])))
    assert "those of the setting pack apply" in page
    send(client, "restraint-laws", cast.north.pk, laws=["cms-hospital", "texas-415"])
    assert set(ListedLaw.objects.values_list("law", flat=True)) == {"cms-hospital", "texas-415"}
    assert "415" in text(client.get(reverse("restraint-laws", args=[cast.north.pk])))
    send(client, "restraint-laws", cast.north.pk, laws=["cms-hospital"])
    assert ListedLaw.objects.get(law="texas-415").until is not None


def test_a_lead_writes_down_who_is_trained_until_when(client, cast):
    client.force_login(cast.lena)
    training = {
        "person": str(cast.dana.pk),
        "sorts": ["personal"],
        "on": f"{now():%Y-%m-%d}",
        "until": f"{now() + timedelta(days=90):%Y-%m-%d}",
        "certified_by": "C. Instructor",
    }
    assert send(client, "restraint-trained", cast.north.pk, **training).status_code == 302
    assert Trained.objects.get().person == cast.dana
    page = text(client.get(reverse("restraint-trained", args=[cast.north.pk])))
    assert "C. Instructor" in page


def test_who_writes_reads_what_the_law_asks_and_where(nora, client, cast, begun):
    client.force_login(cast.mona)
    send(client, "restraint-laws", cast.north.pk, laws=["texas-415", "corrections-ncchc"])
    client.force_login(cast.nora)
    for name, key, words in (
        ("start", cast.john.pk, "Who may start it in an emergency"),
        ("order", begun.id, "Standing and as-needed orders"),
        ("order", begun.id, "Who must see the person before a renewal"),
        ("check", begun.id, "Checks at moments that cannot be foreseen"),
        ("seen", begun.id, "Another nurse than the one who started it"),
    ):
        page = text(client.get(reverse(f"restraint-{name}", args=[key])))
        assert words in page, (name, words)
        assert any(law in page for law in ("25 TAC 415", "NCCHC", "322.052")), name
    assert "restraint-asked" not in text(client.get(reverse("restraint-end", args=[begun.id])))


def test_resuscitation_is_written_down_with_its_own_months(client, cast):
    client.force_login(cast.lena)
    page = reverse("restraint-trained", args=[cast.north.pk])
    assert "CPR certificate every, months: 24" in text(client.get(page))
    training = {
        "person": str(cast.dana.pk),
        "sorts": ["cpr"],
        "on": f"{now():%Y-%m-%d}",
        "until": f"{now() + timedelta(days=700):%Y-%m-%d}",
        "certified_by": "Red Cross",
    }
    send(client, "restraint-trained", cast.north.pk, **training)
    assert "Resuscitation (CPR)" in text(client.get(page))
    assert trained([cast.dana.pk], now().date()) == {}  # it is no leave to restrain anybody
