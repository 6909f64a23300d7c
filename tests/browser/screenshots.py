"""Writes pictures of the page's main states: ``python -m tests.browser.screenshots FOLDER``.

With a second folder, those that the README shows go there, with few colours so that they are small.
"""

import sys
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.answers import answer, cited, give, quoted, unanswered
from tests.browser.chromium import chromium
from tests.browser.person import TALKS, UNANSWERED, WEAPONS, Person
from tests.browser.serving import seeded

Scheme = Literal["light", "dark"]

expect.set_options(timeout=60_000)

WIDE, NARROW = (1280, 800), (360, 740)

IN_README = ("answer", "no-answer")
COLOURS = 128


def visit(
    browser: Browser,
    url: str,
    size: tuple[int, int] = WIDE,
    scheme: Scheme = "light",
) -> Person:
    width, height = size
    page = browser.new_page(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if size == NARROW else 1,
        color_scheme=scheme,
        reduced_motion="reduce",
        locale="en-GB",
    )
    page.goto(url)
    page.wait_for_load_state("networkidle")
    return Person(page, url)


def answered(person: Person) -> Person:
    """With an answer, and its article open at the words."""
    person.ask(WEAPONS)
    person.ask(TALKS)
    person.chips.first.click()
    expect(person.mark).to_be_in_viewport()
    person.page.mouse.move(0, 0)
    return person


def refused(person: Person) -> Person:
    person.ask(UNANSWERED)
    return person


def library(person: Person) -> Person:
    person.go_to_library()
    expect(person.page.get_by_role("list", name="Articles")).to_be_visible()
    return person


def article(person: Person) -> Any:
    (listed,) = person.get("/v1/articles")["articles"]
    return person.get(f"/v1/articles/{listed['id']}")


def parts(person: Person) -> Person:
    """Several questions in one, one of them unanswered."""
    known = article(person)
    began = quoted(known, "January 17, 2026", question="When did the talks begin?")
    shown = quoted(known, "downtown Kyiv", question="Where are they?", confidence=0.62)
    who = unanswered("Who leads the delegation?", "No article names its leader.")
    give(person.page, answer("parts", began, shown, who))
    person.ask("When did the talks begin, where are they, and who leads the delegation?")
    return person


def disagreement(person: Person) -> Person:
    """Two values with their dates."""
    known = article(person)
    rivals = [
        {"text": words, "published": day, "citations": [cited(known, words, published=day)]}
        for words, day in (("January 17, 2026", "2026-01-18"), ("January 16, 2026", "2026-01-16"))
    ]
    give(person.page, answer("quote", quoted(known, "January 17, 2026"), disagreement=rivals))
    person.ask(TALKS)
    return person


def choosing(person: Person) -> Person:
    """What is asked is chosen."""
    known = article(person)
    person.add("The ferry to Skye leaves at noon.", title="Ferry", tags=["sea"])
    person.page.reload()
    person.page.locator(".scope").get_by_role("button").first.click()
    person.dialog.get_by_role("checkbox", name="sea").check()
    person.dialog.get_by_label("From").fill("2026-01-01")
    person.dialog.get_by_role("button", name="Ask these").click()
    ferry = next(one for one in person.get("/v1/articles")["articles"] if one["id"] != known["id"])
    person.page.request.delete(f"{person.url}/v1/articles/{ferry['id']}")
    return person


def menu(person: Person) -> Person:
    person.ask(TALKS)
    expect(person.sidebar).to_be_in_viewport()
    return person


def pages(browser: Browser, url: str) -> dict[str, Page]:
    """The states by their names."""
    people = {
        "first-visit": visit(browser, url),
        "answer": answered(visit(browser, url)),
        "answer-dark": answered(visit(browser, url, scheme="dark")),
        "no-answer": refused(visit(browser, url)),
        "parts": parts(visit(browser, url)),
        "disagreement-dark": disagreement(visit(browser, url, scheme="dark")),
        "library": library(visit(browser, url)),
        "library-dark": library(visit(browser, url, scheme="dark")),
        "phone": answered(visit(browser, url, NARROW)),
        "phone-first-visit": visit(browser, url, NARROW),
        "phone-no-answer-dark": refused(visit(browser, url, NARROW, "dark")),
        "phone-parts-dark": parts(visit(browser, url, NARROW, "dark")),
        "phone-library": library(visit(browser, url, NARROW)),
        "choosing": choosing(visit(browser, url)),
        "phone-menu": menu(visit(browser, url, NARROW)),
    }
    return {name: person.page for name, person in people.items()}


def compress(pictures: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in IN_README:
        with Image.open(pictures / f"{name}.png") as picture:
            picture.convert("RGB").quantize(COLOURS).save(folder / f"{name}.png", optimize=True)


def main(folder: Path, readme: Path | None = None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with seeded() as url, chromium() as browser:
        for name, page in pages(browser, url).items():
            page.screenshot(path=folder / f"{name}.png")
    if readme:
        compress(folder, readme)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
