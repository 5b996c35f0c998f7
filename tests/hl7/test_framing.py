"""A file's bytes into messages."""

import codecs

import pytest

from milieu.hl7.framing import Framed, Unreadable, split
from milieu.hl7.messages import read
from milieu.kernel.errors import Refusal
from tests.hl7.feed import adt


def framed(data: bytes) -> list[Framed]:
    found = split(data)
    assert all(isinstance(each, Framed) for each in found), found
    return [each for each in found if isinstance(each, Framed)]


def fault(data: bytes) -> Unreadable:
    (found,) = split(data)
    assert isinstance(found, Unreadable)
    return found


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\n\n", "\r\r\n"])
def test_segments_may_end_in_any_way(end):
    (message,) = framed(adt("A01", end=end).encode())

    assert [segment[:3] for segment in message.segments] == ["MSH", "EVN", "PID", "PV1"]


@pytest.mark.parametrize(
    "joint",
    ["", "\r\n", "\x1c\r\x0b", "\x1c\x0b", "\n\n\n", "BTS\r", "  \t\r"],
    ids=["nothing", "blank line", "mllp", "mllp without CR", "blank lines", "batch", "spaces"],
)
def test_one_file_may_hold_many_messages(joint):
    data = ("\x0b" + joint.join([adt("A01"), adt("A08"), adt("A03")]) + "\x1c\r").encode()

    assert [read(message).event for message in framed(data)] == ["A01", "A08", "A03"]


def test_lines_are_counted_as_an_editor_shows_them():
    data = (adt("A01", end="\r\n") + "\r\n" + adt("A03", end="\r\n")).encode()

    assert [message.lines for message in framed(data)] == [(1, 2, 3, 4), (6, 7, 8, 9)]


@pytest.mark.parametrize(
    ("said", "charset"),
    [
        ("8859/1", "iso8859-1"),
        ("8859/15", "iso8859-15"),
        ("UNICODE UTF-8", "utf-8"),
        ("unicode utf-8", "utf-8"),
        ("ASCII", "utf-8"),
        ("", "utf-8"),
        ("8859/1~UNICODE UTF-8", "iso8859-1"),
    ],
)
def test_a_message_is_read_in_the_character_set_that_it_names(said, charset):
    data = adt("A01", name="Muñoz^José", charset=said).encode(charset)

    (message,) = framed(data)

    assert read(message).about[0].names[0].family == "Muñoz"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_a_byte_order_mark_is_no_part_of_the_message(mark, encoding):
    (message,) = framed(mark + adt("A01", name="Muñoz^José").encode(encoding))

    assert read(message).about[0].names[0].given == "José"


def test_bytes_that_are_not_in_the_named_character_set_are_refused_with_their_line():
    found = fault(adt("A01", name="Muñoz^José", charset="UNICODE UTF-8").encode("latin-1"))

    assert (found.line, found.refusal.field) == (3, "MSH^1^18")


def test_a_character_set_that_nobody_knows_is_refused():
    assert fault(adt("A01", charset="KLINGON").encode()).refusal.code == "value-unknown"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (b"\r\n \r\n", 1),
        (b"hello", 1),
        (b"PID|1||1\rMSH|^~\\&|A", 1),
        (adt("A01").encode() + b"and so on\r", 5),
        (adt("A01").replace("PV1|", "PV1\r|").encode(), 5),
        (b"MSH|^~\\&|A|B\x00\r", 1),
        ((adt("A01").rstrip("\r") + adt("A03")).encode(), 4),
        (b"MSH", 1),
        (b"MSHXYZ\r", 1),
        (b"MSH|||||||20260301||ADT^A01\r", 1),
        (b"MSH|^^~\\&|A\r", 1),
    ],
    ids=[
        "empty",
        "blank",
        "text",
        "headless",
        "tail",
        "broken line",
        "nul",
        "glued messages",
        *("bare", "no signs", "empty signs", "doubled sign"),
    ],
)
def test_what_is_no_message_is_refused_with_its_line(data, line):
    found = [each for each in split(data) if isinstance(each, Unreadable)]

    assert found[0].line == line


def test_a_batch_that_lost_messages_on_its_way_is_noticed():
    data = f"BHS|^~\\&|ADT\r{adt('A01')}BTS|2\r".encode()

    assert [type(each) for each in split(data)] == [Framed, Unreadable]


def test_a_batch_that_is_whole_is_taken():
    data = f"FHS|^~\\&\rBHS|^~\\&|ADT\r{adt('A01')}{adt('A03')}BTS|2\rFTS|1\r".encode()

    assert [type(each) for each in split(data)] == [Framed, Framed]


@pytest.mark.parametrize(
    "data",
    [
        adt("A01").encode() + b"NTE|1\r" * 3_000,
        adt("A01").encode() + b"NTE|1||" + b"x" * 2**20 + b"\r",
    ],
    ids=["segments", "bytes"],
)
def test_a_message_without_measure_is_refused(data):
    assert fault(data).refusal.code == "too-long"


def test_a_field_that_repeats_without_measure_is_refused():
    (message,) = framed(adt("A01", number="~".join(["1^^^ELM^MR"] * 500)).encode())

    with pytest.raises(Refusal) as refusal:
        read(message)

    assert refusal.value.field == "PID^1^3"
