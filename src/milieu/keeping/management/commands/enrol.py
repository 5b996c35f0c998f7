"""``milieu enrol``: enrol a phone, or a program that speaks as one, without a screen."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from milieu.census.places import facility_coded, unit_coded
from milieu.keeping.asked import a_text_for
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.models import Device
from milieu.people.services import enrol_for


class Command(BaseCommand):
    help = "Enrol a phone for a unit and print its token, once, as JSON. See docs/wire.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, metavar="CODE", help="the unit of the phone")
        parser.add_argument(
            "--facility", metavar="CODE", help="whose unit, where several share the code"
        )
        parser.add_argument(
            "--name",
            required=True,
            type=a_text_for(Device, "name"),
            help="what is written on the phone's back",
        )

    def handle(self, **options: Any) -> None:
        try:
            whole = facility_coded(options["facility"]) if options["facility"] else None
            unit = unit_coded(options["unit"], facility=whole)
            device, token = enrol_for(unit, options["name"], by=None, at=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.message, returncode=2) from None
        answer = {
            "device": {
                "id": str(device.pk),
                "name": device.name,
                "unit": {"id": str(unit.pk), "name": unit.name},
            },
            "device_token": token,
        }
        self.stdout.write(json.dumps(answer, indent=2))
