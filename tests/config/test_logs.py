"""What is logged tells what the machine did. No name, note or password is ever in it."""

import json
import logging
import subprocess
import sys
from io import StringIO

import pytest
import structlog
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from milieu.config import logs
from milieu.keeping import views
from milieu.people.models import Person
from tests.cast import Cast
from tests.phone.test_push import SEEN, Phone

SECRETS = ("Rosa", "Martinez", "crying", "hunter2", "4821")


@pytest.fixture
def lines():
    """Return a function that gives the lines written so far, each as an object."""
    stream = StringIO()
    logs.set_up(stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logs.set_up()


def told(found):
    return json.dumps(found)


def test_a_request_is_one_line_with_its_route_and_not_its_address(db, lines):
    Client().get("/healthz?name=Rosa+Martinez")

    (line,) = [each for each in lines() if each["event"] == "request"]
    assert (line["route"], line["status"], line["method"]) == ("/healthz", 200, "GET")
    assert line["ms"] > 0
    assert "Rosa" not in told(line)


def test_a_push_tells_whose_it_was_by_id_and_not_what_it_said(db, lines):
    phone = Phone(Cast())
    phone.push(phone.entry(fact=SEEN | {"note": "crying", "nurse_should_know": "crying"}))

    line = lines()[-1]
    assert line["route"] == "/phone/push"
    assert line["person"] == str(phone.cast.dana.pk)
    assert line["device"] == str(phone.device.pk)
    assert "crying" not in told(lines())


def test_an_address_that_is_not_there_is_not_repeated(db, lines):
    Client().get("/people/Rosa%20Martinez/")
    assert not any(secret in told(lines()) for secret in SECRETS)


def test_a_page_that_did_not_work_says_which_in_the_line_of_its_fault(db, lines, monkeypatch):
    def fails(*_given):
        raise ValueError("Rosa was crying")

    monkeypatch.setattr(views, "_look_at_most_once_a_second", fails)
    browser = Client(raise_request_exception=False)
    browser.get("/healthz?name=Rosa+Martinez")

    (line,) = [each for each in lines() if each["logger"] == "django.request"]
    assert line["event"] == "Internal Server Error"
    assert (line["status"], line["method"], line["route"]) == (500, "GET", "/healthz")
    assert line["fault"] == ["ValueError"]
    assert not any(secret in told(lines()) for secret in SECRETS)


def test_a_password_that_was_wrong_is_nowhere(db, lines):
    Person.objects.create_user("rosa", "Rosa Martinez", "hunter2-hunter2-hunter2")
    Client().post("/accounts/login/", {"login": "Rosa Martinez", "password": "hunter2"})
    assert not any(secret in told(lines()) for secret in SECRETS)


def test_a_fault_tells_its_type_and_place_and_not_what_was_written(lines):
    note = "Rosa was crying"
    try:
        int(note)
    except ValueError:
        logging.getLogger("django.request").exception("Fault with %s", note, extra={"note": note})

    (line,) = lines()
    assert line["fault"] == ["ValueError"]
    assert any("test_logs.py" in place for place in line["where"])
    assert line["event"] == "Fault with %s"
    assert not any(secret in told(line) for secret in SECRETS)


def test_a_database_that_names_the_row_in_its_complaint_is_not_quoted(db, lines):
    Person.objects.create_user("Rosa Martinez", "Rosa Martinez", "x")
    try:
        with transaction.atomic():
            Person.objects.create_user("Rosa Martinez", "Rosa Martinez", "x")
    except IntegrityError:
        structlog.get_logger("milieu.test").exception("A chore did not succeed.")

    (line,) = lines()
    assert line["fault"][0] == "IntegrityError"
    assert line["fault"][1].split()[1] in ("SQLITE_CONSTRAINT_UNIQUE", "23505")
    assert "Rosa" not in told(line)


def test_our_own_lines_tell_only_what_may_be_told(lines):
    structlog.get_logger("milieu.test").info("Stored.", person="id", note="crying", pin="4821")

    (line,) = lines()
    assert line["person"] == "id"
    assert not any(secret in told(line) for secret in SECRETS)


def test_a_library_that_logs_what_people_wrote_logs_only_its_own_words(lines):
    logging.getLogger("somebody.elses").warning("Bad value %r for %s", "crying", "Rosa")
    logging.getLogger("somebody.elses").warning({"name": "Rosa"})

    first, second = lines()
    assert first["event"] == "Bad value %r for %s"
    assert second["event"] == "dict"


def test_sql_is_not_logged_even_when_a_query_fails(db, lines):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM people_person WHERE name = %s", ["Rosa Martinez"])
    assert not any(secret in told(lines()) for secret in SECRETS)


def test_a_program_of_ours_logs_this_way_from_its_first_line(tmp_path):
    code = (
        "import django, logging; django.setup();"
        "logging.getLogger('any').warning('Seen %s', 'Rosa Martinez')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"MILIEU_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "milieu.config.settings"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stderr)["event"] == "Seen %s"
