"""What was said when a hard moment was talked over is offered for the person's own plan."""

import re

import pytest
from django.urls import reverse
from hypothesis import given, strategies

from milieu.calm.models import OwnPlan
from milieu.calm.rules import one_line, told_lines
from milieu.record.models import Entry
from tests.calm.made import planned
from tests.calm.test_pages import page
from tests.cast import NIGHT
from tests.crisis.acts import MIN, Acts
from tests.pages import send

pytestmark = pytest.mark.django_db
FOR = "Take it into a new version"


@pytest.fixture
def dana(client, cast):
    client.force_login(cast.dana)
    return client


@pytest.fixture
def talked(cast):
    """Rosa was held, and said afterwards what would have helped and what made it worse."""
    acts = Acts(cast)
    acts.start()
    acts.end(NIGHT + 60 * MIN)
    said = {"helped": "To sit by the window.\nCold water", "worsened": "Four people at the door"}
    assert acts.debrief("person", NIGHT + 90 * MIN, **said) == "stored"
    return acts


def taking(markup):
    return re.findall(r'href="([^"]+\?take=[^"]+)"', markup)


def test_what_they_said_is_offered_in_their_words_with_where_it_is_from(dana, cast, talked):
    cast.store(planned(cast))
    shown = page(dana, "plan", cast.rosa.pk)
    debrief = Entry.objects.as_system("test").get(kind="restraint.debrief")
    assert reverse("entry", args=[debrief.entry_id]) in shown
    assert "written by Nora L." in shown
    for line in ("<q>To sit by the window.</q>", "<q>Four people at the door</q>"):
        assert line in shown
    assert len(taking(shown)) == 2  # cold water is in the plan already, and it is said
    assert re.search(r"<q>Cold water</q>.*?in their plan", shown, re.DOTALL)


def test_nothing_is_copied_by_itself_and_one_tap_begins_a_new_version_with_it(dana, cast, talked):
    cast.store(planned(cast))
    first = taking(page(dana, "plan", cast.rosa.pk))[0]
    assert OwnPlan.objects.as_system("a test").count() == 1
    form = dana.get(first).content.decode()
    assert "A walk in the yard\nCold water\nTo sit by the window.</textarea>" in form
    assert "Taken in from what they said afterwards" in form
    assert "checked" not in form  # whether they agree is asked anew
    assert OwnPlan.objects.as_system("a test").count() == 1

    lines = "A walk in the yard\nCold water\nTo sit by the window"
    send(dana, "plan-write", cast.rosa.pk, helps=lines, agreement="agreed")
    shown = page(dana, "plan", cast.rosa.pk)
    assert re.search(r"<q>To sit by the window.</q>.*?in their plan", shown, re.DOTALL)
    assert len(taking(shown)) == 1


def test_a_first_plan_can_begin_with_what_they_said(dana, cast, talked):
    worse = next(link for link in taking(page(dana, "plan", cast.rosa.pk)) if "worsens" in link)
    assert "Four people at the door</textarea>" in dana.get(worse).content.decode()


def test_what_staff_said_among_themselves_and_what_was_declined_is_not_theirs(dana, cast):
    acts = Acts(cast)
    acts.start()
    acts.end(NIGHT + 60 * MIN)
    acts.debrief("staff", NIGHT + 70 * MIN, helped="A second person at the door")
    acts.debrief("person", NIGHT + 80 * MIN, outcome="declined", helped="", words="Tomorrow")
    assert "What they said afterwards" not in page(dana, "plan", cast.rosa.pk)


def test_one_debriefing_that_was_struck_out_offers_nothing(dana, cast, talked):
    debrief = Entry.objects.as_system("test").get(kind="restraint.debrief")
    strike = {"amends": debrief.entry_id, "reason": "Somebody else said it"}
    talked.say("restraint.debrief", None, debrief.happened_at, cast.nora, **strike)
    assert "What they said afterwards" not in page(dana, "plan", cast.rosa.pk)


def test_the_same_words_said_twice_are_offered_once(dana, cast, talked):
    talked.debrief("person", NIGHT + 95 * MIN, helped="to sit by the  window")
    shown = page(dana, "plan", cast.rosa.pk)
    assert len(re.findall("(?i)<q>to sit by the window", shown)) == 1


def test_who_only_reads_sees_it_and_takes_nothing(client, cast, talked):
    client.force_login(cast.mona)
    shown = page(client, "plan", cast.rosa.pk)
    assert "To sit by the window." in shown
    assert FOR not in shown


def test_what_is_offered_to_one_person_is_offered_to_nobody_else(dana, cast, talked):
    link = taking(page(dana, "plan", cast.rosa.pk))[0]
    key = link.partition("?take=")[2]
    assert "To sit by the window" not in page(dana, "plan", cast.john.pk)
    form = dana.get(reverse("plan-write", args=[cast.john.pk]), {"take": key})
    assert "To sit by the window" not in form.content.decode()


def test_a_long_line_is_offered_by_its_sentences_and_one_too_long_says_so(dana, cast):
    acts = Acts(cast)
    acts.start()
    acts.end(NIGHT + 60 * MIN)
    long = (
        "Somebody whom I know, who sits down and waits for me to talk, without the keys and so on."
    )
    acts.debrief("person", NIGHT + 70 * MIN, helped=f"Music, low. {long}")
    shown = page(dana, "plan", cast.rosa.pk)
    assert "<q>Music, low.</q>" in shown
    assert f"<q>{long}</q>" in shown
    assert shown.count("Shorten it with them.") == 1


@given(strategies.text(max_size=500))
def test_whatever_they_said_nothing_of_it_is_lost_in_lines(text):
    assert one_line(" ".join(told_lines(text, 80))) == one_line(text)
