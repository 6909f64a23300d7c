"""Conversations: kept in the browser, found, renamed, deleted, exported, shared."""

from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import expect

from tests.browser.person import TALKS, TITLE, UNANSWERED, WEAPONS, Person


def two_conversations(person: Person) -> None:
    person.ask(TALKS)
    person.sidebar.get_by_role("link", name="New question").click()
    person.ask(WEAPONS)


def test_a_conversation_is_still_there_after_a_reload(person: Person) -> None:
    person.ask(TALKS)
    person.ask(UNANSWERED)
    person.page.reload()
    expect(person.turns).to_have_count(2)
    expect(person.turns.first.get_by_role("blockquote")).to_contain_text("January 17, 2026")


def test_an_earlier_conversation_is_found_by_its_words(person: Person) -> None:
    two_conversations(person)
    entries = person.sidebar.locator(".conversations").get_by_role("link")
    expect(entries).to_have_text([WEAPONS, TALKS])
    find = person.page.get_by_role("searchbox", name="Find a conversation")
    find.fill("january 17")
    expect(entries).to_have_text([TALKS])
    find.fill("nothing of the kind")
    expect(person.page.get_by_text("No conversation holds these words.")).to_be_visible()
    find.fill("")
    entries.last.click()
    expect(person.turn.get_by_role("heading")).to_have_text(TALKS)


def test_a_conversation_is_renamed(person: Person) -> None:
    person.ask(TALKS)
    person.page.get_by_role("button", name="Rename").click()
    person.dialog.get_by_role("textbox", name="Name").fill("The talks")
    person.page.keyboard.press("Enter")
    expect(person.page.get_by_role("heading", name="The talks", level=1)).to_be_visible()
    person.page.reload()
    expect(person.sidebar.get_by_role("link", name="The talks")).to_be_visible()


def test_a_conversation_is_deleted_after_a_confirmation_only(person: Person) -> None:
    person.ask(TALKS)
    person.page.get_by_role("button", name="Delete", exact=True).click()
    expect(person.dialog).to_contain_text("It cannot be brought back.")
    person.dialog.get_by_role("button", name="Cancel").click()
    expect(person.turns).to_have_count(1)
    expect(person.page.get_by_role("button", name="Delete", exact=True)).to_be_focused()

    person.page.get_by_role("button", name="Delete", exact=True).click()
    person.dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(person.turns).to_have_count(0)
    person.page.reload()
    expect(person.sidebar.locator(".conversations").get_by_role("link")).to_have_count(0)


def test_a_conversation_is_exported_as_markdown_with_its_citations(person: Person) -> None:
    person.ask(UNANSWERED)
    person.ask(TALKS)
    person.page.get_by_role("button", name="Export").click()
    with person.page.expect_download() as download:
        person.dialog.get_by_role("button", name="Markdown").click()
    assert download.value.suggested_filename == "Who-won-the-1966-World-Cup.md"
    exported = Path(download.value.path()).read_text(encoding="utf-8")
    citation = person.post("/v1/ask", {"question": TALKS})["citations"][0]
    assert exported.startswith(f"# {UNANSWERED}\n\n## {UNANSWERED}\n\nThe articles don’t say.")
    assert f"**{citation['quote']}**" in exported
    assert f"characters {citation['start']}–{citation['end']} of {citation['revision']}" in exported


def test_an_answer_is_copied_with_its_citation(person: Person) -> None:
    person.ask(TALKS)
    person.turn.get_by_role("button", name="Copy", exact=True).click()
    expect(person.notices).to_contain_text("Answer copied")
    citation = person.post("/v1/ask", {"question": TALKS})["citations"][0]
    copied = person.page.evaluate("navigator.clipboard.readText()")
    assert f"“{citation['sentence']['text']}”" in copied
    place = f"¶\xa0{citation['paragraph']}"
    assert f"— {TITLE}, {place}, {citation['source']}" in copied


def test_a_shared_link_asks_the_same_question(person: Person) -> None:
    person.ask("Why 50% + “more”? #1 & 2")
    person.turn.get_by_role("button", name="Share").click()
    expect(person.notices).to_contain_text("Link copied")
    link = person.page.evaluate("navigator.clipboard.readText()")
    assert link == f"{person.url}/#q={quote('Why 50% + “more”? #1 & 2', safe='')}"

    other = person.page.context.new_page()
    other.goto(link)
    friend = Person(other, person.url)
    friend.wait()
    expect(friend.turns).to_have_count(1)
    expect(friend.turn.get_by_role("heading")).to_have_text("Why 50% + “more”? #1 & 2")
    other.reload()
    expect(friend.turns).to_have_count(1)


def test_back_closes_the_article_and_leaves_the_conversation(person: Person) -> None:
    person.ask(TALKS)
    person.chips.first.click()
    expect(person.mark).to_be_visible()
    person.page.go_back()
    expect(person.panel).to_be_hidden()
    expect(person.turns).to_have_count(1)
    person.page.go_back()
    expect(person.page.get_by_role("heading", name="Ask the articles")).to_be_visible()
    person.page.go_forward()
    expect(person.turns).to_have_count(1)
    person.page.go_forward()
    expect(person.mark).to_be_in_viewport()


def test_after_an_article_was_closed_back_goes_on_to_where_the_person_was_before(
    person: Person,
) -> None:
    home = person.page.get_by_role("heading", name="Ask the articles")
    person.ask(UNANSWERED)
    passages = person.turn.locator(".passages").get_by_role("link")
    person.turn.get_by_text("Nearest passages").click()
    for number in (0, 2, 2, 1):
        passages.nth(number).click()
        expect(passages.nth(number)).to_have_attribute("aria-current", "true")
    person.panel.get_by_role("button", name="Next").click()
    person.panel.get_by_role("button", name="Close the article").click()
    expect(person.panel).to_be_hidden()
    person.page.go_back()
    expect(home).to_be_visible()

    person.page.go_forward()
    person.turn.get_by_text("Nearest passages").click()
    passages.first.click()
    expect(person.panel).to_be_visible()
    person.page.reload()
    person.page.keyboard.press("Escape")
    expect(person.panel).to_be_hidden()
    person.page.go_back()
    expect(home).to_be_visible()


def test_an_article_that_a_bookmark_opened_closes_in_its_place(person: Person) -> None:
    person.ask(TALKS)
    person.chips.first.click()
    expect(person.panel).to_be_visible()
    person.page.goto("about:blank")
    person.page.go_back()
    other = Person(person.page.context.new_page(), person.url)
    other.page.goto(person.page.url)
    expect(other.panel).to_be_visible()
    other.chips.first.click()
    other.page.keyboard.press("Escape")
    expect(other.panel).to_be_hidden()
    expect(other.turns).to_have_count(1)
    other.page.go_back()
    assert other.page.url == "about:blank"


def test_an_address_of_a_conversation_that_is_not_here_says_so(person: Person) -> None:
    person.page.goto(f"{person.url}/#/chat/0123456789abcdef")
    expect(person.page.get_by_role("heading", name="This conversation is not here")).to_be_visible()
    person.ask(TALKS)
    expect(person.turns).to_have_count(1)


def test_two_tabs_show_the_same_conversations_and_lose_none(person: Person) -> None:
    other = Person(person.page.context.new_page(), person.url)
    other.page.goto(person.url)
    person.ask(TALKS)
    expect(other.sidebar.get_by_role("link", name=TALKS)).to_be_visible()
    other.sidebar.get_by_role("link", name=TALKS).click()
    other.ask(WEAPONS)
    expect(person.turns).to_have_count(2)
    person.ask(UNANSWERED)
    expect(other.turns).to_have_count(3)

    person.page.reload()
    expect(person.turns.locator("h2")).to_have_text([TALKS, WEAPONS, UNANSWERED])


def test_both_tabs_may_ask_at_once(person: Person) -> None:
    person.ask(TALKS)
    other = Person(person.page.context.new_page(), person.url)
    other.page.goto(person.page.url)
    expect(other.turns).to_have_count(1)
    person.box.fill(WEAPONS)
    other.box.fill(UNANSWERED)
    person.box.press("Enter")
    other.box.press("Enter")
    for each in (person, other):
        expect(each.turns.locator(".actions")).to_have_count(3)
        expect(each.turns).to_have_count(3)


def test_a_conversation_deleted_in_one_tab_goes_in_the_other(person: Person) -> None:
    person.ask(TALKS)
    other = Person(person.page.context.new_page(), person.url)
    other.page.goto(person.page.url)
    person.page.get_by_role("button", name="Delete", exact=True).click()
    person.dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(other.page.get_by_role("heading", name="This conversation is not here")).to_be_visible()
