"""What a database that does not do as asked means for whoever keeps it. Plain: words in, words out.

What the database said itself may hold names, and is told by nobody but the command line.
"""

import re
from collections.abc import Sequence
from typing import Final

MEANINGS: Final[Sequence[tuple[str, str, str]]] = (  # what it says, what that means, what to do
    (
        r"no such (table|column)|(relation|column) .*does not exist",
        "Tables of this version are not in this database.",
        "Is it the one that MILIEU_HOME or MILIEU_DATABASE_URL should name? Then: milieu migrate",
    ),
    (
        r"database \".*\" does not exist",
        "There is no database of this name.",
        "Look at the name at the end of MILIEU_DATABASE_URL.",
    ),
    (
        r"role \".*\" does not exist|password authentication|no pg_hba.conf entry|no password",
        "The database does not let this role in.",
        "Look at the role and the password in MILIEU_DATABASE_URL.",
    ),
    (
        r"invalid connection option|invalid sslmode",
        "MILIEU_DATABASE_URL holds an option that PostgreSQL does not know.",
        "Look at what follows the ? in it.",
    ),
    (
        r"permission denied",
        "The database does not let this role do that.",
        "Give it the rights that docs/run/postgresql.md lists.",
    ),
    (
        r"not a database|malformed",
        "The file of the database is damaged, or is none of SQLite's.",
        "Restore a backup: milieu restore FILE",
    ),
    (
        r"unable to open",
        "The database's file cannot be opened.",
        "Check its rights and its folder.",
    ),
    (r"locked|timeout", "The database is busy: another program holds it.", ""),
    (
        r"full|No space",
        "The database cannot be written: the disk is full.",
        "Make room.",
    ),
    (
        r"I/O|Input/output",
        "The database cannot be read or written: its disk does not work, or is full.",
        "Make room if it is full. Else look at the disk, and whether the newest backup is whole.",
    ),
    (
        r"readonly|read-only",
        "The database can be read but not written.",
        "Check its rights.",
    ),
)


def meant(said: str) -> tuple[str, str] | None:
    """Return what is wrong and what to do, in words; None where that is not known."""
    for pattern, means, do in MEANINGS:
        if re.search(pattern, said):
            return means, do
    return None


def in_words(fault: Exception) -> str:
    """Return what whoever typed a command is told of a fault: its meaning, and its own words."""
    said = str(fault).strip().partition("\n")[0]  # what follows quotes the question
    means = meant(said)
    if means is None:
        return f"The database does not answer as it should: {said}"
    return f"{' '.join(means).strip()} (It said: {said})"
