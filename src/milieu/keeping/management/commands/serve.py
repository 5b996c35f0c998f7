import os
import sys
import time
from argparse import ArgumentParser, BooleanOptionalAction
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, connections

from milieu.keeping import certificates
from milieu.keeping.asked import a_port, some_workers
from milieu.keeping.certificates import Tls
from milieu.keeping.doctor import unknown_settings
from milieu.keeping.findings import to_mend
from milieu.keeping.front import front
from milieu.keeping.locks import migrating, serving
from milieu.keeping.opened import refuse_newer
from milieu.keeping.parts import (
    LOOPBACK,
    Part,
    milieu,
    own,
    program,
    workers,
)
from milieu.keeping.ports import port_answers, refuse_port
from milieu.keeping.sqlite import refuse_halfway
from milieu.keeping.storage import check_storage, described
from milieu.keeping.supervisor import Supervisor
from milieu.keeping.trouble import in_words
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.record import epoch

FRONT_WITHIN_S: Final = 15.0
THESE: Final = "these tables"


class Command(BaseCommand):
    help = (
        "Serve a unit: the pages, the live feed and the ticker, and HTTPS with --tls. "
        "Ends all of it on Ctrl-C or SIGTERM."
    )
    requires_system_checks = ()  # what must be so is checked here, in plain words

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tls", metavar="NAME", help="serve phones over HTTPS under this name")
        parser.add_argument(
            "--cert", metavar="FILE", default="", help="the hospital's certificate, PEM"
        )
        parser.add_argument("--key", metavar="FILE", default="", help="its private key, PEM")
        parser.add_argument(
            "--https-port", type=a_port, default=443, metavar="N", help="default 443"
        )
        parser.add_argument(
            "--http-port", type=a_port, default=80, metavar="N", help="leads to HTTPS; default 80"
        )
        parser.add_argument(
            "--bind", metavar="ADDRESS", help="listen only there; without --tls, only on 127.0.0.1"
        )
        parser.add_argument(
            "--workers",
            type=some_workers,
            metavar="N",
            help="processes that answer; the database decides",
        )
        parser.add_argument(
            "--no-migrate", action="store_true", help="leave the tables as they are"
        )
        parser.add_argument(
            "--demo-life",
            action=BooleanOptionalAction,
            default=True,
            help="let the invented unit live on, where MILIEU_DEMO is yes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with serving() as lock:
                self._serve(lock, options)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        except DatabaseError as fault:
            raise CommandError(in_words(fault)) from fault

    def _serve(self, lock: int, options: dict[str, Any]) -> None:
        chosen = _chosen_tls(options)
        if chosen:
            _begin_again_for_https(chosen)
        self._say_unknown_settings()
        refuse_port(settings.PORT, "MILIEU_PORT")
        if connection.vendor == "sqlite":
            refuse_halfway()
        self._refuse_unsafe_storage()
        if options["no_migrate"]:
            refuse_newer(THESE)
        else:
            self._migrate()
        epoch.current()  # begun by one process, before there are several
        count = options["workers"] or workers()
        certificates.note_tls(chosen)
        parts = list(_parts(chosen, count, demo_life=options["demo_life"]))
        telling = Telling(self, chosen, _in_one_line(chosen, parts, count))
        connections.close_all()
        Supervisor(parts, hold=[lock], each_look=telling.look).run()

    def _say_unknown_settings(self) -> None:
        for finding in unknown_settings():
            self.stderr.write(str(finding))

    def _refuse_unsafe_storage(self) -> None:
        findings = check_storage()
        for finding in findings:
            if finding.level == "note":
                self.stderr.write(str(finding))
        if unsafe := to_mend(findings):
            raise CommandError("Not started. " + " ".join(str(finding) for finding in unsafe))

    def _migrate(self) -> None:
        with migrating():
            if refuse_newer(THESE).pending:
                self.stdout.write("Bringing the tables up to date.")
                call_command("migrate", interactive=False, verbosity=0)


class Telling:
    """Says where Milieu is as soon as it is there, and before that what is not served."""

    def __init__(
        self,
        command: BaseCommand,
        chosen: Tls | None,
        line: str,
        *,
        patience_s: float = FRONT_WITHIN_S,
    ) -> None:
        self._command, self._chosen, self._line = command, chosen, line
        self._told = self._told_what_is_missing = False
        self._patience = time.monotonic() + patience_s

    def look(self) -> None:
        """Say what is so now, unless it was said."""
        if self._told:
            return
        if self._chosen is None or port_answers(
            self._chosen.https_port, address=self._chosen.bind or LOOPBACK
        ):
            self._command.stdout.write(self._line)
            self._command.stdout.flush()
            self._told = True
        elif not self._told_what_is_missing and time.monotonic() >= self._patience:
            self._command.stderr.write(
                f"Not served: HTTPS on port {self._chosen.https_port}. No phone reaches this "
                "server. Its own words (Caddy's) are above. It is tried again."
            )
            self._told_what_is_missing = True


def _chosen_tls(options: dict[str, Any]) -> Tls | None:
    if options["tls"] is None:
        if options["bind"] not in (None, LOOPBACK, "localhost"):
            raise Refusal(
                "plain-http",
                "Without HTTPS, Milieu serves this machine alone. Name the server with --tls, "
                "or put the hospital's proxy on this machine: docs/run/serve.md.",
            )
        if options["cert"] or options["key"]:
            raise Refusal("no-name", "A certificate needs a name. Add --tls NAME.")
        return None
    if bool(options["cert"]) != bool(options["key"]):
        raise Refusal("half-a-pair", "Give both --cert and --key, or neither.")
    chosen = Tls(
        name=certificates.named(options["tls"]),
        https_port=options["https_port"],
        http_port=options["http_port"],
        bind=certificates.named(options["bind"]) if options["bind"] else "",
        certificate=str(Path(options["cert"]).absolute()) if options["cert"] else "",
        key=str(Path(options["key"]).absolute()) if options["key"] else "",
    )
    if chosen.certificate:
        certificates.check_pair(chosen, now=clock.now())
    if len({chosen.https_port, chosen.http_port, settings.PORT}) < 3:
        raise Refusal(
            "same-port",
            "--https-port, --http-port and MILIEU_PORT must be three different ports.",
        )
    refuse_port(chosen.https_port, "--https-port", address=chosen.bind, by_caddy=True)
    refuse_port(chosen.http_port, "--http-port", address=chosen.bind, by_caddy=True)
    return chosen


def _parts(chosen: Tls | None, count: int, *, demo_life: bool) -> Iterable[Part]:
    yield own("pages and live", "pages", workers=count)
    yield own("ticker", "ticker")
    yield own("sealer", "seal")
    if chosen:
        yield program("https", *front(chosen))
    if settings.DEMO and demo_life and "demo" in get_commands():
        yield own("the invented unit's life", "demo", live=True)


def _begin_again_for_https(chosen: Tls) -> None:
    """See to it that the settings, which are read at the beginning, are those of HTTPS."""
    hosts = dict.fromkeys([*settings.HOSTS, chosen.name])
    if not settings.HTTPS or chosen.name not in settings.HOSTS:
        wanted = ("MILIEU_HTTPS=yes", f"MILIEU_HOSTS={','.join(hosts)}")
        again = ("env", *wanted, *milieu(*sys.argv[1:]))
        os.execvp(again[0], again)  # noqa: S606 (this same program)


def _in_one_line(chosen: Tls | None, parts: Iterable[Part], count: int) -> str:
    address = chosen.address if chosen else f"http://{LOOPBACK}:{settings.PORT}"
    names = ", ".join(part.name for part in parts)
    line = f"Milieu {version('milieu')} is at {address} ({names}; {described()}; {count} at work)."
    if chosen and chosen.own_authority:
        line += f" Phones first open {chosen.trust_address}"
    return line
