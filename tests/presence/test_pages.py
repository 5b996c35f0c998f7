"""Tags are fixed, moved and retired in pages and by command; nothing of their past is lost."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from milieu.census.models import Room
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.kernel.pdf import _printer
from milieu.presence import services
from milieu.presence.keys import tag_keys
from milieu.presence.models import Fixing, Tag
from milieu.presence.services import fixed_in
from tests.cast import Cast
from tests.presence.tags import UID

OTHER = "04AAAAAAAAAAAA"


@pytest.fixture
def cast(db):
    cast = Cast()
    cast.one, cast.two = Room.objects.filter(unit=cast.north)[:2]
    return cast


@pytest.fixture
def lena(cast):
    client = Client()
    client.force_login(cast.lena, backend="django.contrib.auth.backends.ModelBackend")
    return client


def at_doors(cast):
    return [(each.room.name, each.tag.code) for each in fixed_in([cast.north.pk])[cast.north.pk]]


def test_a_lead_fixes_a_tag_and_is_shown_what_to_write_into_it(cast, lena):
    sent = {"uid": "04:de:5f:1e:ac:c0:40", "room": cast.one.pk}
    page = lena.post(f"/tags/{cast.north.pk}/enrol/", sent, follow=True)
    assert at_doors(cast) == [("01", UID)]
    keys = tag_keys(cast.facility.pk, UID)
    said = page.content.decode()
    assert all(key.hex().upper() in said for key in keys)
    assert "no-store" in page["Cache-Control"]


def test_the_offsets_lead_to_where_the_tag_puts_its_message(cast, lena):
    services.enrol(UID, cast.one, by=None, at=clock.now())
    page = lena.get(f"/tag/{Tag.objects.get().pk}/").content.decode()
    address = re.search(r"<code>(http[^<]+)</code>", page)[1].replace("&amp;", "&")
    file = b"\x00\x00\xd1\x01\x00\x55\x03" + address.removeprefix("http://").encode()
    picc, mac = (int(found) for found in re.findall(r'class="figures">(\d+)<', page)[:2])
    assert file[picc : picc + 32] == b"0" * 32
    assert file[mac : mac + 16] == b"0" * 16
    assert file[mac - 5 : mac] == b"cmac="


@pytest.mark.parametrize("uid", ["", "hello", "04DE5F", "05DE5F1EACC040", UID + "00"])
def test_what_is_no_uid_is_said_to_be_none(cast, lena, uid):
    page = lena.post(f"/tags/{cast.north.pk}/enrol/", {"uid": uid, "room": cast.one.pk})
    assert page.status_code == 422
    assert at_doors(cast) == []


def test_a_tag_is_moved_retired_and_fixed_again_and_its_past_stays(cast, lena):
    tag = services.enrol(UID, cast.one, by=cast.lena, at=clock.now())
    lena.post(f"/tag/{tag.pk}/move/", {"room": cast.two.pk})
    assert at_doors(cast) == [("02", UID)]
    lena.post(f"/tag/{tag.pk}/retire/")
    assert at_doors(cast) == []
    lena.post(f"/tags/{cast.north.pk}/enrol/", {"uid": UID, "room": cast.one.pk})
    rooms = Fixing.objects.filter(tag=tag).values_list("room__name", flat=True)
    assert list(rooms) == ["01", "02", None, "01"]
    with pytest.raises(Refusal, match="at a door already"):
        services.enrol(UID, cast.two, by=cast.lena, at=clock.now())


def test_a_technician_fixes_nothing(cast):
    for act in (services.enrol, lambda uid, room, **more: services.print_code(room, **more)):
        with pytest.raises(Refusal, match="lead technician"):
            act(UID, cast.one, by=cast.dana, at=clock.now())


def test_a_tag_is_not_moved_onto_a_unit_where_one_leads_nothing(cast):
    tag = services.enrol(UID, cast.one, by=cast.lena, at=clock.now())
    room = Room.objects.filter(unit=cast.south)[0]
    with pytest.raises(Refusal, match="lead technician"):
        services.move(tag, room, by=cast.lena, at=clock.now())


def test_new_codes_replace_the_old_ones_and_are_printed(cast, lena):
    lena.post(f"/tags/{cast.north.pk}/codes/")
    old = at_doors(cast)
    lena.post(f"/tags/{cast.north.pk}/codes/")
    new = at_doors(cast)
    assert [room for room, _ in new] == ["01", "02", "03", "04"] == [room for room, _ in old]
    assert {code for _, code in old}.isdisjoint(code for _, code in new)
    sheets = lena.get(f"/tags/{cast.north.pk}/sheets/")
    assert sheets.status_code == 200
    assert sheets["Content-Type"].startswith("application/pdf" if _printer() else "text/html")


def test_without_pango_the_sheets_are_a_page_that_prints(cast, lena, monkeypatch):
    services.print_code(cast.one, by=None, at=clock.now())
    monkeypatch.setattr("milieu.presence.views.pdf", lambda *_, **__: None)
    page = lena.get(f"/tags/{cast.north.pk}/sheets/").content.decode()
    code = Tag.objects.get().code
    assert f"{code[:4]}-{code[4:]}" in page
    assert "<path d=" in page


def said(*words, **options):
    out = StringIO()
    call_command("tags", *words, "--unit", "NORTH", stdout=out, **options)
    return out.getvalue()


def test_all_of_it_by_command(cast, tmp_path):
    assert "key2" in said("enrol", UID, "--room", "01")
    assert said("keys", UID, "--address", "https://elm.example/phone/").count("elm.example") == 1
    assert said("list").split("\t")[:3] == ["01", "nfc", UID]
    said("move", UID, "--room", "02")
    assert said("list").startswith("02")
    said("retire", UID)
    assert said("list") == ""
    assert len(said("codes").splitlines()) == 4
    answer = said("sheets", "--out", str(tmp_path / "doors.pdf"))
    assert answer.startswith("4 sheets")
    assert [path.suffix for path in tmp_path.iterdir()].count(".pdf" if _printer() else ".css") == 1


def test_what_a_command_cannot_do_it_says(cast):
    for words in (["enrol", "nonsense", "--room", "01"], ["move", UID], ["enrol", UID], ["sheets"]):
        with pytest.raises(CommandError):
            said(*words)
