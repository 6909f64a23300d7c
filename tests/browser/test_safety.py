"""Text that would like to be more than text."""

from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page, expect

from tests.browser.person import Person

HOSTILE = (
    "<img src=x onerror=\"window.hacked='img'\"> \"'</p></script>"
    "<script>window.hacked='script'</script><b>bold</b> ${window.hacked} {{7*7}} &lt;"
)
HACKED = "() => window.hacked"


def test_a_hostile_article_shows_as_text_and_runs_nothing(page: Page, own: str) -> None:
    person = Person(page, own)
    title = f"Harbour {HOSTILE}"
    sentence = f"The ferry to Skye leaves at noon {HOSTILE}."
    person.add(f"{sentence}\n\nIt is full.", title=title, source="https://h.example/\"'<b>")
    page.goto(own)
    person.ask(f"When does the ferry to Skye leave? {HOSTILE}")
    expect(person.turn.get_by_role("heading")).to_contain_text(HOSTILE)
    expect(person.chips.first).to_contain_text(title)
    person.chips.first.click()
    expect(person.panel.get_by_role("heading", level=2)).to_have_text(title)
    expect(person.panel.locator("p:has(mark)")).to_contain_text(sentence)
    person.go_to_library()
    expect(page.get_by_role("list", name="Articles")).to_contain_text(title)
    page.get_by_role("button", name="Tags of").click()
    expect(person.dialog).to_contain_text(title)

    assert page.evaluate(HACKED) is None
    assert page.locator("img[src=x], main b, aside b, dialog b").count() == 0


def test_a_hostile_file_name_shows_as_text_and_runs_nothing(
    page: Page, own: str, tmp_path: Path
) -> None:
    name = "<img src=x onerror=window.hacked=1>'\"&.txt"
    for text in ("The ferry leaves at noon.", " "):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        page.goto(f"{own}/#/library")
        page.locator("#files").set_input_files(file)
        told = "1 added" if text.strip() else name
        expect(page.get_by_role("region", name="What was added")).to_contain_text(told)
        expect(page.get_by_role("progressbar")).to_be_hidden()
    assert page.evaluate(HACKED) is None
    assert page.locator("img[src=x]").count() == 0


def test_a_hostile_link_is_a_question_and_nothing_more(page: Page, seeded: str) -> None:
    question = '<img src=x onerror="window.hacked=1">?'
    page.goto(f"{seeded}/#q={quote(question)}")
    person = Person(page, seeded)
    person.wait()
    expect(person.turn.get_by_role("heading")).to_have_text(
        '<img src=x onerror="window.hacked=1">?'
    )
    assert page.evaluate(HACKED) is None


def test_what_is_kept_in_the_browser_may_be_damaged(page: Page, seeded: str) -> None:
    page.goto(seeded)
    page.evaluate("localStorage.setItem('pullquote.conversation.x', '{\"id\":')")
    page.evaluate("localStorage.setItem('pullquote.theme', '<b>')")
    page.reload()
    expect(page.get_by_role("heading", name="Ask the articles")).to_be_visible()


def test_inserting_markup_is_refused_by_the_browser_itself(browser: Browser, seeded: str) -> None:
    page = browser.new_page()
    page.goto(seeded)
    insert = "() => { try { document.body.innerHTML = '<b>'; } catch (e) { return e.name; } }"
    assert page.evaluate(insert) == "TypeError"
    page.close()
