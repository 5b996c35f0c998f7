"""The ``milieu`` program: every command behind one name."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError

from milieu.config.environment import be_the_demo, name_settings_module


def main() -> None:
    """Run the command that the command line names.

    What the operator can mend (a setting, a file, the database) is said in a line, without the
    stack of calls in which only we can read.
    """
    if sys.argv[1:2] == ["demo"]:
        be_the_demo()
    os.umask(0o077)  # whatever it writes, others on this machine cannot read
    name_settings_module("milieu.config.settings")
    try:
        execute_from_command_line(["milieu", *sys.argv[1:]])
    except (ImproperlyConfigured, DatabaseError) as fault:
        sys.exit(f"milieu: {fault}")
    except OSError as fault:
        if fault.filename is None:
            raise
        sys.exit(f"milieu: {fault.filename}: {fault.strerror}.")
