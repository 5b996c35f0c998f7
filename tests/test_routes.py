"""Who may call which address: every route, every role, a stranger, and people of another unit.

``TABLE`` is the decision. A route that is not in it fails the test. To add one, write its row:

    "name-of-the-url": Row(get=Says(200, MANAGERS), post=Says(422, MANAGERS), of=unit),

- ``get`` and ``post``: what an empty request is answered with, for the roles that may. Everyone
  else who is signed in gets 403, and a stranger is led to sign in. ``NO`` where there is no such
  method. ``public=True`` where a stranger gets the same as everyone.
- ``of``: for a route about one thing, the function that finds that thing on North or on South.
  The other unit's must sound exactly like one that does not exist.
"""

from dataclasses import replace

import msgspec
import pytest
from django.db import transaction

from milieu.alerts.models import Alert
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.people.models import Grant, Person
from milieu.people.rules import GRANTED, Action, Role
from milieu.people.services import enrol_for, start_session
from milieu.record.models import Entry
from tests.cast import LYING, outcomes
from tests.hard_moments import MOMENTS, OF_MOMENTS
from tests.observed import OBSERVED, OF_OBSERVED
from tests.routes import (
    MFA,
    NO,
    ONCE_MORE,
    SIGN_IN,
    House,
    Row,
    Says,
    Thing,
    Visitor,
    Where,
    addresses,
    body,
    outcome,
    roles_to_ask,
)

NOBODY = uuid7()
SEE = GRANTED[Action.SEE]
MANAGE = GRANTED[Action.MANAGE_PEOPLE]
NURSES = frozenset({Role.NURSE})
CHECK = GRANTED[Action.CHECK]
ORDER = GRANTED[Action.ORDER_LEVEL]
ANSWER = GRANTED[Action.ACKNOWLEDGE]
ALERTS = SEE | GRANTED[Action.MEND]  # about people in care, or about the house
AMEND = GRANTED[Action.AMEND_ANY] | {Role.TECHNICIAN}  # the lead, and whoever wrote it
ENROL = GRANTED[Action.ENROL_PHONE]
FIX_TAGS = GRANTED[Action.FIX_TAGS]
EVIDENCE = GRANTED[Action.EVIDENCE]


WORRYING = msgspec.structs.replace(LYING, nurse_should_know="breathing fast")


def unit(house: House, where: Where) -> dict[str, object]:
    return {"unit_id": house.unit(where).pk}


def stay(house: House, where: Where) -> dict[str, object]:
    return {"stay_id": house.stay(where).pk}


def movement(house: House, where: Where) -> dict[str, object]:
    entries = Entry.objects.as_system("to find the admission")
    return {"entry_id": entries.get(stay=house.stay(where), kind="stay.movement").entry_id}


def safety_check(house: House, where: Where) -> dict[str, object]:
    """Return a check by the unit's technician, who may amend it as its author."""
    phone, stay = house.phone(where), house.stay(where)
    author = house.technician(where)
    draft = house.cast.check(stay, author_id=author.pk, device_id=phone.pk, fact=WORRYING)
    assert outcomes(house.cast.store(draft)) == ["stored"]
    return {"entry_id": draft.entry_id}


def concern(house: House, where: Where) -> dict[str, object]:
    entry_id = safety_check(house, where)["entry_id"]
    alerts = Alert.objects.as_system("to find the alert")
    return {"alert_id": alerts.get(source__entry_id=entry_id).pk}


def account(house: House, where: Where) -> dict[str, object]:
    return {"person_id": house.colleague(where).pk}


def role_held(house: House, where: Where) -> dict[str, object]:
    person = house.colleague(where)
    return {"person_id": person.pk, "grant_id": Grant.objects.get(person=person).pk}


def unit_at_work(house: House, where: Where) -> dict[str, object]:
    return unit(house, where)


def phone(house: House, where: Where) -> dict[str, object]:
    return {"device_id": house.phone(where).pk}


def screen(house: House, where: Where) -> dict[str, object]:
    return {"screen_id": house.screen(where).pk}


def tag(house: House, where: Where) -> dict[str, object]:
    return {"tag_id": house.tag(where).pk}


def one(**arguments: object) -> Thing:
    """Return a thing that belongs to no unit; there is none by this name."""
    return lambda house, where: arguments


IN_CARE = (
    unit,
    stay,
    movement,
    safety_check,
    concern,
    *OF_OBSERVED,
    *OF_MOMENTS,
)  # who sees nobody in care finds none of these
AT_WORK = (account, role_held, phone, screen, unit_at_work, tag)
CLOSED = Row(get=Says(404), post=Says(404), public=True)
OWN = Row(get=Says(ONCE_MORE), post=Says(ONCE_MORE))  # changes how one signs in
NONE_YET = Row(get=Says(404), post=Says(404))  # nobody in the cast has one
MOVED = Row(get=Says(301), post=Says(301))
WITH_TOKENS = "a door with tokens of its own"

TABLE: dict[str, Row | str] = {
    # shell
    "home": Row(get=Says(302, SEE, others=200)),
    "set-theme": Row(get=NO, post=Says(302), public=True),
    "set-language": Row(get=Says(302), post=Says(302), public=True),
    # people
    "people": Row(get=Says(200, MANAGE | ENROL)),
    "people-add": Row(get=Says(200, MANAGE), post=Says(422, MANAGE)),
    "account": Row(get=Says(200, MANAGE), of=account),
    "account-role": Row(get=NO, post=Says(422, MANAGE), of=account),
    "account-role-end": Row(get=NO, post=Says(302, MANAGE), of=role_held),
    "account-sign-in": Row(get=NO, post=Says(422, MANAGE), of=account),
    "account-password": Row(get=NO, post=Says(200, MANAGE & SEE), of=account),
    "account-pin": Row(get=NO, post=Says(302, MANAGE), of=account),
    "account-badge": Row(get=NO, post=Says(422, MANAGE & SEE), of=account),
    "phones": Row(get=Says(200, ENROL)),
    "phones-enrol": Row(get=NO, post=Says(200, ENROL), of=unit_at_work),
    "phones-retire": Row(get=NO, post=Says(302, ENROL), of=phone),
    "screens-enrol": Row(get=NO, post=Says(200, ENROL), of=unit_at_work),
    "screens-retire": Row(get=NO, post=Says(302, ENROL), of=screen),
    "me": Row(get=Says(200)),
    "my-pin": OWN,
    "closed": CLOSED,
    # phone
    "phone": Row(get=Says(200), public=True),
    "phone-worker": Row(get=Says(200), public=True),
    "phone-pack": Row(get=Says(200), public=True),
    "phone-reader": Row(get=Says(200), public=True),
    "phone-schema": Row(get=Says(200), public=True),
    **dict.fromkeys(("phone-enrol", "phone-session", "phone-unlock", "phone-pin"), WITH_TOKENS),
    **dict.fromkeys(("phone-sign-out", "phone-push", "phone-pull", "phone-after"), WITH_TOKENS),
    **dict.fromkeys(("phone-answer", "phone-help", "phone-live"), WITH_TOKENS),
    # board
    "board": Row(get=Says(200, SEE), of=unit),
    "regularity": Row(get=Says(200, SEE), of=unit),
    "staffing": Row(get=Says(200, SEE), of=unit),
    "shares": Row(get=Says(200, GRANTED[Action.SEE_SHARES]), of=unit),
    "board-names": Row(get=NO, post=Says(302, SEE), of=unit),
    "board-live": Row(get=Says(200, SEE), of=unit),
    "wall": Row(get=Says(200), post=Says(422), public=True),  # asks for the code of this screen
    "wall-live": Row(get=Says(401), public=True),
    "stay": Row(get=Says(200, SEE), of=stay),
    "watch": Row(get=Says(200, SEE), of=stay),
    "entry": Row(get=Says(200, SEE), of=safety_check),
    # presence
    "tags": Row(get=Says(200, FIX_TAGS)),
    "tags-enrol": Row(get=NO, post=Says(422, FIX_TAGS), of=unit_at_work),
    "tags-codes": Row(get=NO, post=Says(302, FIX_TAGS), of=unit_at_work),
    "tags-sheets": Row(get=Says(200, FIX_TAGS), of=unit_at_work),
    "tag": Row(get=Says(200, FIX_TAGS), of=tag),
    "tag-move": Row(get=NO, post=Says(422, FIX_TAGS), of=tag),
    "tag-retire": Row(get=NO, post=Says(302, FIX_TAGS), of=tag),
    # keeping
    "healthz": Row(get=Says(200), public=True),
    "trust": Row(get=Says(200), public=True),
    "trust-authority": Row(get=Says(404), public=True),  # a test has no authority of its own
    # rounds
    "check": Row(get=Says(200, CHECK), post=Says(422, CHECK), of=stay),
    "level-order": Row(get=Says(200, ORDER), post=Says(422, ORDER), of=stay),
    "amend": Row(get=Says(200, AMEND), post=Says(422, AMEND), of=safety_check),
    # sleep
    "sleep-protect": Row(get=Says(200, ORDER), post=Says(422, ORDER), of=stay),
    "sleep-end": Row(get=Says(200, ORDER), post=Says(422, ORDER), of=stay),
    # nights, behavior, instruments
    **OBSERVED,
    **MOMENTS,
    # alerts
    "concerns": Row(get=Says(200, ALERTS)),
    "concerns-ring": Row(get=Says(200, ALERTS)),
    "tell-me": Row(get=Says(200, ALERTS)),
    "tell-me-add": Row(get=NO, post=Says(302, ALERTS)),
    "tell-me-try": Row(get=NO, post=Says(302, ALERTS)),
    "tell-me-end": Row(get=NO, post=Says(302, ALERTS), of=one(browser_id=NOBODY)),
    "concern-answer": Row(get=NO, post=Says(302, ANSWER), of=concern, sends="words=Went+to+see"),
    # admissions
    "admit": Row(get=Says(200, NURSES), post=Says(422, NURSES), of=unit),
    "transfer": Row(get=Says(200, NURSES), post=Says(422, NURSES), of=stay),
    "leave": Row(get=Says(200, NURSES), post=Says(422, NURSES), of=stay),
    "escort": Row(get=Says(200, NURSES), post=Says(422, NURSES), of=stay),
    "back": Row(get=Says(200, NURSES), post=Says(422, NURSES), of=stay),
    "discharge": Row(get=Says(200, NURSES), post=Says(422, NURSES), of=stay),
    "cancel-movement": Row(get=Says(200, NURSES), post=Says(422, NURSES), of=movement),
    # evidence
    "evidence": Row(get=Says(200, EVIDENCE), post=Says(422, EVIDENCE), of=stay),
    # allauth: accounts. Nobody signs up, and no password is reset by email.
    "account_login": Row(get=Says(302, stranger=200), post=Says(302, stranger=200)),
    "account_logout": Row(get=Says(200, stranger=302), post=Says(302, stranger=302)),
    "account_inactive": Row(get=Says(200), public=True),
    "account_reauthenticate": Row(get=Says(200), post=Says(200)),
    "account_change_password": Row(get=Says(200), post=Says(200)),
    "account_set_password": CLOSED,
    "account_signup": CLOSED,
    "account_email": CLOSED,
    "account_email_verification_sent": CLOSED,
    "account_confirm_email": replace(CLOSED, of=one(key="a-b")),
    "account_confirm_login_code": CLOSED,
    "account_reset_password": CLOSED,
    "account_reset_password_done": CLOSED,
    "account_reset_password_from_key": replace(CLOSED, of=one(uidb36="a", key="b")),
    "account_reset_password_from_key_done": CLOSED,
    # allauth: second factors, sessions, and the hospital's own sign-in
    "mfa_index": Row(get=Says(200)),
    "mfa_authenticate": Row(get=Says(302), post=Says(302)),
    "mfa_reauthenticate": OWN,
    "mfa_activate_totp": OWN,
    "mfa_deactivate_totp": NONE_YET,
    "mfa_view_recovery_codes": Row(get=Says(404)),
    "mfa_generate_recovery_codes": OWN,
    "mfa_download_recovery_codes": NONE_YET,
    "mfa_list_webauthn": Row(get=Says(200)),
    "mfa_add_webauthn": OWN,
    "mfa_reauthenticate_webauthn": OWN,
    "mfa_remove_webauthn": replace(OWN, of=one(pk=1)),
    "mfa_edit_webauthn": replace(OWN, of=one(pk=1)),
    "mfa_login_webauthn": Row(get=Says(302), post=Says(302)),
    "socialaccount_login_cancelled": Row(get=Says(200), public=True),
    "socialaccount_login_error": Row(get=Says(401)),
    "socialaccount_signup": Row(get=Says(SIGN_IN), post=Says(SIGN_IN)),
    "socialaccount_connections": Row(get=Says(200), post=Says(200)),
    "accounts/social/login/cancelled/": MOVED,
    "accounts/social/login/error/": MOVED,
    "accounts/social/signup/": MOVED,
    "accounts/social/connections/": MOVED,
    "openid_connect_login": replace(CLOSED, of=one(provider_id="hospital")),  # none is named here
    "openid_connect_callback": replace(CLOSED, of=one(provider_id="hospital")),
    "usersessions_list": Row(get=Says(200), post=Says(302)),
}

ADDRESSES = {each.name: each for each in addresses()}
PAGES = [name for name in ADDRESSES if isinstance(TABLE.get(name), Row)]
OF_A_UNIT = [name for name in PAGES if TABLE[name].of in (*IN_CARE, *AT_WORK)]
DOORS = [name for name in ADDRESSES if TABLE.get(name) == WITH_TOKENS]
HALF_SHOWN: list[dict[str, str]] = [
    {},
    {"Authorization": "Bearer wrong"},
    {"Authorization": "Bearer wrong", "Milieu-Session": "wrong"},
]
SHUT = {name: {401, 405} for name in DOORS}
SHUT["phone-enrol"] = {400, 405}  # a code is all that it asks for

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    """One house for the whole walk: nothing that a visitor sends stays sent."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield House()
        transaction.set_rollback(True)


def test_every_route_has_its_row_and_every_row_its_route():
    missing = sorted(set(ADDRESSES) - set(TABLE))
    gone = sorted(set(TABLE) - set(ADDRESSES))
    assert not missing, (
        f"Decide who may call {missing}: add a row for each to TABLE in tests/test_routes.py. "
        "The words at the top of that file say how."
    )
    assert not gone, f"There is no route {gone} any longer. Take the row out of TABLE."


def test_no_two_routes_share_a_name():
    assert len(addresses()) == len(ADDRESSES)


@pytest.mark.parametrize("name", PAGES)
def test_a_route_answers_each_role_and_a_stranger_as_the_table_says(house, name):
    row = TABLE[name]
    url = ADDRESSES[name].url(**row.of(house, "north") if row.of else {})
    people: dict[Role | None, Person | None] = {**house.here, None: None}
    for method, says in (("GET", row.get), ("POST", row.post)):
        visitors = {role: house.visitor(people[role]) for role in roles_to_ask(says)}
        said = {role: outcome(each.ask(method, url, row.sends)) for role, each in visitors.items()}
        assert said == {role: expected(row, says, role) for role in visitors}, (method, url)


def expected(row: Row, says: Says, role: Role | None) -> int:
    """Return what the table says to this role; None is a stranger."""
    if role is None and says.stranger is not None:
        return says.stranger
    if role is None:
        return says.answer if row.public else SIGN_IN
    if role in says.roles or says == NO:
        return says.answer
    return 404 if row.of in IN_CARE and role not in SEE else says.others


@pytest.mark.alike
@pytest.mark.parametrize("name", OF_A_UNIT)
def test_what_belongs_to_another_unit_sounds_like_what_does_not_exist(house, name):
    row = TABLE[name]
    own = row.of(house, "north")
    theirs, nothing = (
        ADDRESSES[name].url(**row.of(house, "south")),
        ADDRESSES[name].url(**dict.fromkeys(own, NOBODY)),
    )
    for method, says in (("GET", row.get), ("POST", row.post)):
        for role, person in house.here.items():
            visitor = house.visitor(person)
            answers = [visitor.ask(method, url, row.sends) for url in (theirs, nothing)]
            may = says != NO and role in says.roles
            assert outcome(answers[0]) in ({404} if may else {403, 404, says.answer}), (
                method,
                role,
            )
            assert outcome(answers[0]) == outcome(answers[1]), (method, role)
            assert body(answers[0], theirs) == body(answers[1], nothing), (method, role)


@pytest.mark.alike
@pytest.mark.parametrize("name", OF_A_UNIT)
def test_people_of_another_unit_find_on_theirs_what_they_do_not_find_here(house, name):
    row = TABLE[name]
    here, there = (ADDRESSES[name].url(**row.of(house, each)) for each in ("north", "south"))
    for method, says in (("GET", row.get), ("POST", row.post)):
        for role in says.roles if says != NO else ():
            visitor = house.visitor(house.there[role])
            assert outcome(visitor.ask(method, there, row.sends)) == says.answer, (method, role)
            assert outcome(visitor.ask(method, here, row.sends)) == 404, (method, role)


@pytest.mark.alike
@pytest.mark.parametrize("name", DOORS)
def test_a_door_with_tokens_is_shut_without_them_whoever_is_signed_in(house, name):
    url = ADDRESSES[name].url()
    for person in [*house.here.values(), None]:
        visitor = house.visitor(person)
        for method in ("GET", "POST"):
            for headers in HALF_SHOWN:
                answer = visitor.ask(method, url, **headers)
                assert answer.status_code in SHUT[name], (method, person, headers)
                assert answer.content == b"" or "code" in answer.json()


@pytest.mark.parametrize("name", [name for name in DOORS if name in ("phone-push", "phone-pull")])
def test_a_session_is_worth_nothing_on_another_phone(house, name):
    unit, at = house.cast.north, clock.now()
    first, first_token = enrol_for(unit, "Phone 8", by=None, at=at)
    _, other_token = enrol_for(house.cast.south, "Phone 9", by=None, at=at)
    _, session = start_session(house.cast.dana, first, how="password", at=at)
    method = "GET" if name == "phone-pull" else "POST"

    def ask(device: str) -> int:
        headers = {"Authorization": f"Bearer {device}", "Milieu-Session": session}
        return Visitor(None).ask(method, ADDRESSES[name].url(), **headers).status_code

    assert ask(other_token) == 401
    assert ask(first_token) in (200, 400), "The right phone comes further than the wrong one."


@pytest.mark.alike
def test_a_role_that_needs_a_second_factor_is_led_to_one_before_anything_else(house, settings):
    settings.MFA_ROLES = [Role.MANAGER]
    manager, nurse = Visitor(house.cast.mona), Visitor(house.cast.nora)
    for name in PAGES:
        row, address = TABLE[name], ADDRESSES[name]
        url = address.url(**row.of(house, "north") if row.of else {})
        for method in ("GET", "POST"):
            led = outcome(manager.ask(method, url))
            if not row.public and not url.startswith("/accounts/"):
                assert led == MFA, (method, url)
            assert name == "mfa_index" or outcome(nurse.ask(method, url)) != MFA, (method, url)
