"""The ``milieu`` program: every command behind one name."""

import os
import sys

from django.core.management import execute_from_command_line

from milieu.config.environment import be_the_demo, name_settings_module


def main() -> None:
    """Run the command that the command line names."""
    if sys.argv[1:2] == ["demo"]:
        be_the_demo()
    os.umask(0o077)  # whatever it writes, others on this machine cannot read
    name_settings_module("milieu.config.settings")
    execute_from_command_line(["milieu", *sys.argv[1:]])
