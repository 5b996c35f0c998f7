"""What was observed beside checks is in the evidence too: in words, and as sealed entries."""

from datetime import timedelta

from milieu.behavior.shape import Episode, ShiftSeen
from milieu.instruments.shape import Scored
from milieu.seals.sealing import seal
from tests.cast import NIGHT
from tests.evidence.conftest import evidence, unpacked

MINUTE = timedelta(minutes=1)


def test_shifts_episodes_and_scores_are_told_and_sealed(cast):
    facts = {
        "behavior.shift": ShiftSeen(shift="night", outcome="seen", mood="cannot rest"),
        "behavior.episode": Episode(antecedent="Door shut", behavior="Cried", consequence="Tea"),
        "instrument.scored": Scored(instrument="cows", outcome="answered", score=13),
    }
    for number, (kind, fact) in enumerate(facts.items()):
        cast.store(cast.check(cast.rosa, NIGHT + (110 + number) * MINUTE, kind=kind, fact=fact))
    seal(NIGHT + timedelta(hours=5))

    files = unpacked(evidence(cast, cast.rosa))
    report = files["report.html"].decode()
    assert "Night: Said: “cannot rest”" in report
    assert "Before: Door shut. Seen: Cried. After: Tea" in report
    assert "COWS: 13 of 48, typed from the facility&#x27;s form, moderate" in report
    entries = files["entries.jsonl"].decode()
    for kind in facts:
        assert kind in entries
    assert "cannot rest" in entries
