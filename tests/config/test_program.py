"""What the program says of what its operator can mend: a line, and no stack of calls."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

MILIEU = Path(sys.executable).with_name("milieu")


@pytest.mark.parametrize(
    ("command", "changed", "said"),
    [
        ("doctor", {"MILIEU_PORT": "abc"}, "MILIEU_PORT is 'abc'. Use a whole number"),
        ("doctor", {"MILIEU_DATABASE_URL": "mysql://x"}, "must begin with postgresql://"),
        ("doctor", {"MILIEU_HOME": "{file}"}, "a-file: File exists."),
        ("backup", {}, "does not exist. Start the server once first."),
        ("backup --to {file}/below", {}, "a-file/below: Not a directory."),
    ],
)
@pytest.mark.alike
def test_what_cannot_be_is_said_in_a_line(tmp_path, command, changed, said):
    file = tmp_path / "a-file"
    file.touch()
    settings = {name: value.format(file=file) for name, value in changed.items()}
    done = milieu(tmp_path / "home", *command.format(file=file).split(), **settings)

    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def milieu(home, *arguments, **settings):
    """Run a command on SQLite in ``home``."""
    own = {"DJANGO_SETTINGS_MODULE": "milieu.config.settings", "MILIEU_DATABASE_URL": ""}
    return subprocess.run(
        [MILIEU, *arguments],
        env={**os.environ, **own, "MILIEU_HOME": str(home), **settings},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="about root")
@pytest.mark.alike
def test_root_leaves_the_data_of_another_user_as_it_is_and_is_told_how(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, 65534, 65534)

    done = milieu(home, "doctor")

    name = pwd.getpwuid(65534).pw_name
    assert done.returncode == 1
    assert f"Run: sudo -u {name} env MILIEU_HOME={home} milieu" in done.stderr
    assert list(home.iterdir()) == []
