"""Reading the cited words in their article."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.altering import alter, alter_answers
from tests.browser.person import TALKS, WEAPONS, Person


def test_a_chip_opens_the_article_with_the_exact_characters_marked(person: Person) -> None:
    person.ask(WEAPONS)
    person.chips.first.click()
    citation = person.post("/v1/ask", {"question": WEAPONS})["citations"][0]
    article = person.get(f"/v1/articles/{citation['article_id']}")
    expect(person.mark).to_have_text(article["text"][citation["start"] : citation["end"]])
    expect(person.mark).to_be_in_viewport()
    expect(person.panel).to_contain_text(f"¶ {citation['paragraph']}")
    expect(person.panel.get_by_role("heading", level=3).first).to_have_text(citation["heading"])
    paragraph = article["paragraphs"][citation["paragraph"] - 1]
    expect(person.panel.locator("p:has(mark)")).to_have_text(
        article["text"][paragraph["start"] : paragraph["end"]]
    )


def test_the_panel_is_beside_the_chat_or_below_it_on_a_phone(person: Person) -> None:
    person.ask(TALKS)
    person.chips.first.click()
    expect(person.mark).to_be_in_viewport()
    chat, panel = person.turn.bounding_box(), person.panel.bounding_box()
    assert chat
    assert panel
    if panel["width"] < 360:
        assert panel["x"] >= chat["x"] + chat["width"]
    expect(person.turn.get_by_role("heading")).to_be_in_viewport()
    width = person.page.viewport_size
    assert width
    beside = panel["x"] > 0
    assert beside == (width["width"] == 1280)
    assert panel["x"] + panel["width"] <= width["width"]
    assert beside or panel["y"] > 200


def test_offsets_count_code_points_whatever_javascript_counts(page: Page, own: str) -> None:
    person = Person(page, own)
    text = "🦊🦊🦊 𝔉𝔬𝔵 news\n\n🦊 It rains. 🦊 The ferry to Skye leaves at noon. 🦊 It is full."
    article = person.add(text, title="🦊 news")
    page.goto(own)
    person.ask("When does the ferry to Skye leave?")
    person.chips.first.click()
    answer = person.post("/v1/ask", {"question": "When does the ferry to Skye leave?"})
    citation = answer["citations"][0]
    assert article["id"] == citation["article_id"]
    expect(person.mark).to_have_text(text[citation["start"] : citation["end"]])
    expect(person.mark).to_have_text(re.compile("noon"))
    expect(person.turn.locator("blockquote mark")).to_have_text(citation["quote"])


def test_a_long_article_is_scrolled_to_its_mark(page: Page, own: str) -> None:
    person = Person(page, own)
    weather = "It rains in the hills and in the glens, on the sheep and on the road. " * 8
    hay = [f"Paragraph {i} tells of the weather. {weather}\n\n" for i in range(30)]
    person.add("".join(hay) + "The ferry to Skye leaves at noon.\n\n" + "".join(hay), title="Long")
    page.goto(own)
    person.ask("When does the ferry to Skye leave?")
    person.chips.first.click()
    expect(person.mark).to_be_in_viewport()
    assert person.panel.locator(".text").evaluate("it => it.scrollTop") > 3000


def test_neighbouring_citations_are_reached_with_next_and_previous(page: Page, own: str) -> None:
    person = Person(page, own)
    for name in ("Timetable", "Harbour news"):
        person.add(f"{name} of the week.\n\nThe ferry to Skye leaves at noon.", title=name)
    page.goto(own)
    person.ask("When does the ferry to Skye leave?")
    person.chips.first.click()
    expect(person.panel).to_contain_text("Citation 1 of 2")
    first = person.panel.get_by_role("heading", level=2).inner_text()
    person.panel.get_by_role("button", name="Next").click()
    expect(person.panel).to_contain_text("Citation 2 of 2")
    expect(person.panel.get_by_role("heading", level=2)).not_to_have_text(first)
    expect(person.mark).to_be_in_viewport()
    expect(person.chips.nth(1)).to_have_attribute("aria-current", "true")
    person.panel.get_by_role("button", name="Previous").click()
    expect(person.panel.get_by_role("heading", level=2)).to_have_text(first)


def test_the_source_on_the_web_is_linked_with_the_words_to_mark(page: Page, own: str) -> None:
    person = Person(page, own)
    person.add("The ferry to Skye leaves at noon.", source="https://harbour.example/news")
    page.goto(own)
    person.ask("When does the ferry to Skye leave?")
    person.chips.first.click()
    link = person.panel.get_by_role("link", name="Source")
    expect(link).to_have_attribute(
        "href", re.compile(r"^https://harbour\.example/news#:~:text=.*noon")
    )
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_an_article_that_has_changed_since_shows_where_the_words_stand_now(
    page: Page, own: str
) -> None:
    person = Person(page, own)
    text, source = "The ferry to Skye leaves at noon.", "harbour.txt"
    person.add(text, source=source)
    page.goto(own)
    person.ask("When does the ferry to Skye leave?")
    person.add(f"News of the harbour, in short.\n\n{text}", source=source)
    person.chips.first.click()
    expect(person.panel).to_contain_text("has changed since; the words stand here now")
    expect(person.mark).to_have_text(re.compile("noon"))

    person.add("The harbour is closed for good.", source=source)
    page.reload()
    expect(person.panel).to_contain_text("these words are gone")
    expect(person.mark).to_have_count(0)


def test_an_article_that_is_gone_is_said_with_the_words_it_had(page: Page, own: str) -> None:
    person = Person(page, own)
    article = person.add("The ferry to Skye leaves at noon.", title="Harbour")
    page.goto(own)
    person.ask("When does the ferry to Skye leave?")
    page.request.delete(f"{own}/v1/articles/{article['id']}")
    person.chips.first.click()
    expect(person.panel).to_contain_text("This article is no longer in the library.")
    expect(person.panel).not_to_contain_text("/v1/")
    expect(person.panel).to_contain_text("noon")


def on_page(number: int | None) -> Callable[[dict[str, Any]], None]:
    """Puts an answer's first citation on a page of its article."""

    def alter(answer: dict[str, Any]) -> None:
        for holder in (answer, answer["quotes"][0]):
            holder["citations"][0]["page"] = number

    return alter


def test_the_page_of_a_citation_stands_beside_its_paragraph(person: Person) -> None:
    alter_answers(person.page, on_page(12))
    person.ask(TALKS)
    number = person.post("/v1/ask", {"question": TALKS})["citations"][0]["paragraph"]
    expect(person.chips.first).to_contain_text(f"¶ {number} · p. 12")
    expect(person.chips.first).to_have_accessible_name(re.compile(f"paragraph {number}, page 12"))
    person.turn.get_by_role("button", name="Copy", exact=True).click()
    expect(person.notices).to_contain_text("Answer copied")
    copied = person.page.evaluate("navigator.clipboard.readText()")
    assert f"¶\xa0{number} · p.\xa012" in copied
    person.chips.first.click()
    expect(person.panel).to_contain_text(f"¶ {number} · p. 12")


def test_without_a_page_none_is_named(person: Person) -> None:
    alter_answers(person.page, on_page(None))
    person.ask(TALKS)
    expect(person.chips.first).not_to_contain_text("p.")


def test_author_date_and_tags_of_an_article_are_shown_with_it(person: Person) -> None:
    more = {"author": "Ada Hill", "published": "2026-01-17", "tags": ["peace", "<b>talks</b>"]}
    alter(person.page, "**/v1/articles/*", lambda article: article.update(more))
    person.ask(TALKS)
    person.chips.first.click()
    about = person.panel.locator(".about")
    expect(about).to_contain_text("Ada Hill")
    expect(about).to_contain_text("17 Jan 2026")
    tags = person.panel.get_by_role("list", name="Tags").get_by_role("listitem")
    expect(tags).to_have_text(["peace", "<b>talks</b>"])
