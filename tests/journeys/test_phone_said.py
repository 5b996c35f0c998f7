"""What a technician asked of the phone is not dropped; what was seen stays its author's to say."""

from playwright.sync_api import Page, expect

from tests.journeys.phone_in_hand import Phone, move
from tests.journeys.test_handing_over import both_sign_in, switch_to
from tests.journeys.test_phone_faults import MINE
from tests.running import Server

TO_UNDO_MS = 6_000


def test_what_the_nurse_should_know_comes_into_sight_and_is_asked_for_first(phone: Phone) -> None:
    page = phone.page
    phone.enrol_and_sign_in("dana")
    phone.take(1)
    page.locator(".person-row").click()
    page.get_by_role("button", name="Nurse should know").click()
    words = page.get_by_label("The nurse should know, in a few words")
    expect(words).to_be_in_viewport()
    expect(words).to_be_focused()
    page.get_by_role("button", name="From parts").click()
    expect(words).to_be_visible()
    expect(words).not_to_be_focused()
    page.get_by_role("button", name="Back").click()

    page.locator(".tile").first.click()
    expect(page.get_by_role("alert")).to_have_text(
        "Say first what the nurse should know, in a few words."
    )
    expect(words).to_be_focused()
    words.fill("Did not eat")
    page.locator(".tile").first.click()
    expect(page.get_by_role("status")).to_contain_text("The nurse is told when it is sent.")


def test_what_was_not_taken_of_one_waits_for_them_on_the_phone_of_all(
    phone: Phone, server: Server
) -> None:
    page = phone.page
    page.clock.install()
    both_sign_in(phone)
    phone.take(1)
    write_too_late(phone, server)
    expect(page.locator(".truth-say")).to_contain_text("1 entry needs you")

    switch_to(phone, "Sam O.")
    expect(page.locator(".truth-say")).to_contain_text("1 on this phone")
    expect(page.locator(".truth-say")).not_to_contain_text("needs you")
    page.locator(".truth-say").click()
    expect(page.get_by_text("Waits for Dana R. or a lead technician.")).to_be_visible()
    for words in ("Put right", "Set aside", "Send again"):
        expect(page.get_by_role("button", name=words)).to_have_count(0)

    page.get_by_role("button", name="Back").click()
    switch_to(phone, "Dana R.")
    page.locator(".truth-say").click()
    expect(page.get_by_role("button", name="Put right")).to_be_visible()


def write_too_late(phone: Phone, server: Server) -> None:
    """Write, without network, of somebody who has left meanwhile; then send it."""
    page: Page = phone.page
    [left] = page.evaluate(MINE)
    phone.leave_network()
    move(server, left, "discharge", minutes=7)
    page.locator(".person-row").click()
    page.locator(".tile").first.click()
    page.clock.fast_forward(TO_UNDO_MS)
    phone.find_network()
    page.get_by_text("1 entry needs you").wait_for()


LARGE = """async ([size, language]) => {
  document.documentElement.style.fontSize = size
  const { setLanguage } = await import("/static/phone/words.js")
  setLanguage(language)
}"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.outerHTML.slice(0, 80))"""
HEAD_SHARE = (
    """() => document.querySelector(".head").getBoundingClientRect().height / innerHeight"""
)


def test_with_text_twice_as_large_nothing_is_cut_and_a_sentence_can_be_tapped(phone: Phone) -> None:
    page = phone.page
    phone.enrol_and_sign_in("dana")
    phone.take(2)
    for size, language in (("150%", "en"), ("200%", "en"), ("150%", "es"), ("200%", "es")):
        page.evaluate(LARGE, [size, language])
        assert page.evaluate(TOO_WIDE) == [], (size, language)
        page.locator(".person-row").first.click()
        page.locator(".tile").first.wait_for()
        assert page.evaluate(TOO_WIDE) == [], (size, language)
        assert page.evaluate(HEAD_SHARE) < 0.45, (size, language)
        page.locator(".tile").first.click(trial=True)
        page.locator(".head-back").click()
        page.locator(".person-row").first.wait_for()


def test_who_ends_a_shift_is_led_to_hand_over_and_leaves_nobody_by_a_second_tap(
    phone: Phone,
) -> None:
    page = phone.page
    phone.enrol_and_sign_in("dana")
    phone.take(2)
    page.locator(".truth-say").click()
    page.get_by_role("button", name="This phone").click()
    page.get_by_role("button", name="Sign out Dana R.").click()
    expect(page.get_by_role("alert")).to_contain_text("You still have 2 people.")
    expect(page.get_by_role("button", name="Sign out Dana R.")).to_have_count(0)
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("heading", name="Hand over")).to_be_visible()

    page.get_by_role("button", name="Back").click()
    page.locator(".truth-say").click()
    page.get_by_role("button", name="This phone").click()
    page.get_by_role("button", name="Sign out Dana R.").click()
    page.get_by_role("button", name="Sign out, and leave them with nobody").click()
    expect(page.get_by_text("Who is it?")).to_be_visible()


PAINTED = """(one) => {
  const { backgroundColor, borderInlineStartColor } = getComputedStyle(one)
  return [backgroundColor, borderInlineStartColor]
}"""


def test_in_colours_of_the_device_s_own_what_is_chosen_is_filled_and_few_rows_have_a_bar(
    phone: Phone,
) -> None:
    page = phone.page
    phone.enrol_and_sign_in("dana")
    page.get_by_role("button", name="My list").click()
    expect(page.get_by_role("button", name="Keep 0 people on my list")).to_be_disabled()
    page.get_by_role("button", name="Back").click()
    phone.take(2)
    page.emulate_media(forced_colors="active")
    paper = page.locator("html").evaluate(PAINTED)[0]
    later = page.locator(".person-row.person-later").first
    assert later.evaluate(PAINTED)[1] == paper

    page.locator(".person-row").first.click()
    page.get_by_role("button", name="From parts").click()
    lying, sitting = (page.get_by_role("button", name=name) for name in ("lying", "sitting"))
    lying.click()
    assert lying.evaluate(PAINTED)[0] != sitting.evaluate(PAINTED)[0]
