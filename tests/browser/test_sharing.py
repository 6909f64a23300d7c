"""Links that keep the answer, proofs, and exports."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from qa.cli.saved_answer import claims_in
from tests.browser.answers import BRIDGE, answer, give, quoted
from tests.browser.conftest import DESK
from tests.browser.person import TALKS, Person

pytestmark = pytest.mark.parametrize("look", [DESK], ids=str)


def link_of(person: Person) -> str:
    person.turn.get_by_role("button", name="Share").click()
    expect(person.notices).to_contain_text("Link copied: it shows this answer")
    link: str = person.page.evaluate("navigator.clipboard.readText()")
    return link


def opened(person: Person, link: str) -> Person:
    friend = Person(person.page.context.new_page(), person.url)
    friend.page.goto(link)
    return friend


def test_a_shared_link_shows_the_answer_and_says_that_it_still_holds(person: Person) -> None:
    person.ask(TALKS)
    link = link_of(person)
    asked = give(person.page, answer("none", reason="Not asked again."))
    friend = opened(person, link)
    expect(friend.turn.get_by_role("heading")).to_have_text(TALKS)
    expect(friend.turn.locator("blockquote mark")).to_have_text("January 17, 2026")
    expect(friend.turn).to_contain_text("Its citations still hold")
    friend.chips.first.click()
    expect(friend.mark).to_have_text("January 17, 2026")
    assert asked == []
    friend.page.reload()
    expect(friend.turns).to_have_count(1)


def test_a_shared_link_says_what_moved_and_what_is_gone(page: Page, own: str) -> None:
    person = Person(page, own)
    text = "The ferry to Skye leaves at noon."
    person.add(text, source="ferry.txt")
    page.goto(own)
    person.ask("When does the ferry to Skye leave?")
    link = link_of(person)
    person.add(f"News, in short.\n\n{text}", source="ferry.txt")
    expect(opened(person, link).turn).to_contain_text("Its words have moved")
    person.add("It is closed for good.", source="ferry.txt")
    expect(opened(person, link).turn).to_contain_text("Its words are gone")


def test_a_damaged_or_hostile_link_does_no_harm(person: Person) -> None:
    for packed in ("", "x", "q1bKLC5RslJKTFayrgUA", "%%%"):
        friend = opened(person, f"{person.url}/#a={packed}")
        expect(friend.notices).to_contain_text("This link is damaged")
        friend.page.close()
    hostile = "<img src=x onerror=window.hacked=1>"
    made = quoted_anywhere(hostile)
    packed = person.page.evaluate(
        """async (text) => {
          const { packed } = await import('/page/effects.js');
          return packed(text);
        }""",
        json.dumps({"question": hostile, "answer": made}),
    )
    friend = opened(person, f"{person.url}/#a={packed}")
    expect(friend.turn.get_by_role("heading")).to_have_text(hostile)
    expect(friend.turn).to_contain_text("Its words are gone from this library.")
    assert friend.page.evaluate("() => window.hacked") is None
    assert friend.page.locator("a[href^=javascript]").count() == 0


def quoted_anywhere(text: str) -> dict[str, Any]:
    citation = {
        "article_id": "a",
        "title": text,
        "source": text,
        "published": None,
        "revision": "sha256:1",
        "paragraph": 1,
        "start": 0,
        "end": len(text),
        "quote": text,
        "sentence": {"start": 0, "end": len(text), "text": text},
        "url": "javascript:window.hacked=1",
    }
    quote = {"text": text, "question": None, "confidence": 0.9, "citations": [citation]}
    return {"kind": "quote", "answer": text, "confidence": 0.9, "quotes": [quote]}


def test_a_proof_is_what_the_command_and_the_page_check(person: Person, tmp_path: Path) -> None:
    person.ask(TALKS)
    with person.page.expect_download() as download:
        person.turn.get_by_role("button", name="Proof").click()
    proof = tmp_path / "proof.json"
    download.value.save_as(proof)
    saved = json.loads(proof.read_text(encoding="utf-8"))
    assert saved["question"] == TALKS
    assert saved["library_revision"] == person.get("/v1/about")["library_revision"]
    (claim,) = claims_in(proof.read_bytes(), proof.name)
    assert claim.quote == "January 17, 2026"

    person.go_to_library()
    person.page.get_by_text("Check a citation", exact=True).click()
    person.page.get_by_label("Saved file").set_input_files(proof)
    person.page.get_by_role("button", name="Check", exact=True).click()
    verdicts = person.page.get_by_role("status", name="What became of the citations")
    expect(verdicts).to_contain_text("Holds: the words stand where it says.")
    person.page.get_by_label("Or its text").fill("{}")
    person.page.get_by_role("button", name="Check", exact=True).click()
    expect(verdicts).to_contain_text("There is no citation in it")


@pytest.fixture
def reader(page: Page, own: str) -> Person:
    """A person with two answers from two articles."""
    person = Person(page, own)
    person.add(
        BRIDGE, title="Bridge & {ferry}", source="https://b.example/x", published="2026-09-02"
    )
    page.goto(own)
    (listed,) = person.get("/v1/articles")["articles"]
    article = person.get(f"/v1/articles/{listed['id']}")
    names = [quoted(article, name) for name in ("Kara Lund", "Jonas Weber")]
    give(page, answer("list", *names), answer("none", reason="Nobody says."))
    person.ask("Who came?")
    person.ask("Why?")
    return person


def export(person: Person, name: str) -> bytes:
    person.page.get_by_role("button", name="Export").click()
    with person.page.expect_download() as download:
        person.dialog.get_by_role("button", name=name).click()
    return Path(download.value.path()).read_bytes()


def test_a_conversation_is_exported_for_word(reader: Person) -> None:
    document = Document(io.BytesIO(export(reader, "Word")))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "Who came?" in texts
    assert "Nobody says." in texts
    marked = [
        run.text for one in document.paragraphs for run in one.runs if run.font.highlight_color
    ]
    assert marked == ["Kara Lund", "Jonas Weber"]


def test_articles_are_exported_as_bibliographies(reader: Person) -> None:
    (item,) = json.loads(export(reader, "CSL-JSON"))
    assert item["title"] == "Bridge & {ferry}"
    assert item["URL"] == "https://b.example/x"
    assert item["issued"] == {"date-parts": [[2026, 9, 2]]}
    bibtex = export(reader, "BibTeX").decode()
    assert r"title = {{Bridge \& \{ferry\}}}" in bibtex
    assert "year = {2026}" in bibtex
    ris = export(reader, "RIS").decode()
    assert ris.startswith("TY  - ELEC\r\nTI  - Bridge & {ferry}\r\nDA  - 2026/09/02\r\n")
    assert ris.endswith("ER  - \r\n")


def test_places_are_exported_as_web_annotations(reader: Person) -> None:
    page = json.loads(export(reader, "Annotations"))["first"]
    first, second = page["items"]
    words, place = first["target"]["selector"]
    assert (words["exact"], words["suffix"][:5]) == ("Kara Lund", ", the")
    assert place["start"] == BRIDGE.index("Kara Lund")
    assert second["target"]["source"] == "https://b.example/x"


def test_all_conversations_are_exported_at_once(reader: Person) -> None:
    reader.sidebar.get_by_role("link", name="New question").click()
    reader.ask("How?")
    reader.page.get_by_role("button", name="Export").click()
    reader.dialog.get_by_role("checkbox", name="All 2 conversations").check()
    with reader.page.expect_download() as download:
        reader.dialog.get_by_role("button", name="Markdown").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text.count("\n# ") + text.startswith("# ") == 2
    assert r"1. *Bridge \& \{ferry\}*, ¶" in text
