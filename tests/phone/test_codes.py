"""Every code that a phone can be told is in docs/wire.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import milieu
from milieu.phone.http import STATUS
from milieu.record.kinds import kinds

HOUSE = Path(milieu.__file__).parent
WIRE = (HOUSE.parents[1] / "docs" / "wire.md").read_text()
CODE = re.compile(r"[a-z]+(-[a-z]+)+")
BESIDE = [  # what is asked of every entry, and of whatever else a phone says
    *(f"record/{name}.py" for name in ("kinds", "known", "ledger", "once")),
    *(f"people/{name}.py" for name in ("access", "passwords", "services")),
    *(f"{room}/services.py" for room in ("alerts", "help", "wellbeing")),
    *("kernel/text.py", "wellbeing/packed.py"),
]
AT_A_DESK = {  # said there alone, though in the same files
    *("already-ended", "already-under-way", "before-start", "not-trained", "not-over", "not-yours"),
    *("order-ended", "order-not-prescriber", "order-too-long", "observer-missing"),
    *("criteria-not-met", "hours-too-long", "level-too-strict", "too-many-nights"),
    *("unknown-incident", "unknown-peer", "badge-taken", "badge-too-short"),
}


def raised_in(path: Path) -> Iterator[str]:
    """Yield the codes that stand in the calls which make a refusal."""
    for call in ast.walk(ast.parse(path.read_text())):
        if isinstance(call, ast.Call) and "efus" in ast.unparse(call.func):
            words = [each.value for each in call.args[:2] if isinstance(each, ast.Constant)]
            yield from (each for each in words if CODE.fullmatch(str(each)))


def test_every_code_that_a_phone_is_told_is_in_its_documents():
    deciding = {kind.decide.__module__ for kind in kinds().values() if kind.from_phone}
    paths = {HOUSE.parent / f"{name.replace('.', '/')}.py" for name in deciding}
    paths |= {each.with_name(name) for each in paths for name in ("rules.py", "grounds.py")}
    paths |= {*(HOUSE / "phone").glob("*.py"), *(HOUSE / each for each in BESIDE)}
    found = {code for path in paths if path.exists() for code in raised_in(path)} | set(STATUS)
    assert len(found) > len(STATUS) + len(AT_A_DESK)
    assert sorted(code for code in found - AT_A_DESK if f"`{code}`" not in WIRE) == []
