from typing import Any, Final

from django.core.management.commands import migrate
from django.db import connections

from milieu.keeping.tables import empty, make_tables

ASKED_FOR_MORE: Final = ("app_label", "fake", "fake_initial", "plan", "check_unapplied", "prune")


class Command(migrate.Command):
    help = "Make the tables of a new database, or bring those of an older one up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if not any(options[name] for name in ASKED_FOR_MORE) and empty(connection):
            many = make_tables(connection)
            if options["verbosity"]:
                self.stdout.write(f"Made {many} tables.")
        super().handle(*args, **options)
