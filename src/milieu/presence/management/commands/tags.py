"""``milieu tags``: the tags and printed codes at the doors of a unit, without a screen."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from milieu.census.models import Room, Unit
from milieu.census.places import facility_coded, unit_coded
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.presence import services
from milieu.presence.models import Tag
from milieu.presence.sheets import STYLE, page, pdf, sheets_of
from milieu.presence.writing import written_with


class Command(BaseCommand):
    help = "List, fix, move and retire the tags at doors, and print codes. See docs/presence.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "act",
            choices=["list", "enrol", "move", "retire", "keys", "codes", "sheets"],
            help="what to do; codes makes a new printed code for each door",
        )
        parser.add_argument("tag", nargs="?", default="", help="UID of a tag, or a printed code")
        parser.add_argument("--unit", required=True, metavar="CODE", help="the unit of the doors")
        parser.add_argument(
            "--facility", metavar="CODE", help="whose unit, where several share the code"
        )
        parser.add_argument("--room", default="", help="at which door")
        parser.add_argument(
            "--address",
            default="https://milieu.example/phone/",
            metavar="URL",
            help="where phones have the app: it is written into tags",
        )
        parser.add_argument("--out", type=Path, metavar="FILE", help="where the sheets go")
        parser.add_argument("--language", default="en", help="of the sheets (default: en)")

    def handle(self, **options: Any) -> None:
        try:
            whole = facility_coded(options["facility"]) if options["facility"] else None
            unit = unit_coded(options["unit"], facility=whole)
            getattr(self, f"_{options['act']}")(unit, options)
        except Refusal as refusal:
            raise CommandError(refusal.message, returncode=2) from None

    def _list(self, unit: Unit, options: dict[str, Any]) -> None:
        for tag, room, since, _by in services.fixed_in([unit.pk])[unit.pk]:
            self.stdout.write(f"{room.name}\t{tag.kind}\t{tag.code}\t{clock.rfc3339(since)}")

    def _enrol(self, unit: Unit, options: dict[str, Any]) -> None:
        tag = services.enrol(options["tag"], self._room(unit, options), by=None, at=clock.now())
        self.stdout.write(f"{tag} is at the door of room {options['room']}. Write it with:")
        self._keys_of(tag, options)

    def _keys(self, unit: Unit, options: dict[str, Any]) -> None:
        self._keys_of(self._tag(unit, options), options)

    def _keys_of(self, tag: Tag, options: dict[str, Any]) -> None:
        for name, value in written_with(tag, options["address"])._asdict().items():
            self.stdout.write(f"{name}\t{value}")

    def _move(self, unit: Unit, options: dict[str, Any]) -> None:
        tag, room = self._tag(unit, options), self._room(unit, options)
        services.move(tag, room, by=None, at=clock.now())
        self.stdout.write(f"{tag} is at the door of room {room} from now on.")

    def _retire(self, unit: Unit, options: dict[str, Any]) -> None:
        tag = self._tag(unit, options)
        services.retire(tag, by=None, at=clock.now())
        self.stdout.write(f"{tag} is at no door any longer.")

    def _codes(self, unit: Unit, options: dict[str, Any]) -> None:
        rooms = [self._room(unit, options)] if options["room"] else _rooms(unit)
        for room in rooms:
            tag = services.print_code(room, by=None, at=clock.now())
            self.stdout.write(f"{room.name}\t{tag.code}")

    def _sheets(self, unit: Unit, options: dict[str, Any]) -> None:
        out, language, found = options["out"], options["language"], sheets_of(unit)
        if out is None:
            raise CommandError("Say with --out where the sheets go.", returncode=2)
        made = pdf(unit, found, language=language)
        if made:
            out.write_bytes(made)
        else:  # this machine makes no PDF: a page that prints, with its style beside it
            out = out.with_suffix(".html")
            out.write_text(page(unit, found, style=STYLE.name, language=language))
            out.with_name(STYLE.name).write_bytes(STYLE.read_bytes())
        self.stdout.write(f"{len(found)} sheets are in {out}.")

    def _tag(self, unit: Unit, options: dict[str, Any]) -> Tag:
        code = options["tag"].strip().upper().replace("-", "")
        found = Tag.objects.filter(facility=unit.facility_id, code=code).first()
        if found is None:
            raise CommandError(f"No tag {options['tag']} is known here.", returncode=2)
        return found

    def _room(self, unit: Unit, options: dict[str, Any]) -> Room:
        found = Room.objects.filter(unit=unit, name=options["room"]).select_related("unit").first()
        if found is None:
            known = ", ".join(room.name for room in _rooms(unit))
            raise CommandError(f"Say with --room which door: {known}.", returncode=2)
        return found


def _rooms(unit: Unit) -> list[Room]:
    return list(Room.objects.filter(unit=unit).select_related("unit"))
