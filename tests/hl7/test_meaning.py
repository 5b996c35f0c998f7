"""What each event means for a unit."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.hl7.events import ACTIONS, INSTEAD, PASSED_OVER, Action
from milieu.hl7.framing import Framed, split
from milieu.hl7.meaning import Instruction, Meaning, meaning
from milieu.hl7.messages import read
from milieu.kernel.errors import Refusal
from tests.hl7.feed import adt


def meant(text: str) -> Meaning:
    (framed,) = split(text.encode())
    assert isinstance(framed, Framed), framed
    return meaning(read(framed))


def instruction(text: str) -> Instruction:
    (found,) = meant(text).instructions
    return found


def refused(text: str) -> tuple[str, str]:
    with pytest.raises(Refusal) as refusal:
        meant(text)
    return refusal.value.code, refusal.value.field


@pytest.mark.parametrize(
    ("event", "action"),
    [
        ("A01", Action.ADMIT),
        ("A02", Action.TRANSFER),
        ("A03", Action.DISCHARGE),
        ("A04", Action.ADMIT),
        ("A05", Action.KEEP_DETAILS),
        ("A06", Action.ADMIT),
        ("A07", Action.UPDATE_DETAILS),
        ("A08", Action.KEEP_DETAILS),
        ("A11", Action.CANCEL_ADMIT),
        ("A12", Action.CANCEL_TRANSFER),
        ("A13", Action.CANCEL_DISCHARGE),
        ("A21", Action.LEAVE),
        ("A22", Action.RETURN),
        ("A28", Action.KEEP_DETAILS),
        ("A31", Action.KEEP_DETAILS),
        ("A52", Action.CANCEL_LEAVE),
        ("A53", Action.CANCEL_RETURN),
    ],
)
def test_an_event_that_concerns_a_unit_becomes_one_instruction(event, action):
    assert instruction(adt(event)).action is action


@pytest.mark.parametrize("event", ["A18", "A34", "A36", "A39", "A40"])
def test_a_merge_names_who_stays_and_which_number_goes(event):
    found = instruction(adt(event, more="MRG|112233^^^ELMHOSP^MR"))

    assert (found.action, found.merged) == (Action.MERGE, (("ELMHOSP", "112233"),))


def test_one_message_may_merge_several_people():
    text = adt("A40", more="MRG|1^^^ELM^MR\rPID|2||5^^^ELM^MR||Low^Kim\rMRG|6^^^ELM^MR")

    assert [each.merged for each in meant(text).instructions] == [(("ELM", "1"),), (("ELM", "6"),)]


def test_a_merge_without_the_old_number_is_refused():
    assert refused(adt("A40")) == ("segment-sequence", "PID^1")
    assert refused(adt("A40", more="MRG||x")) == ("field-missing", "MRG^1^1")


@pytest.mark.parametrize("event", sorted(PASSED_OVER))
def test_an_event_that_does_not_concern_a_unit_is_passed_over_with_the_reason(event):
    found = meant(adt(event))

    assert found.instructions == ()
    assert found.passed_over.endswith("Nothing was stored.")


@pytest.mark.parametrize("event", sorted(INSTEAD))
def test_an_event_that_would_have_to_be_acted_on_is_refused_with_what_to_send(event):
    assert refused(adt(event)) == ("event-unsupported", "MSH^1^9^2")


def test_no_event_is_in_two_tables():
    assert len({**ACTIONS, **PASSED_OVER, **INSTEAD}) == len(ACTIONS) + len(PASSED_OVER) + len(
        INSTEAD
    )


def test_every_event_of_the_standard_up_to_a62_is_decided():
    decided = {*ACTIONS, *PASSED_OVER, *INSTEAD}
    withdrawn = {"A56", "A57", "A58", "A59"}  # never defined

    assert {f"A{n:02}" for n in range(1, 63)} - withdrawn == decided


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        (adt("A99"), "event-unsupported", "MSH^1^9^2"),
        (adt("A01").replace("ADT^A01", "ORU^R01"), "message-type", "MSH^1^9^1"),
        (adt("A01").replace("ADT^A01", ""), "field-missing", "MSH^1^9"),
        (adt("A01", evn="").replace("ADT^A01", "ADT"), "field-missing", "MSH^1^9^2"),
        (adt("A01", number=""), "field-missing", "PID^1^3"),
        (adt("A01", number="999-99-9999^^^USA^SS"), "field-missing", "PID^1^3"),
        (adt("A01", born="female"), "data-type", "PID^1^7"),
        (adt("A01", number="1" * 300), "too-long", "PID^1^3^1"),
        (adt("A01", control="\\X00\\"), "text-unusable", "MSH^1^10"),
        (adt("A01", name=r"S\.sp99999999\."), "too-long", "PID^1"),
        (adt("A01", name=r"S\.spxx\."), "data-type", "PID^1^5"),
        (adt("A01", name="S" * 200), "too-long", "PID^1^5^1"),
        (adt("A01", name="S" * 2_000), "too-long", "PID^1^5"),
        ("MSH|^~\\&|A|B|C|D|20260301||ADT^A01|1|P|2.5\r", "segment-sequence", "PID^1"),
        (adt("A01").replace("\rPV1|1|I", "|||PV1|1|I"), "segment-sequence", "PID^1^11"),
    ],
)
def test_what_cannot_be_understood_is_refused_where_it_stands(text, code, field):
    assert refused(text) == (code, field)


def test_small_letters_are_understood():
    found = instruction(adt("A01").lower().replace("\\", "\\"))

    assert (found.action, found.who.sex) == (Action.ADMIT, "female")


def test_the_header_goes_before_evn_and_the_sender_is_told():
    found = meant(adt("A03", evn="EVN|A01|20260301"))

    assert found.instructions[0].action is Action.DISCHARGE
    assert "EVN-1 says A01" in found.notes[0]


def test_an_old_message_that_names_its_event_only_in_evn_is_understood():
    assert instruction(adt("A01").replace("ADT^A01", "ADT")).action is Action.ADMIT


def test_a_person_is_read_from_pid():
    who = instruction(adt("A01", name="Silva^Ana Maria^^^^^L~Silva^Annie^^^^^N")).who

    assert who.numbers == (("ELMHOSP", "778899"),)
    assert (who.family_name, who.given_name, who.preferred_name) == ("Silva", "Ana Maria", "Annie")
    assert (who.birth_date, who.sex) == (date(1988, 4, 12), "female")


def test_the_medical_record_number_is_the_main_one_and_civil_numbers_are_never_kept():
    number = "5^^^A~999-99-9999^^^SSA^SS~7^^^B^PI~T0534^^^KY^DL~12^^^^^USSSA~9^^^ELM&1.2.3&ISO^MR"

    assert instruction(adt("A01", number=number)).who.numbers[0] == ("urn:oid:1.2.3", "9")
    assert "999-99-9999" not in str(instruction(adt("A01", number=number)).who.numbers)
    assert "T0534" not in str(instruction(adt("A01", number=number)).who.numbers)


def test_a_number_without_an_authority_belongs_to_who_sends_it():
    assert instruction(adt("A01", number="1234")).who.numbers == (("ELMHOSP", "1234"),)


def test_escapes_are_taken_off_names():
    who = instruction(adt("A01", name=r"O\T\Neill \X4C\^Ana\.br\Maria")).who

    assert (who.family_name, who.given_name) == ("O&Neill L", "Ana Maria")


def test_two_quotes_mean_that_nothing_is_said():
    who = instruction(adt("A08", name='""^""', born='""', sex='""')).who

    assert (who.family_name, who.given_name, who.birth_date, who.sex) == ("", "", None, "")


def test_a_date_of_birth_that_is_not_exact_is_left_out_and_the_sender_is_told():
    found = meant(adt("A01", born="1988"))

    assert found.instructions[0].who.birth_date is None
    assert "PID^1^7" in " ".join(found.notes)


def test_a_sex_that_is_no_code_is_left_out_and_the_sender_is_told():
    found = meant(adt("A01", sex="4"))

    assert found.instructions[0].who.sex == ""
    assert "PID^1^8" in " ".join(found.notes)


def test_a_missing_control_id_and_a_test_message_are_noted():
    text = adt("A01", control="").replace("|P|2.5", "|T|2.5")

    assert [note.split(" ")[0] for note in meant(text).notes] == ["MSH-10", "MSH-11"]


def understood(framed: Framed) -> bool:
    """Return whether the message has a meaning, or is refused with the place of the reason."""
    try:
        return isinstance(meaning(read(framed)), Meaning)
    except Refusal as refusal:
        return "^" in refusal.field


FIELDS = st.text(alphabet='|^~\\&"ABMHSPIDV0129 \t\x0b\x1cñ€\u2028\x85', max_size=12)


@given(st.lists(st.one_of(FIELDS, st.sampled_from(adt("A01").split("|"))), max_size=60))
def test_nothing_that_looks_like_hl7_is_met_with_anything_but_a_meaning_or_a_refusal(fields):
    for framed in split(("MSH|^~\\&|" + "|".join(fields)).encode()):
        if isinstance(framed, Framed):
            assert understood(framed)


@given(st.binary(max_size=400))
def test_no_bytes_at_all_break_the_door(data):
    for framed in split(b"MSH" + data):
        if isinstance(framed, Framed):
            assert understood(framed)
