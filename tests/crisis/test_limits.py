"""The clocks that the law starts: worked examples, one law at a time."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from milieu.crisis.law import laws
from milieu.crisis.limits import barred, limits
from milieu.kernel.errors import Refusal
from tests.crisis.applications import (
    ADULT,
    CHILD,
    MECHANICAL,
    NEW_YORK,
    PERSONAL,
    SECLUSION,
    YOUTH,
    at,
    held,
    of,
    order,
    seen,
    spell,
)

TEXAS, OREGON, PRTF = "texas-415", "oregon-309-033", "prtf"
SCHOOL, POLICY, TJC = "school-california", "facility-policy", "tjc-bhc"


@pytest.mark.parametrize(("born", "most"), [(ADULT, 240), (YOUTH, 120), (CHILD, 60), (None, 60)])
def test_an_order_runs_no_longer_than_the_age_allows_whatever_it_says(born, most):
    found = held(spell(MECHANICAL), born=born, orders=[order(0, 600)])
    assert of(found, "order-ends") == [(0, most, None)]


def test_an_order_that_says_less_ends_when_it_says():
    assert of(held(spell(MECHANICAL), orders=[order(0, 45)]), "order-ends") == [(0, 45, None)]


def test_an_emergency_starts_the_clock_of_the_order_that_comes_later():
    found = held(spell(MECHANICAL), orders=[order(20)])
    assert of(found, "order-ends") == [(0, 240, None)]
    assert of(found, "order", OREGON) == [(0, 60, 20)]


def test_what_an_order_says_counts_from_the_start_too():
    assert of(held(spell(MECHANICAL), orders=[order(20, 60)]), "order-ends") == [(0, 60, None)]


def test_no_order_is_over_before_it_was_given():
    assert of(held(spell(MECHANICAL), orders=[order(70, 60)]), "order-ends") == [(0, 130, None)]
    near = held(spell(MECHANICAL), orders=[order(200, 60)])
    assert of(near, "order-ends") == [(0, 240, None)]  # the law's longest counts from the start


def test_an_order_that_comes_when_none_could_have_lasted_leaves_the_limit_passed():
    found = held(spell(MECHANICAL), orders=[order(250, 60)])
    assert of(found, "order-ends") == [(0, 240, 250), (250, 310, None)]


def test_without_an_order_the_longest_that_one_could_run_counts_from_the_start():
    found = held(spell(MECHANICAL))
    assert of(found, "order-ends") == [(0, 240, None)]
    assert of(found, "order") == [(0, None, None)]


def test_an_order_given_on_the_way_counts_from_when_it_was_given():
    found = held(spell(MECHANICAL), orders=[order(-5)])
    assert of(found, "order-ends") == [(-5, 235, None)]
    assert of(found, "order") == [(0, None, 0)]


def test_an_order_that_had_run_out_before_the_start_is_none():
    found = held(spell(MECHANICAL), orders=[order(-30, 20)])
    assert of(found, "order") == [(0, None, None)]
    assert of(found, "order-ends") == [(0, 240, None)]


def test_a_renewal_ends_the_order_before_it_and_counts_from_when_it_was_given():
    found = held(spell(MECHANICAL), orders=[order(0), order(230, renews=True)])
    assert of(found, "order-ends") == [(0, 240, 230), (230, 470, None)]


def test_a_renewal_that_comes_late_leaves_the_limit_passed():
    found = held(spell(MECHANICAL), orders=[order(0), order(250, renews=True)])
    late = [limit for limit in limits(found, ["cms-hospital"], at(300)) if limit.late(at(300))]
    assert [(each.what, each.late(at(300))) for each in late if each.what == "order-ends"] == [
        ("order-ends", timedelta(minutes=10))
    ]


def test_nothing_ends_by_itself_and_an_end_that_is_late_is_late():
    found = held(spell(MECHANICAL, 0, 255), ended=255, orders=[order(0)])
    (limit,) = [
        each for each in limits(found, ["cms-hospital"], at(999)) if each.what == "order-ends"
    ]
    assert limit.late(at(239)) == limit.late(at(240)) == timedelta()
    assert limit.late(at(250)) == timedelta(minutes=10)
    assert limit.late(at(999)) == timedelta(minutes=15)


def test_who_is_taken_hold_of_again_needs_a_new_order():
    spells = [spell(SECLUSION), spell(PERSONAL, 0, 10), spell(PERSONAL, 60, 70)]
    found = held(*spells, orders=[order(0)])
    assert of(found, "order", sort=PERSONAL) == [(0, None, 0), (60, None, None)]
    assert of(found, "order", sort=SECLUSION) == [(0, None, 0)]


def test_another_device_of_the_same_sort_is_under_the_same_order():
    found = held(
        spell(MECHANICAL, 0, 30, "four-limb"), spell(MECHANICAL, 30, None), orders=[order(0)]
    )
    assert of(found, "order-ends") == [(0, 240, None)]


def test_an_order_counts_only_for_the_sorts_that_it_names():
    found = held(spell(MECHANICAL), spell(SECLUSION), orders=[order(0, sorts=[SECLUSION])])
    assert of(found, "order", sort=MECHANICAL) == [(0, None, None)]
    assert of(found, "order", sort=SECLUSION) == [(0, None, 0)]


def test_an_order_by_somebody_who_may_not_is_none():
    given = order(5, role="practitioner", sorts=[MECHANICAL, SECLUSION])
    found = held(spell(MECHANICAL), orders=[given])
    assert of(found, "order", OREGON) == [(0, 60, 5)]
    assert of(found, "order-ends", TEXAS) == [(0, 240, None)]
    assert [(each.what, each.rule.law) for each in barred(found, [TEXAS, OREGON], at(9))] == [
        ("order-by", TEXAS)
    ]


def test_an_order_written_down_after_the_release_still_says_that_it_was_ordered():
    found = held(spell(PERSONAL, 0, 4), ended=4, orders=[order(9, 15)])
    assert of(found, "order") == [(0, None, 9)]
    assert of(found, "order-ends") == [(0, 240, 4)]


def test_a_birthday_changes_nothing_of_the_order_that_runs_and_the_next_may_be_longer():
    ninth = held(  # nine years old at midnight in New York, 14 hours after the start
        spell(MECHANICAL),
        born=date(2017, 3, 3),
        orders=[order(800, 600), order(850, 600, renews=True)],
    )
    assert of(ninth, "order-ends") == [(0, 60, 800), (800, 860, 850), (850, 970, None)]


def test_a_birthday_comes_by_the_units_clock():
    orders = [order(0), order(14 * 60 - 1), order(14 * 60)]
    east = held(spell(MECHANICAL), born=date(2008, 3, 3), orders=orders)
    assert [due - since for since, due, _ in of(east, "order-ends")] == [120, 120, 240]
    west = held(spell(MECHANICAL), born=date(2008, 3, 3), orders=orders, zone="America/Los_Angeles")
    assert [due - since for since, due, _ in of(west, "order-ends")] == [120, 120, 120]


def test_who_was_born_on_a_leap_day_is_older_on_the_first_of_march():
    found = held(spell(SECLUSION), born=date(2008, 2, 29))
    day = timedelta(days=1)
    assert found.age_at(at(0) - 2 * day) == 17  # 28 February 2026
    assert found.age_at(at(0) - day) == 18
    assert held(spell(SECLUSION), born=date(2030, 1, 1)).age_at(at(0)) is None


@pytest.mark.parametrize(("born", "most"), [(ADULT, 480), (YOUTH, 240), (CHILD, 120)])
def test_texas_ends_it_at_a_total_that_nothing_begins_anew(born, most):
    orders = [order(0), order(100, renews=True), order(200)]
    did = [seen("physician", 99), seen("physician", 199)]
    found = held(spell(MECHANICAL), born=born, orders=orders, did=did)
    assert of(found, "total", TEXAS) == [(0, most, None)]


def test_a_birthday_before_the_total_is_reached_lets_a_renewal_reach_further():
    turning = {"born": date(2017, 3, 3), "orders": [order(799), order(845, renews=True)]}
    found = held(spell(MECHANICAL, 780), **turning)  # 13:00 h after the start, nine an hour later
    assert of(found, "total", TEXAS) == [(780, 1020, None)]
    late = held(spell(MECHANICAL, 700), **turning)  # the two hours were over before the renewal
    assert of(late, "total", TEXAS) == [(700, 820, None)]


def test_texas_lets_nobody_be_held_by_hands_for_more_than_a_quarter_of_an_hour():
    found = held(spell(PERSONAL, 0, 10), spell(MECHANICAL, 10), spell(PERSONAL, 50, 60))
    assert of(found, "personal-total", TEXAS) == [(0, 55, 60)]
    assert of(found, "personal-total") == []


def test_a_day_is_the_most_with_renewals_unless_somebody_sees_them_and_orders_anew():
    renewals = [order(minute, renews=minute > 0) for minute in range(0, 1500, 230)]
    assert of(held(spell(SECLUSION), orders=renewals), "total") == [(0, 1440, None)]
    anew = [*renewals[:-1], order(1400)]
    examined = held(spell(SECLUSION), orders=anew, did=[seen("physician", 1390)])
    assert of(examined, "total") == [(0, 1440, 1400), (1400, 2840, None)]
    assert of(held(spell(SECLUSION), orders=anew), "total") == [(0, 1440, None)]


def test_oregon_wants_a_second_physician_for_every_day():
    found = held(spell(SECLUSION), did=[seen("second-physician", 1500)])
    assert of(found, "second-physician", OREGON, now=3000) == [
        (0, 1440, 1500),
        (1440, 2880, None),
        (2880, 4320, None),
    ]
    ended = held(spell(SECLUSION, 0, 300), ended=300)
    assert of(ended, "second-physician", OREGON) == [(0, 1440, 300)]


def test_oregon_wants_a_nurse_every_two_hours_until_a_physician_has_come():
    did = [
        seen("face-to-face", 50, "registered-nurse"),
        seen("nurse-exam", 160, "registered-nurse"),
        seen("physician", 400),
    ]
    found = held(spell(SECLUSION), did=did)
    assert of(found, "nurse-exam", OREGON) == [(0, 120, 50), (50, 170, 160), (160, 280, 400)]
    assert of(found, "physician", OREGON) == [(0, 1440, 400)]


def test_the_evaluation_is_owed_within_the_hour_also_of_who_was_released():
    found = held(spell(PERSONAL, 0, 4), ended=4)
    assert of(found, "face-to-face") == [(0, 60, None)]


def test_only_those_may_evaluate_whom_the_law_lets():
    did = [seen("face-to-face", 10, "technician"), seen("face-to-face", 40, "registered-nurse")]
    found = held(spell(SECLUSION), did=did)
    assert of(found, "face-to-face") == [(0, 60, 40)]
    assert of(found, "face-to-face", TJC) == [(0, 240, None)]


def test_what_a_looser_law_still_asks_for_is_shown_once_the_stricter_has_its_own():
    nurse = held(spell(SECLUSION), did=[seen("face-to-face", 40, "registered-nurse")])
    both = ("cms-hospital", TJC)
    assert of(held(spell(SECLUSION)), "face-to-face", *both) == [(0, 60, None)]
    assert of(nurse, "face-to-face", *both) == [(0, 60, 40), (0, 240, None)]


def test_a_nurse_who_evaluated_consults_and_a_physician_need_not():
    nurse = held(spell(SECLUSION), did=[seen("face-to-face", 40, "registered-nurse")])
    assert of(nurse, "consult") == [(40, None, None)]
    physician = held(spell(SECLUSION), did=[seen("face-to-face", 40)])
    assert of(physician, "consult") == []


def test_each_check_starts_the_clock_of_the_next_until_release():
    found = held(spell(SECLUSION, 0, 50), ended=50, checks=[14, 34])
    assert of(found, "check", POLICY) == [(0, 15, 14), (14, 29, 34), (34, 49, 50)]
    assert of(found, "check") == []  # federal law leaves the interval to policy


def test_no_check_is_owed_while_nobody_is_held():
    found = held(spell(PERSONAL, 0, 10), spell(PERSONAL, 40, 60))
    assert of(found, "check", POLICY) == [(0, 15, 10), (40, 55, 60)]


def test_both_at_once_need_somebody_there_all_the_time():
    found = held(
        spell(MECHANICAL, 10, 60), spell(SECLUSION), observed=[(12, 20), (20, 30), (45, None)]
    )
    assert of(found, "observer") == [(10, 10, 12), (30, 30, 45)]
    alone = held(spell(SECLUSION))
    assert of(alone, "observer") == []
    assert of(alone, "observer", PRTF) == [(0, 0, None)]


def test_a_residential_programme_never_uses_both_at_once():
    found = held(spell(MECHANICAL, 10, 60), spell(SECLUSION, 0, 30))
    (both,) = barred(found, [PRTF, "cms-hospital"], at(99))
    assert (both.what, both.since, both.rule.law) == ("both-at-once", at(10), PRTF)
    assert barred(found, [PRTF], at(9)) == ()


def test_a_school_may_not_lock_a_door_nor_tie_four_limbs_nor_hold_face_down():
    devices = [("locked-room", SECLUSION), ("four-limb", MECHANICAL), ("prone-hold", PERSONAL)]
    for device, sort in devices:
        (found,) = barred(held(spell(sort, device=device)), [SCHOOL], at(1))
        assert found.what == "device"
    assert barred(held(spell(SECLUSION, device="kept-in")), [SCHOOL], at(1)) == ()


def test_an_order_that_is_longer_than_allowed_is_named():
    found = held(spell(MECHANICAL), born=CHILD, orders=[order(0, 90, sorts=[MECHANICAL])])
    assert [each.what for each in barred(found, ["cms-hospital"], at(1))] == ["order-too-long"]


def test_texas_wants_a_physician_to_see_them_before_a_renewal():
    orders = [order(0, sorts=[MECHANICAL]), order(200, sorts=[MECHANICAL], renews=True)]
    unseen = held(spell(MECHANICAL), orders=orders, did=[seen("physician", 201)])
    assert [each.what for each in barred(unseen, [TEXAS], at(999))] == ["renewal-unseen"]
    seen_before = held(spell(MECHANICAL), orders=orders, did=[seen("physician", 190)])
    assert barred(seen_before, [TEXAS], at(999)) == ()


def test_a_parent_is_told_within_the_hours_that_the_strictest_law_gives():
    minor = held(spell(SECLUSION), born=YOUTH)
    assert of(minor, "guardian", PRTF, TEXAS) == [(0, 720, None)]
    assert of(minor, "guardian", PRTF) == [(0, None, None)]
    assert of(held(spell(SECLUSION), born=ADULT), "guardian", PRTF, TEXAS) == []
    told = held(spell(SECLUSION), born=YOUTH, did=[seen("guardian-told", 30)])
    assert of(told, "guardian", PRTF, TEXAS) == [(0, 720, 30)]


def test_a_school_tells_the_parents_by_the_end_of_the_next_school_day():
    assert of(held(spell(PERSONAL), born=CHILD), "guardian", SCHOOL) == [(0, 31 * 60, None)]


def test_after_the_release_it_is_looked_at_and_talked_over():
    found = held(spell(SECLUSION, 0, 30), ended=30, did=[seen("debrief-person", 200)])
    assert of(found, "wellbeing", PRTF) == [(30, None, None)]
    assert of(found, "debrief-person", PRTF) == [(30, 1470, 200)]
    assert of(found, "debrief-staff", PRTF) == [(30, 1470, None)]
    assert of(held(spell(SECLUSION)), "debrief-staff", PRTF) == []


def test_before_anybody_said_what_was_used_the_strictest_sort_counts():
    assert of(held(), "order-ends", TEXAS) == [(0, 15, None)]
    assert of(held(spell(SECLUSION)), "order-ends", TEXAS) == [(0, 240, None)]


def test_an_hour_that_the_clocks_leave_out_is_not_counted():
    one_at_night = (5 * 24 + 15) * 60  # 8 March 2026, 1:00 in New York; an hour later it is 3:00
    found = held(spell(MECHANICAL, one_at_night), orders=[order(one_at_night)])
    ((since, due, _),) = of(found, "order-ends", now=20_000)
    assert due - since == 240
    hours = [at(minute).astimezone(ZoneInfo(NEW_YORK)).hour for minute in (since, due)]
    assert hours == [1, 6]


def test_ties_name_every_law_that_they_stand_on():
    found = limits(held(spell(MECHANICAL)), ["cms-hospital", OREGON], at(1))
    (face,) = [limit for limit in found if limit.what == "face-to-face"]
    assert (face.rule.law, [rule.law for rule in face.rule.also]) == ("cms-hospital", [OREGON])


def test_limits_come_in_the_order_in_which_they_are_due_and_not_before_they_begin():
    found = limits(held(spell(MECHANICAL, 30)), [POLICY, PRTF], at(0))
    assert {limit.what for limit in found} == {"face-to-face"}
    dues = [limit.due for limit in limits(held(spell(MECHANICAL)), sorted(laws()), at(1))]
    known = [due for due in dues if due]
    assert known == sorted(known)
    assert dues[len(known) :] == [None] * (len(dues) - len(known))


def test_an_unknown_law_is_refused():
    for ask in (limits, barred):
        with pytest.raises(Refusal, match="There is no law called"):
            ask(held(spell(MECHANICAL)), ["atlantis"], at(1))


def test_the_attending_is_consulted_where_somebody_else_ordered():
    app = held(spell(MECHANICAL, 0), orders=[order(10)])
    assert of(app, "attending") == [(10, None, None)]
    app = held(spell(MECHANICAL, 0), orders=[order(10)], did=[seen("consult", 25)])
    assert of(app, "attending") == [(10, None, 25)]


def test_where_the_attending_orders_nobody_has_to_be_consulted():
    app = held(spell(MECHANICAL, 0), orders=[order(10, attending=True), order(200)])
    assert of(app, "attending") == []
    app = held(spell(MECHANICAL, 0), orders=[order(10), order(200, attending=True)])
    assert of(app, "attending") == [(10, None, 200)]


def test_what_somebody_else_wrote_down_as_ordered_is_signed_by_who_may_order():
    written = order(10, signed=False)
    did = [seen("order-signed", 100, "registered-nurse"), seen("order-signed", 300)]
    app = held(spell(MECHANICAL, 0), orders=[written, order(120)], did=did)
    assert of(app, "order-signed", "texas-415") == [(10, 10 + 2880, 300)]
    assert of(app, "order-signed", "oregon-309-033") == [(10, 10 + 1440, 300)]
    assert of(app, "order-signed", "cms-hospital") == []


def test_where_the_law_says_so_who_began_it_does_not_evaluate_it():
    began_it = replace(seen("face-to-face", 20), began_it=True)
    app = held(spell(MECHANICAL, 0), did=[began_it])
    assert of(app, "face-to-face", "texas-415") == [(0, 60, None)]
    assert of(app, "face-to-face") == [(0, 60, 20)]
    found = barred(app, ["texas-415"], at(100))
    assert [(each.what, each.since) for each in found] == [("evaluated-by-starter", at(20))]
