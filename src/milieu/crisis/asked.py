"""What a law asks of whoever writes, and no clock can show: said on the page where it is written.

Who started it, or whether a check could be foreseen, is not known for certain from the record. So
nobody is blamed by a program for it: the page says what the law asks, and where. Plain.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from milieu.crisis.law import Rule, figures, strictest

START: Final = "start"
ORDER: Final = "order"
CHECK: Final = "check"
EVALUATION: Final = "evaluation"
TRAINING: Final = "training"
SAID_ON: Final[Mapping[str, Sequence[str]]] = {  # figures by the page that says them
    START: ("start-by", "hold-is-restraint", "forbidden-devices"),
    ORDER: ("no-standing-orders", "renewal-after-examination-by", "order-signed-minutes"),
    CHECK: ("checks-irregular",),
    EVALUATION: ("face-to-face-by", "face-to-face-not-by-starter"),
    TRAINING: ("competence-months", "cpr-months"),
}


def asked(names: Sequence[str], page: str, *, age: int | None) -> Iterator[Rule]:
    """Yield what these laws ask on one page, the strictest of each figure.

    Args:
        names: of the laws that apply.
        page: START, ORDER, CHECK, EVALUATION or TRAINING; others ask nothing.
        age: of the person, where it is known.

    Raises:
        Refusal ``law-unknown``.
    """
    for figure in SAID_ON.get(page, ()):
        assert figure in figures(), "Every figure stands in figures.toml."
        if rule := strictest(names, figure, age=age, sort=None):
            yield rule
