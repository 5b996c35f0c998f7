"""A file's bytes into messages: line ends, MLLP frames, batch envelopes, character sets."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from milieu.hl7.envelopes import NAMES, Envelopes
from milieu.kernel.errors import Refusal

MESSAGES_MAX = 100_000  # in one file
MESSAGE_BYTES_MAX = 1024 * 1024
SEGMENTS_MAX = 2_000  # in one message

# MSH-18 (table 0211) -> Python's name. Values are compared in upper case without spaces.
CHARACTER_SETS = {
    "ASCII": "utf-8",  # of which ASCII is a part; many senders say ASCII and send UTF-8
    "": "utf-8",
    "UNICODE": "utf-8",
    "UNICODEUTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    **{f"8859/{part}": f"iso8859-{part}" for part in (*range(1, 11), 13, 14, 15, 16)},
    **{f"ISO8859-{part}": f"iso8859-{part}" for part in (*range(1, 11), 13, 14, 15, 16)},
    # Where ISO's first part has no letters, senders that name it mean those of Windows.
    **dict.fromkeys(("8859/1", "ISO8859-1"), "cp1252"),
    "GB18030-2000": "gb18030",
    "BIG-5": "big5",
    "KSX1001": "euc_kr",
    "WINDOWS-1252": "cp1252",
}
FRAME_START = re.compile(rb"(?:^|[\r\n\x1c])\x0b")
# A field separator, then two to five other signs, then the field separator again.
SIGNS = re.compile(rb"MSH([!-/:-@\[-`{-~])((?:(?!\1)[!-/:-@\[-`{-~]){2,5})(?:\1|$)", re.IGNORECASE)
LINE_ENDS = (b"\r", b"\n", b"\x1c")
SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}$")
HEADER_GLUED = re.compile(r"MSH\|\^~\\&")


@dataclass(frozen=True)
class Framed:
    """One message as it stood in the file: its segments, and the line of each."""

    number: int
    segments: tuple[str, ...]
    lines: tuple[int, ...]
    notes: tuple[str, ...] = ()  # what the sender should know
    cut: bool = False  # the file ends inside its last segment, by all appearances


@dataclass(frozen=True)
class Unreadable:
    """A message, or the file's frame, that no message can be read from."""

    number: int
    line: int
    refusal: Refusal


Lines = list[tuple[int, bytes]]


def split(data: bytes) -> list[Framed | Unreadable]:
    """Split a file into messages, in order. Lines are counted as an editor shows them.

    Segments may end in CR, LF or both; MLLP frames, blank lines and batch envelopes are taken
    off. A message that cannot be read is in the list as such, so that all faults are told at once.
    """
    try:
        plain = _utf8(data)
    except UnicodeDecodeError:
        text = "The file is not whole UTF-16, though its first bytes say so. Send it again."
        return [Unreadable(0, 1, Refusal("data-type", text, field="MSH^1^18"))]
    groups, envelopes = _group(plain)
    found: list[Framed | Unreadable] = [
        _frame(number, lines) for number, lines in enumerate(groups, start=1)
    ]
    if isinstance(last := found[-1] if found else None, Framed) and plain[-1:] not in LINE_ENDS:
        found[-1] = replace(last, cut=True)
    faults = [*envelopes.faults, *_cut_frame(plain)]
    found += [Unreadable(len(groups), line, refusal) for line, refusal in faults]
    if not found:
        text = "No message begins in this file: no line starts with MSH. Check what was sent."
        found.append(Unreadable(0, 1, Refusal("segment-sequence", text, field="MSH^1")))
    return found


def _utf8(data: bytes) -> bytes:
    """Take off a byte order mark; UTF-16, which only a mark can tell, becomes UTF-8."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16").encode()
    return data.removeprefix(codecs.BOM_UTF8)


def _cut_frame(data: bytes) -> Iterator[tuple[int, Refusal]]:
    """Yield the fault of an MLLP frame that begins and never ends: the file was cut."""
    start = max((found.end() for found in FRAME_START.finditer(data)), default=0)
    if start and b"\x1c" not in data[start:]:
        line = len(data[:start].splitlines())
        text = "The last MLLP frame has no end (0x1C): the file was cut. Send the whole file again."
        yield line, Refusal("segment-sequence", text, field="MSH^1")


def _group(data: bytes) -> tuple[list[Lines], Envelopes]:
    """Return the lines of each message, and what the envelopes around them say."""
    groups: list[Lines] = []
    envelopes = Envelopes()
    for line, text in _numbered(data):
        name = text[:3].upper()
        if name in NAMES:
            envelopes.read(line, text, messages=len(groups))
        elif name == b"MSH" or not groups:
            groups.append([(line, text)])
            if len(groups) > MESSAGES_MAX:
                raise Refusal(
                    "too-long",
                    f"More than {MESSAGES_MAX:,} messages in one file. Split it.",
                )
        else:
            groups[-1].append((line, text))
    envelopes.end()
    return groups, envelopes


def _numbered(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each line that holds something, without MLLP's start and end bytes."""
    plain = data.replace(b"\x1c\x0b", b"\n").translate(None, b"\x0b\x1c")
    for line, text in enumerate(plain.splitlines(), start=1):
        if stripped := text.strip(b" \t"):
            yield line, stripped


def _frame(number: int, lines: Lines) -> Framed | Unreadable:
    segments = []
    line, header = lines[0]
    try:
        _require_whole(lines)
        separator, charset = header[3:4].decode("latin-1"), _charset(header)
        for line, text in lines:
            segments.append(_segment(line, text, charset, separator))
    except Refusal as refusal:
        return Unreadable(number, line, refusal)
    notes = _notes(charset, b"\n".join(text for _line, text in lines))
    return Framed(number, tuple(segments), tuple(line for line, _text in lines), notes)


def _notes(charset: str, raw: bytes) -> tuple[str, ...]:
    """Say so where the text is UTF-8 by all appearances, and MSH-18 names one byte for a sign."""
    if not charset.startswith(("iso8859", "cp")) or raw.isascii():
        return ()
    try:
        raw.decode()
    except UnicodeDecodeError:
        return ()
    return ("The text looks like UTF-8, but MSH-18 names another set: it was read as MSH-18 says.",)


def _require_whole(lines: Lines) -> None:
    """Pass if this begins as a message does and is no larger than one may be."""
    if lines[0][1][:3].upper() != b"MSH":
        text = f"Line {lines[0][0]} stands before the first MSH. A message begins with MSH."
        raise Refusal("segment-sequence", text, field="MSH^1")
    signs = SIGNS.match(lines[0][1])
    if not signs or len(set(signs[2])) < len(signs[2]):
        text = r"MSH-1 and MSH-2 do not say which signs separate fields. The usual are |^~\&."
        raise Refusal("data-type", text, field="MSH^1^2")
    if len(lines) > SEGMENTS_MAX or sum(len(text) for _line, text in lines) > MESSAGE_BYTES_MAX:
        text = f"A message may hold {SEGMENTS_MAX:,} segments and 1 MiB. Send less in one message."
        raise Refusal("too-long", text, field="MSH^1")


def _charset(header: bytes) -> str:
    """Return Python's name of the character set in MSH-18; the first where several are named."""
    fields = header.split(header[3:4])
    said = fields[17].decode("ascii", errors="replace") if len(fields) > 17 else ""
    said = said.split("~")[0].upper().replace(" ", "").strip('"')
    if said not in CHARACTER_SETS:
        raise Refusal(
            "value-unknown",
            "The character set in MSH-18 is not one that is read here. Send UNICODE UTF-8.",
            field="MSH^1^18",
        )
    return CHARACTER_SETS[said]


def _segment(line: int, raw: bytes, charset: str, separator: str) -> str:
    try:
        text = raw.decode(charset)
    except UnicodeDecodeError as fault:
        raise _not_in(charset, line, raw, fault.start, separator) from None
    if "\x00" in text:
        raise Refusal(
            "data-type", f"Line {line} holds a NUL byte. Send text only.", field="MSH^1^18"
        )
    name, *rest = text.split(separator, 1) if separator else [text]
    name = name.upper()
    if not SEGMENT.match(name):
        raise Refusal(
            "segment-sequence",
            f"Line {line} does not begin with a segment's name. If a field holds a line break, "
            r"send it as \.br\.",
            field="MSH^1",
        )
    if any(HEADER_GLUED.search(part) for part in rest):
        text = f"A second MSH stands inside line {line}. Put a CR before each segment."
        raise Refusal("segment-sequence", text, field=f"{name}^1")
    return separator.join([name, *rest])


def _not_in(charset: str, line: int, raw: bytes, at: int, separator: str) -> Refusal:
    """Return the refusal of a byte, with the field that it stands in."""
    name = raw[:3].decode("ascii", errors="replace").upper()
    number = raw.count(separator.encode("latin-1"), 0, at) + (name == "MSH")
    where = f"Line {line} holds a byte in {name}-{number} that is not in the character set"
    text = f"{where} of MSH-18 (read as {charset.upper()}). Name the true one there."
    return Refusal("data-type", text, field="MSH^1^18")
