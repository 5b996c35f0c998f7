"""The ``milieu`` program: every command behind one name."""

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Final

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError

from milieu.config import environment
from milieu.keeping.trouble import in_words
from milieu.kernel.errors import Refusal

HELP: Final = """\
milieu COMMAND [options]     milieu COMMAND --help says more

To see it:
  demo            make an invented unit that lives, and serve it

To begin:
  serve           serve a unit: pages, phones, alerts, backups; HTTPS with --tls NAME
  unit            open a unit with its rooms and beds
  person          add somebody with a role, and print a first password once
  enrol           enrol a phone, or a program that speaks as one
  admit           take in people whom another system sends, from files
  tags            the tags and printed codes at the doors of a unit
  instruments     list the questionnaires, or load the text of one

To keep it:
  doctor          look the whole house over: one line each, and what to do
  backup          take a verified backup, or list them
  restore         put a backup in the place of the database
  migrate         make the tables, or bring them up to date
  rebuild         work everything that screens show out again from the record
  changepassword  give somebody another password

To prove it:
  evidence        write evidence about a person that a stranger can verify
  verify          look whether the record is as it was sealed
  objections      what phones saw and this record does not hold

Parts of a server, each alone:
  pages  ticker  seal

To measure it:
  bench           put this machine under the load of a unit

The documents are in docs/; every setting is in docs/settings.md.
"""
# They work on what is there: in a mistyped folder they would make keys and an empty record.
NEED_DATA: Final = frozenset(
    {"unit", "person", "enrol", "admit", "tags", "doctor", "backup", "rebuild", "changepassword"}
    | {"evidence", "verify", "objections", "pages", "ticker", "seal"}
)
ALONE: Final = frozenset({"pages", "ticker", "seal"})  # `milieu serve` looks for all its parts
STOPPED: Final = 128 + 2  # as shells tell of SIGINT
CANNOT_RUN: Final = 2


def main() -> None:
    """Run the command that the command line names.

    What the operator can mend (a setting, a file, the database) is said in a line, without the
    stack of calls in which only we can read.
    """
    arguments = sys.argv[1:]
    if arguments[:1] == ["demo"]:
        environment.be_the_demo()
    os.umask(0o077)  # whatever it writes, others on this machine cannot read
    environment.name_settings_module("milieu.config.settings")
    try:
        _run(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("milieu: Stopped.\n")
        sys.exit(STOPPED)
    except BrokenPipeError:  # whoever read what was printed has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (ImproperlyConfigured, Refusal, DatabaseError, EOFError, OSError) as fault:
        line = _in_a_line(fault)
        if line is None:
            raise
        sys.exit(f"milieu: {line}")


def _in_a_line(fault: Exception) -> str | None:
    """Return what is said of a fault that an operator can mend; None for one that is ours."""
    match fault:
        case DatabaseError():
            return in_words(fault)
        case EOFError():
            return "The input ended before everything was answered. Nothing more was done."
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return f"{fault.filename or 'The disk'}: no room is left. Make room."
        case OSError(filename=None):
            return None
        case OSError():
            return f"{fault.filename}: {fault.strerror}."
    return str(fault)


def _run(arguments: Sequence[str]) -> None:
    if list(arguments) in ([], ["help"], ["--help"], ["-h"]):
        sys.stdout.write(HELP)
    elif list(arguments) in (["--version"], ["version"]):
        sys.stdout.write(f"milieu {version('milieu')}\n")
    else:
        if arguments[0] in NEED_DATA and not {"--help", "-h", "--list"} & set(arguments):
            _refuse_without_data()
            if arguments[0] in ALONE:
                _refuse_newer_tables()
        execute_from_command_line(["milieu", *arguments])


def _refuse_newer_tables() -> None:
    django.setup()
    import_module("milieu.keeping.opened").refuse_newer("these tables")


def _refuse_without_data() -> None:
    """End here where a command that works on what is there would find nothing."""
    home = environment.home()
    environment.refuse_root(home)
    elsewhere = environment.secret("MILIEU_DATABASE_URL")
    needed = home if elsewhere else home / "milieu.sqlite3"
    if not needed.exists():
        sys.stderr.write(
            f"milieu: {needed} does not exist. Start the server once first: milieu serve. "
            "Or put MILIEU_HOME right.\n"
        )
        sys.exit(CANNOT_RUN)
