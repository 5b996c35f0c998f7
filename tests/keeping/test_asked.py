"""Names that nobody could read, and names that no column holds, are refused before anything is."""

import pytest
from django.core.management import CommandError, call_command

UNIT = {
    "--facility": "ELM",
    "--facility-name": "Elm",
    "--name": "North",
    "--code": "N1",
    "--zone": "UTC",
    "--rooms": "2",
}
PERSON = {"--name": "Mona Quist", "--role": "manager", "--unit": "N1"}
PHONE = {"--name": "Phone 3", "--unit": "N1"}


@pytest.mark.parametrize("text", ["", "  ", "x" * 200, "a\x1b[2J"])
@pytest.mark.parametrize(
    ("command", "given", "name"),
    [
        *((["unit"], UNIT, name) for name in ("--facility", "--facility-name", "--name", "--code")),
        (["person", "mona"], PERSON, "--name"),
        (["person"], PERSON, "username"),
        (["enrol"], PHONE, "--name"),
    ],
)
@pytest.mark.alike
def test_a_name_is_neither_empty_nor_too_long_nor_a_command_to_the_screen(
    command, given, name, text
):
    options = [word for pair in (given | {name: text}).items() for word in pair]
    if name == "username":
        options = [text, *(word for pair in given.items() for word in pair)]

    with pytest.raises(CommandError) as said:
        call_command(*command, *options)

    assert name.strip("-") in str(said.value).lower()
    assert "Use 1 to" in str(said.value) or "Type it again." in str(said.value)
