"""The product's own settings, in a folder of their own and with a quick password hash."""

import atexit
import os
import shutil
import tempfile

# Before the settings are read, so that no test ever sees the data of the person who runs it.
os.environ["MILIEU_HOME"] = tempfile.mkdtemp(prefix="milieu-test-")
os.environ["MILIEU_DEMO"] = "no"

from milieu.config.settings import *  # noqa: F403
from tests.tables import give_files

give_files(HOME)  # noqa: F405
atexit.register(shutil.rmtree, os.environ["MILIEU_HOME"], ignore_errors=True)

# Argon2 is slow on purpose. What a hash must withstand is tested where passwords are set.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
