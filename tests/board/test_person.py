"""The person's page and the page of an entry: the day as it was, and how we know."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from milieu.admissions.services import back, cancel, leave
from milieu.kernel.ids import uuid7
from milieu.record.models import Entry
from milieu.rounds.handing import TAKE
from milieu.rounds.services import order_level
from milieu.rounds.shape import SafetyCheck, Take
from tests.cast import NIGHT, Cast
from tests.pages import text

pytestmark = pytest.mark.django_db

DAY = f"{NIGHT:%Y-%m-%d}"


def minutes(number):
    return timedelta(minutes=number)


@pytest.fixture
def cast(db):
    cast = Cast()
    cast.order(cast.rosa)
    return cast


def page(client, cast, day=DAY):
    return text(client.get(reverse("stay", args=[cast.rosa.pk]), {"day": day}))


def entry_page(client, draft):
    return text(client.get(reverse("entry", args=[draft.entry_id])))


@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-02", "9999-12-30", "9999-12-31"])
@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_a_day_at_the_ends_of_the_calendar_is_answered_with_the_last_hours(nora, cast, day, zone):
    cast.north.time_zone = zone
    cast.north.save()
    url = reverse("stay", args=[cast.rosa.pk])
    assert nora.get(url, {"day": day}).context["day"].named is None


def test_the_page_says_who_it_is_where_identity_is_checked(nora, cast):
    said = page(nora, cast)
    assert "<h1>Rosa M.</h1>" in said
    assert "Rosa Martinez" in said
    assert 'datetime="1990-05-17"' in said
    assert "At least every 15 minutes" in said
    assert "Admission" in said


TRIED = re.compile(r"Tried at [^<]*")
DARK = SafetyCheck(outcome="not-seen", place="own-room", why="too-dark")


def test_beside_what_was_seen_last_stands_a_newer_look_that_did_not_see_them(nora, cast):
    assert "Not seen yet" in page(nora, cast)
    cast.store(cast.check(cast.rosa, NIGHT), cast.check(cast.rosa, NIGHT + minutes(14), fact=DARK))
    said = page(nora, cast)
    assert re.search(r"Last seen</dt><dd>[^<]*02:53 <[^>]*>Own room, lying, eyes closed", said)
    (tried,) = TRIED.findall(said)
    assert tried.endswith("03:07. Could not be seen: Own room, too dark to see")

    cast.store(cast.check(cast.rosa, NIGHT + minutes(16)))
    assert TRIED.findall(page(nora, cast)) == []


def test_a_look_that_failed_stands_there_too_where_they_were_never_seen(nora, cast):
    dark = cast.check(cast.rosa, NIGHT, fact=DARK)
    cast.store(dark)
    assert len(TRIED.findall(page(nora, cast))) == 1
    cast.store(cast.check(cast.rosa, NIGHT, amends=dark.entry_id, fact=None, reason="It was John"))
    assert TRIED.findall(page(nora, cast)) == []


def test_a_gap_is_a_bar_and_a_line_with_its_length_in_words(nora, cast):
    cast.store(cast.check(cast.rosa, NIGHT), cast.check(cast.rosa, NIGHT + minutes(40)))
    said = page(nora, cast)
    assert "Not seen for 40 min, 02:53 to 03:33; 15 min were allowed" in said
    assert '<rect class="axis-gap"' in said
    cast.store(
        cast.check(cast.rosa, NIGHT + minutes(14)), cast.check(cast.rosa, NIGHT + minutes(28))
    )
    assert "02:53 to 03:33" not in page(nora, cast)


def test_nobody_seen_stops_no_gap(nora, cast):
    asked = SafetyCheck(outcome="refused", place="own-room", why="asked-to-be-left")
    cast.store(
        cast.check(cast.rosa, NIGHT),
        cast.check(cast.rosa, NIGHT + minutes(14), fact=asked),
        cast.check(cast.rosa, NIGHT + minutes(28)),
    )
    said = page(nora, cast)
    assert "Not seen for 28 min" in said
    assert "Did not want to be seen: Own room, asked to be left alone" in said


def test_time_on_leave_is_a_band_and_no_gap(nora, cast):
    cast.store(cast.check(cast.rosa, NIGHT))
    leave(entry_id=uuid7(), stay=cast.rosa, at=NIGHT + minutes(5), by=cast.nora)
    back(entry_id=uuid7(), stay=cast.rosa, at=NIGHT + minutes(125), by=cast.nora)
    cast.store(cast.check(cast.rosa, NIGHT + minutes(130)))
    said = page(nora, cast)
    assert '<rect class="axis-away"' in said
    assert "Went on leave" in said
    assert "Came back" in said
    assert "02:53 to" not in said


def test_a_gap_that_began_on_the_day_before_is_on_both_days(nora, cast):
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    cast.store(
        cast.check(cast.rosa, midnight - minutes(30)), cast.check(cast.rosa, midnight + minutes(30))
    )
    for day in ("2026-03-01", "2026-03-02"):
        assert "Not seen for 1 h, 23:30 to 00:30" in page(nora, cast, day)


@pytest.mark.parametrize(
    ("changes", "received", "label"),
    [
        ({"written_at": NIGHT + minutes(38)}, 39, "late entry: written 38 min afterwards"),
        (
            {"anchor_at": NIGHT - minutes(16)},
            206,
            "02:53 seen, 06:19 received, offline 3 h 26 min, proved within 02:37 to 06:19",
        ),
        (
            {},
            206,
            "02:53 seen, 06:19 received, offline 3 h 26 min, no proof before 06:19",
        ),
        (
            {"fact": SafetyCheck(outcome="not-seen", why="asked-to-be-left")},
            206,
            "02:53 written, 06:19 received",
        ),
        ({"clock_offset_ms": 7_200_000}, 1, "this phone&#x27;s clock was 2 h fast"),
        ({"clock_offset_ms": -7_200_000}, 121, "this phone&#x27;s clock was 2 h slow"),
        ({"clock_offset_ms": None}, 1, "never compared with the server"),
    ],
)
def test_what_is_doubtful_about_a_time_is_said_in_words(nora, cast, changes, received, label):
    draft = cast.check(cast.rosa, NIGHT, **changes)
    cast.store(draft, received_at=NIGHT + minutes(received))
    assert label in page(nora, cast)
    assert label in entry_page(nora, draft)


def test_doubts_that_need_other_entries_are_said_too(nora, cast):
    cast.store(
        cast.check(cast.rosa, NIGHT + minutes(2), device_seq=1),
        cast.check(cast.rosa, NIGHT, device_seq=2),
        cast.check(cast.john, NIGHT, device_seq=3),
    )
    said = page(nora, cast)
    assert said.count("out of the phone&#x27;s own order") == 1
    assert said.count("puts its author in two rooms in the same seconds") == 1


def test_an_entry_that_was_put_right_stays_and_both_lead_to_each_other(nora, cast):
    wrong = cast.check(cast.rosa)
    right = cast.check(
        cast.rosa,
        author_id=cast.lena.pk,
        amends=wrong.entry_id,
        reason="It was the hall",
        fact=SafetyCheck(outcome="seen", place="hall", position="walking"),
    )
    cast.store(wrong, right)
    said = page(nora, cast)
    assert "<s>Own room, lying, eyes closed, breathing seen</s>" in said
    assert "Hall, walking" in said
    assert "It was the hall" in said
    assert reverse("entry", args=[right.entry_id]) in entry_page(nora, wrong)
    assert reverse("entry", args=[wrong.entry_id]) in entry_page(nora, right)


def test_a_struck_entry_is_told_once_with_its_reason(nora, cast):
    wrong = cast.check(cast.rosa)
    strike = cast.check(
        cast.rosa, amends=wrong.entry_id, fact=None, reason="This was John, not Rosa"
    )
    cast.store(wrong, strike)
    said = page(nora, cast)
    assert said.count("This was John, not Rosa") == 1
    assert "Struck out an entry" in entry_page(nora, strike)


def test_an_entry_opens_with_all_that_is_kept_of_it(nora, cast):
    draft = cast.check(cast.rosa, clock_offset_ms=-350, clock_age_s=5400, device_seq=77)
    cast.store(draft)
    said = entry_page(nora, draft)
    assert "2026-03-02 02:53:00 UTC" in said
    assert "2026-03-02 02:53:01 UTC" in said
    assert "-0.350 s, measured 1 h 30 min before writing" in said
    assert "Phone 1, its entry 77" in said
    assert str(draft.entry_id) in said


def test_what_someone_typed_is_never_markup(nora, cast):
    typed = "<img src=x onerror=alert(1)>"
    draft = cast.check(cast.rosa, fact=SafetyCheck(outcome="seen", place="hall", note=typed))
    cast.store(draft)
    for said in (page(nora, cast), entry_page(nora, draft)):
        assert "&lt;img src=x" in said
        assert "<img" not in said


def test_what_is_another_units_is_not_there(client, cast):
    draft = cast.check(cast.rosa)
    cast.store(draft)
    client.force_login(cast.theo)
    for name, about in (("stay", cast.rosa.pk), ("entry", draft.entry_id)):
        theirs, nothing = (
            client.get(reverse(name, args=[about])),
            client.get(reverse(name, args=[uuid7()])),
        )
        assert (theirs.status_code, nothing.status_code) == (404, 404)


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        ("nora", {"check", "level-order", "leave", "escort", "transfer", "discharge"}),
        ("petra", {"level-order"}),
        ("dana", {"check"}),
    ],
)
def test_only_what_the_reader_may_do_is_offered(client, cast, who, offered):
    client.force_login(getattr(cast, who))
    said = page(client, cast)
    all_of_it = {"check", "level-order", "leave", "escort", "transfer", "discharge", "back"}
    shown = {name for name in all_of_it if f'href="{reverse(name, args=[cast.rosa.pk])}"' in said}
    assert shown == offered


@pytest.mark.parametrize(
    ("who", "usual"),
    [
        ("nora", ["check", "plan", "level-order", "restraint-start"]),
        ("dana", ["check", "plan", "restraint-start"]),
        ("thea", ["plan"]),
    ],
)
def test_the_usual_acts_are_in_sight_and_all_others_one_press_away_before_the_day(
    client, cast, who, usual
):
    client.force_login(getattr(cast, who))
    before, folded = page(client, cast).split('<details class="more">')
    folded, after = folded.split("</details>")
    steps = before.split('<div class="stay-steps">')[1]
    addresses = [reverse(name, args=[cast.rosa.pk]) for name in usual]
    assert re.findall(r'<a [^>]*href="([^"]+)"', steps) == addresses
    assert reverse("incidents", args=[cast.rosa.pk]) in folded
    assert 'id="day-title"' in after


@pytest.mark.parametrize(("who", "may"), [("dana", True), ("lena", True), ("nora", False)])
def test_an_entry_is_put_right_by_its_author_or_a_lead(client, cast, who, may):
    draft = cast.check(cast.rosa)
    cast.store(draft)
    client.force_login(getattr(cast, who))
    link = reverse("amend", args=[draft.entry_id])
    assert (link in page(client, cast)) is may
    assert (link in entry_page(client, draft)) is may


@pytest.mark.parametrize(("who", "may"), [("nora", True), ("dana", False), ("lena", False)])
def test_a_movement_is_struck_out_from_the_timeline_and_its_own_page_by_who_admits(
    client, cast, who, may
):
    left = leave(entry_id=uuid7(), stay=cast.rosa, at=NIGHT, by=cast.nora)
    client.force_login(getattr(cast, who))
    link = reverse("cancel-movement", args=[left.entry_id])
    assert (link in page(client, cast)) is may
    assert (link in entry_page(client, left)) is may

    cancel(entry_id=uuid7(), movement=left, at=NIGHT, by=cast.nora, reason="It was John")
    assert link not in page(client, cast), "What is struck out is not struck out again."


def test_a_day_of_many_entries_costs_as_many_statements_as_one_of_few(nora, cast):
    def statements():
        with CaptureQueriesContext(connection) as asked:
            page(nora, cast)
        return len(asked)

    cast.store(cast.check(cast.rosa, NIGHT, device_seq=1))
    statements()
    few = statements()
    times = enumerate((NIGHT + minutes(10 * n) for n in range(100)), start=2)
    cast.store(*(cast.check(cast.rosa, at, device_seq=seq) for seq, at in times))
    assert statements() == few
    assert Entry.objects.as_system("test").filter(stay=cast.rosa).count() > 100


def test_a_day_without_entries_says_so(nora, cast):
    assert "Nothing was recorded in this time." in page(nora, cast, "2026-02-01")


def test_where_another_than_the_named_observer_has_the_watch_the_page_says_so(nora, cast):
    words = "not Dana R., whom the order names"
    order_level(
        entry_id=uuid7(),
        stay=cast.rosa,
        level="one-to-one",
        why="Asked for someone near",
        at=NIGHT + minutes(1),
        written_at=NIGHT + minutes(1),
        by=cast.nora,
        observer=cast.dana,
    )
    assert words not in page(nora, cast), "She is asked."
    cast.store(cast.check(cast.rosa, NIGHT + minutes(2), kind=TAKE, fact=Take()))
    assert words not in page(nora, cast), "She is there."
    without = Take(without=cast.dana.pk)
    cast.store(
        cast.check(cast.rosa, NIGHT + minutes(3), kind=TAKE, fact=without, author_id=cast.lena.pk)
    )
    assert words in page(nora, cast)
