"""The article in its panel: rendered, found in, outlined, copied from."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.answers import answer, give, quoted
from tests.browser.conftest import DESK, EVERY_LOOK
from tests.browser.person import TALKS, Person
from tests.browser.test_looks import check

AT_DESK = pytest.mark.parametrize("look", [DESK], ids=str)

MANUAL = """# Deploying *Kestrel*

Run `kestrel migrate` before the **first** start, see [the docs](https://k.example/a_b).

## Plans

| Plan | Requests | Support |
|------|------|------|
| Free | 60 | forum |
| Team | 600 | `email` |

- 🦊 One snake_case item, 2 * 3 * 4 = 24
- Two <b>bold</b> items
"""


@pytest.fixture
def manual(page: Page, own: str) -> Person:
    """A person who reads a manual written in Markdown."""
    person = Person(page, own)
    upload = FilePayload(name="manual.md", mimeType="text/markdown", buffer=MANUAL.encode())
    page.request.post(f"{own}/v1/articles", multipart={"file": upload})
    (listed,) = person.get("/v1/articles")["articles"]
    page.goto(f"{own}/#/library/{listed['id']}")
    expect(person.panel.locator(".text")).to_contain_text("kestrel migrate")
    return person


def test_markdown_is_rendered_and_no_mark_is_seen(manual: Person) -> None:
    text = manual.panel.locator(".text")
    expect(text.locator("code").first).to_have_text("kestrel migrate")
    expect(text.locator("strong")).to_have_text("first")
    expect(text.get_by_role("heading")).to_have_text(["Deploying Kestrel", "Plans"])
    expect(text).to_contain_text("see the docs.")
    expect(text).to_contain_text("🦊 One snake_case item, 2 * 3 * 4 = 24")
    expect(text).to_contain_text("Two <b>bold</b> items")
    shown = text.inner_text()
    assert "`" not in shown
    assert "|" not in shown
    assert "**" not in shown
    assert "#" not in shown


def test_rows_are_one_table_with_the_numbers_of_their_paragraphs(manual: Person) -> None:
    table = manual.panel.get_by_role("table")
    expect(table).to_have_count(1)
    expect(table.get_by_role("columnheader")).to_have_text(["Plan", "Requests", "Support"])
    expect(table.get_by_role("row")).to_have_text(
        ["PlanRequestsSupport", "Free60forum", "Team600email"]
    )
    numbers = table.locator("[data-number]").evaluate_all("all => all.map(it => it.dataset.number)")
    assert numbers == [str(int(numbers[0]) + i) for i in range(3)]


def test_what_is_cited_is_marked_within_what_is_rendered(manual: Person) -> None:
    (listed,) = manual.get("/v1/articles")["articles"]
    article = manual.get(f"/v1/articles/{listed['id']}")
    text = article["text"]
    quotes = ("600", "migrate` before the **first", "snake_case")
    give(manual.page, answer("list", *(quoted(article, quote) for quote in quotes)))
    manual.page.goto(f"{manual.url}/#/")
    manual.ask("?x")
    for i, shown in enumerate(("600", "migrate before the first", "snake_case")):
        assert quotes[i] in text
        manual.turn.locator(".chip").nth(i).click()
        expect(manual.mark).to_have_text(shown)


@AT_DESK
def test_plain_text_with_such_signs_stays_as_it_is(page: Page, own: str) -> None:
    person = Person(page, own)
    text = "It costs 5 * 3 _ and a | b; see snake_case_name and *this.\n\nA | lonely bar."
    person.add(text, title="Plain")
    page.goto(f"{own}/#/library")
    page.get_by_role("list", name="Articles").get_by_role("link").click()
    expect(person.panel.locator(".paragraph")).to_have_text(text.split("\n\n"))


def test_words_are_found_within_the_article(person: Person) -> None:
    person.ask(TALKS)
    person.chips.first.click()
    expect(person.mark).to_be_visible()
    person.panel.get_by_text("Find, contents, ask").click()
    find = person.panel.get_by_role("searchbox")
    find.fill("ENERGY")
    count = person.panel.locator(".finding").get_by_role("status")
    expect(count).to_have_text(re.compile(r"^1 of \d+$"))
    assert person.page.evaluate("() => CSS.highlights.get('found').size") > 2
    find.press("Enter")
    expect(count).to_have_text(re.compile(r"^2 of \d+$"))
    find.fill("nothing of the kind")
    expect(count).to_have_text("found nowhere")
    expect(person.mark).to_have_text("January 17, 2026")


def test_the_contents_lead_to_the_headings(person: Person) -> None:
    person.ask(TALKS)
    person.chips.first.click()
    expect(person.mark).to_be_visible()
    person.panel.get_by_text("Find, contents, ask").click()
    contents = person.panel.get_by_role("list", name="Contents").get_by_role("button")
    headings = person.panel.get_by_role("heading", level=3)
    expect(contents).to_have_text(headings.all_inner_texts())
    contents.last.click()
    expect(headings.last).to_be_focused()
    expect(headings.last).to_be_in_viewport()


@AT_DESK
def test_the_main_points_of_the_article_stand_in_its_panel(person: Person) -> None:
    person.ask(TALKS)
    person.chips.first.click()
    expect(person.mark).to_be_visible()
    (listed,) = person.get("/v1/articles")["articles"]
    article = person.get(f"/v1/articles/{listed['id']}")
    sentence = "The outcome of the U.S.-hosted talks remains highly uncertain."
    asked = give(person.page, answer("overview", quoted(article, sentence)))
    person.panel.get_by_text("Find, contents, ask").click()
    person.panel.get_by_role("button", name="Main points").click()
    person.panel.locator(".overview").get_by_role("button", name=sentence).click()
    expect(person.panel.locator(".text .context")).to_have_text(sentence)
    expect(person.panel.locator(".text .context")).to_be_in_viewport()
    assert asked[0]["filters"] == {"article_ids": [listed["id"]]}


@AT_DESK
def test_chosen_words_are_copied_with_their_citation(person: Person) -> None:
    person.ask(TALKS)
    person.chips.first.click()
    expect(person.mark).to_be_visible()
    button = person.page.get_by_role("button", name="Copy with the citation")
    expect(button).to_be_hidden()
    person.panel.locator("[data-number='2']").evaluate(
        """(it) => {
          const range = new Range();
          range.setStart(it.firstChild, 4);
          range.setEnd(it.firstChild, 11);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    button.click()
    expect(person.notices).to_contain_text("Copied with the citation.")
    copied: str = person.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“arrival”\n— A high-level Ukrainian delegation")
    assert "¶\xa02" in copied


@AT_DESK
def test_numbers_beyond_999_stand_beside_the_text(page: Page, own: str) -> None:
    person = Person(page, own)
    person.add("\n\n".join(f"Paragraph {i} tells of rain." for i in range(1, 1201)), title="Long")
    page.goto(f"{own}/#/library")
    page.get_by_role("list", name="Articles").get_by_role("link").click()
    last = person.panel.locator("[data-number='1200']")
    last.scroll_into_view_if_needed()
    room = last.evaluate(
        """(it) => {
          const number = getComputedStyle(it, '::before');
          const canvas = document.createElement('canvas').getContext('2d');
          canvas.font = number.font;
          const room = parseFloat(getComputedStyle(it).paddingInlineStart);
          return room - canvas.measureText('1200').width;
        }"""
    )
    assert room > 4


@AT_DESK
def test_a_title_stands_once_above_the_passages_of_its_article(person: Person) -> None:
    person.ask(TALKS)
    person.turn.get_by_text("Nearest passages").click()
    title = "A high-level Ukrainian delegation has arrived in the United States"
    passages = person.turn.locator(".passages")
    expect(passages.get_by_role("link")).to_have_count(5)
    expect(passages.get_by_text(title, exact=True)).to_have_count(1)


def test_the_question_is_not_seen_twice_but_is_the_heading_of_the_page(person: Person) -> None:
    person.ask(TALKS)
    heading = person.page.get_by_role("heading", name=TALKS, level=1)
    expect(heading).to_have_css("opacity", "0")
    person.ask("Who won the 1966 World Cup?")
    expect(heading).to_have_css("opacity", "1")


@EVERY_LOOK
def test_a_rendered_article_can_be_used_by_everybody(manual: Person) -> None:
    manual.panel.get_by_text("Find, contents, ask").click()
    expect(manual.panel.get_by_role("button", name="Main points")).to_be_visible()
    check(manual.page)
