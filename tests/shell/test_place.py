"""Every page about somebody says at its head which unit it is of."""

import pytest
from django.urls import reverse

from tests.cast import Cast

ABOUT = ["stay", "vitals", "intake", "behavior", "nights", "glance", "instruments", "check"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ABOUT)
def test_it_says_the_unit(cast: Cast, nora, name):
    page = nora.get(reverse(name, args=[cast.rosa.pk])).content.decode()

    assert f'<a class="page-place" href="/">{cast.north.name}</a>' in page
