"""Random histories of phones and servers: they find what they are for, and nothing is lost."""

from collections import Counter
from random import Random

from milieu.bench import histories
from milieu.bench.looked import Looked
from milieu.bench.pocket import Pocket
from milieu.bench.wire import Said, Tokens


def pocket():
    tokens = Tokens("01890000-0000-7000-8000-000000000001", "token", "session")
    return Pocket(tokens, author="dana", stays=["rosa", "john"], chance=Random(7))


def answered(phone, outcome="stored", *, epoch="one", upto=9):
    answers = [
        {"id": each["id"], "outcome": outcome, "seq": place, "code": ""}
        for place, each in enumerate(phone.waiting, start=1)
    ]
    return Said(200, {"answers": answers, "epoch": epoch, "durable_upto": upto}, {})


def test_random_histories_of_phones_and_a_server_lose_and_double_nothing():
    found = histories.measure(size=histories.TINY, seed=7)

    assert set(found.goals) <= set(found.figures)
    assert found.figures["histories"] == histories.TINY.histories
    assert found.figures["histories_per_min"] > 0
    wrong = [name for name, (comparison, _) in found.goals.items() if comparison == "<="]
    assert len(wrong) == 4
    assert {found.figures[name] for name in wrong} == {0}
    assert "entries written" in found.notes[0]


def test_a_phone_settles_only_what_an_answer_names():
    phone = pocket()
    for _ in range(4):
        phone.write()
    batch = phone.waiting
    for nothing in (None, Said(200, None, {}), Said(200, {}, {}), Said(503, {"answers": []}, {})):
        phone.hear(nothing, batch)
        assert phone.waiting == batch

    phone.hear(answered(phone), batch)
    assert phone.waiting == []


def test_a_phone_that_hears_of_another_record_gives_it_everything_again():
    phone = pocket()
    for _ in range(4):
        phone.write()
    written = phone.waiting
    phone.hear(answered(phone), written)

    phone.hear(Said(200, {"epoch": "one", "durable_upto": 9}, {}))
    assert phone.waiting == []
    phone.hear(Said(200, {"epoch": "two", "durable_upto": 9}, {}))
    assert phone.waiting == written


def test_what_is_lost_changed_or_doubled_is_counted(tmp_path):
    phone = pocket()
    for _ in range(6):
        phone.write()
    written = phone.waiting
    phone.hear(answered(phone), written)
    ids = [each["id"] for each in written]
    notes = {each["id"]: (each["fact"] or {}).get("note", "") for each in written}
    history = histories.History.__new__(histories.History)
    history.phones, history.happened = [phone], Counter()

    def ended(**changes):
        none = ("twice", "numbered_twice", "differing", "unlike_the_seal")
        whole = {"ids": ids, "notes": notes, **{name: [] for name in none}}
        return history._found(Looked(without_fact=0, unsealed=0, **whole | changes))

    assert not any(ended())
    assert ended(ids=ids[1:]).lost == [ids[0]]
    first = next(each["id"] for each in written if each["kind"] == "round.check" and each["fact"])
    assert ended(notes=notes | {first: "Something else"}).lost == [first]
    assert ended(twice=[ids[0]], numbered_twice=["7"]).doubled == [ids[0], "7"]
    assert ended(differing=["rosa"]).differing == ["rosa"]
