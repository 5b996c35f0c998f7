"""An incident at a desk, and the log of violent incidents."""

from csv import DictReader
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse

from milieu.census.models import Unit
from milieu.incident.models import Incident, IncidentMark, IncidentReport, ViolenceLog
from milieu.incident.services import MARK
from milieu.incident.shape import Mark
from milieu.kernel.ids import uuid7
from tests.pages import moment, now, send, text, to_mend

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


@pytest.fixture
def incident(nora, cast):
    assert send(nora, "incident-mark", cast.rosa.pk, what="raised-voice").status_code == 302
    assert send(nora, "incident-mark", cast.rosa.pk, what="choice").status_code == 302
    return Incident.objects.visible_to(cast.nora).get()


def about(name, cast, incident):
    return reverse(name, args=[cast.rosa.pk, incident.incident])


def fill(client, address, **given):
    at = now().replace(second=0, microsecond=0)
    return client.post(address, {"entry_id": uuid7(), **moment(at), **given})


def test_marks_at_a_desk_belong_to_the_incident_that_goes_on(nora, cast, incident):
    shown = text(nora.get(about("incident", cast, incident)))
    assert "Raised voice" in shown
    assert "Choice offered" in shown
    assert "It is not written yet" in shown
    assert "not written yet" in text(nora.get(reverse("incidents", args=[cast.rosa.pk])))
    assert "Raised voice" in text(nora.get(reverse("stay", args=[cast.rosa.pk])))


def test_of_two_that_go_on_a_mark_at_a_desk_belongs_to_the_one_marked_last(nora, cast):
    made = uuid7()
    for minutes, incident in ((9, made), (5, uuid7()), (1, made)):
        at, fact = now() - timedelta(minutes=minutes), Mark(incident=incident, what="raised-voice")
        cast.store(cast.check(cast.rosa, at, kind=MARK, fact=fact))
    assert send(nora, "incident-mark", cast.rosa.pk, what="calm").status_code == 302
    assert IncidentMark.objects.as_system("a test").get(what="calm").incident == made


def test_the_report_begins_with_what_was_marked_and_is_put_right_afterwards(nora, cast, incident):
    page = text(nora.get(about("incident-report", cast, incident)))
    assert "Raised voice" in page
    assert "checked" not in page
    given = {
        "kinds": ["verbal", "property"],
        "narrative": "She shouted. We spoke.",
        "verbal": "2",
        "others": "0",
        "injury_person": "none",
        "outcomes": ["settled"],
        "helped": "Her music",
    }
    assert fill(nora, about("incident-report", cast, incident), **given).status_code == 302
    row = IncidentReport.objects.as_system("a test").get()
    assert (row.kinds, row.verbal, row.things, row.others) == ("property verbal", 2, None, 0)
    shown = text(nora.get(about("incident", cast, incident)))
    for words in ("She shouted. We spoke.", "Insulted somebody", "Touched nobody", "Her music"):
        assert words in shown

    again = nora.get(about("incident-report", cast, incident))
    assert again.url == reverse("incident-report-amend", args=[row.entry.entry_id])
    given |= {"narrative": "She shouted twice.", "reason": "Heard it again"}
    assert fill(nora, again.url, **given).status_code == 302
    assert "She shouted twice." in text(nora.get(about("incident", cast, incident)))


def test_what_is_missing_is_said(nora, cast, incident):
    page = fill(nora, about("incident-report", cast, incident), narrative="")
    assert page.status_code == 422
    assert len(to_mend(page)) == 2


def test_who_was_told_stops_their_clock(nora, cast, incident):
    assert "The nurse in charge: <span" in text(nora.get(about("incident", cast, incident)))
    given = {"whom": "nurse", "way": "person", "reached": "Nora Lind"}
    assert fill(nora, about("incident-told", cast, incident), **given).status_code == 302
    shown = text(nora.get(about("incident", cast, incident)))
    assert "The nurse in charge: told" in shown
    assert "Nora Lind" in shown


@pytest.fixture
def line():
    return {
        "sort": "type-2",
        "by_whom": "in-care",
        "account": "A person in care pushed a technician against the door.",
        "injury": "on",
        "taken": "Others came; they were kept apart.",
    }


def test_a_line_of_the_log_names_nobody_not_even_its_author(nora, cast, line):
    address = reverse("violence-log", args=[cast.north.pk])
    page = fill(nora, address, **line | {"account": "rosa pushed Dana."})
    assert page.status_code == 422
    assert "Leave out: rosa, Dana." in to_mend(page)[0]
    assert not ViolenceLog.objects.exists()

    assert fill(nora, address, **line).status_code == 302
    shown = text(nora.get(address))
    assert "A person in care pushed a technician" in shown
    fields = {field.name for field in ViolenceLog._meta.get_fields()}
    assert fields.isdisjoint({"author", "by", "stay", "patient", "person", "entry", "room"})


def test_a_line_that_was_changed_after_it_was_sent_is_not_said_to_be_in_the_log(nora, cast, line):
    address = reverse("violence-log", args=[cast.north.pk])
    sent = {"entry_id": uuid7(), **moment(now().replace(second=0, microsecond=0)), **line}
    for _ in range(2):
        assert nora.post(address, sent).status_code == 302
    page = nora.post(address, sent | {"account": "Two people pushed."})
    assert page.status_code == 422
    assert "already sent" in to_mend(page)[0]
    assert ViolenceLog.objects.get().account == line["account"]


def test_it_does_not_tell_who_is_in_care_on_a_unit_that_its_writer_does_not_see(nora, cast, line):
    cast.arrive("Ana", "Silva", unit=cast.south)
    address = reverse("violence-log", args=[cast.north.pk])
    for name in ("Ana", "Silva", "Rosa", "Theo"):
        page = fill(nora, address, **line | {"account": f"{name} pushed somebody."})
        assert (page.status_code == 422) is (name in ("Rosa", "Theo"))


def test_it_is_reported_within_a_day_where_somebody_was_hurt(nora, cast, line):
    address = reverse("violence-log", args=[cast.north.pk])
    fill(nora, address, **line)
    assert "report by" in text(nora.get(address))
    row = ViolenceLog.objects.get()
    done = reverse("violence-log-reported", args=[cast.north.pk, row.pk])
    assert nora.post(done, {"reference": "CA-17"}).status_code == 302
    shown = text(nora.get(address))
    assert "report by" not in shown
    assert "CA-17" in shown
    assert table_of(nora, cast)[0]["Its number there"] == "CA-17"


def table_of(client, cast, **headers):
    page = client.get(reverse("violence-log-table", args=[cast.north.pk]), headers=headers)
    return list(DictReader(StringIO(page.content.decode())))


def test_the_table_reads_as_the_page_does(nora, cast, line):
    Unit.objects.filter(pk=cast.north.pk).update(time_zone="America/New_York")
    typed = {"at_day": f"{now() - timedelta(days=2):%Y-%m-%d}", "at_time": "21:30"}
    given = {"place": "dayroom", "circumstances": "dark"}
    address = reverse("violence-log", args=[cast.north.pk])
    assert nora.post(address, {"entry_id": uuid7(), **line, **given, **typed}).status_code == 302

    (row,) = table_of(nora, cast)
    assert row["When it happened"] == " ".join(typed.values())
    assert row["What type"] == "Type 2: a person in care, family or a visitor"
    assert row["By whom, without a name"] == "A person in care"
    assert (row["Where"], row["Circumstances"]) == ("Dayroom", "In poor light")
    assert (row["Somebody was hurt"], row["When it was reported"]) == ("Yes", "")
    (row,) = table_of(nora, cast, accept_language="es")
    assert row["Por quién, sin nombre"] == "Una persona atendida"


@pytest.mark.parametrize("begins", ["=", "+", "-", "@"])
def test_no_spreadsheet_runs_what_a_line_says(nora, cast, line, begins):
    said = f"{begins}HYPERLINK(1)"
    fill(nora, reverse("violence-log", args=[cast.north.pk]), **line | {"taken": said})
    (row,) = table_of(nora, cast)
    assert row["What was done at once to keep people safe"] == f"'{said}"
