"""A question that is worded once is answered for any number of keys."""

import pytest

from milieu.census.models import Stay
from milieu.keeping.projected import rebuild
from milieu.kernel.ids import uuid7
from milieu.record.prepared import SIZES, Prepared
from milieu.rounds.projection import levels_of


@pytest.mark.parametrize("many", [0, 1, SIZES[0] + 1, SIZES[-1], SIZES[-1] + 1, 2 * SIZES[-1] + 7])
def test_every_key_is_asked_for_once_however_many_there_are(cast, many):
    stays = Stay.objects.as_system("a test")
    question = Prepared(lambda keys: stays.filter(pk__in=keys).values_list("pk"))
    keys = [uuid7() for _ in range(many)]
    keys[many // 2 : many // 2] = [cast.rosa.pk]
    assert question.ask([*keys, cast.john.pk]) in (
        [(cast.rosa.pk,), (cast.john.pk,)],
        [(cast.john.pk,), (cast.rosa.pk,)],
    )


def test_a_hospital_of_more_stays_than_one_wording_holds_can_be_rebuilt(cast):
    assert len(levels_of([uuid7() for _ in range(SIZES[-1] + 100)])) == 0
    assert rebuild() >= 2
