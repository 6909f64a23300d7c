"""The page without a mouse, and as a screen reader tells it."""

from playwright.sync_api import Locator, expect

from tests.browser.person import TALKS, Person

FOCUSED = "it => it === document.activeElement"


def go_to(target: Locator, key: str = "Tab", *, seen: Locator | None = None) -> None:
    """Press the key until the target has the focus, and see that it is in sight then.

    ``seen`` stands on the page for a target that is itself for screen readers only.
    """
    for _ in range(40):
        target.page.keyboard.press(key)
        if target.evaluate(FOCUSED):
            expect(seen or target).to_be_in_viewport()
            return
    raise AssertionError(f"{key} does not lead to {target}")


def test_everything_of_an_answer_is_reached_with_the_keyboard_alone(person: Person) -> None:
    press = person.page.keyboard.press
    suggestions = person.page.get_by_role("list", name="Suggested questions")
    expect(suggestions).to_be_visible()
    go_to(suggestions.get_by_role("button").first)
    press("Enter")
    person.wait()
    expect(person.box).to_be_focused()

    go_to(person.chips.first, "Shift+Tab")
    press("Enter")
    expect(person.panel.get_by_role("heading", level=2)).to_be_focused()
    press("Escape")
    expect(person.panel).to_be_hidden()
    expect(person.chips.first).to_be_focused()

    go_to(person.turn.locator("summary", has_text="Nearest passages"))
    press("Enter")
    passages = person.turn.locator(".passages").get_by_role("link")
    go_to(passages.first)
    press("Enter")
    expect(person.panel).to_contain_text("Passage 1 of")
    go_to(person.panel.get_by_role("button", name="Next"))
    press("Enter")
    expect(person.panel).to_contain_text("Passage 2 of")
    press("Escape")
    expect(passages.nth(1)).to_be_focused()

    go_to(person.page.get_by_role("button", name="Rename"), "Shift+Tab")
    press("Enter")
    person.page.keyboard.type("The talks")
    press("Enter")
    expect(person.page.get_by_role("heading", name="The talks", level=1)).to_be_visible()
    expect(person.page.get_by_role("button", name="Rename")).to_be_focused()


def test_the_library_is_reached_with_the_keyboard_alone(person: Person) -> None:
    press = person.page.keyboard.press
    menu = person.page.get_by_role("button", name="Conversations", exact=True)
    expect(person.box).to_be_focused()
    if menu.is_visible():
        go_to(menu, "Shift+Tab")
        press("Enter")
    link = person.page.get_by_role("navigation").get_by_role("link", name="Library")
    go_to(link, "Tab" if menu.is_visible() else "Shift+Tab")
    press("Enter")
    expect(person.page.get_by_role("heading", name="Library", level=1)).to_be_focused()
    go_to(person.page.locator("#files"), seen=person.page.get_by_text("Choose files"))
    article = person.page.get_by_role("list", name="Articles").get_by_role("link")
    go_to(article)
    press("Enter")
    expect(person.panel.get_by_role("heading", level=2)).to_be_focused()
    press("Escape")
    expect(article).to_be_focused()
    go_to(person.page.get_by_role("button", name="Remove A high-level"))
    press("Enter")
    expect(person.page.get_by_role("heading", name="Library", level=1)).to_be_focused()
    go_to(person.page.get_by_role("button", name="Undo"))
    press("Enter")
    expect(article).to_be_visible()


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
    expect(said).to_contain_text("\xa0%.")
    person.page.route("**/v1/ask/stream", lambda route: route.abort())
    person.ask(TALKS)
    expect(said).to_contain_text("No answer: The service cannot be reached.")
