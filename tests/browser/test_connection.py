"""A connection that is slow, breaks, or is gone for a while."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Serve
from tests.browser.person import TALKS, WEAPONS, Person


def test_an_answer_that_breaks_off_can_be_asked_for_again(person: Person) -> None:
    def broken(route: Route) -> None:
        body = 'event: passages\ndata: {"passages": []}\n\nevent: answer\ndata: {"que'
        route.fulfill(body=body, content_type="text/event-stream")

    person.page.route("**/v1/ask/stream", broken)
    person.ask(TALKS)
    expect(person.turn).to_contain_text("The connection broke before the answer was complete.")
    person.page.unroute("**/v1/ask/stream")
    person.turn.get_by_role("button", name="Try again").click()
    expect(person.turn.get_by_role("blockquote")).to_contain_text("January 17, 2026")
    expect(person.turns).to_have_count(1)


def test_the_focus_stays_with_the_question_when_it_is_asked_again(person: Person) -> None:
    person.page.route("**/v1/ask/stream", lambda route: route.fulfill(status=500, json={}))
    person.ask(TALKS)
    person.page.unroute("**/v1/ask/stream")
    person.turn.get_by_role("button", name="Try again").focus()
    person.page.keyboard.press("Enter")
    expect(person.turn.get_by_role("heading")).to_be_focused()
    expect(person.chips.first).to_be_visible()
    expect(person.turn.get_by_role("heading")).to_be_focused()


def test_a_refusal_is_shown_in_the_service_s_own_words(person: Person) -> None:
    def refused(route: Route) -> None:
        detail = "the question holds half of a surrogate pair: send Unicode text"
        route.fulfill(status=422, json={"detail": detail}, content_type="application/problem+json")

    person.page.route("**/v1/ask/stream", refused)
    person.ask(TALKS)
    expect(person.turn).to_contain_text("The question holds half of a surrogate pair")
    expect(person.turn.get_by_role("button", name="Try again")).to_be_visible()


def test_the_service_may_go_away_and_come_back(page: Page, serve: Serve) -> None:
    with serve(seeds=True) as (url, _):
        page.goto(url)
        person = Person(page, url)
        person.ask(TALKS)
    person.ask(WEAPONS)
    expect(person.turn).to_contain_text("The service cannot be reached.")
    expect(person.notices).to_contain_text("The service cannot be reached. Trying again…")

    port = int(re.sub(r".*:", "", url))
    with serve(port=port):
        expect(person.notices).to_contain_text("The service is there again.")
        expect(person.notices).not_to_contain_text("Trying again")
        person.turn.get_by_role("button", name="Try again").click()
        expect(person.turn.get_by_role("blockquote")).to_contain_text("downtown Kyiv")
        expect(person.turns).to_have_count(2)


def test_a_question_that_was_interrupted_can_be_asked_again(person: Person) -> None:
    person.page.route("**/v1/ask/stream", lambda route: None)
    person.box.fill(TALKS)
    person.box.press("Enter")
    expect(person.turn).to_contain_text("Looking through the articles…")
    person.page.unroute("**/v1/ask/stream")
    person.page.reload()
    expect(person.turn).to_contain_text("No answer yet")
    person.turn.get_by_role("button", name="Ask again").click()
    expect(person.turn.get_by_role("blockquote")).to_contain_text("January 17, 2026")


def test_a_service_that_is_starting_is_waited_for(page: Page, seeded: str) -> None:
    def not_ready(route: Route) -> None:
        route.fulfill(status=503, json={"detail": "the models are being loaded"})

    for path in ("**/v1/**", "**/readyz"):
        page.route(path, not_ready)
    page.goto(seeded)
    person = Person(page, seeded)
    expect(person.notices).to_contain_text("The service is starting…")
    for path in ("**/v1/**", "**/readyz"):
        page.unroute(path)
    expect(person.notices).to_contain_text("The service is ready.")
    expect(page.get_by_role("list", name="Suggested questions")).to_be_visible()
