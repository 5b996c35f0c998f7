"""What stands around the messages of a file: batches, counted at their ends. Plain."""

from dataclasses import dataclass, field

from milieu.kernel.errors import Refusal

NAMES = (b"FHS", b"BHS", b"BTS", b"FTS")
WHOLE = "Send the whole file again."

Fault = tuple[int, Refusal]  # the line, and what is wrong there


@dataclass
class Envelopes:
    """The envelopes of one file, as they are read."""

    faults: list[Fault] = field(default_factory=list)
    file_from: int = 0  # the line of an FHS that has no FTS yet
    batch_from: int = 0  # the line of a BHS that has no BTS yet
    before: int = 0  # messages before the present batch
    batches: int = 0

    def read(self, line: int, text: bytes, *, messages: int) -> None:
        """Take one envelope segment in, after so many messages of the file."""
        name = text[:3].upper()
        if name != b"BTS":
            self._require_closed("BHS", self.batch_from, "BTS")
            self.batch_from = line if name == b"BHS" else 0
        if name == b"BHS":
            self.before = messages
        elif name == b"BTS":
            self._count(line, text, messages - self.before, "messages")
            self.batch_from, self.before, self.batches = 0, messages, self.batches + 1
        elif name == b"FHS":
            self._require_closed("FHS", self.file_from, "FTS")
            self.file_from, self.batches = line, 0
        else:
            self._count(line, text, self.batches, "batches")
            self.file_from = 0

    def end(self) -> None:
        """Say that the file is over."""
        self._require_closed("BHS", self.batch_from, "BTS")
        self._require_closed("FHS", self.file_from, "FTS")

    def _require_closed(self, name: str, line: int, end: str) -> None:
        if line:
            text = f"{name} has no {end} after it: the file was cut. {WHOLE}"
            self.faults.append((line, Refusal("segment-sequence", text, field=f"{name}^1")))

    def _count(self, line: int, text: bytes, here: int, what: str) -> None:
        name = text[:3].upper().decode()
        said = text.split(text[3:4])[1:2] if len(text) > 3 else []
        if said and said[0].isdigit() and int(said[0][:9]) != here:
            words = f"{name}-1 says {int(said[0][:9])} {what} and {here} are here. {WHOLE}"
            self.faults.append((line, Refusal("segment-sequence", words, field=f"{name}^1^1")))
