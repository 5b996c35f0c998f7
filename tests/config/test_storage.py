"""Where the record is kept, as an address says it."""

import pytest

from milieu.config.storage import database


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("db.elm.example:5433", "db.elm.example", "5433"),
        ("db.elm.example", "db.elm.example", ""),
        ("[2001:db8::7]:5432", "2001:db8::7", "5432"),
        ("%2Fsrv%2FPostgreSQL", "/srv/PostgreSQL", ""),
        ("%2Fsrv%2FPostgreSQL:5432", "/srv/PostgreSQL", "5432"),
        ("", "", ""),
    ],
)
def test_a_host_may_be_a_name_a_number_or_a_folder_of_sockets(tmp_path, address, host, port):
    said = database(tmp_path, f"postgresql://milieu:a%40b%3A@{address}/record?sslmode=require")
    assert (said["HOST"], said["PORT"]) == (host, port)
    assert (said["USER"], said["PASSWORD"], said["NAME"]) == ("milieu", "a@b:", "record")
    assert said["OPTIONS"]["sslmode"] == "require"
