"""Every kind of answer, as it is seen, heard, copied and followed to its place."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answers import BRIDGE, answer, cited, give, quoted, unanswered
from tests.browser.conftest import EVERY_LOOK
from tests.browser.person import Person
from tests.browser.test_looks import check

QUESTION = "What about the bridge?"


@pytest.fixture
def reader(page: Page, own: str) -> Person:
    """A person at a library with the article about the bridge."""
    person = Person(page, own)
    person.add(BRIDGE, title="Bridge to close", published="2026-09-02")
    page.goto(own)
    return person


@pytest.fixture
def article(reader: Person) -> Any:
    (listed,) = reader.get("/v1/articles")["articles"]
    return reader.get(f"/v1/articles/{listed['id']}")


def test_a_list_shows_each_item_in_its_sentence_with_its_citation(
    reader: Person, article: Any
) -> None:
    names = ("Kara Lund", "Jonas Weber", "Mia Ortega")
    give(reader.page, answer("list", *(quoted(article, name) for name in names)))
    reader.ask("Which members came?")
    items = reader.turn.locator(".items > li")
    expect(items.locator("blockquote mark")).to_have_text(names)
    expect(reader.turn).to_contain_text("3, in the articles’ words:")
    items.nth(2).get_by_role("link").click()
    expect(reader.mark).to_have_text("Mia Ortega")
    expect(reader.panel).to_contain_text("Citation 3 of 3")


def test_parts_are_answered_one_by_one_and_the_unanswered_is_said(
    reader: Person, article: Any
) -> None:
    cost = quoted(article, "61 million euros", question="What does it cost?", confidence=0.62)
    length = quoted(article, "13 months", question="How long?")
    mayor = unanswered("Who is the mayor?", "No article names the mayor.")
    give(reader.page, answer("parts", cost, length, mayor))
    reader.ask("What does it cost, how long, and who is the mayor?")
    parts = reader.turn.locator(".part")
    expect(parts.get_by_role("heading", level=3)).to_have_text(
        ["What does it cost?", "How long?", "Who is the mayor?"]
    )
    expect(parts.nth(0)).to_contain_text("Possibly right · 62\xa0%")
    expect(parts.nth(1)).to_contain_text("Likely right · 86\xa0%")
    expect(parts.nth(2)).to_contain_text("The articles don’t say")
    expect(parts.nth(2)).to_contain_text("No article names the mayor.")


def test_an_overview_is_key_sentences_that_lead_to_their_places(
    reader: Person, article: Any
) -> None:
    sentences = ("The bridge will close for 13 months.", "Its cables are to be replaced.")
    give(reader.page, answer("overview", *(quoted(article, one) for one in sentences)))
    reader.ask("Summarise it")
    expect(reader.turn).to_contain_text("The main points, in the articles’ words:")
    expect(reader.turn.locator(".points blockquote")).to_have_text(sentences)
    reader.turn.get_by_role("link").nth(1).click()
    expect(reader.mark).to_have_text(sentences[1])


def test_a_disagreement_shows_the_values_with_their_dates_the_latest_first(
    reader: Person, article: Any
) -> None:
    new = {
        "text": "61 million",
        "published": "2026-09-02",
        "citations": [cited(article, "61 million")],
    }
    old = {
        "text": "48.5 million",
        "published": "2026-05-12",
        "citations": [cited(article, "48.5 million")],
    }
    give(reader.page, answer("quote", quoted(article, "61 million"), disagreement=[new, old]))
    reader.ask("What does it cost?")
    expect(reader.turn).to_contain_text("The articles disagree, the latest first:")
    expect(reader.turn.locator(".rival-date")).to_have_text(["2 Sept 2026", "12 May 2026"])
    expect(reader.turn.locator("blockquote mark")).to_have_text(["61 million", "48.5 million"])
    reader.turn.get_by_role("link").nth(1).click()
    expect(reader.mark).to_have_text("48.5 million")


def test_a_sentence_that_settles_it_is_what_the_article_says_and_never_yes(
    reader: Person, article: Any
) -> None:
    sentence = "The council did not say whether it would compensate the shopkeepers."
    give(reader.page, answer("quote", quoted(article, sentence)))
    reader.ask("Will the shopkeepers be compensated?")
    expect(reader.turn).to_contain_text("The article says:")
    expect(reader.turn.get_by_role("blockquote")).to_have_text(sentence)
    expect(reader.turn).not_to_contain_text("Yes")
    reader.turn.get_by_role("button", name="Copy", exact=True).click()
    expect(reader.notices).to_contain_text("Answer copied")
    copied: str = reader.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"“{sentence}”")


def test_copies_of_one_text_are_one_source(reader: Person, article: Any) -> None:
    both = [cited(article, "13 months"), cited(article, "13 months", article_id="copy")]
    once = {**quoted(article, "13 months"), "citations": both}
    give(reader.page, answer("quote", once, sources=1), answer("quote", once, sources=2))
    reader.ask("How long?")
    expect(reader.turn).to_contain_text("2 articles have these words, from one source:")
    expect(reader.turn).not_to_contain_text("articles say this")
    reader.ask("How long?")
    expect(reader.turn).to_contain_text("2 articles say this:")


def test_help_is_a_short_reply_and_no_refusal(reader: Person) -> None:
    text = "Hello! The library holds one article, about a bridge."
    give(reader.page, answer("help", reason=text))
    reader.ask("hello")
    expect(reader.turn).to_contain_text(text)
    expect(reader.turn).not_to_contain_text("don’t say")
    expect(reader.page.locator("[aria-live=polite]")).to_have_text(text)


def test_a_refusal_gives_the_closest_words_as_a_guess(reader: Person, article: Any) -> None:
    guess = {"answer": "13 months", "confidence": 0.21, "citations": [cited(article, "13 months")]}
    reason = (
        "The articles don't say. They speak of months only. Closest: “13 months” (unlikely, 21 %)."
    )
    give(reader.page, answer("none", reason=reason, alternatives=[guess], confidence=0.21))
    reader.ask("How many years?")
    expect(reader.turn.get_by_text("don’t say")).to_have_count(1)
    expect(reader.turn).to_contain_text("They speak of months only.")
    expect(reader.turn).not_to_contain_text("Closest:")
    expect(reader.turn.locator(".guess")).to_contain_text("which may not answer it")
    expect(reader.turn.locator(".guess")).to_contain_text("Uncertain · 21\xa0%")
    reader.turn.locator(".guess").get_by_role("link").click()
    expect(reader.mark).to_have_text("13 months")


def test_a_guess_that_is_as_good_as_none_is_not_put_first(reader: Person, article: Any) -> None:
    guess = {"answer": "13 months", "confidence": 0.02, "citations": [cited(article, "13 months")]}
    give(reader.page, answer("none", reason="No.", alternatives=[guess], confidence=0.02))
    reader.ask("How many years?")
    expect(reader.turn).to_contain_text("Found, but not sure enough")
    expect(reader.turn.locator(".guess")).to_have_count(0)


def test_three_grades_differ_in_words_and_shape_and_only_the_sure_one_is_green(
    reader: Person, article: Any
) -> None:
    green = reader.page.evaluate(
        "() => { const it = document.createElement('i'); it.style.color = 'var(--accent)';"
        " document.body.append(it); return getComputedStyle(it).color; }"
    )
    said = {
        0.8: "Likely right · 80\xa0%",
        0.797: "Likely right · 80\xa0%",
        0.6: "Possibly right · 60\xa0%",
        0.3: "Uncertain · 30\xa0%",
    }
    give(
        reader.page, *(answer("quote", quoted(article, "13 months"), confidence=it) for it in said)
    )
    for confidence, words in said.items():
        reader.ask(QUESTION)
        expect(reader.turn.locator(".certainty summary")).to_have_text(words)
        segments = reader.turn.locator(".levels span")
        colours = [
            one.evaluate("it => getComputedStyle(it).backgroundColor") for one in segments.all()
        ]
        filled = [colour for colour in colours if colour != "rgba(0, 0, 0, 0)"]
        grade = 3 if confidence > 0.79 else 2 if confidence > 0.5 else 1
        assert len(filled) == grade
        assert (filled[0] == green) == (grade == 3)


@EVERY_LOOK
def test_every_kind_can_be_used_by_everybody(reader: Person, article: Any) -> None:
    words = quoted(article, "13 months")
    rivals = [
        {"text": "61 million", "published": None, "citations": [cited(article, "61 million")]}
    ]
    guess = {"answer": "13 months", "confidence": 0.21, "citations": [cited(article, "13 months")]}
    give(
        reader.page,
        answer("list", words, quoted(article, "Kara Lund")),
        answer("parts", {**words, "question": "How long?"}, unanswered("Who?", "Nobody says.")),
        answer("quote", words, disagreement=rivals * 2),
        answer("none", reason="No.", alternatives=[guess]),
        answer("help", reason="Hello!"),
    )
    for _ in range(5):
        reader.ask(QUESTION)
    check(reader.page)
