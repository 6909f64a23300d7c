"""Many files and folders on their way into the library."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests.browser.answers import refuse
from tests.browser.conftest import DESK, Look
from tests.browser.person import TALKS, Person
from tests.browser.test_library import added, articles, refusals

ONE_LOOK = pytest.mark.parametrize("look", [DESK], ids=str)
pytestmark = ONE_LOOK

# A dropped folder as Chromium hands it over: entries, of which some are read at once.
DROP_FOLDER = """(paths) => {
  const file = (path) => ({
    isFile: true, name: path.split('/').at(-1), fullPath: '/' + path,
    file: (done) => done(new File(['The ferry leaves at noon. ' + path], path.split('/').at(-1))),
  });
  const folder = (path, below) => ({
    isFile: false, name: path, fullPath: '/' + path,
    createReader: () => {
      const rest = [...new Set(below.map((one) => one.split('/')[0]))].map((name) => {
        const inner = below.filter((one) => one.startsWith(name + '/'));
        const at = path + '/' + name;
        return inner.length ? folder(at, inner.map((one) => one.slice(name.length + 1))) : file(at);
      });
      return { readEntries: (done) => setTimeout(() => done(rest.splice(0, 10))) };
    },
  });
  const entry = folder('press', paths);
  const transfer = { types: ['Files'], items: [{ webkitGetAsEntry: () => entry }], files: [] };
  for (const type of ['dragover', 'drop']) {
    const event = new Event(type, { bubbles: true, cancelable: true });
    Object.defineProperty(event, 'dataTransfer', { value: transfer });
    Object.defineProperty(event, 'relatedTarget', { value: null });
    document.querySelector('.sidebar').dispatchEvent(event);
  }
}"""

DRAG_OVER = """() => {
  const transfer = new DataTransfer();
  transfer.items.add(new File(['x'], 'x.txt'));
  document.querySelector('.sidebar').dispatchEvent(
    new DragEvent('dragover', { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def librarian(page: Page, own: str) -> Person:
    page.goto(f"{own}/#/library")
    return Person(page, own)


# The service takes whatever it is sent but what has "article-01" in its name, as soon as the page
# asks.
AT_ONCE = """() => {
  const { fetch } = window;
  window.fetch = async (path, options) => {
    if (path !== '/v1/articles' || options?.method !== 'POST') return fetch(path, options);
    const refused = options.body.get('file').name.includes('article-01');
    const problem = { type: 'x:invalid-input', detail: 'it is empty' };
    const taken = { id: 'a', title: 'A', status: 'added' };
    await new Promise((done) => setTimeout(done, 5));
    return Response.json(refused ? problem : taken, { status: refused ? 422 : 201 });
  };
}"""


def taken(route: Route) -> None:
    """The service takes whatever it is sent."""
    route.fulfill(json={"id": "a", "title": "A", "status": "added"})


def files(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"article-{i:03}.txt" for i in range(count)]
    for path in paths:
        path.write_text(f"The ferry leaves at noon. {path.name}", encoding="utf-8")
    return paths


def test_a_dropped_folder_is_read_with_its_folders(librarian: Person) -> None:
    paths = ["a.txt", "north/a.txt", "north/deep/b.txt", ".DS_Store", "north/Thumbs.db"]
    librarian.page.evaluate(DROP_FOLDER, paths)
    expect(added(librarian)).to_contain_text("3 added.")
    expect(librarian.notices).not_to_contain_text("cannot be reached")
    sources = [one["source"] for one in librarian.get("/v1/articles")["articles"]]
    assert sorted(sources) == ["press/a.txt", "press/north/a.txt", "press/north/deep/b.txt"]


def test_a_folder_of_more_files_than_are_read_at_once_loses_none(librarian: Person) -> None:
    librarian.page.evaluate(AT_ONCE)
    librarian.page.evaluate(DROP_FOLDER, [f"{i}.txt" for i in range(25)])
    expect(added(librarian)).to_contain_text("25 added.")


def test_a_folder_without_files_says_so(librarian: Person) -> None:
    librarian.page.evaluate(DROP_FOLDER, [".hidden"])
    expect(librarian.notices).to_contain_text("There is no file in it that could be added.")


def test_the_whole_window_shows_where_files_may_be_dropped(librarian: Person) -> None:
    target = librarian.page.locator(".target")
    expect(target).to_be_hidden()
    librarian.page.evaluate(DRAG_OVER)
    expect(target).to_be_visible()
    expect(target).to_contain_text("Drop files or folders")
    box = target.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (1280, 800)


def test_a_file_that_cannot_be_read_is_not_taken_for_a_lost_service(librarian: Person) -> None:
    librarian.page.evaluate(
        "() => { Blob.prototype.arrayBuffer = () => Promise.reject(new Error('moved')); }"
    )
    librarian.page.locator("#files").set_input_files(
        {"name": "gone.txt", "mimeType": "text/plain", "buffer": b"x"}
    )
    expect(refusals(librarian)).to_contain_text(["gone.txtIt cannot be read"])
    expect(librarian.notices).not_to_contain_text("cannot be reached")


def test_many_files_are_one_line_and_refused_ones_stand_behind_it(
    librarian: Person, tmp_path: Path
) -> None:
    librarian.page.evaluate(AT_ONCE)
    librarian.page.locator("#files").set_input_files(files(tmp_path, 60))
    expect(added(librarian)).to_contain_text(re.compile(r"Adding articles… \d+ of 60"))
    expect(added(librarian)).to_contain_text(" left")
    expect(added(librarian)).to_contain_text("50 added and 10 not added.")
    box = added(librarian).bounding_box()
    assert box is not None
    assert box["height"] < 300
    expect(refusals(librarian).first).to_be_hidden()
    added(librarian).get_by_text("10 were not added").click()
    expect(refusals(librarian).first).to_contain_text("article-010.txt")
    added(librarian).get_by_role("button", name="Dismiss").click()
    expect(added(librarian)).to_be_hidden()


def test_leaving_in_the_middle_is_asked_about_and_what_is_missing_is_told(
    librarian: Person, tmp_path: Path
) -> None:
    held: list[Route] = []
    librarian.page.route("**/v1/articles", lambda route: held.append(route))
    librarian.page.locator("#files").set_input_files(files(tmp_path, 3))
    expect(added(librarian)).to_contain_text("Adding articles… 0 of 3")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    librarian.page.on("dialog", leave)
    librarian.page.get_by_role(
        "heading", name="Library"
    ).click()  # a browser asks only who has touched the page
    librarian.page.reload()
    assert asked == ["beforeunload"]
    expect(librarian.page.get_by_text("3 files were not sent")).to_be_visible()
    librarian.page.get_by_text("Which ones").click()
    expect(librarian.page.get_by_role("list", name="Files that were not sent")).to_contain_text(
        "article-002.txt"
    )
    librarian.page.unroute("**/v1/articles")
    librarian.page.locator("#files").set_input_files(files(tmp_path, 3))
    expect(added(librarian)).to_contain_text("3 added.")
    expect(librarian.page.get_by_text("were not sent")).to_be_hidden()


def test_a_file_of_a_busy_service_is_sent_again(librarian: Person, tmp_path: Path) -> None:
    refuse(librarian.page, "**/v1/articles", "overloaded", 503, "32 files are being read", 1)
    librarian.page.locator("#files").set_input_files(files(tmp_path, 1))
    expect(added(librarian)).to_contain_text("1 added.")
    expect(articles(librarian)).to_have_count(1)


def test_a_question_of_a_busy_service_waits_and_is_answered(person: Person) -> None:
    detail = (
        "the request has waited 10 seconds for its turn: try again later, or set "
        "PULLQUOTE_QUEUE_SECONDS higher"
    )
    refuse(person.page, "**/v1/ask/stream", "overloaded", 503, detail, 1)
    person.box.fill(TALKS)
    person.box.press("Enter")
    expect(person.turn).to_contain_text("Adding articles… Your question is next.")
    expect(person.turn).not_to_contain_text("PULLQUOTE")
    expect(person.turn.get_by_role("blockquote")).to_contain_text("January 17, 2026")


def test_files_give_way_to_a_question(librarian: Person, tmp_path: Path) -> None:
    sent: list[Route] = []
    asked: list[Route] = []
    librarian.page.route("**/v1/articles", lambda route: sent.append(route))
    librarian.page.route("**/v1/ask/stream", lambda route: asked.append(route))
    librarian.page.locator("#files").set_input_files(files(tmp_path, 2))
    expect(added(librarian)).to_contain_text("0 of 2")
    librarian.page.evaluate("location.hash = '#/'")
    librarian.box.fill(TALKS)
    librarian.box.press("Enter")
    expect(librarian.turn).to_contain_text("Adding articles… Your question goes first.")
    taken(sent[0])
    librarian.page.wait_for_timeout(400)
    assert len(sent) == 1  # the second waits for the question
    asked[0].fulfill(status=500, json={})
    librarian.wait()
    librarian.page.wait_for_timeout(400)
    assert len(sent) == 2


def test_what_was_added_last_can_be_asked_about(librarian: Person, look: Look) -> None:
    librarian.page.route(
        "**/v1/suggestions?article_id=*",
        lambda route: route.fulfill(json={"questions": ["When does the ferry to Skye leave?"]}),
    )
    librarian.page.get_by_text("Paste a text instead").click()
    librarian.page.get_by_label("Text", exact=True).fill("The ferry to Skye leaves at noon.")
    librarian.page.get_by_role("button", name="Add the article").click()
    questions = librarian.page.get_by_role("list", name="Questions about the article")
    questions.get_by_role("button").click()
    librarian.wait()
    expect(librarian.turn).to_contain_text("Asked of “The ferry to Skye leaves at noon.”")
    expect(librarian.turn.get_by_role("blockquote")).to_contain_text("noon")
