import os

import pytest


@pytest.fixture
def tamperings():
    """How many random changes are tried: ``MILIEU_FAULTS=long`` for thousands."""
    return 5000 if os.environ.get("MILIEU_FAULTS") == "long" else 150
