"""``pullquote ask``."""

import json
from pathlib import Path

import pytest

from qa.answering.answer_json import answer_document, to_json
from qa.answering.question import DEFAULT_TOP_K, MOST_PASSAGES
from qa.settings import Settings
from tests.qa.cli.conftest import FakeWiring, Run

QUESTION = "Where did the harbour open?"


def test_an_answer_stands_in_its_sentence_with_its_place_and_confidence(
    run: Run, library: Path
) -> None:
    result = run("ask", QUESTION)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:5] == [
        "The harbour opened in **Lisbon**.",
        "  The harbour opened in Lisbon. It has nine cranes., ¶ 1",
        "  articles/harbour.txt, characters 22–28",
        "",
        "Confidence: may be right (50%)",
    ]


def test_other_readings_follow_with_their_confidence_and_place(run: Run, library: Path) -> None:
    lines = run("ask", QUESTION).stdout.splitlines()
    assert "Other readings" in lines
    assert "    0%  Porto  (The bridge was closed in Porto., ¶ 1)" in lines


def test_without_an_answer_it_says_why_shows_what_is_nearest_and_exits_with_1(
    run: Run, library: Path
) -> None:
    result = run("ask", QUESTION, "--min-confidence", "0.9", "--top-k", "1")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith("No answer. The articles don't say. Closest: “")
    assert lines[2:5] == [
        "Nearest passages",
        "  The harbour opened in Lisbon. It has nine cranes., ¶ 1",
        "  The harbour opened in Lisbon. It has nine cranes.",
    ]


def test_json_is_the_body_that_the_service_gives(
    run: Run, wiring: FakeWiring, library: Path
) -> None:
    answer = wiring.answerer(Settings(library=library)).ask(QUESTION)
    assert run("ask", QUESTION, "--json").stdout_bytes == to_json(answer_document(answer)) + b"\n"


def test_json_without_an_answer_still_exits_with_1(run: Run, library: Path) -> None:
    result = run("ask", QUESTION, "--json", "--min-confidence", "1")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["answered"] is False


def test_only_articles_with_a_tag_are_asked(run: Run, library: Path) -> None:
    result = run("ask", QUESTION, "--tag", "harbours", "--json")
    assert json.loads(result.stdout)["passages"] == []


def test_only_articles_of_a_source_are_asked(run: Run, library: Path) -> None:
    result = run("ask", QUESTION, "--source", "articles/bridge.txt", "--json")
    sources = {citation["source"] for citation in json.loads(result.stdout)["citations"]}
    assert sources == {"articles/bridge.txt"}


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (("--published-from", "2026-01-17"), ["new.md"]),
        (("--published-to", "2026-01-16"), ["old.md"]),
        (("--published-from", "2026-01-16", "--published-to", "2026-01-17"), ["new.md", "old.md"]),
    ],
)
def test_only_articles_of_these_days_are_asked_both_days_included(
    run: Run, tmp_path: Path, options: tuple[str, ...], kept: list[str]
) -> None:
    for name, day in (("old.md", "2026-01-16"), ("new.md", "2026-01-17")):
        text = f"---\npublished: {day}\n---\n\nThe {name[:3]} ship came from Genoa.\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert run("index", "old.md", "new.md").exit_code == 0
    passages = json.loads(run("ask", "ship", "--json", *options).stdout)["passages"]
    assert sorted(passage["text"].split()[1] + ".md" for passage in passages) == kept


def test_a_question_without_words_is_an_error_before_anything_is_opened(run: Run) -> None:
    result = run("ask", " ?! ")
    assert result.exit_code == 2
    assert result.stderr == "error: the question has no words: ask in words\n"


def test_a_missing_library_is_an_error_with_the_command_that_makes_one(run: Run) -> None:
    result = run("ask", QUESTION, "--library", "nowhere")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: there is no library in 'nowhere': take in articles with "
        "'pullquote index PATH... --library nowhere'\n"
    )


@pytest.mark.parametrize(
    "options",
    [("--top-k", "0"), ("--min-confidence", "2"), ("--published-from", "tomorrow"), ("--nope",)],
)
def test_options_that_cannot_be_are_usage_errors(run: Run, options: tuple[str, ...]) -> None:
    result = run("ask", QUESTION, *options)
    assert result.exit_code == 2
    assert options[0] in result.stderr


def test_the_passages_asked_for_are_bounded_as_in_the_service(run: Run) -> None:
    explained = " ".join(run("ask", "--help").stdout.split())
    assert f"[default: {DEFAULT_TOP_K}; 1<=x<={MOST_PASSAGES}]" in explained
