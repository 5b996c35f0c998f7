"""A rendering is shared among readers, and nobody ever sees one that is older than the record."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from milieu.admissions.services import leave
from milieu.alerts.models import Alert
from milieu.alerts.services import acknowledge
from milieu.board import render, rows
from milieu.board.render import Wanted, board
from milieu.census.models import Patient, Unit
from milieu.kernel.ids import uuid7
from milieu.people.models import Grant, Person
from milieu.rounds.shape import SafetyCheck
from tests.cast import NIGHT
from tests.databases import elsewhere
from tests.pages import now, text

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 5_000  # half a minute and more


def signed_in(person, **more):
    client = Client(**more)
    client.force_login(person)
    return client


def url(cast, query=""):
    return reverse("board", args=[cast.north.pk]) + query


def rendered(cast, at):
    with translation.override("en"):
        return board(rows.unit(cast.north.pk), Wanted(unit_id=cast.north.pk, language="en"), at)


def concern(cast):
    said = SafetyCheck(outcome="seen", place="hall", nurse_should_know="Limping, left foot")
    cast.order(cast.rosa)
    cast.store(cast.check(cast.rosa, now(), fact=said))
    (alert,) = Alert.objects.visible_to(cast.nora)
    return alert


def test_two_readers_of_the_same_board_are_given_the_same_rendering(cast):
    cast.order(cast.rosa)

    def shared():
        return rendered(cast, NIGHT) is rendered(cast, NIGHT + timedelta(seconds=5))

    # Other tests work on the same PostgreSQL, and what they store ends a rendering too.
    assert any(shared() for _ in range(MANY))


def test_a_check_that_was_stored_is_on_the_very_next_page(cast):
    reader = signed_in(cast.nora)
    cast.order(cast.rosa)
    assert "courtyard" not in text(reader.get(url(cast))).lower()
    cast.store(cast.check(cast.rosa, now(), fact=SafetyCheck(outcome="seen", place="courtyard")))
    assert "courtyard" in text(reader.get(url(cast))).lower()


def test_an_alert_that_was_answered_elsewhere_is_gone_from_the_very_next_page(cast):
    reader, alert = signed_in(cast.nora), concern(cast)
    assert "Limping" in text(reader.get(url(cast)))
    acknowledge(alert.pk, by=cast.nora, words="Seen her, ice", at=now())
    assert "Limping" not in text(reader.get(url(cast)))


def test_what_is_no_entry_of_the_record_is_new_on_the_next_page_too(cast):
    reader = signed_in(cast.nora)
    reader.post(reverse("board-names", args=[cast.north.pk]), {"names": "yes"})
    assert "Rosa M." in text(reader.get(url(cast)))
    patients = Patient.objects.as_system("a feed brings a name up to date")
    patients.filter(given_name="Rosa").update(preferred_name="Rosalind")
    Unit.objects.filter(pk=cast.north.pk).update(name="North Wing")
    page = text(reader.get(url(cast)))
    assert "Rosalind M." in page
    assert "North Wing" in page


def test_a_role_that_was_withdrawn_between_two_requests_denies_the_second(cast):
    reader = signed_in(cast.nora)
    assert reader.get(url(cast)).status_code == 200
    Grant.objects.filter(person=cast.nora).update(ends_at=now())
    assert reader.get(url(cast)).status_code == 404


def test_whoever_was_signed_out_locked_out_or_given_a_new_password_sees_no_second_page(cast):
    def sent(act):
        reader = signed_in(cast.nora)
        assert reader.get(url(cast)).status_code == 200
        act()
        return reader.get(url(cast)).status_code

    def new_password():
        cast.nora.set_password("another-long-one-2026")
        cast.nora.save()

    people = Person.objects.filter(pk=cast.nora.pk)
    assert sent(lambda: Session.objects.all().delete()) == 302
    assert sent(lambda: Session.objects.update(expire_date=now() - timedelta(minutes=1))) == 302
    assert sent(new_password) == 302
    assert sent(lambda: people.update(is_active=False)) == 302


def test_readers_never_get_each_others_language_order_names_or_theme(cast):
    readers = {
        "es": signed_in(cast.nora, headers={"Accept-Language": "es"}),
        "en": signed_in(cast.dana, headers={"Accept-Language": "en"}),
        "names": signed_in(cast.lena, headers={"Accept-Language": "en"}),
    }
    readers["names"].post(reverse("board-names", args=[cast.north.pk]), {"names": "yes"})
    readers["en"].cookies["theme"] = "night"
    for _turn in range(2):
        pages = {who: text(reader.get(url(cast))) for who, reader in readers.items()}
        assert ['<html lang="es"' in pages[who] for who in readers] == [True, False, False]
        assert ["Rosa M." in pages[who] for who in readers] == [False, False, True]
        assert ['data-theme="night"' in pages[who] for who in readers] == [False, True, False]
        by_room = text(readers["es"].get(url(cast, "?order=room")))
        assert 'value="room"' in by_room
        assert 'value="due"' in pages["es"]


def test_what_is_a_readers_own_is_filled_in_for_them_alone(cast):
    nora, lena = signed_in(cast.nora), signed_in(cast.lena)
    Person.objects.filter(pk=cast.lena.pk).update(name="Lena <b>Ott</b>")
    pages = [nora.get(url(cast)), lena.get(url(cast, '?a="<')), nora.get(url(cast))]
    assert "Nora Lind" in text(pages[0])
    assert "Nora Lind" not in text(pages[1])
    assert "Lena &lt;b&gt;Ott" in text(pages[1])
    assert "%22%3C" in text(pages[1])
    assert "Lena" not in text(pages[2])
    assert "Admit" in text(pages[2])
    assert "Admit" not in text(pages[1])


def test_the_token_of_a_shared_page_is_its_readers_and_no_one_elses(cast):
    def token(page):
        return text(page).split('csrfmiddlewaretoken" value="')[1].split('"')[0]

    def posted(client, with_token):
        names = reverse("board-names", args=[cast.north.pk])
        return client.post(names, {"names": "yes", "csrfmiddlewaretoken": with_token}).status_code

    nora, lena = (signed_in(each, enforce_csrf_checks=True) for each in (cast.nora, cast.lena))
    hers, other = token(nora.get(url(cast))), token(lena.get(url(cast)))
    assert len(hers) == 64
    assert hers != other
    assert token(nora.get(url(cast))) != hers, "A token looks different each time."
    assert posted(nora, other) == 403
    assert posted(nora, hers) == 302


def test_a_message_is_shown_to_whom_it_is_for_and_is_on_nobody_elses_page(cast, rf):
    nora, lena = signed_in(cast.nora), signed_in(cast.lena)
    nora.get(url(cast))
    moves = reverse("escort", args=[cast.rosa.pk])
    assert nora.get(moves).status_code == 200
    with_message = messages.storage.cookie.CookieStorage(rf.get("/"))
    with_message.add(messages.INFO, "Only for Nora")
    response = Client().get("/healthz")
    with_message.update(response)
    nora.cookies["messages"] = response.cookies["messages"].value
    assert "Only for Nora" in text(nora.get(url(cast)))
    assert "Only for Nora" not in text(lena.get(url(cast)))
    assert "Only for Nora" not in text(nora.get(url(cast)))


def test_a_rendering_says_what_a_new_one_would_for_as_long_as_it_is_kept(cast):
    cast.order(cast.rosa)
    leave(
        entry_id=uuid7(), stay=cast.john, at=NIGHT, by=cast.nora, back_by=NIGHT + timedelta(hours=1)
    )
    said = SafetyCheck(outcome="seen", place="hall", nurse_should_know="Limping, left foot")
    cast.store(cast.check(cast.rosa, NIGHT + timedelta(seconds=7), fact=said))
    at = NIGHT + timedelta(seconds=20)
    while at < NIGHT + timedelta(hours=1, minutes=20):
        kept = rendered(cast, at)
        last = kept.until - timedelta(microseconds=1)
        render._kept.clear()
        assert rendered(cast, last).markup == kept.markup, (at, last)
        render._kept.clear()
        at = kept.until
    assert at - NIGHT > timedelta(hours=1)


def test_what_is_taken_back_inside_a_transaction_is_never_remembered(cast):
    before = rows.answers(cast.north.pk)
    with transaction.atomic():
        cast.arrive("Zoe", "Quist")
        assert rows.answers(cast.north.pk) != before
        transaction.set_rollback(True)
    assert rows.answers(cast.north.pk) == before


def test_what_another_process_stores_is_on_the_very_next_page(cast):
    reader = signed_in(cast.nora)
    cast.order(cast.rosa)

    def check(place):
        fact = SafetyCheck(outcome="seen", place=place)
        elsewhere(lambda: cast.store(cast.check(cast.rosa, now(), fact=fact)))

    for place in ("courtyard", "hall", "dining", "courtyard"):
        check(place)
        assert place in text(reader.get(url(cast))).lower()


def test_what_another_process_takes_away_is_gone_from_the_very_next_page(cast):
    reader = signed_in(cast.nora)

    def sent(act):
        elsewhere(act)
        return [reader.get(url(cast)).status_code for _ in range(2)]

    held = Grant.objects.filter(person=cast.nora)
    account = Person.objects.filter(pk=cast.nora.pk)
    assert sent(lambda: None) == [200, 200]
    assert sent(lambda: held.update(ends_at=now())) == [404, 404]
    assert sent(lambda: held.update(ends_at=None)) == [200, 200]
    assert sent(lambda: held.update(unit=cast.south)) == [404, 404]
    assert sent(lambda: held.update(unit=cast.north)) == [200, 200]
    assert sent(lambda: account.update(is_active=False)) == [302, 302]
    reader = signed_in(cast.lena)
    assert sent(lambda: None) == [200, 200]
    assert sent(lambda: Session.objects.all().delete()) == [302, 302]


def test_a_role_ends_on_time_though_nothing_is_stored(cast):
    reader = signed_in(cast.nora)
    at = now()
    Grant.objects.filter(person=cast.nora).update(ends_at=at + timedelta(minutes=2))
    with time_machine.travel(at + timedelta(minutes=1), tick=False):
        assert [reader.get(url(cast)).status_code for _ in range(2)] == [200, 200]
    with time_machine.travel(at + timedelta(minutes=3), tick=False):
        assert reader.get(url(cast)).status_code == 404


def test_a_language_or_theme_that_was_chosen_is_on_the_very_next_page(cast):
    reader = signed_in(cast.nora, headers={"Accept-Language": "en"})

    def shown():
        page = text(reader.get(url(cast)))
        return '<html lang="es"' in page, 'data-theme="night"' in page

    assert [shown(), shown()] == [(False, False)] * 2
    reader.post(reverse("set-language"), {"language": "es", "next": url(cast)})
    assert shown() == (True, False)
    reader.post(reverse("set-theme"), {"theme": "night"})
    assert shown() == (True, True)
    reader.post(reverse("set-language"), {"language": "en", "next": url(cast)})
    assert shown() == (False, True)


def test_what_was_taken_back_elsewhere_is_on_no_page(cast):
    reader = signed_in(cast.nora)
    reader.post(reverse("board-names", args=[cast.north.pk]), {"names": "yes"})

    def begin_and_take_back():
        with transaction.atomic():
            cast.arrive("Zoe", "Quist")
            Unit.objects.filter(pk=cast.north.pk).update(name="Nowhere")
            transaction.set_rollback(True)

    for _ in range(2):
        assert "Rosa M." in text(reader.get(url(cast)))
        elsewhere(begin_and_take_back)
        page = text(reader.get(url(cast)))
        assert "Zoe" not in page
        assert "Nowhere" not in page


def test_a_page_is_asked_for_in_two_statements_while_nothing_is_stored(cast):
    """The session, and who reads; the second says too that nothing was stored since.

    On PostgreSQL another database of the server moves the stamp too, and other tests work there: so
    pages are asked for until nobody wrote between two of them.
    """
    reader = signed_in(cast.nora)
    assert any(statements(reader, url(cast)) == 2 for _ in range(MANY))


def statements(reader, page):
    with CaptureQueriesContext(connection) as asked:
        reader.get(page)
    return len([each for each in asked if "PRAGMA" not in each["sql"]])
