"""No claim outside of its proof goes unlabelled. ``python -m tests.record.claims``: a million."""

from milieu.record.evidence import Label
from tests.record import claims

FEW = 20_000


def test_no_claim_outside_of_its_proof_goes_unlabelled():
    kinds, missed = claims.weigh(FEW)
    assert missed == []
    for kind in ("inside", Label.AHEAD, Label.BEFORE_ANCHOR, Label.LATE_ENTRY):
        assert kinds[kind] > FEW / 20, kinds  # the claims do test it


def test_a_claim_that_went_unlabelled_would_be_found(monkeypatch):
    monkeypatch.setattr(claims, "labels", lambda times, tolerance: [])
    assert claims.weigh(200)[1]
