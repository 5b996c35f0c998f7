"""In which line of a Bundle's text an element stands: the parsers do not say. Plain."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')
STEP = re.compile(r"\.([^.\[]+(?:\[x\])?)|\[(\d+)\]")

Token = re.Match[bytes]


class _Envelope(msgspec.Struct):
    entry: list[msgspec.Raw] = []


@dataclass(frozen=True)
class Lines:
    """The text of a Bundle, and where each of its entries begins."""

    data: bytes = b""
    starts: tuple[tuple[int, int], ...] = ()  # (byte, line) of each entry

    def line(self, location: str) -> int:
        """Return the line, from 1, of an element such as ``Bundle.entry[3].resource.birthDate``.

        Of one that is not there, the line of the innermost element around it that is.
        """
        steps = [int(index) if index else name for name, index in STEP.findall(location)]
        match steps:
            case ["entry", int(index), *inner] if index < len(self.starts):
                start, line = self.starts[index]
                at = _place(self.data, start, inner)
                return line + self.data.count(b"\n", start, at)
        return 1


def read(data: bytes, count: int) -> Lines:
    """Find the entries of a Bundle; none where the two parsers do not agree on how many."""
    try:
        raws = msgspec.json.decode(data, type=_Envelope).entry
    except msgspec.DecodeError:
        raws = []
    if len(raws) != count:
        return Lines(data)
    starts, after, before, line = [], 0, 0, 1
    for raw in raws:
        text = bytes(raw)
        start = data.index(text, after)
        line += data.count(b"\n", before, start)
        starts.append((start, line))
        before, after = start, start + len(text)
    return Lines(data, tuple(starts))


def _place(data: bytes, start: int, steps: list[int | str]) -> int:
    """Return at which byte the element begins to which these steps lead from a value."""
    tokens = TOKEN.finditer(data, start)
    value, at = next(tokens), start
    for step in steps:
        found = _inside(value, tokens, step)
        if found is None:
            break
        at, value = found
    return at


def _inside(value: Token, tokens: Iterator[Token], step: int | str) -> tuple[int, Token] | None:
    """Return where a member of an object or a list begins, and the first token of its value."""
    opening = value[0]
    if opening not in (b"{", b"["):
        return None
    index = 0
    for first in tokens:
        if first[0] in (b"}", b"]"):
            return None
        if first[0] == b",":
            index += 1
            continue
        at, name, member = first.start(), index, first
        if opening == b"{":
            next(tokens)  # the colon
            member = next(tokens)
        if (name == step) if opening == b"[" else _is_called(first[0], step):
            return at, member
        _skip(member, tokens)
    return None


def _is_called(key: bytes, step: int | str) -> bool:
    name = key[1:-1].decode(errors="replace")
    wanted = str(step)
    return name.startswith(wanted[:-3]) if wanted.endswith("[x]") else name == wanted


def _skip(value: Token, tokens: Iterator[Token]) -> None:
    depth = int(value[0] in (b"{", b"["))
    while depth:
        sign = next(tokens)[0]
        depth += (sign in (b"{", b"[")) - (sign in (b"}", b"]"))
