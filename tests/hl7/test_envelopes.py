"""Files that were cut, batches that do not add up, and the character set of MSH-18."""

import codecs

import pytest

from milieu.census.models import Facility
from milieu.hl7.framing import Framed, Unreadable, split
from milieu.hl7.messages import read
from tests.cast import unit_named
from tests.hl7.feed import adt, outcomes, send

HEAD, END = "BHS|^~\\&|ADT\r", "BTS|{}\r"


def faults(text: str | bytes) -> list[tuple[int, str, str]]:
    """Return line, place and words of what is wrong with a file."""
    data = text.encode() if isinstance(text, str) else text
    return [
        (each.line, each.refusal.field, each.refusal.message)
        for each in split(data)
        if isinstance(each, Unreadable)
    ]


def test_whole_batches_in_a_whole_file_are_taken():
    batch = HEAD + adt("A01") + adt("A08") + END.format(2)

    assert faults("FHS|^~\\&|ADT\r" + batch + batch + "FTS|2\r") == []
    assert faults("FHS|^~\\&|ADT\r" + batch + "FTS\r") == []
    assert faults(batch) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (HEAD + adt("A01"), [(1, "BHS^1")]),
        ("FHS|^~\\&|ADT\r" + HEAD + adt("A01") + END.format(1), [(1, "FHS^1")]),
        ("FHS|^~\\&|ADT\r" + HEAD + adt("A01"), [(2, "BHS^1"), (1, "FHS^1")]),
        ("FHS|^~\\&|ADT\r" + HEAD + adt("A01") + "FTS\r", [(2, "BHS^1")]),
        (HEAD + adt("A01") + HEAD + adt("A08") + END.format(1), [(1, "BHS^1")]),
        (HEAD + adt("A01") + END.format(2), [(6, "BTS^1^1")]),
        # Two batches whose numbers are right only together.
        (HEAD + adt("A01") + END.format(2) + HEAD + adt("A08") * 2 + END.format(1),
         [(6, "BTS^1^1"), (16, "BTS^1^1")]),
        ("FHS|^~\\&|ADT\r" + HEAD + adt("A01") + END.format(1) + "FTS|2\r", [(8, "FTS^1^1")]),
    ],
)  # fmt: skip
def test_a_batch_or_a_file_that_was_cut_is_refused_with_its_line(text, place):
    found = faults(text)

    assert [each[:2] for each in found] == place
    assert all("Send the whole file again." in each[2] for each in found)


def test_a_frame_that_was_cut_is_refused():
    whole = "\x0b" + adt("A01") + "\x1c\r"

    assert faults(whole + whole) == []
    assert [each[:2] for each in faults(whole + whole[:-20])] == [(6, "MSH^1")]


def test_utf_16_that_was_cut_inside_a_letter_is_refused():
    data = codecs.BOM_UTF16_LE + adt("A01", name="Muñoz^José").encode("utf-16-le")

    assert faults(data) == []
    assert faults(data[:-1])[0][:2] == (1, "MSH^1^18")


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_a_byte_that_is_not_in_the_character_set_is_told_with_its_line_and_field(end):
    text = adt("A01", name="Muñoz^José", end=end).encode("latin-1")

    ((line, place, words),) = faults(text)

    assert (line, place) == (3, "MSH^1^18")
    assert "Line 3 holds a byte in PID-5 that is not in the character set of MSH-18" in words
    assert "(read as UTF-8)" in words


def test_text_in_utf_8_under_the_name_of_another_set_is_told():
    (message,) = split(adt("A01", name="Muñoz^José", charset="8859/1").encode())
    (right,) = split(adt("A01", name="Muñoz^José", charset="8859/1").encode("latin-1"))

    assert isinstance(message, Framed)
    assert isinstance(right, Framed)
    assert "looks like UTF-8" in " ".join(message.notes)
    assert (right.notes, read(right).about[0].names[0].family) == ((), "Muñoz")


def test_signs_of_windows_under_the_name_of_iso_are_letters_and_not_control_signs():
    (message,) = split(adt("A01", name="O\u2019Neill^Zoë", charset="8859/1").encode("cp1252"))

    assert isinstance(message, Framed)
    assert read(message).about[0].names[0].family == "O\u2019Neill"
    nothing = adt("A01", name="O?Neill^Zo", charset="8859/1").encode().replace(b"?", b"\x81")
    assert "is not in the character set of MSH-18 (read as CP1252)" in faults(nothing)[0][2]


@pytest.mark.parametrize("event", ["A01", "A02", "A03", "A11", "A13", "A21"])
@pytest.mark.django_db
def test_a_message_that_was_cut_before_its_pv1_is_refused(event):
    unit_named(Facility.objects.create(name="Elm", code="ELM"), "North")
    whole = adt("A01", control="1") + adt(event, control="2")
    cut = whole[: whole.rindex("Silva") + 4]  # half a name

    answers = send(cut)

    assert outcomes(answers)[1] == (100, "PV1^1")
    assert "The file ends before the PV1 of this message" in answers[1].text


@pytest.mark.django_db
def test_a_last_line_without_an_end_is_no_fault_and_is_told_where_it_is_read():
    unit_named(Facility.objects.create(name="Elm", code="ELM"), "North")

    (told,) = send(adt("A01").rstrip("\r"))
    (nothing,) = send(adt("A08") + "OBX|1|ST|x")

    assert "The file ends without a line end" in " ".join(told.notes)
    assert (told.outcome, nothing.outcome, nothing.notes) == ("taken", "taken", ())
