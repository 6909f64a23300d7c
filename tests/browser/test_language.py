"""The interface in German: no text is wired in."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answers import answer, give
from tests.browser.conftest import DESK, EVERY_LOOK
from tests.browser.person import TALKS, Person
from tests.browser.test_looks import check

AT_DESK = pytest.mark.parametrize("look", [DESK], ids=str)

TABLE = Path(__file__).parents[2] / "qa" / "page" / "later" / "german.js"
ENTRY = re.compile(r"^  (?:'(.*)'|(\w+)): '(.*)',$", re.MULTILINE)

# What is seen or heard: text nodes, labels, titles, placeholders.
SAID = """() => {
  const all = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (!parentElement.closest('.text, blockquote')) all.push(data);
  }
  const names = ['aria-label', 'title', 'placeholder'];
  for (const name of names) {
    for (const it of document.querySelectorAll(`[${name}]`)) all.push(it.getAttribute(name));
  }
  return all.map((text) => text.trim()).filter(Boolean);
}"""


def english() -> set[str]:
    """The texts that are other words in German."""
    entries = [(a or b, german) for a, b, german in ENTRY.findall(TABLE.read_text("utf-8"))]
    assert len(entries) > 250
    return {text for text, german in entries if text != german}


@pytest.fixture
def german(page: Page, seeded: str) -> Person:
    page.add_init_script(
        "localStorage.getItem('pullquote.language') ?? "
        "localStorage.setItem('pullquote.language', 'de')"
    )
    page.goto(seeded)
    return Person(page, seeded)


@AT_DESK
def test_nothing_of_the_interface_stays_english(german: Person) -> None:
    page = german.page
    expect(page.get_by_role("heading", name="Fragen Sie die Artikel")).to_be_visible()
    assert page.evaluate("() => document.documentElement.lang") == "de"
    heard: set[str] = set(page.evaluate(SAID))
    german_box = page.get_by_role("textbox", name="Frage", exact=True)
    german_box.fill(TALKS)
    german_box.press("Enter")
    expect(german.turn).to_contain_text("Wahrscheinlich richtig")
    german.turn.locator(".chip").first.click()
    expect(german.mark).to_be_visible()
    heard |= set(page.evaluate(SAID))
    page.get_by_role("button", name="Exportieren").click()
    heard |= set(page.evaluate(SAID))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Über").click()
    heard |= set(page.evaluate(SAID))
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Bibliothek").click()
    page.get_by_text("Ein Zitat prüfen").click()
    heard |= set(page.evaluate(SAID))
    assert heard & english() == set()
    assert len(heard) > 80


@AT_DESK
def test_the_language_is_chosen_and_kept(person: Person) -> None:
    person.page.get_by_role("button", name="Deutsch").click()
    heading = person.page.get_by_role("heading", name="Fragen Sie die Artikel")
    expect(heading).to_be_visible()
    person.page.reload()
    expect(heading).to_be_visible()
    person.page.get_by_role("button", name="English").click()
    expect(person.page.get_by_role("heading", name="Ask the articles")).to_be_visible()


@AT_DESK
def test_the_other_language_is_fetched_only_when_it_is_spoken(person: Person) -> None:
    loaded: list[str] = person.page.evaluate(
        "() => performance.getEntriesByType('resource').map(({ name }) => name)"
    )
    assert not [name for name in loaded if "/later/" in name]


@AT_DESK
def test_about_tells_versions_size_and_limits_and_leads_to_the_reference(person: Person) -> None:
    person.page.get_by_role("button", name="About").click()
    about = person.get("/v1/about")
    for words in (about["version"], "1 article, 8 paragraphs", about["models"]["reader"]):
        expect(person.dialog).to_contain_text(words)
    expect(person.dialog).to_contain_text("It writes nothing itself")
    person.page.keyboard.press("Escape")
    link = person.page.get_by_role("link", name="For programs")
    expect(link).to_have_attribute("href", "/docs")


@AT_DESK
def test_the_page_can_be_installed(person: Person) -> None:
    manifest = person.get("/page/manifest.webmanifest")
    assert (manifest["display"], manifest["start_url"]) == ("standalone", "/")
    for icon in manifest["icons"]:
        response = person.page.request.get(person.url + icon["src"])
        assert response.ok
        assert response.headers["content-type"] == icon["type"]
    client = person.page.context.new_cdp_session(person.page)
    found = client.send("Page.getAppManifest")
    assert found["errors"] == []


@EVERY_LOOK
def test_german_has_room(german: Person) -> None:
    give(german.page, answer("none", reason="Nein."))
    box = german.page.get_by_role("textbox", name="Frage", exact=True)
    box.fill(TALKS)
    box.press("Enter")
    expect(german.turn).to_contain_text("Die Artikel sagen es nicht")
    check(german.page)
    german.page.goto(f"{german.url}/#/library")
    expect(german.page.get_by_role("heading", name="Bibliothek", level=1)).to_be_visible()
    check(german.page)
