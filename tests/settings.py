"""The settings of a served house, in a folder of their own."""

import atexit
import os
import shutil
import tempfile

# Before the settings are read, so that no test ever sees the data of the person who runs it.
os.environ["MILIEU_HOME"] = tempfile.mkdtemp(prefix="milieu-test-")
os.environ["MILIEU_DEMO"] = "no"

from tests.served import *  # noqa: F403
from tests.tables import give_files

give_files(HOME)  # noqa: F405
atexit.register(shutil.rmtree, os.environ["MILIEU_HOME"], ignore_errors=True)
