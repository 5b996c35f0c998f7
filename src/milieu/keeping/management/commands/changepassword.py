"""``milieu changepassword``: another password from the server itself, where no manager is there."""

from getpass import getuser
from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.db import transaction

from milieu.kernel import clock
from milieu.people.models import Person
from milieu.people.staff import end_sessions


class Command(changepassword.Command):
    help = "Give somebody another password; what the old one opened ends. See docs/first-day.md."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> str | None:
        """Set it as a first one: whoever typed it here knows it, so its owner chooses another."""
        username = options["username"] or getuser()
        done = super().handle(*args, **options | {"username": username})
        people = Person.objects.filter(username=username)
        people.update(password_is_first=True)
        end_sessions(people.get(), at=clock.now())
        return done
