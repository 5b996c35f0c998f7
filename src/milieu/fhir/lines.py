"""In which line of a Bundle's text an element stands: the parsers do not say. Plain."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')
STEP = re.compile(r"\.([^.\[]+(?:\[x\])?)|\[(\d+)\]")

Step = str | int
Token = re.Match[bytes]


class _Envelope(msgspec.Struct):
    entry: list[msgspec.Raw] = []


@dataclass(frozen=True)
class Lines:
    """The text of a Bundle, and at which byte each of its entries begins."""

    data: bytes = b""
    starts: tuple[int, ...] = ()

    def line(self, location: str) -> int:
        """Return the line, from 1, of an element such as ``Bundle.entry[3].resource.birthDate``.

        Of one that is not there, the line of the innermost element around it that is.
        """
        steps = [int(index) if index else name for name, index in STEP.findall(location)]
        at = 0
        if len(steps) > 1 and steps[0] == "entry" and isinstance(steps[1], int):
            at = self.starts[steps[1]] if steps[1] < len(self.starts) else 0
            at = _place(self.data, at, steps[2:]) if at else 0
        return self.data.count(b"\n", 0, at) + 1


def read(data: bytes, count: int) -> Lines:
    """Find the entries of a Bundle; none where the two parsers do not agree on how many."""
    try:
        raws = msgspec.json.decode(data, type=_Envelope).entry
    except msgspec.DecodeError:
        raws = []
    if len(raws) != count:
        return Lines(data)
    starts, after = [], 0
    for raw in raws:
        text = bytes(raw)
        starts.append(data.index(text, after))
        after = starts[-1] + len(text)
    return Lines(data, tuple(starts))


def _place(data: bytes, start: int, steps: list[Step]) -> int:
    """Return at which byte the element begins to which these steps lead from a value."""
    tokens = TOKEN.finditer(data, start)
    value, at = next(tokens), start
    for step in steps:
        found = _inside(value, tokens, step)
        if found is None:
            break
        at, value = found
    return at


def _inside(value: Token, tokens: Iterator[Token], step: Step) -> tuple[int, Token] | None:
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


def _is_called(key: bytes, step: Step) -> bool:
    name = key[1:-1].decode(errors="replace")
    wanted = str(step)
    return name.startswith(wanted[:-3]) if wanted.endswith("[x]") else name == wanted


def _skip(value: Token, tokens: Iterator[Token]) -> None:
    depth = int(value[0] in (b"{", b"["))
    while depth:
        sign = next(tokens)[0]
        depth += (sign in (b"{", b"[")) - (sign in (b"}", b"]"))
