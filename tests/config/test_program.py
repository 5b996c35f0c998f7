"""What the program says of what its operator can mend: a line, and no stack of calls."""

import os
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
    own = {"DJANGO_SETTINGS_MODULE": "milieu.config.settings", "MILIEU_DATABASE_URL": ""}
    settings = {**own, "MILIEU_HOME": str(tmp_path / "home"), **changed}
    environment = {name: value.format(file=file) for name, value in settings.items()}
    done = subprocess.run(
        [MILIEU, *command.format(file=file).split()],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
