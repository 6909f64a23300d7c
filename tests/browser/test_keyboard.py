"""The page without a mouse, and as a screen reader tells it."""

from playwright.sync_api import expect

from tests.browser.person import TALKS, Person


def test_everything_of_an_answer_is_reached_with_the_keyboard_alone(person: Person) -> None:
    person.ask(TALKS)
    expect(person.box).to_be_focused()
    person.chips.first.focus()
    person.page.keyboard.press("Enter")
    expect(person.panel.get_by_role("heading", level=2)).to_be_focused()
    person.page.keyboard.press("Escape")
    expect(person.panel).to_be_hidden()
    expect(person.chips.first).to_be_focused()


def test_slash_goes_to_the_box_but_is_a_letter_within_it(person: Person) -> None:
    person.ask(TALKS)
    person.page.get_by_role("button", name="Rename").focus()
    person.page.keyboard.press("/")
    expect(person.box).to_be_focused()
    expect(person.box).to_have_value("")
    person.page.keyboard.press("/")
    person.page.keyboard.press("?")
    expect(person.box).to_have_value("/?")
    expect(person.dialog).to_be_hidden()


def test_question_mark_lists_the_keys_and_escape_closes_them(person: Person) -> None:
    person.page.get_by_role("heading", level=1).click()
    person.box.blur()
    person.page.keyboard.press("?")
    expect(person.dialog.get_by_role("heading")).to_have_text("Keys")
    expect(person.dialog).to_contain_text("Shift + Enter")
    person.page.keyboard.press("Escape")
    expect(person.dialog).to_be_hidden()


def test_single_keys_can_be_switched_off_for_good(person: Person) -> None:
    person.box.blur()
    person.page.keyboard.press("?")
    person.dialog.get_by_role("checkbox").uncheck()
    person.page.keyboard.press("Escape")
    person.page.reload()
    expect(person.page.get_by_role("heading", level=1)).to_be_visible()
    person.box.blur()
    person.page.keyboard.press("?")
    expect(person.dialog).to_be_hidden()


def test_the_menu_of_a_phone_opens_and_closes(person: Person) -> None:
    menu = person.page.get_by_role("button", name="Conversations", exact=True)
    if not menu.is_visible():
        expect(person.page.get_by_role("navigation")).to_be_in_viewport()
        return
    menu.click()
    expect(person.page.get_by_role("navigation")).to_be_in_viewport()
    person.page.keyboard.press("Escape")
    expect(person.page.get_by_role("navigation")).to_be_hidden()
    expect(menu).to_be_focused()


def test_answers_are_announced_politely(person: Person) -> None:
    said = person.page.locator("[aria-live=polite]")
    expect(said).to_have_text("")
    person.ask(TALKS)
    expect(said).to_contain_text("Answer: ")
    expect(said).to_contain_text("January 17, 2026")
    expect(said).to_contain_text("paragraph 1")
    expect(said).to_contain_text(" %.")
