"""After a hard moment staff are asked how they are; what they answer is theirs alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from milieu.alerts.kinds import RELIEF
from milieu.alerts.models import Alert
from milieu.help.services import Speaker, say
from milieu.help.shape import Word
from milieu.incident.services import MARK
from milieu.incident.shape import Mark
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.people.models import Person
from milieu.wellbeing import services
from milieu.wellbeing.models import Answer, Asked, CheckIn, Peer
from milieu.wellbeing.services import answer, asked_of, exposure, offer, rather_not, waiting
from tests.alerts.work import sign_in
from tests.cast import NIGHT
from tests.crisis.acts import Acts
from tests.pages import text

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def call(cast, *, outcome="calm", at=NIGHT, stay=None):
    """Let Dana call, Lena come and be there, and say that it is over."""
    made = uuid7()
    dana = Speaker(unit=cast.north, person=cast.dana)
    lena = Speaker(unit=cast.north, person=cast.lena)
    say(Word(id=made, call=made, says="called", stay=stay and stay.pk), dana, at)
    say(Word(id=uuid7(), call=made, says="there"), lena, at + MINUTE)
    say(Word(id=uuid7(), call=made, says="over", outcome=outcome), lena, at + 5 * MINUTE)


def marks(cast, *what, at=NIGHT):
    made = uuid7()
    cast.store(
        *(
            cast.check(
                cast.rosa,
                at + n * MINUTE,
                kind=MARK,
                fact=Mark(incident=made, what=each, who=cast.lena.pk if n else None),
            )
            for n, each in enumerate(what)
        )
    )


def asked(person, at):
    return [each.step for each in waiting(person, at)]


def test_whoever_called_and_whoever_was_there_is_asked_at_once_and_again_later(cast):
    call(cast)
    offer(NIGHT + 6 * MINUTE)
    for person in (cast.dana, cast.lena):
        assert asked(person, NIGHT + 6 * MINUTE) == ["now"]
        assert asked(person, NIGHT + 25 * HOUR) == ["day"]
        assert asked(person, NIGHT + 74 * HOUR) == ["days"]
        assert asked(person, NIGHT + 15 * DAY) == ["weeks"]
        assert asked(person, NIGHT + 40 * DAY) == []
    assert asked(cast.nora, NIGHT + HOUR) == []


def test_looked_at_again_nobody_is_asked_twice(cast):
    call(cast)
    for minute in range(3):
        offer(NIGHT + (6 + minute) * MINUTE)
    assert CheckIn.objects.count() == 8


def test_a_moment_was_when_it_was_whatever_the_clock_of_a_phone_says(cast):
    fast = timedelta(hours=5)
    cast.store(
        cast.check(
            cast.rosa,
            NIGHT + fast,
            kind=MARK,
            fact=Mark(incident=uuid7(), what="hit"),
            clock_offset_ms=fast.seconds * 1000,
        ),
        received_at=NIGHT + MINUTE,
    )
    offer(NIGHT + 2 * HOUR)
    assert {each.happened_at for each in CheckIn.objects.filter(step="now")} == {NIGHT}


def test_a_call_by_mistake_was_no_hard_moment(cast):
    call(cast, outcome="mistake")
    offer(NIGHT + HOUR)
    assert not CheckIn.objects.exists()


def test_an_incident_is_one_by_what_was_marked_in_it(cast):
    marks(cast, "raised-voice", "choice")
    offer(NIGHT + HOUR)
    assert not CheckIn.objects.exists()
    marks(cast, "raised-voice", "hands-on")
    offer(NIGHT + HOUR)
    assert set(CheckIn.objects.values_list("person__name", flat=True)) == {
        "Dana Reyes",
        "Lena Ott",
    }


def test_nobody_reads_what_another_answered(cast, client):
    call(cast, at=clock.now())
    offer(clock.now())
    (mine,) = waiting(cast.dana, clock.now())
    answer(mine, {"hurt": "no", "words": "My hands still shake."}, clock.now())

    assert not Answer.objects.all().exists()  # unnarrowed there is nothing
    assert Answer.objects.of(cast.dana).get().words == "My hands still shake."
    assert not Answer.objects.of(cast.mona).exists()
    for person in (cast.mona, cast.lena, cast.nora):
        client.logout()
        sign_in(client, person)
        for page in (reverse("own-check-ins"), reverse("aftercare", args=[cast.north.pk])):
            assert "hands still shake" not in text(client.get(page))
        assert client.post(reverse("check-in", args=[mine.pk])).status_code == 404
    client.logout()
    sign_in(client, cast.dana)
    assert "hands still shake" in text(client.get(reverse("own-check-ins")))


def test_asked_for_relief_the_lead_hears_that_and_nothing_else(cast):
    call(cast)
    offer(NIGHT + 6 * MINUTE)
    (mine,) = waiting(cast.dana, NIGHT + 7 * MINUTE)
    given = {"hurt": "first-aid", "relief": "ask", "words": "I cannot go back in."}
    for _ in range(2):  # sent twice
        answer(mine, given, NIGHT + 7 * MINUTE)
    relief = Alert.objects.as_system("a test").get(kind="relief")
    assert (relief.words, relief.owner_role) == ("Dana R. asks for relief", "lead")


def test_an_answer_that_asks_for_relief_is_kept_with_its_alert_or_not_at_all(cast, monkeypatch):
    call(cast)
    offer(NIGHT + HOUR)
    (mine,) = waiting(cast.dana, NIGHT + HOUR)

    def away(_alerts):
        raise OSError("the database is away")

    with monkeypatch.context() as gone:
        gone.setattr(services, "raise_alerts", away)
        with pytest.raises(OSError, match="away"):
            answer(mine, {"relief": "ask"}, NIGHT + HOUR)
    answer(mine, {"relief": "ask"}, NIGHT + 2 * HOUR)
    assert Alert.objects.as_system("a test").filter(kind=RELIEF).count() == 1


def test_the_page_is_in_the_way_of_whoever_is_asked_alone(cast, client):
    call(cast, at=clock.now())
    offer(clock.now())
    sign_in(client, cast.dana)
    board = text(client.get(reverse("board", args=[cast.north.pk])))
    assert reverse("own-check-ins") in board
    page = text(client.get(reverse("own-check-ins")))
    assert "Are you hurt?" in page
    assert "checked" not in page
    mine = CheckIn.objects.get(person=cast.dana, step="now")
    client.post(reverse("check-in", args=[mine.pk]), {"entry_id": uuid7(), "hurt": "no"})
    assert "Are you hurt?" not in text(client.get(reverse("own-check-ins")))


def test_company_is_between_two(cast, client):
    Peer.objects.create(unit=cast.north, person=cast.thea, since=NIGHT, by=cast.mona)
    sign_in(client, cast.dana)
    sent = {"entry_id": uuid7(), "peer": cast.thea.pk}
    client.post(reverse("company-ask", args=[cast.north.pk]), sent)
    assert [each.person for each in asked_of(cast.thea)] == [cast.dana]
    assert asked_of(cast.mona) == []

    one = Asked.objects.get()
    client.post(reverse("company-seen", args=[one.pk]))  # not Dana's to say
    assert asked_of(cast.thea)
    client.logout()
    sign_in(client, cast.thea)
    assert "Dana Reyes asks you for company" in text(client.get(reverse("own-check-ins")))
    client.post(reverse("company-seen", args=[one.pk]))
    assert not asked_of(cast.thea)


def test_who_goes_back_and_asks_somebody_else_is_not_told_that_they_are_asked(cast, client):
    for each in (cast.thea, cast.nora):
        Peer.objects.create(unit=cast.north, person=each, since=NIGHT, by=cast.mona)
    sign_in(client, cast.dana)
    address, page = reverse("company-ask", args=[cast.north.pk]), uuid7()
    for each in (cast.thea, cast.thea, cast.nora):
        answer = client.post(address, {"entry_id": page, "peer": each.pk}, follow=True)
    assert answer.status_code == 422
    assert "already sent" in text(answer)
    assert (len(asked_of(cast.thea)), len(asked_of(cast.nora))) == (1, 0)


def test_a_share_is_shown_only_of_enough_people(cast):
    call(cast)
    offer(NIGHT + HOUR)
    (month,) = exposure(cast.north, 8, NIGHT + DAY)
    assert (month.month, month.moments, month.share) == ("2026-03", 1, None)

    first = CheckIn.objects.first()
    for n in range(3):
        more = Person.objects.create(username=f"more{n}", name="More")
        CheckIn.objects.create(
            id=uuid7(),
            person=more,
            unit=cast.north,
            cause="help",
            cause_id=first.cause_id,
            happened_at=NIGHT,
            step="now",
            due_at=NIGHT,
            asked_until=NIGHT + DAY,
        )
    (month,) = exposure(cast.north, 10, NIGHT + DAY)
    assert month.share == 50


def test_for_a_while_somebody_else_is_suggested_unless_one_wishes(cast, client):
    now = clock.now()
    call(cast, at=now, stay=cast.rosa)
    offer(now + 6 * MINUTE)
    assert rather_not(cast.dana, now + HOUR, cast.north) == {cast.rosa.pk}
    assert rather_not(cast.nora, now + HOUR, cast.north) == set()
    assert rather_not(cast.dana, now + 37 * HOUR, cast.north) == set()

    sign_in(client, cast.dana)
    mine = CheckIn.objects.get(person=cast.dana, step="now")
    client.post(reverse("check-in-with-them", args=[mine.pk]))
    assert rather_not(cast.dana, now + HOUR, cast.north) == set()


def test_a_manager_keeps_the_list_of_whom_one_may_ask(cast, client):
    sign_in(client, cast.mona)
    page = reverse("aftercare", args=[cast.north.pk])
    client.post(page, {"entry_id": uuid7(), "peer": cast.thea.pk})
    peer = Peer.objects.get()
    assert (peer.person, peer.by) == (cast.thea, cast.mona)
    client.post(reverse("peer-end", args=[cast.north.pk, peer.pk]))
    assert not Peer.objects.filter(until=None).exists()


def test_whoever_laid_hands_on_is_asked_and_who_wrote_it_down_is_not(cast):
    acts = Acts(cast)
    acts.start(by=cast.nora, applied_by=(cast.dana.pk, cast.lena.pk), observer=None)
    offer(NIGHT + 6 * MINUTE)
    for person in (cast.dana, cast.lena):
        assert asked(person, NIGHT + 6 * MINUTE) == ["now"]
    assert asked(cast.nora, NIGHT + 6 * MINUTE) == []
    assert set(CheckIn.objects.values_list("cause", "cause_id")) == {("restraint", acts.id)}


def test_a_call_marks_and_a_restraint_of_the_same_hour_ask_once(cast):
    acts = Acts(cast)
    call(cast)
    offer(NIGHT + 6 * MINUTE)
    assert rather_not(cast.dana, NIGHT + HOUR, cast.north) == set()  # the call named nobody
    marks(cast, "hit", "hands-on", at=NIGHT + 10 * MINUTE)
    acts.start(NIGHT + 20 * MINUTE, applied_by=(cast.dana.pk, cast.nora.pk))
    offer(NIGHT + 30 * MINUTE)
    assert CheckIn.objects.count() == 12  # three people, four times
    for person in (cast.dana, cast.lena, cast.nora):
        assert asked(person, NIGHT + HOUR) == ["now"]
        assert rather_not(person, NIGHT + HOUR, cast.north) == {cast.rosa.pk}
    (month,) = exposure(cast.north, 8, NIGHT + DAY)
    assert month.moments == 1


def test_another_person_in_care_or_another_part_of_the_night_is_another_exposure(cast):
    Acts(cast).start(applied_by=(cast.dana.pk,))
    Acts(cast, cast.john).start(NIGHT + HOUR, applied_by=(cast.dana.pk,))
    offer(NIGHT + 2 * HOUR)
    assert asked(cast.dana, NIGHT + 2 * HOUR) == ["now", "now"]
    call(cast, at=NIGHT + 6 * HOUR, stay=cast.rosa)
    offer(NIGHT + 7 * HOUR)
    assert asked(cast.dana, NIGHT + 7 * HOUR) == ["now", "now", "now"]


def test_somebody_whom_this_server_does_not_know_is_left_out(cast):
    Acts(cast, phone=True).start(applied_by=(cast.dana.pk, uuid7()))
    offer(NIGHT + HOUR)
    assert set(CheckIn.objects.values_list("person", flat=True)) == {cast.dana.pk}
