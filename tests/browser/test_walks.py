"""Five people, from beginning to end."""

import io
import re
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.browser.answers import answer, cited, give, quoted
from tests.browser.conftest import DESK, PHONE
from tests.browser.person import TALKS, TITLE, Person
from tests.browser.test_keyboard import go_to
from tests.browser.test_library import added
from tests.browser.test_uploads import DROP_FOLDER

AT_DESK = pytest.mark.parametrize("look", [DESK], ids=str)
ON_A_PHONE = pytest.mark.parametrize("look", [PHONE], ids=str)


@AT_DESK
def test_a_journalist_drops_a_folder_asks_about_it_and_takes_the_quote_along(
    page: Page, own: str
) -> None:
    page.goto(own)
    person = Person(page, own)
    expect(page.get_by_text("the library has no articles")).to_be_visible()
    page.evaluate(DROP_FOLDER, ["ferry.txt", "2026/harbour.txt"])
    expect(added(person)).to_contain_text("2 added.")
    person.sidebar.get_by_role("link", name="New question").click()
    person.ask("When does the ferry leave?")
    expect(person.turn.get_by_role("blockquote")).to_contain_text("noon")
    person.turn.get_by_role("button", name="Copy", exact=True).click()
    expect(person.notices).to_contain_text("Answer copied")
    copied: str = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"“.*noon.*”\n— .*, press/", copied, re.DOTALL)


@AT_DESK
def test_an_analyst_compares_two_reports_and_writes_it_down(
    page: Page, own: str, tmp_path: Path
) -> None:
    person = Person(page, own)
    for day, cost in (("2026-05-12", "48.5 million"), ("2026-09-02", "61 million")):
        text = f"The bridge will cost {cost} euros, says the report."
        person.add(text, title=f"Report {day}", published=day)
    page.goto(f"{own}/#/library")
    for title in ("Report 2026-05-12", "Report 2026-09-02"):
        page.get_by_role("checkbox", name=f"Choose {title}").check()
    page.get_by_role("button", name="Ask these").click()
    articles = [
        person.get(f"/v1/articles/{one['id']}") for one in person.get("/v1/articles")["articles"]
    ]
    rivals = [
        {"text": words, "published": one["published"], "citations": [cited(one, words)]}
        for one, words in zip(reversed(articles), ("61 million", "48.5 million"), strict=True)
    ]
    give(page, answer("quote", quoted(articles[1], "61 million"), disagreement=rivals))
    person.ask("What does the bridge cost?")
    expect(person.turn).to_contain_text("The articles disagree, the latest first:")
    person.chips.first.click()
    expect(person.mark).to_have_text("61 million")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        person.dialog.get_by_role("button", name="Word").click()
    texts = [one.text for one in Document(io.BytesIO(read(download.value.path()))).paragraphs]
    assert "The bridge will cost 61 million euros, says the report." in texts


def read(path: Path) -> bytes:
    return Path(path).read_bytes()


@AT_DESK
def test_a_developer_finds_the_reference_and_gets_the_same_answer(person: Person) -> None:
    person.ask(TALKS)
    shown = person.turn.locator("blockquote mark").inner_text()
    person.page.get_by_role("link", name="For programs").click()
    expect(person.page).to_have_url(f"{person.url}/docs")
    assert person.post("/v1/ask", {"question": TALKS})["answer"] == shown
    person.page.go_back()
    expect(person.turn.get_by_role("heading")).to_have_text(TALKS)


@ON_A_PHONE
def test_a_reader_on_a_phone_opens_a_shared_link_checks_it_and_asks_on(person: Person) -> None:
    person.ask(TALKS)
    person.turn.get_by_role("button", name="Share").click()
    expect(person.notices).to_contain_text("Link copied")
    link: str = person.page.evaluate("navigator.clipboard.readText()")
    person.page.evaluate("localStorage.clear()")
    friend = Person(person.page.context.new_page(), person.url)
    friend.page.goto(link)
    expect(friend.turn).to_contain_text("Its citations still hold")
    friend.chips.first.click()
    expect(friend.mark).to_be_in_viewport()
    friend.panel.get_by_role("button", name="Close the article").click()
    friend.ask("Where were Russian military vehicles put on display?")
    expect(friend.turn.get_by_role("blockquote")).to_contain_text("downtown Kyiv")


@AT_DESK
def test_somebody_without_eyes_and_mouse_gets_an_answer_and_its_place(person: Person) -> None:
    press = person.page.keyboard.press
    expect(person.box).to_be_focused()
    person.page.keyboard.type(TALKS)
    press("Enter")
    person.wait()
    expect(person.page.locator("[aria-live=polite]")).to_have_text(
        f"Answer: January 17, 2026. From {TITLE}, paragraph 1. Likely right, 92\xa0%."
    )
    heard = person.turn.aria_snapshot()
    for line in (
        f'- heading "{TALKS}" [level=2]',
        "quoted words: January 17, 2026 end of the quoted words",
        "Likely right · 92",
        '- button "Copy"',
    ):
        assert line in " ".join(heard.split()), heard
    go_to(person.chips.first, "Shift+Tab")
    press("Enter")
    expect(person.panel.get_by_role("heading", level=2)).to_be_focused()
    go_to(person.panel.get_by_role("button", name="Go to the quote"))
    press("Enter")
    expect(person.mark).to_be_focused()
    press("Escape")
    expect(person.chips.first).to_be_focused()
