"""Paper, high contrast, magnification, screen readers, and messages that reach everybody."""

import io
import re

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import DESK, PHONE, Look
from tests.browser.person import TALKS, WEAPONS, Person
from tests.browser.test_keyboard import FOCUSED


@pytest.fixture(params=[DESK], ids=str)
def look(request: pytest.FixtureRequest) -> Look:
    look: Look = request.param
    return look


def on_paper(person: Person) -> str:
    printed = PdfReader(io.BytesIO(person.page.pdf()))
    return "\n".join(page.extract_text() for page in printed.pages)


def look_at_citation(person: Person) -> None:
    person.ask(TALKS)
    person.chips.first.click()
    expect(person.mark).to_be_visible()


def test_a_conversation_is_printed_with_its_sources_as_footnotes(person: Person) -> None:
    person.ask(TALKS)
    person.ask(WEAPONS)
    paper = re.sub(r"\s+", " ", on_paper(person))
    for words in (TALKS, WEAPONS, "began on January 17, 2026", "downtown Kyiv"):
        assert words in paper
    assert paper.count("1. A high-level Ukrainian delegation") == 2
    assert "seeds/" in paper
    for button in ("Copy", "Share", "Rename", "Library", "New question", "Nearest passages"):
        assert button not in paper
    person.page.emulate_media(media="print", color_scheme="dark")
    expect(person.page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(person.turn.get_by_role("heading").first).to_have_css("color", "rgb(33, 31, 27)")


def test_an_open_article_is_printed_with_its_marks(person: Person) -> None:
    look_at_citation(person)
    paper = re.sub(r"\s+", " ", on_paper(person))
    assert "The coming days will be critical" in paper  # its last paragraph
    assert TALKS not in paper
    person.page.emulate_media(media="print")
    expect(person.mark).to_have_css("text-decoration-line", "underline")
    expect(person.page.get_by_role("button").first).to_be_hidden()


def test_both_are_printed_by_buttons_of_their_own(person: Person) -> None:
    person.page.evaluate(
        "() => { window.print = () => {"
        " window.printed = document.documentElement.dataset.print; }; }"
    )
    look_at_citation(person)
    for name, what in (("Print", "conversation"), ("Print the article", "article")):
        person.page.get_by_role("button", name=name, exact=True).click()
        assert person.page.evaluate("() => window.printed") == what


@pytest.mark.parametrize("emulated", ["forced_colors", "contrast"])
def test_marked_words_differ_by_more_than_colour(person: Person, emulated: str) -> None:
    look_at_citation(person)
    if emulated == "contrast":
        person.page.emulate_media(contrast="more")
    else:
        person.page.emulate_media(forced_colors="active")
    for mark in (person.mark, person.turn.locator("blockquote mark")):
        expect(mark).to_have_css("text-decoration-line", "underline")
    if emulated == "forced_colors":
        ground = person.turn.evaluate("it => getComputedStyle(it).backgroundColor")
        expect(person.mark).not_to_have_css("background-color", ground)


def test_a_screen_reader_hears_where_the_quoted_words_begin_and_end(person: Person) -> None:
    look_at_citation(person)
    for place in (person.turn.get_by_role("blockquote"), person.panel.locator("p:has(mark)")):
        heard = " ".join(place.aria_snapshot().split())
        assert re.search(r"quoted words:.*January 17, 2026.*end of the quoted words", heard), heard


def test_numbers_of_paragraphs_are_seen_and_not_read_into_the_sentences(person: Person) -> None:
    look_at_citation(person)
    paragraph = person.panel.locator("[data-number='2']")
    content = paragraph.evaluate("it => getComputedStyle(it, '::before').content")
    assert content.startswith('"2" / ""')
    assert "2 The arrival" not in paragraph.aria_snapshot()


def test_the_quote_is_reached_without_eyes(person: Person) -> None:
    look_at_citation(person)
    person.panel.get_by_role("button", name="Go to the quote").focus()
    person.page.keyboard.press("Enter")
    expect(person.mark).to_be_focused()
    expect(person.mark).to_be_in_viewport()


def test_the_first_link_skips_to_the_content(person: Person) -> None:
    person.ask(TALKS)
    address = person.page.url
    skip = person.page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("it => it === document.querySelector('a, button, input, textarea')")
    skip.focus()
    expect(skip).to_be_in_viewport()
    person.page.keyboard.press("Enter")
    expect(person.box).to_be_focused()
    assert person.page.url == address


def test_the_title_of_the_panel_shows_that_it_has_the_focus(person: Person) -> None:
    person.ask(TALKS)
    person.chips.first.focus()
    person.page.keyboard.press("Enter")
    title = person.panel.get_by_role("heading", level=2)
    expect(title).to_be_focused()
    expect(title).to_have_css("outline-style", "solid")


def test_texts_have_their_direction_and_their_language(page: Page, own: str) -> None:
    person = Person(page, own)
    german = "Die Fähre nach Skye legt um zwölf Uhr ab und ist nicht voll. The word is leave."
    hebrew = "המעבורת יוצאת בצהריים. leave"
    person.add(german, title="Fahrplan")
    person.add(hebrew, title="לוח זמנים")
    page.goto(f"{own}/#/library")
    page.get_by_role("link", name="Fahrplan").click()
    expect(person.panel.locator(".text")).to_have_attribute("lang", "de")
    page.get_by_role("link", name="לוח זמנים").click()
    paragraph = person.panel.locator(".paragraph")
    expect(paragraph).to_have_css("direction", "rtl")
    expect(person.panel.get_by_role("heading", level=2)).to_have_css("direction", "rtl")


def height(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["height"]


def test_at_four_times_the_size_there_is_room_to_read_and_all_is_reached(person: Person) -> None:
    person.page.set_viewport_size({"width": 320, "height": 256})
    person.ask(TALKS)
    quote = person.turn.get_by_role("blockquote")
    expect(quote).to_be_in_viewport()
    covered = height(person.page.locator(".bar")) + height(person.page.locator(".composer"))
    assert 256 - covered > 128
    rename = person.page.get_by_role("button", name="Rename")
    rename.scroll_into_view_if_needed()
    expect(rename).to_be_in_viewport()
    person.chips.first.click()
    expect(person.mark).to_be_in_viewport()
    assert person.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    person.page.keyboard.press("Escape")
    expect(person.box).to_be_in_viewport()
    person.sidebar.get_by_role("link", name="Library").click()
    expect(person.page.get_by_role("heading", name="Library", level=1)).to_be_visible()


def overlap(one: Locator, other: Locator) -> bool:
    a, b = one.bounding_box(), other.bounding_box()
    assert a is not None
    assert b is not None
    across = a["x"] < b["x"] + b["width"] and b["x"] < a["x"] + a["width"]
    down = a["y"] < b["y"] + b["height"] and b["y"] < a["y"] + a["height"]
    return across and down


@pytest.mark.parametrize("look", [DESK, PHONE], ids=str)
def test_messages_cover_nothing_and_stay_until_they_are_read(person: Person) -> None:
    person.ask(TALKS)
    person.page.clock.install()
    person.turn.get_by_role("button", name="Share").click()
    notice = person.page.locator(".notice")
    expect(notice).to_contain_text("Link copied")
    for part in (".chat-head", ".composer", ".thread"):
        assert not overlap(notice, person.page.locator(part)), part
    person.page.clock.run_for(8_000)
    expect(notice).to_contain_text("Link copied")
    person.page.clock.run_for(30_000)
    expect(notice).not_to_contain_text("Link copied")
    person.turn.get_by_role("button", name="Share").click()
    expect(notice).to_contain_text("Link copied")
    person.notices.get_by_role("button", name="Dismiss").click()
    expect(notice).not_to_contain_text("Link copied")


def test_messages_are_seen_within_a_dialog(person: Person) -> None:
    person.box.blur()
    person.page.keyboard.press("?")
    expect(person.dialog).to_be_visible()
    person.page.route("**/v1/**", lambda route: route.abort())
    person.page.evaluate("() => window.dispatchEvent(new Event('offline'))")
    assert person.dialog.locator(".notices").count() == 1
    person.page.keyboard.press("Escape")
    expect(person.page.locator(".app > .notices")).to_have_count(1)


def test_icons_stay_when_the_service_goes_away(person: Person) -> None:
    loaded = person.page.evaluate("() => performance.getEntries().map(({ name }) => name)")
    assert not [name for name in loaded if "icons.svg" in name]
    person.page.route("**/*", lambda route: route.abort())
    person.ask(TALKS)
    icon = person.turn.locator(".icon").first
    assert icon.evaluate("it => it.getBBox().width") > 0


def test_a_hundred_and_fifty_conversations_leave_the_switches_in_sight(person: Person) -> None:
    person.page.evaluate(
        """() => {
          for (let i = 0; i < 150; i += 1) {
            const [id, title] = [`c${i}`, `Question ${i}?`];
            const turn = { id: `t${i}`, question: title, asked: i, written: false, outcome: null };
            const kept = { id, title, named: false, updated: i, turns: [turn] };
            localStorage.setItem(`pullquote.conversation.${id}`, JSON.stringify(kept));
          }
        }"""
    )
    person.page.reload()
    entries = person.page.locator(".conversations").get_by_role("link")
    expect(entries).to_have_count(150)
    for seen in (
        person.page.get_by_role("radio", name="Dark").locator(".."),
        person.page.get_by_role("button", name="Keys"),
        person.page.get_by_role("searchbox", name="Find a conversation"),
    ):
        expect(seen).to_be_in_viewport(ratio=1)
    entries.last.scroll_into_view_if_needed()
    expect(entries.last).to_be_in_viewport()
    entries.last.focus()
    assert entries.last.evaluate(FOCUSED)
