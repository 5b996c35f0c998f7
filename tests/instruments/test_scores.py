"""A score is the sum of what was answered, whatever was answered; and nothing else scores."""

from itertools import product
from random import Random

import pytest

from milieu.instruments.catalogue import band, slots
from milieu.instruments.questionnaire import allowed
from milieu.instruments.scoring import at_least, score, unanswered
from milieu.instruments.services import _shipped

SHIPPED = _shipped()
COUNTED = {"LA6568-5": 0, "LA6569-3": 1, "LA6570-1": 2, "LA6571-9": 3}


def answers(text, codes):
    return dict(zip(text.scored, codes, strict=True))


def test_what_ships_are_the_two_that_may():
    assert sorted(SHIPPED) == ["gad-7", "phq-9"]
    for text in SHIPPED.values():
        assert "No permission required" in text.licence
        assert "phqscreeners.com" in text.source


@pytest.mark.parametrize(("code", "questions", "high"), [("phq-9", 9, 27), ("gad-7", 7, 21)])
def test_a_text_counts_as_its_slot_says(code, questions, high):
    text, slot = SHIPPED[code], slots()[code]
    assert len(text.scored) == questions
    assert (text.low, text.high) == (slot.low, slot.high) == (0, high)


def test_each_of_all_answers_to_gad_7_scores_its_sum():
    text = SHIPPED["gad-7"]
    shares = Random(7).sample(list(product(COUNTED, repeat=7)), 600)
    for codes in [*shares, ["LA6568-5"] * 7, ["LA6571-9"] * 7]:
        assert score(text, answers(text, codes)) == sum(COUNTED[code] for code in codes)


def test_every_pair_of_answers_in_phq_9_counts_alone_and_together():
    """All 4 x 4 answers of all 36 pairs: no question counts twice, none is left out."""
    text = SHIPPED["phq-9"]
    for first in range(9):
        for second in range(first):
            for one, other in product(COUNTED, repeat=2):
                codes = ["LA6568-5"] * 9
                codes[first], codes[second] = one, other
                assert score(text, answers(text, codes)) == COUNTED[one] + COUNTED[other]


@pytest.mark.parametrize("code", ["phq-9", "gad-7"])
def test_every_sum_that_there_can_be_is_reached_by_many_ways_of_answering(code):
    text, chance, by_value = SHIPPED[code], Random(3), list(COUNTED)
    for total in range(text.high + 1):
        for _ in range(20):
            values = [0] * len(text.scored)
            for _point in range(total):
                open_to_more = [n for n, value in enumerate(values) if value < 3]
                values[chance.choice(open_to_more)] += 1
            given = answers(text, [by_value[value] for value in values])
            assert score(text, given) == at_least(text, given) == total


def test_how_difficult_it_was_does_not_count():
    text = SHIPPED["phq-9"]
    given = answers(text, ["LA6569-3"] * 9)
    assert score(text, given | {"/69722-7": "LA6574-3"}) == 9


def test_a_question_left_out_leaves_no_score_and_is_named():
    text = SHIPPED["phq-9"]
    given = answers(text, ["LA6571-9"] * 9)
    del given["/44260-8"]
    assert score(text, given) is None
    assert unanswered(text, given) == ["/44260-8"]
    assert at_least(text, given) == 24


@pytest.mark.parametrize(
    ("code", "score", "called"),
    [
        *(("phq-9", 4, "minimal"), ("phq-9", 5, "mild"), ("phq-9", 10, "moderate")),
        *(("phq-9", 15, "moderately severe"), ("phq-9", 27, "severe")),
        *(("gad-7", 9, "mild"), ("gad-7", 15, "severe")),
        *(("ciwa-ar", 7, "mild"), ("ciwa-ar", 8, "moderate"), ("ciwa-ar", 15, "severe")),
        *(("cows", 4, "below mild"), ("cows", 36, "moderately severe"), ("cows", 37, "severe")),
        *(("morse", 46, "46 or more"), ("braden", 9, "9 or less"), ("c-ssrs", 3, "high")),
    ],
)
def test_a_score_is_called_as_the_first_source_calls_it(code, score, called):
    found = band(slots()[code], score)
    assert found
    assert found[0]["en"] == called
    assert found[1]


def test_an_instrument_without_an_official_cut_off_has_no_band():
    assert band(slots()["dasa"], 7) is None


def test_every_slot_has_its_words_its_licence_and_its_sources():
    for slot in slots().values():
        assert slot.licence
        assert slot.source
        assert slot.as_of
        assert set(slot.title) == set(slot.about) == {"en", "es"}
        for bands in slot.bands:
            assert bands.source
            starts = [step.start for step in bands.steps]
            assert starts == sorted(set(starts))
            assert starts[0] == slot.low
        assert all(rule.source and set(rule.label) == {"en", "es"} for rule in slot.nurse)


SUM = SHIPPED["phq-9"].expression


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "1 + 1",
        "%resource.item.answer.value.ordinal().sum()",
        SUM + " ",
        SUM + " + 1",
        SUM.replace("item.", "descendants()."),
        SUM.replace("%resource", "%resource.item.where(linkId = '/44260-8')"),
        SUM.replace("item.answer", "item.where(true).answer"),
        SUM.replace("item.answer", "item.where(linkId = 'a' and linkId = 'b').answer"),
        SUM.replace("item.answer", "item.where(linkId = 'a\\'').answer"),
        SUM.replace("$this + $total", "$this * $total"),
        SUM + "\n",
    ],
)
def test_no_other_expression_is_ever_run(expression):
    assert not allowed(expression)


def test_the_sum_of_some_questions_is_allowed():
    assert allowed(SUM)
    assert allowed(SUM.replace("item.answer", "item.where(linkId = 'a').answer"))
    assert allowed(SUM.replace("item.answer", "item.where(linkId = 'a' or linkId = 'b').answer"))


# As HL7's Personal Health Record Format guide has them (Questionnaire gad7), and each Spanish
# sentence as the form of Indiana University's CHICA asks it: the file names both.
GAD_7 = {
    "/69725-0": "Sentirse nervioso/a, intranquilo/a o con los nervios de punta",
    "/68509-9": "No poder dejar de preocuparse o no poder controlar la preocupación",
    "/69733-4": "Preocuparse demasiado por diferentes cosas",
    "/69734-2": "Dificultad para relajarse",
    "/69735-9": "Estar tan inquieto/a que es difícil permanecer sentado/a tranquilamente",
    "/69689-8": "Molestarse o ponerse irritable fácilmente",
    "/69736-7": "Sentir miedo como si algo terrible pudiera pasar",
}


def test_gad_7_is_asked_in_spanish_in_the_published_words():
    text = SHIPPED["gad-7"]
    assert {each.link: each.label["es"] for each in text.questions} == GAD_7
    assert text.intro[0]["es"].startswith("Durante las últimas 2 semanas, ¿con qué frecuencia")
    for question in text.questions:
        assert [option.label["es"] for option in question.options] == [
            "Nunca",
            "Varios días",
            "Más de la mitad de los días",
            "Casi todos los días",
        ]


def test_no_word_of_what_ships_is_in_one_language_only():
    for text in SHIPPED.values():
        labels = [*text.intro, *(each.label for each in text.questions)]
        labels += [option.label for each in text.questions for option in each.options]
        assert all(label.keys() == {"en", "es"} for label in labels)


def test_each_file_says_with_what_its_words_and_codes_were_compared():
    for text in SHIPPED.values():
        assert "compared word by word on 2026-11-26" in text.source
        assert "HL7's Personal Health Record Format" in text.source
