"""Every state of the page in every look: nothing inaccessible, nothing out of sight."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.altering import alter, alter_answers
from tests.browser.conftest import EVERY_LOOK, Look
from tests.browser.person import TALKS, UNANSWERED, Person

ABOUT = {
    "author": "Ada Hill of the Harbour Gazette",
    "published": "2026-01-17",
    "tags": ["peace talks", "energy", "a-long-tag-that-is-one-word-" * 3],
}

AXE = Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"

RUN_AXE = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ['violations'] });
  return violations.map(({ id, nodes }) =>
    `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`);
}"""

CUT_OFF = """() => [...document.querySelectorAll('main *, aside *, nav *, dialog *, header *')]
  .filter((it) => it.checkVisibility({ visibilityProperty: true }) && !it.closest('.unseen, svg'))
  .filter((it) => it.getBoundingClientRect().right > innerWidth + 1)
  .map((it) => it.outerHTML.slice(0, 120))"""


# A pilcrow that stands in another line than its number.
PARTED = r"""() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const parted = [];
  while (texts.nextNode()) {
    for (const { index, 0: { length } } of texts.currentNode.data.matchAll(/(¶|p\.)\s\d+/g)) {
      const range = new Range();
      range.setStart(texts.currentNode, index);
      range.setEnd(texts.currentNode, index + length);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (lines.size > 1) parted.push(texts.currentNode.data);
    }
  }
  return parted;
}"""


def check(page: Page) -> None:
    """No violation that axe-core knows of, nothing wider than the window, no place parted."""
    page.wait_for_timeout(250)  # transitions end, so that colours are what they will be
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(RUN_AXE) == []
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(PARTED) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def with_pages(answer: Any) -> None:
    for citation in answer["citations"]:
        citation.update(page=1234, published="2026-01-17")


@EVERY_LOOK
def test_first_visit(person: Person) -> None:
    expect(person.page.get_by_role("heading", name="Ask the articles")).to_be_visible()
    check(person.page)


@EVERY_LOOK
def test_menu(person: Person) -> None:
    person.ask(TALKS)
    expect(person.sidebar.get_by_role("link", name=TALKS)).to_be_visible()
    check(person.page)


@EVERY_LOOK
def test_waiting(person: Person) -> None:
    person.page.route("**/v1/ask/stream", lambda route: None)
    person.box.fill(TALKS)
    person.box.press("Enter")
    expect(person.turn).to_contain_text("Looking through the articles…")
    expect(person.turn).to_contain_text("This takes longer than usual")
    check(person.page)


@EVERY_LOOK
def test_answer_with_everything_open(person: Person) -> None:
    alter_answers(person.page, with_pages)
    alter(person.page, "**/v1/articles/*", lambda article: article.update(ABOUT))
    person.ask(TALKS)
    for summary in person.turn.locator("summary").all():
        summary.click()
    check(person.page)
    person.chips.first.click()
    expect(person.mark).to_be_visible()
    check(person.page)


@EVERY_LOOK
def test_follow_up_and_notice(person: Person) -> None:
    person.ask(TALKS)
    person.ask("and when did they start?")
    expect(person.turn).to_contain_text("Understood as")
    person.turn.get_by_role("button", name="Share").click()
    expect(person.notices).to_contain_text("Link copied")
    check(person.page)


@EVERY_LOOK
def test_article_that_is_gone(person: Person) -> None:
    person.ask(TALKS)
    gone = {"detail": "no article has the id 'a1'", "type": "urn:x:article-not-found"}
    person.page.route("**/v1/articles/*", lambda route: route.fulfill(status=404, json=gone))
    person.chips.first.click()
    expect(person.panel).to_contain_text("The quoted words")
    check(person.page)


@EVERY_LOOK
def test_key_dialog(person: Person) -> None:
    def without_key(route: Route) -> None:
        sent = route.request.headers
        route.continue_(headers={name: sent[name] for name in sent if name != "authorization"})

    person.page.route("**/v1/**", without_key)
    person.page.evaluate("localStorage.setItem('pullquote.key', 'old')")
    person.page.reload()
    person.go_to_library()
    expect(person.page.get_by_role("button", name="Forget it")).to_be_visible()
    check(person.page)
    refusal = {"detail": "the API key is not known: create one with 'pullquote keys create'"}
    person.page.route("**/v1/articles/*", lambda route: route.fulfill(status=401, json=refusal))
    person.page.get_by_role("list", name="Articles").get_by_role("link").click()
    expect(person.dialog).to_contain_text("The service asks for an API key")
    check(person.page)


@EVERY_LOOK
def test_no_answer(person: Person) -> None:
    person.ask(UNANSWERED)
    check(person.page)


@EVERY_LOOK
def test_failure(person: Person) -> None:
    def unreachable(route: Route) -> None:
        route.abort("connectionrefused")

    person.page.route("**/v1/**", unreachable)
    person.page.route("**/readyz", unreachable)
    person.ask(TALKS)
    expect(person.notices).to_contain_text("cannot be reached")
    check(person.page)


@EVERY_LOOK
def test_library(person: Person, tmp_path: Path) -> None:
    person.go_to_library()
    alter(person.page, "**/v1/articles?*", lambda found: found["articles"][0].update(ABOUT))
    person.page.get_by_text("Paste a text instead").click()
    empty = tmp_path / "empty.txt"
    empty.write_text("", encoding="utf-8")
    person.page.locator("#files").set_input_files(empty)
    expect(person.page.get_by_role("list", name="Not added")).to_contain_text("'empty.txt'")
    expect(person.page.get_by_role("list", name="Tags")).to_be_visible()
    check(person.page)
    person.page.get_by_role("button", name="Tags of").click()
    expect(person.dialog).to_be_visible()
    check(person.page)
    person.page.keyboard.press("Escape")
    person.page.get_by_role("checkbox", name="Choose").check()
    check(person.page)
    person.page.get_by_role("list", name="Articles").get_by_role("link").click()
    expect(person.panel.locator(".text p")).to_have_count(8)
    check(person.page)


@EVERY_LOOK
def test_empty_library(page: Page, own: str) -> None:
    page.goto(own)
    expect(page.get_by_text("the library has no articles")).to_be_visible()
    check(page)
    Person(page, own).go_to_library()
    expect(page.get_by_text("The library is empty.")).to_be_visible()
    check(page)


@EVERY_LOOK
@pytest.mark.parametrize("name", ["Rename", "Delete"])
def test_dialogs(person: Person, name: str) -> None:
    person.ask(TALKS)
    person.page.get_by_role("button", name=name, exact=True).click()
    expect(person.dialog).to_be_visible()
    check(person.page)


@EVERY_LOOK
def test_keys(person: Person) -> None:
    person.box.blur()
    person.page.keyboard.press("?")
    expect(person.dialog).to_be_visible()
    check(person.page)


@EVERY_LOOK
def test_missing_conversation(person: Person) -> None:
    person.page.goto(f"{person.url}/#/chat/0123456789abcdef")
    expect(person.page.get_by_role("heading", name="This conversation is not here")).to_be_visible()
    check(person.page)


def test_the_colours_follow_the_system_until_they_are_chosen(person: Person, look: Look) -> None:
    def ground() -> str:
        colour: str = person.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        return colour

    grounds = {"light": "rgb(250, 248, 244)", "dark": "rgb(23, 24, 26)"}
    other = "dark" if look.scheme == "light" else "light"
    assert ground() == grounds[look.scheme]
    person.sidebar.get_by_role("radio", name=other.title()).check()
    assert ground() == grounds[other]
    person.page.reload()
    expect(person.page.get_by_role("heading", level=1)).to_be_visible()
    assert ground() == grounds[other]
    person.sidebar.get_by_role("radio", name="Auto").check()
    assert ground() == grounds[look.scheme]


def test_at_twice_the_size_all_can_still_be_reached(person: Person) -> None:
    person.page.set_viewport_size({"width": 640, "height": 360})
    person.ask(TALKS)
    expect(person.box).to_be_in_viewport()
    person.chips.first.click()
    expect(person.mark).to_be_in_viewport()
    check(person.page)
    person.page.keyboard.press("Escape")
    expect(person.box).to_be_in_viewport()


def test_nothing_moves_for_those_who_ask_for_less_motion(person: Person) -> None:
    person.page.emulate_media(reduced_motion="reduce")
    person.page.route("**/v1/ask/stream", lambda route: None)
    person.box.fill(TALKS)
    person.box.press("Enter")
    expect(person.turn).to_contain_text("Looking through the articles…")
    assert person.page.evaluate("() => document.getAnimations().length") == 0
