"""The library on the page: list, search, read, add, remove."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.altering import alter
from tests.browser.conftest import Serve
from tests.browser.person import Person

STATUSES = ("added", "unchanged", "added")
FERRY = "The ferry to Skye leaves at noon."
DROP = """(files) => {
  const transfer = new DataTransfer();
  for (const [name, text] of files) transfer.items.add(new File([text], name));
  const target = document.querySelector('main');
  for (const type of ['dragover', 'drop']) {
    target.dispatchEvent(
      new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }),
    );
  }
}"""


class HeldUp:
    """What is sent to the library waits on its way until it is let go."""

    def __init__(self, page: Page) -> None:
        self._waiting: list[Route] = []
        page.route("**/v1/articles", lambda route: self._waiting.append(route))

    def let_go(self) -> None:
        """The one that is waiting goes on."""
        self._waiting.pop().continue_()


@pytest.fixture
def librarian(page: Page, own: str) -> Person:
    """A person at a library of their own, empty at first."""
    page.goto(own)
    person = Person(page, own)
    person.go_to_library()
    return person


def articles(person: Person) -> Locator:
    return person.page.get_by_role("list", name="Articles").get_by_role("listitem")


def added(person: Person) -> Locator:
    """The one line about all that is on its way or has come."""
    return person.page.get_by_role("region", name="What was added")


def refusals(person: Person) -> Locator:
    return person.page.get_by_role("list", name="Not added").get_by_role("listitem")


def test_a_pasted_text_becomes_an_article_that_answers(librarian: Person) -> None:
    librarian.page.get_by_text("Paste a text instead").click()
    librarian.page.get_by_label("Text", exact=True).fill(FERRY)
    librarian.page.get_by_label("Title (optional)").fill("Timetable")
    librarian.page.get_by_label("Published (optional)").fill("2026-01-17")
    librarian.page.get_by_role("button", name="Add the article").click()
    expect(added(librarian)).to_contain_text("1 added.")
    expect(articles(librarian)).to_have_count(1)
    expect(articles(librarian)).to_contain_text("17 Jan 2026")

    librarian.sidebar.get_by_role("link", name="New question").click()
    librarian.ask("When does the ferry to Skye leave?")
    expect(librarian.turn.get_by_role("blockquote")).to_contain_text("noon")


def test_chosen_files_are_taken_in_one_by_one_and_refusals_say_why(
    librarian: Person, tmp_path: Path
) -> None:
    (tmp_path / "ferry.txt").write_text(FERRY, encoding="utf-8")
    (tmp_path / "empty.txt").write_text(" ", encoding="utf-8")
    (tmp_path / "picture.txt").write_bytes(bytes(range(256)) * 8)
    files = [tmp_path / name for name in ("ferry.txt", "empty.txt", "picture.txt")]
    librarian.page.locator("#files").set_input_files(files)
    expect(added(librarian)).to_contain_text("1 added and 2 not added.")
    expect(refusals(librarian)).to_have_count(2)
    expect(refusals(librarian).nth(0)).to_contain_text("'empty.txt'")
    expect(refusals(librarian).nth(1)).to_contain_text("picture.txt")
    expect(librarian.notices).to_contain_text("1 added and 2 not added.")
    expect(librarian.page.get_by_role("progressbar")).to_be_hidden()
    expect(articles(librarian)).to_have_count(1)


def test_files_on_their_way_are_counted_in_a_bar(librarian: Person, tmp_path: Path) -> None:
    for name in ("ferry.txt", "train.txt"):
        (tmp_path / name).write_text(f"{FERRY} {name}", encoding="utf-8")
    bar = librarian.page.get_by_role("progressbar", name="Adding articles")
    held_up = HeldUp(librarian.page)
    librarian.page.locator("#files").set_input_files(
        [tmp_path / "ferry.txt", tmp_path / "train.txt"]
    )
    expect(added(librarian)).to_contain_text("Adding articles… 0 of 2")
    expect(added(librarian)).to_contain_text("ferry.txt")
    expect(bar).to_have_attribute("value", "0")
    held_up.let_go()
    expect(added(librarian)).to_contain_text("Adding articles… 1 of 2")
    expect(added(librarian)).to_contain_text("train.txt")
    expect(bar).to_have_attribute("value", "1")
    held_up.let_go()
    expect(bar).to_be_hidden()
    expect(articles(librarian)).to_have_count(2)


def test_a_file_of_many_articles_tells_what_became_of_each(
    librarian: Person, tmp_path: Path
) -> None:
    refused = [{"name": "news.zip/b.txt", "reason": "it is empty: leave it out"}]

    def many(route: Route) -> None:
        taken = [{"id": "a", "title": "A", "status": status} for status in STATUSES]
        route.fulfill(json={"articles": taken, "refused": refused})

    file = tmp_path / "news.zip"
    file.write_bytes(b"PK")
    listed = "**/v1/articles"
    librarian.page.route(listed, many)
    librarian.page.locator("#files").set_input_files(file)
    expect(added(librarian)).to_contain_text("2 added, 1 was there already and 1 not added.")
    expect(refusals(librarian)).to_contain_text(["news.zip/b.txtit is empty"])


@pytest.fixture
def fetcher(page: Page, serve: Serve) -> Iterator[Person]:
    """A person at an empty library of a service that fetches."""
    with serve(fetch=True) as (url, _):
        page.goto(f"{url}/#/library")
        yield Person(page, url)


def test_an_address_is_fetched_by_the_service(fetcher: Person) -> None:
    address = "https://harbour.example/news"
    sent: list[object] = []

    def fetched(route: Route) -> None:
        sent.append(route.request.post_data_json)
        taken = {"id": "a", "title": "A", "status": "added"}
        route.fulfill(json={"articles": [taken, taken], "refused": []})

    fetcher.page.route("**/v1/articles", fetched)
    fetcher.page.get_by_text("Add from the web").click()
    box = fetcher.page.get_by_label("Address of a page or feed")
    box.fill(address)
    fetcher.page.get_by_role("button", name="Fetch and add").click()
    expect(added(fetcher)).to_contain_text("2 added.")
    assert sent == [{"url": address}]
    expect(box).to_have_value("")


def test_an_address_that_is_not_fetched_is_refused_without_settings(fetcher: Person) -> None:
    address = "http://127.0.0.1/private"
    assert "PULLQUOTE_" in fetcher.post("/v1/articles", {"url": address})["detail"]
    fetcher.page.get_by_text("Add from the web").click()
    box = fetcher.page.get_by_label("Address of a page or feed")
    box.fill(address)
    fetcher.page.get_by_role("button", name="Fetch and add").click()
    expect(refusals(fetcher)).to_contain_text([address])
    expect(added(fetcher)).not_to_contain_text("PULLQUOTE_")
    expect(box).to_have_value(address)


def test_the_web_is_offered_only_where_the_service_fetches(librarian: Person) -> None:
    assert librarian.get("/v1/about")["fetches"] is False
    expect(librarian.page.get_by_text("Paste a text instead")).to_be_visible()
    expect(librarian.page.get_by_text("Add from the web")).to_be_hidden()


def test_author_and_tags_are_listed_with_an_article(librarian: Person) -> None:
    librarian.add(FERRY, title="Timetable")

    def tagged(listing: Any) -> None:
        for article in listing["articles"]:
            article.update(author="Ada Hill", tags=["sea", "<b>boats</b>"])

    alter(librarian.page, "**/v1/articles?*", tagged)
    librarian.page.reload()
    expect(articles(librarian)).to_contain_text(["Ada Hill · about"])
    tags = articles(librarian).get_by_role("list", name="Tags").get_by_role("listitem")
    expect(tags).to_have_text(["sea", "<b>boats</b>"])


def test_files_dropped_anywhere_are_taken_in(page: Page, own: str) -> None:
    page.goto(own)
    person = Person(page, own)
    expect(person.box).to_be_visible()
    page.evaluate(DROP, [["ferry.txt", FERRY], ["museum.md", "# Bath\n\nIt opened in 1893."]])
    expect(added(person)).to_contain_text("2 added.")
    expect(articles(person)).to_have_count(2)


def test_the_same_file_again_changes_nothing(librarian: Person, tmp_path: Path) -> None:
    file = tmp_path / "ferry.txt"
    file.write_text(FERRY, encoding="utf-8")
    for said in ("1 added.", "1 was there already."):
        librarian.page.locator("#files").set_input_files(file)
        expect(added(librarian)).to_contain_text(said)
        expect(librarian.notices).to_contain_text(said)
    expect(articles(librarian)).to_have_count(1)


def test_articles_are_found_by_title_or_source(librarian: Person) -> None:
    for i in range(120):
        librarian.add(f"{FERRY} {i}", title=f"Sailing {i:03}", source=f"harbour-{i:03}.txt")
    librarian.page.reload()
    expect(articles(librarian)).to_have_count(100)
    expect(librarian.page.get_by_text("from 120 articles")).to_be_visible()
    librarian.page.get_by_role("button", name="Show more").click()
    expect(articles(librarian)).to_have_count(120)

    find = librarian.page.get_by_role("searchbox", name="Find an article")
    find.fill("HARBOUR-117")
    expect(articles(librarian)).to_have_count(1)
    expect(articles(librarian)).to_contain_text("Sailing 117")
    find.fill("nothing of the kind")
    expect(librarian.page.get_by_text("No title or source holds these words.")).to_be_visible()
    expect(librarian.page.get_by_text("from 120 articles")).to_be_visible()


def test_an_article_is_read_beside_the_list(librarian: Person) -> None:
    librarian.add("Harbour\n\nThe ferry leaves.\n\nIt is full.", title="Harbour")
    librarian.page.reload()
    articles(librarian).get_by_role("link").click()
    expect(librarian.panel.get_by_role("heading", level=2)).to_have_text("Harbour")
    expect(librarian.panel.get_by_role("heading", level=3)).to_have_text("Harbour")
    expect(librarian.panel.locator(".text p")).to_have_text(["The ferry leaves.", "It is full."])
    librarian.page.go_back()
    expect(librarian.panel).to_be_hidden()


def test_a_removed_article_can_be_had_back_for_a_while(librarian: Person) -> None:
    librarian.add(FERRY, title="Timetable")
    librarian.page.reload()
    articles(librarian).get_by_role("link").click()
    expect(librarian.panel).to_be_visible()
    librarian.page.get_by_role("button", name="Remove Timetable").click()
    expect(articles(librarian)).to_have_count(0)
    expect(librarian.panel).to_be_hidden()
    expect(librarian.page.get_by_text("The library is empty.")).to_be_visible()
    expect(librarian.page.get_by_role("heading", name="Library", level=1)).to_be_focused()
    librarian.notices.get_by_role("button", name="Undo").click()
    expect(articles(librarian)).to_have_count(1)
    assert librarian.get("/v1/articles")["total"] == 1


def test_what_was_removed_is_gone_before_a_question_is_asked(librarian: Person) -> None:
    librarian.add(FERRY, title="Timetable")
    librarian.page.reload()
    librarian.page.get_by_role("button", name="Remove Timetable").click()
    librarian.page.goto(f"{librarian.url}/#/")
    librarian.ask("When does the ferry to Skye leave?")
    expect(librarian.turn).not_to_contain_text("noon")
    assert librarian.get("/v1/articles")["total"] == 0


def test_several_articles_are_removed_at_once_under_a_filter_and_counted(librarian: Person) -> None:
    for name in ("Ferry 1", "Ferry 2", "Museum"):
        librarian.add(f"{FERRY} {name}", title=name)
    librarian.page.reload()
    librarian.page.get_by_role("searchbox", name="Find an article").fill("ferry")
    expect(articles(librarian)).to_have_count(2)
    for name in ("Ferry 1", "Ferry 2"):
        librarian.page.get_by_role("checkbox", name=f"Choose {name}").check()
    expect(librarian.page.get_by_text("2 chosen")).to_be_visible()
    librarian.page.get_by_role("button", name="Remove these").click()
    expect(articles(librarian)).to_have_count(0)
    expect(librarian.notices).to_contain_text("2 articles removed.")
    expect(librarian.page.get_by_text("answered from 1 article,")).to_be_visible()
    librarian.page.reload()
    expect(articles(librarian)).to_contain_text(["Museum"])
    assert librarian.get("/v1/articles")["total"] == 1
