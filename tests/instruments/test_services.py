"""Instruments answered, declined, typed: what is kept, what is refused, what reaches a nurse."""

from datetime import timedelta

import msgspec
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from milieu.alerts.models import Alert
from milieu.instruments.catalogue import slots
from milieu.instruments.loading import load
from milieu.instruments.models import LoadedText
from milieu.instruments.models import Scored as Row
from milieu.instruments.series import series
from milieu.instruments.services import SCORED, texts
from milieu.instruments.shape import Answer, Scored
from milieu.kernel.ids import uuid7
from milieu.record.models import Entry
from tests.cast import NIGHT, outcomes
from tests.instruments.test_loading import form, raw
from tests.pages import moment, now, text

pytestmark = pytest.mark.django_db
NEVER, SEVERAL, MOST, DAILY = "LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"
ITEM_9 = "/44260-8"


def phq(*codes, **more):
    known = texts()["phq-9"]
    answers = tuple(
        Answer(link, code) for link, code in zip(known.scored, codes, strict=False) if code
    )
    return Scored(
        instrument="phq-9", outcome="answered", text=known.version, answers=answers, **more
    )


def say(cast, fact, **more):
    return cast.check(cast.rosa, NIGHT, kind=SCORED, fact=fact, **more)


def told():
    return list(Alert.objects.as_system("test").values_list("kind", "words"))


def test_a_score_is_worked_out_from_the_answers(cast):
    assert outcomes(cast.store(say(cast, phq(*[SEVERAL] * 8, NEVER)))) == ["stored"]
    row = Row.objects.as_system("a test").get()
    assert (row.score, row.unanswered) == (8, 0)
    assert row.text == row.scored_with == texts()["phq-9"].version
    assert row.answered()[ITEM_9] == NEVER
    assert told() == []


def test_a_question_left_out_is_said_and_there_is_no_score(cast):
    cast.store(say(cast, phq(*[DAILY] * 7)))
    row = Row.objects.as_system("a test").get()
    assert (row.score, row.unanswered) == (None, 2)


def test_a_score_that_a_person_sends_beside_answers_is_refused(cast):
    cheat = phq(*[SEVERAL] * 9, score=0)
    assert outcomes(cast.store(say(cast, cheat))) == ["score-not-typed"]


@pytest.mark.parametrize("answer", [SEVERAL, MOST, DAILY])
def test_any_answer_above_none_to_question_9_reaches_a_nurse_at_once(cast, answer):
    cast.store(say(cast, phq(*[NEVER] * 8, answer)))
    ((kind, words),) = told()
    assert kind == "concern"
    assert "question 9" in words


def test_question_9_reaches_her_though_others_were_left_out(cast):
    cast.store(say(cast, phq(*[None] * 8, SEVERAL)))
    assert Row.objects.as_system("a test").get().score is None
    assert len(told()) == 1


def test_the_alert_is_stored_with_its_cause_or_neither_is(cast, monkeypatch):
    def fails(*_):
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr("milieu.alerts.concern.raise_alerts", fails)
    with pytest.raises(RuntimeError), transaction.atomic():
        cast.store(say(cast, phq(*[NEVER] * 8, DAILY)))
    assert not Row.objects.as_system("a test").exists()
    assert not Entry.objects.as_system("test").filter(kind=SCORED).exists()


def test_put_right_with_the_same_answer_to_question_9_it_tells_nobody_again(cast):
    first = say(cast, phq(*[NEVER] * 8, SEVERAL))
    cast.store(first)
    why = {"amends": first.entry_id, "reason": "Misheard the first"}
    cast.store(say(cast, phq(SEVERAL, *[NEVER] * 7, SEVERAL), **why))
    assert len(told()) == 1
    assert series([cast.rosa.pk], NIGHT - timedelta(days=1))["phq-9"][cast.rosa.pk][0][1] == 2.0


def test_put_right_to_a_worse_answer_it_tells_again(cast):
    first = say(cast, phq(*[NEVER] * 8, SEVERAL))
    cast.store(first)
    why = {"amends": first.entry_id, "reason": "Misheard"}
    cast.store(say(cast, phq(*[NEVER] * 8, DAILY), **why))
    assert len(told()) == 2


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_raised_c_ssrs_reaches_a_nurse_at_once(cast, level):
    cast.store(say(cast, Scored(instrument="c-ssrs", outcome="answered", score=level)))
    assert told() == [("concern", f"C-SSRS is raised: {level}")]


def test_a_c_ssrs_of_none_does_not(cast):
    cast.store(say(cast, Scored(instrument="c-ssrs", outcome="answered", score=0)))
    assert told() == []


SLOTS = [code for code in slots() if code not in ("phq-9", "gad-7")]


@pytest.mark.parametrize("code", SLOTS)
def test_each_slot_takes_a_typed_score_within_its_range_and_no_other(cast, code):
    slot = slots()[code]
    drafts = [
        say(cast, Scored(instrument=code, outcome="answered", score=score))
        for score in (slot.low, slot.high, slot.high + 1, *([slot.low - 1] if slot.low else []))
    ]
    refused = ["score-out-of-range"] * (len(drafts) - 2)
    assert outcomes(cast.store(*drafts)) == ["stored", "stored", *refused]
    missing = Scored(instrument=code, outcome="answered")
    assert outcomes(cast.store(say(cast, missing))) == ["score-missing"]


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        (Scored(instrument="hamilton", outcome="answered", score=3), "unknown-instrument"),
        (Scored(instrument="phq-9", outcome="answered", text="0" * 12), "answers-missing"),
        (Scored(instrument="phq-9", outcome="declined", score=3), "not-answered-says-more"),
        (
            Scored(instrument="phq-9", outcome="answered", answers=(Answer("/1", NEVER),)),
            "unknown-answer",
        ),
        (
            Scored(instrument="phq-9", outcome="answered", answers=(Answer(ITEM_9, "LA1"),)),
            "unknown-answer",
        ),
        (
            Scored(instrument="bvc", outcome="answered", answers=(Answer("1", "yes"),)),
            "unknown-answer",
        ),
        (
            Scored(
                instrument="phq-9",
                outcome="answered",
                answers=(Answer(ITEM_9, NEVER), Answer(ITEM_9, DAILY)),
            ),
            "answered-twice",
        ),
    ],
)
def test_what_cannot_be_is_refused(cast, fact, code):
    assert outcomes(cast.store(say(cast, fact))) == [code]
    assert not Row.objects.as_system("a test").exists()


def test_who_did_not_want_to_answer_has_no_score_and_that_is_seen(cast):
    cast.store(say(cast, Scored(instrument="phq-9", outcome="declined", note="Tired")))
    row = Row.objects.as_system("a test").get()
    assert (row.outcome, row.score, row.answers) == ("declined", None, "")
    ((_at, value, _entry),) = series([cast.rosa.pk], NIGHT - timedelta(1))["phq-9"][cast.rosa.pk]
    assert value is None


@pytest.mark.parametrize(
    "wire",
    [
        b'{"instrument":"phq-9","outcome":"answered","score":-1}',
        b'{"instrument":"phq-9","outcome":"maybe"}',
        b'{"instrument":"phq-9","outcome":"answered","answers":[{"item":"a b","code":"c"}]}',
        b'{"instrument":"phq-9","outcome":"answered","answers":[{"item":"a=b","code":"c"}]}',
        b'{"instrument":"PHQ 9","outcome":"answered"}',
        b'{"instrument":"phq-9","outcome":"answered","expression":"1 + 1"}',
    ],
)
def test_the_shape_holds_its_bounds(wire):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(wire, type=Scored)


def test_the_database_keeps_no_score_of_what_was_not_answered(cast):
    cast.store(say(cast, Scored(instrument="bvc", outcome="answered", score=1)))
    seq = Row.objects.as_system("a test").get().pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Row.objects.as_system("a test").create(
            entry_id=seq + 1, instrument="bvc", outcome="declined", score=2
        )


@pytest.mark.parametrize(
    "sql", ["UPDATE instruments_loadedtext SET code = 'x'", "DELETE FROM instruments_loadedtext"]
)
def test_the_database_refuses_to_change_a_text_that_was_loaded(cast, sql):
    LoadedText.objects.create(code="x", content="{}", licence="ours", loaded_at=NIGHT)
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        connection.cursor().execute(sql)


def fill(client, cast, code, **given):
    at = now().replace(second=0, microsecond=0)
    url = reverse("instrument", args=[cast.rosa.pk, code])
    return client.post(url, {"entry_id": uuid7(), "outcome": "answered", **moment(at), **given})


def test_at_a_desk_the_questions_are_asked_word_for_word_and_nothing_is_chosen(nora, cast):
    page = text(nora.get(reverse("instrument", args=[cast.rosa.pk, "phq-9"])))
    assert "Over the last 2 weeks, how often have you been bothered by any of the following" in page
    assert "9. Thoughts that you would be better off dead or of hurting yourself" in page
    assert "No permission required" in page
    assert "checked>" not in page


def test_at_a_desk_it_is_answered_and_read_with_its_band(nora, cast):
    chosen = {f"question-{number}": MOST for number in range(8)} | {"question-8": NEVER}
    assert fill(nora, cast, "phq-9", **chosen).status_code == 302
    for page in ("stay", "instruments"):
        assert "PHQ-9: 16 of 27, moderately severe" in text(
            nora.get(reverse(page, args=[cast.rosa.pk]))
        )


def test_at_a_desk_a_slot_asks_for_the_score_alone(nora, cast):
    page = text(nora.get(reverse("instrument", args=[cast.rosa.pk, "bvc"])))
    assert 'name="score"' in page
    assert "question-0" not in page
    assert "free on paper only" in page
    assert fill(nora, cast, "bvc", score="7").status_code == 422
    assert fill(nora, cast, "bvc", score="2").status_code == 302
    shown = text(nora.get(reverse("instruments", args=[cast.rosa.pk])))
    assert "BVC: 2 of 6, typed from the facility&#x27;s form, 1 to 2" in shown


def test_at_a_desk_an_answer_is_put_right_by_its_author(nora, cast):
    fill(nora, cast, "phq-9", **{f"question-{n}": NEVER for n in range(9)})
    entry = Entry.objects.as_system("test").get(kind=SCORED)
    url = reverse("instrument-amend", args=[entry.entry_id])
    assert "checked" in text(nora.get(url))
    at = now().replace(second=0, microsecond=0)
    chosen = {f"question-{n}": SEVERAL for n in range(9)}
    given = {"entry_id": uuid7(), "outcome": "answered", "reason": "Read the wrong line"}
    assert nora.post(url, {**given, **chosen, **moment(at)}).status_code == 302
    assert Entry.objects.as_system("test").current().get(kind=SCORED).scored.score == 9
    assert len(told()) == 1


def test_spanish_is_asked_in_the_published_spanish(nora, cast):
    page = nora.get(
        reverse("instrument", args=[cast.rosa.pk, "phq-9"]), headers={"Accept-Language": "es"}
    )
    assert "Poco interés o placer en hacer cosas" in text(page)
    page = nora.get(
        reverse("instrument", args=[cast.rosa.pk, "gad-7"]), headers={"Accept-Language": "es"}
    )
    assert "Dificultad para relajarse" in text(page)
    assert "solo está aquí en inglés" not in text(page)


def test_a_loaded_text_without_spanish_is_asked_as_it_is_and_says_so(nora, cast):
    load(raw(form()), at=NIGHT)
    page = nora.get(
        reverse("instrument", args=[cast.rosa.pk, "bvc"]), headers={"Accept-Language": "es"}
    )
    assert "Invented question 1" in text(page)
    assert "solo está aquí en inglés" in text(page)


def test_a_therapist_may_ask_and_put_right_and_a_manager_may_not(cast):
    drafts = [
        say(cast, phq(*[NEVER] * 9), author_id=each.pk)
        for each in (cast.thea, cast.petra, cast.mona)
    ]
    assert outcomes(cast.store(*drafts)) == ["stored", "stored", "not-allowed"]
    amended = say(
        cast,
        phq(*[SEVERAL] * 9),
        author_id=cast.thea.pk,
        amends=drafts[0].entry_id,
        reason="Misheard",
    )
    assert outcomes(cast.store(amended)) == ["stored"]


@pytest.mark.parametrize("score", [0, 5])
def test_at_a_desk_a_typed_score_is_put_right_as_it_was_typed(nora, cast, score):
    fact = Scored(instrument="phq-9", outcome="answered", score=score)
    typed = say(cast, fact, author_id=cast.nora.pk, device_id=None)
    assert outcomes(cast.store(typed)) == ["stored"]
    form = nora.get(reverse("instrument-amend", args=[typed.entry_id])).context["form"]
    assert "question-0" not in form.fields
    assert form["score"].value() == score
