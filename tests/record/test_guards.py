"""The database refuses to change or delete the record, whatever code asks it to."""

import pytest
from django.apps import apps
from django.db import connection

from milieu.alerts.models import Acknowledgement, Alert, Shortage, Step
from milieu.census.models import Merge
from milieu.help.models import Call, Said
from milieu.incident.models import ViolenceLog
from milieu.presence.models import Fixing
from milieu.record.guards import VERBS
from milieu.record.models import Entry, Epoch, Fact
from milieu.rounds.models import Spell, SpellEnd
from milieu.seals.models import APPEND_ONLY

FACTS = [model for model in apps.get_models() if issubclass(model, Fact)]
OF_HOUSE = [Alert, Step, Acknowledgement, Shortage, Spell, SpellEnd, Call, Said, ViolenceLog]
GUARDED = [Entry, Epoch, Merge, Fixing, *OF_HOUSE, *APPEND_ONLY, *FACTS]
TRIGGERS_OF = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass",
}


def test_there_are_facts():
    assert FACTS


@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model._meta.label)
def test_every_table_of_the_record_is_guarded(db, model):
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS_OF[connection.vendor], [table])
        found = {name for (name,) in cursor.fetchall()}
    assert found >= {f"{table}_no_{verb}" for verb in VERBS[connection.vendor]}
