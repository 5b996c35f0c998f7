"""The nurse's page: every concern until somebody answers, and who said and did what."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from milieu.alerts import navigation
from milieu.alerts.ladder import climb
from milieu.alerts.models import Acknowledgement
from milieu.alerts.services import acknowledge, unanswered
from milieu.keeping import backup
from milieu.keeping.heartbeats import beat
from milieu.keeping.lookout import raise_for_the_house
from milieu.rounds.overdue import raise_missed
from milieu.rounds.shape import SafetyCheck
from tests.alerts.work import begin
from tests.pages import hidden, now, text, to_mend

pytestmark = pytest.mark.django_db


def tell(cast, words, *, ago=timedelta(minutes=1), stay=None, **changes):
    at = now() - ago
    fact = SafetyCheck(outcome="seen", place="dayroom", nurse_should_know=words)
    draft = cast.check(stay or cast.rosa, at, fact=fact, **changes)
    cast.store(draft)
    return draft


def test_the_nurse_sees_who_said_what_about_whom_and_where_it_was_seen(nora, cast):
    tell(cast, "Says her hand hurts")
    page = text(nora.get(reverse("concerns")))

    for part in ("Says her hand hurts", "Rosa M.", "Dayroom", "Dana R.", "(1) Alerts"):
        assert part in page


def test_the_oldest_deadline_comes_first_and_what_is_over_says_by_how_much(nora, cast):
    tell(cast, "The newer one")
    tell(cast, "The older one", ago=timedelta(minutes=40), stay=cast.john)
    page = text(nora.get(reverse("concerns")))

    assert page.index("The older one") < page.index("The newer one")
    assert "24 min over" in page or "25 min over" in page


def test_an_answer_says_what_was_done_and_closes_it(nora, cast):
    tell(cast, "Says her hand hurts")
    (alert,) = unanswered(cast.nora)
    url = reverse("concern-answer", args=[alert.pk])

    missing = nora.post(url, {"words": " "})
    assert missing.status_code == 422
    assert to_mend(missing) == ["What was done: Say in a few words what was done."]
    answers = [nora.post(url, {"words": "Looked at it, ice given"}) for _ in range(2)]

    assert {answer["Location"] for answer in answers} == {reverse("concerns")}
    assert unanswered(cast.nora) == []
    page = text(nora.get(reverse("concerns")))
    assert "Answered in the last 24 hours" in page
    assert "Looked at it, ice given" in page
    assert "Nora L." in page


def places(client, name, *about):
    """Return what stands in the navigation of a page."""
    page = text(client.get(reverse(name, args=about)))
    return re.findall(r"</svg>([^<]+)</a></li>", page.split("<nav", 1)[1].split("</nav>", 1)[0])


def test_every_page_says_how_many_wait_and_the_next_page_after_an_answer_one_less(nora, cast):
    assert "Alerts" in places(nora, "stay", cast.rosa.pk)
    tell(cast, "Says her hand hurts")
    tell(cast, "Asked for the nurse", stay=cast.john)
    assert "Alerts (2)" in places(nora, "stay", cast.rosa.pk)

    first, _second = unanswered(cast.nora)
    nora.post(reverse("concern-answer", args=[first.pk]), {"words": "Ice given"})
    assert "Alerts (1)" in places(nora, "stay", cast.rosa.pk)


def test_a_page_that_says_itself_how_many_wait_does_not_say_it_twice(nora, cast):
    tell(cast, "Says her hand hurts")
    for page in (("concerns",), ("board", cast.north.pk)):
        assert "Alerts" in places(nora, *page), "It is kept up to date on the page alone."


def test_what_waits_on_another_unit_is_not_counted(client, cast):
    tell(cast, "Says her hand hurts")
    client.force_login(cast.sana)
    assert "Alerts" in places(client, "me")


def test_how_many_wait_costs_a_page_one_statement_at_most(nora, cast, monkeypatch):
    def statements():
        with CaptureQueriesContext(connection) as asked:
            nora.get(reverse("stay", args=[cast.rosa.pk]))
        return len(asked)

    tell(cast, "Says her hand hurts")
    statements()
    counted = statements()
    monkeypatch.setattr(navigation, "SAY_THEMSELVES", frozenset({"stay"}))
    assert counted - statements() <= 1


def test_what_was_answered_is_shown_for_a_day(nora, cast):
    tell(cast, "Says her hand hurts", ago=timedelta(hours=30))
    (alert,) = unanswered(cast.nora)
    acknowledge(alert.pk, by=cast.nora, words="Ice", at=now() - timedelta(hours=25))
    assert "hand hurts" not in text(nora.get(reverse("concerns")))


def test_the_first_answer_stands(nora, cast):
    tell(cast, "Says her hand hurts")
    (alert,) = unanswered(cast.nora)
    url = reverse("concern-answer", args=[alert.pk])
    nora.post(url, {"words": "Ice given"})
    second = nora.post(url, {"words": "Something else"}, follow=True)

    assert "has already answered this" in text(second)
    assert Acknowledgement.objects.get().words == "Ice given"


def test_technicians_read_and_nurses_answer(client, cast):
    tell(cast, "Says her hand hurts")
    (alert,) = unanswered(cast.nora)
    client.force_login(cast.dana)
    page = text(client.get(reverse("concerns")))
    assert "Says her hand hurts" in page
    assert "<textarea" not in page
    answer = client.post(reverse("concern-answer", args=[alert.pk]), {"words": "Done"})
    assert answer.status_code == 403
    assert "A nurse can do this here." in text(answer)


def test_concerns_of_another_unit_are_not_there(client, cast):
    tell(cast, "Says her hand hurts")
    (alert,) = unanswered(cast.nora)
    client.force_login(cast.sana)
    assert "hand hurts" not in text(client.get(reverse("concerns")))
    answer = client.post(reverse("concern-answer", args=[alert.pk]), {"words": "Done"})
    assert answer.status_code == 404


def test_the_page_asks_again_and_hears_only_what_changed(nora, cast):
    tell(cast, "Says her hand hurts")
    shown = hidden(nora.get(reverse("concerns")), "shown")
    asking = {"headers": {"HX-Request": "true"}}
    url = reverse("concerns")

    assert nora.get(url, {"shown": shown}, **asking).status_code == 204
    tell(cast, "Would like to talk", stay=cast.john)
    again = nora.get(url, {"shown": shown}, **asking)
    assert "Would like to talk" in text(again)
    assert "<html" not in text(again)
    assert "<title>(2) Alerts" in text(again)


def test_a_check_that_was_struck_out_still_asks_for_an_answer_and_says_so(nora, cast):
    draft = tell(cast, "Says her hand hurts")
    cast.store(
        cast.check(
            cast.rosa, draft.happened_at, amends=draft.entry_id, reason="Wrong person", fact=None
        )
    )
    page = text(nora.get(reverse("concerns")))
    assert "Says her hand hurts" in page
    assert "This check was struck out" in page


def seen_ago(cast, ago):
    cast.order(cast.rosa)
    cast.store(cast.check(cast.rosa, now() - ago))


def test_an_overdue_check_says_since_when_and_what_was_seen_last(nora, cast):
    seen_ago(cast, timedelta(minutes=20))
    raise_missed(now())
    page = text(nora.get(reverse("concerns")))
    for part in ("Not seen in time", "Due", "Last seen", "Own room, lying", "lead technician"):
        assert part in page


def test_an_overdue_check_says_when_somebody_was_seen_by_the_time_that_counts(nora, cast):
    cast.order(cast.rosa)
    at, fast = now() - timedelta(minutes=20), timedelta(hours=5)
    check = cast.check(cast.rosa, at + fast, clock_offset_ms=fast.seconds * 1000)
    cast.store(check, received_at=at + timedelta(seconds=1))
    raise_missed(now())
    assert re.search(
        f'Last seen <time datetime="[^"]*">{at:%H:%M}<', text(nora.get(reverse("concerns")))
    )


def test_a_check_that_arrived_late_is_shown_and_the_alert_still_waits(nora, cast):
    seen_ago(cast, timedelta(minutes=20))
    raise_missed(now())
    draft = cast.check(cast.rosa, now() - timedelta(minutes=6))
    cast.store(draft, received_at=now() + timedelta(seconds=1))
    page = text(nora.get(reverse("concerns")))
    assert "Seen at" in page
    assert "arrived late" in page
    assert "1 waits for an answer" in page


def test_who_was_asked_and_who_is_next_is_said(nora, cast):
    begin(cast, cast.lena, at=now())
    tell(cast, "Says her hand hurts")
    climb(now())
    page = text(nora.get(reverse("concerns")))
    for part in ("nurse</strong>: nobody was on shift", "Lena O.: not on a screen yet"):
        assert part in page
    assert "unit manager, if nobody has answered" in page


def test_a_page_that_shows_an_alert_to_someone_who_is_told_of_it_says_when(client, cast):
    begin(cast, cast.lena, at=now())
    tell(cast, "Says her hand hurts")
    climb(now())
    client.force_login(cast.lena)
    client.get(reverse("concerns-ring"))
    assert "Lena O.: on screen" in text(client.get(reverse("concerns")))


def test_a_lead_answers_what_is_overdue_and_not_what_the_nurse_should_know(client, cast):
    seen_ago(cast, timedelta(minutes=20))
    raise_missed(now())
    tell(cast, "Says her hand hurts", stay=cast.john)
    client.force_login(cast.lena)
    assert text(client.get(reverse("concerns"))).count("<textarea") == 1


def test_a_page_rings_for_each_alert_and_each_step(nora, cast):
    def waiting():
        return nora.get(reverse("concerns-ring")).json()["waiting"]

    assert waiting() == []
    tell(cast, "Says her hand hurts")
    before = waiting()
    climb(now())
    assert len(before) == len(waiting()) == 1
    assert before != waiting()


def test_it_sees_late_backups_and_nothing_of_anyone_in_care(client, cast):
    tell(cast, "Says her hand hurts")
    beat(backup.CHORE, at=now() - timedelta(hours=3))
    raise_for_the_house(now())
    client.force_login(cast.ivan)
    page = text(client.get(reverse("concerns")))
    assert "The newest backup is late" in page
    assert "Elm" in page
    assert "hand hurts" not in page


def test_an_answer_leaves_what_is_typed_in_the_others(nora, cast):
    tell(cast, "Says her hand hurts")
    tell(cast, "Asked for the nurse", stay=cast.john)
    first, other = unanswered(cast.nora)
    page = text(nora.get(reverse("concerns")))
    assert f'hx-post="{reverse("concern-answer", args=[first.pk])}"' in page
    assert len(re.findall(r"<textarea[^>]*hx-morph-skip", page)) == 2

    url, part = reverse("concern-answer", args=[first.pk]), {"HX-Request": "true"}
    said = text(nora.post(url, {"words": "Ice given"}, follow=True, headers=part))
    assert "<html" not in said
    assert f'id="answer-{other.pk}-words"' in said
    assert "Your answer is recorded." in said
