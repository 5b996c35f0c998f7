"""Someone outside, and people at work."""

import pytest

from tests.alerts.outside import Outside


@pytest.fixture
def outside(settings):
    """Yield a receiver on this machine; push messages may go to it too."""
    there = Outside()
    settings.PUSH_HOSTS = ["127.0.0.1"]
    yield there
    there.close()
