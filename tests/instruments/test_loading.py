"""A facility loads the text that it may use; any other file is refused, and in words."""

import json

import pytest
from django.core.management import CommandError, call_command

from milieu.instruments.checking import check
from milieu.instruments.loading import load
from milieu.instruments.models import LoadedText
from milieu.instruments.questionnaire import CALCULATED, CITATION, ORDINAL
from milieu.instruments.services import SCORED, instruments, texts
from milieu.instruments.shape import Answer, Scored
from milieu.kernel.errors import Refusal
from tests.cast import NIGHT, outcomes

SUM = (
    f"%resource.item.answer.value.extension.where(url = '{ORDINAL}')"
    ".value.aggregate($this + $total, 0)"
)


def option(code, value):
    extension = [{"url": ORDINAL, "valueDecimal": value}]
    return {"valueCoding": {"code": code, "display": code.title(), "extension": extension}}


def question(number):
    options = [option("no", 0), option("yes", 1)]
    return {
        "linkId": f"q{number}",
        "prefix": str(number),
        "text": f"Invented question {number}",
        "type": "choice",
        "answerOption": options,
    }


def total(expression=SUM):
    given = {"language": "text/fhirpath", "expression": expression}
    return {
        "linkId": "total",
        "text": "Total",
        "type": "integer",
        "readOnly": True,
        "extension": [{"url": CALCULATED, "valueExpression": given}],
    }


def form(code="bvc", questions=6, **changes):
    """An invented questionnaire that counts as the BVC does. Not one word of it is the BVC's."""
    return {
        "resourceType": "Questionnaire",
        "id": code,
        "extension": [{"url": CITATION, "valueString": "The facility's own form"}],
        "title": "Invented",
        "status": "active",
        "copyright": "Licensed to Elm Hospital, agreement 12 of 2026",
        "item": [*(question(n) for n in range(1, questions + 1)), total()],
    } | changes


def raw(resource):
    return json.dumps(resource).encode()


def found(resource):
    return [str(each) for each in check(raw(resource))]


def test_a_text_with_its_licence_and_source_is_in_order():
    assert found(form()) == []


def without(key):
    return {name: value for name, value in form().items() if name != key}


def with_item(**changes):
    first, *rest = form()["item"]
    return form(item=[first | changes, *rest])


@pytest.mark.parametrize(
    ("resource", "where", "what"),
    [
        (without("copyright"), "Questionnaire.copyright", "licence"),
        (form(copyright="  "), "Questionnaire.copyright", "licence"),
        (without("extension"), "Questionnaire.extension", "source"),
        (without("status"), "status", ""),
        (without("title"), "Questionnaire.title", "missing"),
        (without("id"), "Questionnaire.id", "short name"),
        (form(code="BVC 2"), "", ""),
        ({"resourceType": "Patient"}, "resourceType", "not Questionnaire"),
        (form(item=[total()]), "Questionnaire.item", "questions"),
        (form(item=[question(1), question(1), total()]), "item[0].linkId", "twice"),
        (form(item=[question(1)]), "Questionnaire.item", "one score"),
        (form(item=[question(1), total(), total() | {"linkId": "b"}]), "item", "one score"),
        (form(item=[question(1), total("1 + 1")]), "item[1].extension", "not taken"),
        (form(item=[question(1), total("%resource.repeat(item)")]), "item[1]", "not taken"),
        (with_item(linkId="a b"), "item[0].linkId", "one word"),
        (with_item(linkId="a'b"), "item[0].linkId", "quotes"),
        (with_item(repeats=True), "item[0].repeats", "one answer"),
        (with_item(type="string"), "item[0].type", "not taken"),
        (with_item(text=""), "item", ""),
        (with_item(answerOption=[option("no", 0)]), "item[0].answerOption", "2 to 20"),
        (with_item(answerOption=[option("a", 0), option("a", 1)]), "code", "there once"),
        (with_item(answerOption=[option("a", 0), option("b", 0.5)]), "extension", "whole number"),
        (with_item(answerOption=[option("a", 0), option("b", -1)]), "extension", "whole number"),
        (with_item(item=[question(9)]), "item[0].item", "groups"),
        (
            with_item(
                answerOption=[option("a", 0), {"valueCoding": {"code": "b", "display": "B"}}]
            ),
            "extension",
            "every answer",
        ),
        (form(questions=5), "Questionnaire", "runs from 0 to 5"),
        (form(code="phq-9", questions=27), "item", "/44260-8"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(resource, where, what):
    told = found(resource)
    assert any(where in each and what in each for each in told), told


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'"x"', b"{}" * 200_000])
def test_a_file_that_is_no_questionnaire_at_all_is_refused_in_words(content):
    assert check(content)


def test_a_score_of_some_questions_only_counts_those():
    some = SUM.replace("item.answer", "item.where(linkId = 'q1' or linkId = 'q9').answer")
    assert any("'q9'" in each for each in found(form(item=[question(1), total(some)])))


@pytest.mark.django_db
def test_a_loaded_text_takes_the_place_of_its_slot_at_once(cast):
    fact = Scored(instrument="bvc", outcome="answered", answers=(Answer("q1", "yes"),))
    draft = cast.check(cast.rosa, NIGHT, kind=SCORED, fact=fact)
    assert outcomes(cast.store(draft)) == ["unknown-answer"]

    load(raw(form()), at=NIGHT)
    whole = tuple(Answer(f"q{n}", "yes" if n < 3 else "no") for n in range(1, 7))
    fact = Scored(instrument="bvc", outcome="answered", answers=whole)
    draft = cast.check(cast.rosa, NIGHT, kind=SCORED, fact=fact)
    assert outcomes(cast.store(draft)) == ["stored"]
    assert texts()["bvc"].licence.startswith("Licensed to Elm")


@pytest.mark.django_db
def test_an_instrument_of_which_there_is_no_slot_can_be_loaded_too():
    load(raw(form(code="own-form", questions=3)), at=NIGHT)
    assert (instruments()["own-form"].low, instruments()["own-form"].high) == (0, 3)


@pytest.mark.django_db
def test_a_c_ssrs_text_may_count_its_answers_and_any_yes_reaches_a_nurse(cast):
    load(raw(form(code="c-ssrs", questions=6)), at=NIGHT)
    fact = Scored(instrument="c-ssrs", outcome="answered", answers=(Answer("q2", "yes"),))
    cast.store(cast.check(cast.rosa, NIGHT, kind=SCORED, fact=fact))
    from milieu.alerts.models import Alert  # noqa: PLC0415

    assert Alert.objects.as_system("test").get().words == "C-SSRS is raised: 1"


@pytest.mark.django_db
def test_the_newest_text_is_used_and_the_same_again_changes_nothing():
    for title in ("First", "Second", "Second"):
        load(raw(form(title=title)), at=NIGHT)
    assert LoadedText.objects.count() == 2
    assert texts()["bvc"].title == {"en": "Second"}


@pytest.mark.django_db
def test_the_command_loads_a_file_or_says_what_is_wrong(tmp_path, capsys):
    path = tmp_path / "bvc.json"
    path.write_bytes(raw(without("copyright")))
    with pytest.raises(CommandError, match=r"Questionnaire\.copyright: is missing"):
        call_command("instruments", "add", str(path))
    assert not LoadedText.objects.exists()

    path.write_bytes(raw(form()))
    call_command("instruments", "add", str(path))
    call_command("instruments", "list")
    said = capsys.readouterr().out
    assert "6 questions, score 0 to 6. Licence: Licensed to Elm Hospital" in said
    assert "c-ssrs     0-3    score only" in said


@pytest.mark.django_db
def test_the_command_says_which_file_it_cannot_read(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("instruments", "add", str(tmp_path / "none.json"))
    with pytest.raises(CommandError, match="Name the file"):
        call_command("instruments", "add")


@pytest.mark.django_db
def test_nothing_unusable_is_loaded():
    with pytest.raises(Refusal, match="copyright"):
        load(raw(without("copyright")), at=NIGHT)
