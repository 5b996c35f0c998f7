"""``milieu person``: add an account from the server itself, where no manager is needed."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from milieu.census.models import Facility, Unit
from milieu.census.places import facility_coded, unit_coded
from milieu.keeping.asked import a_text_for
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.models import Person
from milieu.people.rules import Role
from milieu.people.staff import add_person


class Command(BaseCommand):
    help = "Add a person with a role, and print a first password once. See docs/first-day.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "username",
            type=a_text_for(Person, "username"),
            metavar="USERNAME",
            help="what the person types to sign in",
        )
        parser.add_argument(
            "--name", required=True, type=a_text_for(Person, "name"), help="first and last name"
        )
        parser.add_argument(
            "--role", required=True, choices=[role.value for role in Role], help="the first role"
        )
        parser.add_argument("--unit", metavar="CODE", help="the unit where the role is held")
        parser.add_argument(
            "--facility",
            metavar="CODE",
            help="without --unit: hold the role in all of it; with --unit: whose unit",
        )
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the first password from standard input instead of making one",
        )

    def handle(self, **options: Any) -> None:
        given = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else None
        try:
            place = _place(options["unit"], options["facility"])
            if given is not None:
                _check(given, options["username"], options["name"])
            person, password = add_person(
                options["username"],
                options["name"],
                role=Role(options["role"]),
                place=place,
                by=None,
                at=clock.now(),
                password=given,
            )
        except Refusal as refusal:
            raise CommandError(refusal.message, returncode=2) from None
        self.stdout.write(f"{person} ({person.username}) is {options['role']} on {place}.")
        if given is None:
            self.stdout.write(f"First password, shown this once: {password}")


def _place(unit: str | None, facility: str | None) -> Unit | Facility:
    if not unit and not facility:
        raise Refusal(
            "place-missing", "Say where the role is held: --unit CODE, or --facility CODE."
        )
    whole = facility_coded(facility) if facility else None
    if unit:
        return unit_coded(unit, facility=whole)
    assert whole, "One of the two was given."
    return whole


def _check(password: str, username: str, name: str) -> None:
    try:
        validate_password(password, Person(username=username, name=name))
    except ValidationError as faults:
        raise Refusal("password-unusable", " ".join(faults.messages), field="password") from None
