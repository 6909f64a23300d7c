"""A service that takes nothing in without an API key."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.person import Person

KEY = "pq_5ecret"
NEEDED = "an API key is needed to write: send one as 'Authorization: Bearer KEY'"
UNKNOWN = "the API key is not known: create one with 'pullquote keys create'"
SAID_NEEDED = "This needs an API key of the service."
SAID_UNKNOWN = "The service does not know this API key"


@pytest.fixture
def locked(page: Page, own: str) -> Person:
    """A person at the library of a service that answers only those who write with the key."""

    def without_key(route: Route) -> None:
        """The service behind knows no key."""
        sent = route.request.headers
        route.continue_(headers={name: sent[name] for name in sent if name != "authorization"})

    def guard(route: Route) -> None:
        sent = route.request.headers.get("authorization")
        if sent == f"Bearer {KEY}" or (sent is None and route.request.method == "GET"):
            without_key(route)
        else:
            kind = "key-unknown" if sent else "key-needed"
            problem = {
                "type": f"urn:problem-type:pullquote:{kind}",
                "detail": UNKNOWN if sent else NEEDED,
            }
            route.fulfill(status=401, json=problem, content_type="application/problem+json")

    page.route("**/v1/**", without_key)
    page.route("**/v1/articles**", guard)
    page.goto(own)
    person = Person(page, own)
    person.go_to_library()
    return person


def paste(person: Person, text: str) -> None:
    if not person.page.get_by_label("Text", exact=True).is_visible():
        person.page.get_by_text("Paste a text instead").click()
    person.page.get_by_label("Text", exact=True).fill(text)
    person.page.get_by_role("button", name="Add the article").click()


def give(person: Person, key: str) -> None:
    person.dialog.get_by_label("API key").fill(key)
    person.dialog.get_by_role("button", name="Use the key").click()


def test_a_key_is_asked_for_once_and_what_was_sent_goes_on(locked: Person) -> None:
    paste(locked, "The ferry leaves at noon.")
    expect(locked.dialog).to_contain_text(SAID_NEEDED)
    give(locked, "wrong")
    expect(locked.dialog).to_contain_text(SAID_UNKNOWN)
    give(locked, KEY)
    articles = locked.page.get_by_role("list", name="Articles").get_by_role("listitem")
    expect(articles).to_have_count(1)
    expect(locked.dialog).to_be_hidden()

    locked.page.reload()
    paste(locked, "The train leaves at one.")
    expect(articles).to_have_count(2)
    expect(locked.dialog).to_be_hidden()


def test_without_a_key_it_is_refused_and_nothing_else_is(locked: Person) -> None:
    paste(locked, "The ferry leaves at noon.")
    locked.dialog.get_by_role("button", name="Cancel").click()
    intake = locked.page.get_by_role("list", name="Not added").get_by_role("listitem")
    expect(intake).to_contain_text(SAID_NEEDED)
    expect(locked.page.get_by_label("Text", exact=True)).to_have_value("The ferry leaves at noon.")
    expect(locked.page.get_by_text("The library is empty.")).to_be_visible()
    expect(locked.dialog).to_be_hidden()


def test_the_key_stays_in_this_browser_until_it_is_forgotten(locked: Person) -> None:
    forget = locked.page.get_by_role("button", name="Forget it")
    expect(forget).to_be_hidden()
    paste(locked, "The ferry leaves at noon.")
    give(locked, KEY)
    expect(locked.page.get_by_role("list", name="Articles").get_by_role("listitem")).to_have_count(
        1
    )
    forget.click()
    expect(forget).to_be_hidden()
    assert KEY not in locked.page.evaluate("JSON.stringify(localStorage)")


def test_a_key_that_was_revoked_is_forgotten_and_reading_goes_on(locked: Person) -> None:
    locked.page.evaluate("localStorage.setItem('pullquote.key', 'revoked')")
    locked.page.reload()
    expect(locked.page.get_by_text("The library is empty.")).to_be_visible()
    expect(locked.dialog).to_be_hidden()
    assert "revoked" not in locked.page.evaluate("JSON.stringify(localStorage)")


def test_what_no_header_can_hold_is_not_taken_for_a_key(locked: Person) -> None:
    paste(locked, "The ferry leaves at noon.")
    give(locked, "ключ\u00a0🦊")
    expect(locked.dialog).to_be_visible()
    assert locked.page.evaluate("localStorage.getItem('pullquote.key')") is None
