"""How a command ends when it does not come to its end."""

from pathlib import Path

import pytest

from index.errors import LibraryLocked
from tests.qa.cli.conftest import FakeWiring, Run


def test_an_error_is_one_line_on_stderr_and_2(run: Run, wiring: FakeWiring, articles: Path) -> None:
    wiring.failure = LibraryLocked("another process is writing:\nwait for it")
    result = run("index", "articles")
    assert result.exit_code == 2
    assert result.stderr == "error: another process is writing: wait for it\n"
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "stays"),
    [
        (
            ("index", "articles"),
            "the articles taken in so far stay in the library; the same command does the rest",
        ),
        (("serve",), "the library stays as it was"),
    ],
)
def test_an_interrupt_says_what_stays_and_is_130(
    run: Run, wiring: FakeWiring, articles: Path, arguments: tuple[str, ...], stays: str
) -> None:
    wiring.failure = KeyboardInterrupt()
    result = run(*arguments)
    assert result.exit_code == 130
    assert result.stderr == f"stopped: {stays}\n"


def test_a_fault_is_one_line_too_and_not_taken_for_a_question_not_answered(
    run: Run, wiring: FakeWiring
) -> None:
    wiring.failure = KeyError("lost")
    result = run("ask", "Who?")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: a fault in Pullquote (KeyError: 'lost'): run it again as "
        "'python -X dev -m qa ...' and report what that says\n"
    )


def test_a_setting_that_cannot_be_used_is_an_error_that_names_it(run: Run) -> None:
    result = run("ask", "Who?", env={"PULLQUOTE_PASSAGES_READ": "0"})
    assert result.exit_code == 2
    assert result.stderr.startswith("error: the setting PULLQUOTE_PASSAGES_READ='0' cannot be used")
