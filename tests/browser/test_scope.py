"""Choosing what is asked, by chips on the box."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.answers import answer, give
from tests.browser.conftest import EVERY_LOOK
from tests.browser.person import Person
from tests.browser.test_looks import check


@pytest.fixture
def chooser(page: Page, own: str) -> Person:
    """A person at a library of two tagged articles."""
    person = Person(page, own)
    for name, tag, day in (("Ferry", "sea", "2026-01-17"), ("Train", "<b>rail</b>", "2026-05-12")):
        text = f"The {name.lower()} to Skye leaves at noon."
        person.post("/v1/articles", {"text": text, "title": name, "tags": [tag], "published": day})
    page.goto(own)
    return person


def chips(person: Person) -> Locator:
    return person.page.get_by_role("list", name="Asked of").get_by_role("listitem")


def choose(person: Person) -> None:
    person.page.locator(".scope").get_by_role("button").first.click()
    expect(person.dialog).to_be_visible()


def test_tags_and_dates_are_sent_as_filters_and_stand_with_the_question(chooser: Person) -> None:
    asked = give(chooser.page, answer("none", reason="No."))
    choose(chooser)
    expect(chooser.dialog.get_by_role("checkbox")).to_have_count(2)
    chooser.dialog.get_by_role("checkbox", name="<b>rail</b>").check()
    chooser.dialog.get_by_label("From").fill("2026-02-01")
    chooser.dialog.get_by_role("button", name="Ask these").click()
    expect(chips(chooser)).to_have_text(
        ["<b>rail</b>Ask without <b>rail</b>", "from 1 Feb 2026Ask without from 1 Feb 2026"]
    )
    chooser.ask("When does it leave?")
    assert asked[0]["filters"] == {"tags": ["<b>rail</b>"], "published_from": "2026-02-01"}
    expect(chooser.turn).to_contain_text("Asked of #<b>rail</b> and from 1 Feb 2026.")


def test_a_chip_is_taken_off_again(chooser: Person) -> None:
    asked = give(chooser.page, answer("none", reason="No."))
    choose(chooser)
    chooser.dialog.get_by_role("checkbox", name="sea").check()
    chooser.dialog.get_by_role("button", name="Ask these").click()
    chips(chooser).get_by_role("button", name="Ask without sea").click()
    expect(chips(chooser)).to_have_count(0)
    chooser.ask("When does it leave?")
    assert "filters" not in asked[0]


def test_the_article_that_is_open_can_be_asked_alone(chooser: Person) -> None:
    chooser.ask("When does the ferry to Skye leave?")
    chooser.chips.first.click()
    title = chooser.panel.get_by_role("heading", level=2).inner_text()
    only = chooser.page.get_by_role("button", name="Only this article")
    if only.is_visible():
        only.click()
    else:  # on a phone the box is behind the article
        chooser.panel.get_by_text("Find, contents, ask").click()
        chooser.panel.get_by_role("button", name="Ask this article").click()
    expect(chips(chooser)).to_contain_text([title])
    chooser.page.keyboard.press("Escape")
    chooser.ask("When does the ferry to Skye leave?")
    articles: list[Any] = chooser.get("/v1/articles")["articles"]
    (known,) = [one for one in articles if one["title"] == title]
    assert known
    expect(chooser.turn).to_contain_text(f"Asked of “{title}”.")
    expect(chooser.chips).to_have_count(1)


def test_articles_chosen_in_the_library_are_asked(chooser: Person) -> None:
    asked = give(chooser.page, answer("none", reason="No."))
    chooser.go_to_library()
    chooser.page.get_by_role("checkbox", name="Choose Train").check()
    chooser.page.get_by_role("button", name="Ask these").click()
    expect(chips(chooser)).to_contain_text(["Train"])
    chooser.ask("When does it leave?")
    (train,) = [one for one in chooser.get("/v1/articles")["articles"] if one["title"] == "Train"]
    assert asked[0]["filters"] == {"article_ids": [train["id"]]}


def test_asking_again_keeps_what_was_chosen_then(chooser: Person) -> None:
    chooser.page.route("**/v1/ask/stream", lambda route: route.fulfill(status=500, json={}))
    choose(chooser)
    chooser.dialog.get_by_role("checkbox", name="sea").check()
    chooser.dialog.get_by_role("button", name="Ask these").click()
    chooser.ask("When does it leave?")
    chips(chooser).get_by_role("button").click()
    asked = give(chooser.page, answer("none", reason="No."))
    chooser.turn.get_by_role("button", name="Try again").click()
    chooser.wait()
    assert asked[0]["filters"] == {"tags": ["sea"]}


@EVERY_LOOK
def test_choosing_can_be_used_by_everybody(chooser: Person) -> None:
    choose(chooser)
    check(chooser.page)
    chooser.dialog.get_by_role("checkbox", name="sea").check()
    chooser.dialog.get_by_role("button", name="Ask these").click()
    expect(chips(chooser)).to_have_count(1)
    check(chooser.page)
