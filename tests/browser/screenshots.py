"""Writes pictures of the page's main states: ``python -m tests.browser.screenshots FOLDER``.

With a second folder, those that the README shows go there, with few colours so that they are small.
"""

import sys
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, expect

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


def unanswered(person: Person) -> Person:
    person.ask(UNANSWERED)
    return person


def library(person: Person) -> Person:
    person.go_to_library()
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
        "no-answer": unanswered(visit(browser, url)),
        "library": library(visit(browser, url)),
        "phone": answered(visit(browser, url, NARROW)),
        "phone-first-visit": visit(browser, url, NARROW),
        "phone-no-answer-dark": unanswered(visit(browser, url, NARROW, "dark")),
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
