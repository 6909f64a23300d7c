"""Asking a question and getting its answer."""

import json
import re

from playwright.sync_api import Page, Route, expect

from qa.answering.answerer import Answerer, untraced
from qa.http.opening import OpenAnswerer
from qa.settings import Settings
from tests.browser.conftest import Serve
from tests.browser.person import DELEGATION, STRIKES, TALKS, UNANSWERED, WEAPONS, Person
from tests.qa.http.conftest import Gate


class GatedAnswerer:
    """Answers when the gate is open; finds passages at once."""

    def __init__(self, answerer: Answerer, gate: Gate) -> None:
        self._answerer = answerer
        self._gate = gate

    def __getattr__(self, name: str) -> object:
        return getattr(self._answerer, name)

    def ask(self, question, *, trace=untraced, **more):  # type: ignore[no-untyped-def]  # as in Answerer
        def gated(step: str, value: object) -> None:
            trace(step, value)
            if step == "search" and "vehicles" in question:
                self._gate.pass_through()

        return self._answerer.ask(question, trace=gated, **more)


def gated(opened: OpenAnswerer, gate: Gate) -> OpenAnswerer:
    def open_gated(settings: Settings) -> Answerer:
        return GatedAnswerer(opened(settings), gate)  # type: ignore[return-value]  # a stand-in

    return open_gated


def test_enter_asks_and_the_answer_stands_in_its_sentence(person: Person) -> None:
    person.ask(TALKS)
    expect(person.turn.get_by_role("heading")).to_have_text(TALKS)
    expect(person.turn.get_by_role("blockquote")).to_contain_text("began on January 17, 2026")

    answer = person.post("/v1/ask", {"question": TALKS})
    expect(person.turn.locator("blockquote mark")).to_have_text(answer["answer"])
    sentence = answer["citations"][0]["sentence"]["text"]
    expect(person.turn.get_by_role("blockquote")).to_have_text(sentence)


def test_shift_enter_begins_a_line_and_the_box_grows(person: Person) -> None:
    person.box.fill("one")
    small = person.box.bounding_box()
    person.box.press("Shift+Enter")
    person.box.press("Shift+Enter")
    person.box.press_sequentially("two")
    large = person.box.bounding_box()
    expect(person.box).to_have_value("one\n\ntwo")
    assert small
    assert large
    assert large["height"] > small["height"] + 30
    expect(person.turns).to_have_count(0)


def test_a_blank_question_is_not_sent(person: Person) -> None:
    person.box.fill("  \n ")
    person.box.press("Enter")
    expect(person.page.get_by_role("button", name="Ask")).to_be_disabled()
    expect(person.turns).to_have_count(0)


def test_a_question_that_is_too_long_is_said_so_and_kept(person: Person) -> None:
    person.box.fill("🦊" * 1001)
    expect(person.page.get_by_text("1001 of 1000 characters: shorten the question")).to_be_visible()
    person.box.press("Enter")
    expect(person.turns).to_have_count(0)
    person.box.fill("🦊" * 1000)
    expect(person.page.get_by_role("button", name="Ask")).to_be_enabled()


def test_a_question_goes_through_its_stages_and_can_be_stopped_and_asked_again(
    page: Page, serve: Serve, opened: OpenAnswerer
) -> None:
    gate = Gate()
    with serve(seeds=True, open_answerer=gated(opened, gate)) as (url, _):
        page.goto(url)
        person = Person(page, url)
        person.box.fill(WEAPONS)
        person.box.press("Enter")
        expect(person.turn).to_contain_text("Reading 5 passages of “A high-level")
        expect(person.turn).to_contain_text("This takes longer than usual")
        page.get_by_role("button", name="Stop").click()
        expect(person.turn).to_contain_text("Stopped.")

        gate.open()
        person.turn.get_by_role("button", name="Ask again").click()
        expect(person.turn.get_by_role("blockquote")).to_contain_text("downtown Kyiv")
        expect(person.turns).to_have_count(1)


def test_sureness_is_said_in_words_and_figure(person: Person) -> None:
    person.ask(TALKS)
    confidence = person.post("/v1/ask", {"question": TALKS})["confidence"]
    figure = re.compile(rf"(right|Uncertain).* · {round(100 * confidence)}\xa0%")
    expect(person.turn.locator(".certainty summary")).to_have_text(figure)

    meaning = person.turn.get_by_text("Of 100 answers given with this figure")
    expect(meaning).to_be_hidden()
    person.turn.locator(".certainty summary").click()
    expect(meaning).to_contain_text(f"about {round(100 * confidence)} are right")


def test_other_readings_can_be_seen(person: Person) -> None:
    question, others = next(
        (question, others)
        for question in (TALKS, WEAPONS, DELEGATION, STRIKES)
        if (others := person.post("/v1/ask", {"question": question})["alternatives"])
    )
    person.ask(question)
    person.turn.get_by_text(re.compile("^(Also found|Found, but not)")).click()
    quotes = person.turn.locator("details[open] q")
    expect(quotes).to_have_text([other["answer"] for other in others])


def test_without_an_answer_the_reason_and_the_nearest_passages_are_shown(person: Person) -> None:
    person.ask(UNANSWERED)
    answer = person.post("/v1/ask", {"question": UNANSWERED})
    assert not answer["answered"]
    expect(person.turn).to_contain_text("The articles don’t say")
    expect(person.turn.get_by_text("don’t say")).to_have_count(1)
    expect(person.turn).to_contain_text("The closest words, which may not answer it:")
    person.turn.get_by_text("Nearest passages").click()
    expect(person.turn.locator(".passages").get_by_role("link")).to_have_count(
        len(answer["passages"])
    )
    person.turn.locator(".passages").get_by_role("link").nth(1).click()
    number = answer["passages"][1]["paragraph"]
    expect(person.panel).to_contain_text(f"Passage 2 of {len(answer['passages'])} · ¶ {number}")
    expect(person.panel.locator(".context")).to_have_text(answer["passages"][1]["text"])


def test_copies_of_an_answer_are_one_answer_with_several_chips_and_no_more_sure(
    page: Page, own: str
) -> None:
    person = Person(page, own)
    for name in ("Timetable", "Harbour news"):
        text = f"{name} of the week.\n\nThe ferry to Skye leaves at noon."
        person.add(text, title=name, published="2026-01-17")
    page.goto(own)
    person.ask("When does the ferry to Skye leave?")
    expect(person.chips).to_have_count(2)
    expect(person.turn).not_to_contain_text("articles say this")
    expect(person.chips.filter(has_text="Timetable")).to_contain_text("¶ 2")
    expect(person.chips.filter(has_text="Timetable")).to_contain_text("17 Jan 2026")


def test_three_suggestions_on_the_first_visit_have_answers(person: Person) -> None:
    suggestions = person.page.get_by_role("list", name="Suggested questions").get_by_role("button")
    expect(suggestions).to_have_count(3)
    for question in suggestions.all_inner_texts():
        assert person.post("/v1/ask", {"question": question})["answered"], question
    question = suggestions.first.inner_text()
    suggestions.first.click()
    person.wait()
    expect(person.turn.get_by_role("heading")).to_have_text(question)
    expect(person.chips.first).to_be_visible()
    expect(person.box).to_be_focused()


def test_an_empty_library_explains_itself(page: Page, own: str) -> None:
    page.goto(own)
    expect(page.get_by_text("the library has no articles")).to_be_visible()
    page.get_by_role("link", name="Add articles").click()
    expect(page.get_by_text("The library is empty.")).to_be_visible()


def test_a_follow_up_is_sent_with_what_came_before_and_shown_as_understood(
    person: Person,
) -> None:
    understood = "Where were the talks held?"
    sent: list[dict[str, object]] = []

    def as_if_understood(route: Route) -> None:
        body = json.loads(route.request.post_data or "")
        sent.append(body)
        found = person.post("/v1/ask", {"question": body["question"]})
        answer = {**found, "understood_as": understood if "conversation" in body else None}
        stream = f"event: answer\ndata: {json.dumps(answer)}\n\nevent: done\ndata: {{}}\n\n"
        route.fulfill(body=stream, content_type="text/event-stream")

    person.page.route("**/v1/ask/stream", as_if_understood)
    person.ask(TALKS)
    person.ask("and where?")
    first = person.post("/v1/ask", {"question": TALKS})
    assert sent[1]["conversation"] == [{"question": TALKS, "answer": first["answer"]}]
    expect(person.turn).to_contain_text(f"Understood as “{understood}”")

    person.turn.get_by_role("button", name="Ask as written").click()
    expect(person.turns).to_have_count(3)
    person.wait()
    assert sent[2] == {"question": "and where?"}
    expect(person.turn).to_contain_text("Asked as written, without what came before.")
    expect(person.turn).not_to_contain_text("Understood as")


def test_a_follow_up_is_understood_by_the_service_and_said_so(person: Person) -> None:
    person.ask(TALKS)
    person.ask("and when did they start?")
    first = person.post("/v1/ask", {"question": TALKS})
    asked = {
        "question": "and when did they start?",
        "conversation": [{"question": TALKS, "answer": first["answer"]}],
    }
    understood = person.post("/v1/ask", asked)["understood_as"]
    assert understood
    expect(person.turn).to_contain_text(f"Understood as “{understood}”")
