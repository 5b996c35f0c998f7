"""The product's own settings with a quick password hash: what real servers run with in tests."""

from milieu.config.settings import *  # noqa: F403

# Argon2 is slow on purpose, a fifth of a second of a processor for each password and each PIN.
# What a hash must withstand is tested where passwords are set.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
