"""Single questions: reworded, deleted, asked while another runs, judged."""

import json
from pathlib import Path

from playwright.sync_api import Route, expect

from tests.browser.answers import answer, give
from tests.browser.person import TALKS, UNANSWERED, WEAPONS, Person


def test_a_question_is_asked_in_other_words_in_its_place(person: Person) -> None:
    person.ask(UNANSWERED)
    person.ask(WEAPONS)
    first = person.turns.first
    first.get_by_role("button", name="Edit the question").click()
    box = first.get_by_role("textbox", name="Question in other words")
    expect(box).to_be_focused()
    expect(box).to_have_value(UNANSWERED)
    box.fill(TALKS)
    box.press("Enter")
    expect(person.turns).to_have_count(2)
    expect(person.turns.first.get_by_role("heading")).to_have_text(TALKS)
    expect(person.turns.first.get_by_role("blockquote")).to_contain_text("January 17, 2026")
    person.page.reload()
    expect(person.turns.locator("h2")).to_have_text([TALKS, WEAPONS])


def test_rewording_can_be_given_up(person: Person) -> None:
    person.ask(TALKS)
    person.turn.get_by_role("button", name="Edit the question").click()
    box = person.turn.get_by_role("textbox", name="Question in other words")
    box.fill("Nothing")
    box.press("Escape")
    expect(person.turn.get_by_role("heading")).to_have_text(TALKS)
    expect(person.turn.get_by_role("heading")).to_be_focused()
    expect(person.chips.first).to_be_visible()


def test_a_question_is_deleted_for_good_unless_that_is_undone(person: Person) -> None:
    person.ask(TALKS)
    person.ask(UNANSWERED)
    person.turn.get_by_role("button", name="Delete this question").click()
    expect(person.turns).to_have_count(1)
    person.notices.get_by_role("button", name="Undo").click()
    expect(person.turns.locator("h2")).to_have_text([TALKS, UNANSWERED])
    person.turns.first.get_by_role("button", name="Delete this question").click()
    expect(person.turns).to_have_count(1)
    person.page.reload()
    expect(person.turns.locator("h2")).to_have_text([UNANSWERED])


def test_a_question_deleted_in_one_tab_is_not_brought_back_by_another(person: Person) -> None:
    person.ask(TALKS)
    person.ask(UNANSWERED)
    other = Person(person.page.context.new_page(), person.url)
    other.page.goto(person.page.url)
    expect(other.turns).to_have_count(2)
    person.turn.get_by_role("button", name="Delete this question").click()
    expect(other.turns).to_have_count(1)
    other.ask(WEAPONS)
    person.page.reload()
    expect(person.turns.locator("h2")).to_have_text([TALKS, WEAPONS])


def test_the_next_question_is_asked_when_the_one_before_is_answered(person: Person) -> None:
    held: list[Route] = []
    person.page.route("**/v1/ask/stream", lambda route: held.append(route))
    person.box.fill(TALKS)
    person.box.press("Enter")
    expect(person.turn).to_contain_text("Looking through the articles…")
    expect(person.page.get_by_role("button", name="Stop")).to_be_visible()
    person.box.fill("and where?")
    expect(person.page.get_by_role("button", name="Ask next")).to_be_enabled()
    person.box.press("Enter")
    expect(person.box).to_have_value("")
    expect(person.turn).to_contain_text("It is asked as soon as the one before is answered.")
    expect(person.page.locator("[aria-live=polite]")).to_have_text(
        "It is asked as soon as the one before is answered."
    )
    assert len(held) == 1
    given = answer("help", reason="First.") | {"answer": "January"}
    body = f"event: answer\ndata: {json.dumps(given)}\n\nevent: done\ndata: {{}}\n\n"
    held[0].fulfill(body=body, content_type="text/event-stream")
    expect(person.turn).to_contain_text("Looking through the articles…")
    sent = held[1].request.post_data_json
    assert sent
    assert sent["conversation"] == [{"question": TALKS, "answer": "January"}]
    person.page.get_by_role("button", name="Stop").click()
    expect(person.turn).to_contain_text("Stopped.")


def test_a_question_that_waits_can_be_stopped(person: Person) -> None:
    person.page.route("**/v1/ask/stream", lambda route: None)
    for question in (TALKS, WEAPONS):
        person.box.fill(question)
        person.box.press("Enter")
    expect(person.turns).to_have_count(2)
    for turn in (0, 1):
        person.page.get_by_role("button", name="Stop").click()
        expect(person.turns.nth(turn)).to_contain_text("Stopped.")


def test_what_is_thought_of_answers_is_kept_and_exported_as_a_question_set(person: Person) -> None:
    person.ask(TALKS)
    person.turn.get_by_role("button", name="Right").click()
    expect(person.turn.get_by_role("button", name="Right")).to_have_attribute(
        "aria-pressed", "true"
    )
    person.ask(WEAPONS)
    person.turn.get_by_role("button", name="Wrong").click()
    person.dialog.get_by_role("radio", name="Another article or place says it").check()
    person.dialog.get_by_role("textbox").fill("see the <b>second</b> one")
    person.dialog.get_by_role("button", name="Keep").click()
    person.page.reload()
    expect(person.turn.get_by_role("button", name="Wrong")).to_have_attribute(
        "aria-pressed", "true"
    )
    person.page.get_by_role("button", name="Export").click()
    with person.page.expect_download() as download:
        person.dialog.get_by_role("button", name="My questions").click()
    questions = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    (article,) = questions["data"]
    (paragraph,) = article["paragraphs"]
    (question,) = paragraph["qas"]
    assert question["question"] == TALKS
    (right,) = question["answers"]
    start = right["answer_start"]
    assert paragraph["context"][start : start + len(right["text"])] == "January 17, 2026"
    assert questions["wrong"] == [
        {
            "question": WEAPONS,
            "answer": "downtown Kyiv",
            "reason": "Another article or place says it: see the <b>second</b> one",
        }
    ]


def test_an_answer_without_the_newer_fields_is_shown_as_before(person: Person) -> None:
    given = answer("none", reason="The articles don't say.")
    for field in ("kind", "quotes", "disagreement", "sources"):
        del given[field]
    give(person.page, given)
    person.ask(TALKS)
    expect(person.turn).to_contain_text("The articles don’t say")
