"""``milieu unit``: open a unit, with its rooms and beds, and its facility when that is new."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from milieu.census import packs
from milieu.census.models import Facility, Unit
from milieu.census.places import facility_coded, open_unit, room_names
from milieu.keeping.asked import a_text_for
from milieu.kernel.errors import Refusal


class Command(BaseCommand):
    help = "Open a unit with its rooms and beds. See docs/first-day.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--facility",
            required=True,
            type=a_text_for(Facility, "code"),
            metavar="CODE",
            help="code of the facility, as other systems name it (HL7 PV1-3.4)",
        )
        parser.add_argument(
            "--facility-name",
            type=a_text_for(Facility, "name"),
            metavar="NAME",
            help="for a new facility",
        )
        parser.add_argument(
            "--name",
            required=True,
            type=a_text_for(Unit, "name"),
            help="what people call the unit",
        )
        parser.add_argument(
            "--code",
            required=True,
            type=a_text_for(Unit, "code"),
            help="code of the unit, as other systems name it (HL7 PV1-3.1)",
        )
        parser.add_argument("--zone", required=True, help="its time zone, such as America/New_York")
        parser.add_argument(
            "--rooms", required=True, help="how many (12), or first and last (201-212)"
        )
        parser.add_argument("--beds", type=int, default=1, help="beds in each room (default: 1)")
        parser.add_argument(
            "--setting",
            default="inpatient",
            metavar="PACK",
            help=f"kind of programme: {', '.join(packs.names())} (default: inpatient)",
        )

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        try:
            facility = facility_coded(options["facility"], name=options["facility_name"] or "")
            rooms = room_names(options["rooms"])
            unit = open_unit(
                facility,
                name=options["name"],
                code=options["code"],
                time_zone=options["zone"],
                pack_name=options["setting"],
                rooms=rooms,
                beds=options["beds"],
            )
        except Refusal as refusal:
            raise CommandError(_said(refusal), returncode=2) from None
        self.stdout.write(
            f"{unit} ({unit.code}) of {facility} is open: {len(rooms)} rooms, "
            f"{rooms[0]} to {rooms[-1]}, {len(rooms) * options['beds']} beds."
        )


def _said(refusal: Refusal) -> str:
    if refusal.code == "facility-unknown":
        return f"{refusal.message} For a new one, add --facility-name."
    return refusal.message
