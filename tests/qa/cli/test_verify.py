"""``pullquote verify``."""

import json
from pathlib import Path

from tests.qa.cli.conftest import Run

HARBOUR = "The harbour opened in Lisbon. It has nine cranes.\n\nThe lighthouse was lit by Maria.\n"


def harbour(text: str, run: Run) -> None:
    """Change the article that the answer is from, and take it in again."""
    Path("articles/harbour.txt").write_text(text, encoding="utf-8")
    assert run("index", "articles").exit_code == 0


def test_citations_that_hold_are_valid_and_the_exit_code_is_0(run: Run, saved: Path) -> None:
    result = run("verify", saved)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == (
        "valid “Lisbon”: the quote stands where the citation says (¶ 1, characters 22–28)"
    )


def test_every_alternative_s_citations_are_checked_too(run: Run, saved: Path) -> None:
    answer = json.loads(saved.read_text(encoding="utf-8"))
    assert len(run("verify", saved).stdout.splitlines()) == 1 + len(answer["alternatives"])


def test_a_quote_that_moved_is_shown_at_its_new_place_and_the_exit_code_is_1(
    run: Run, saved: Path
) -> None:
    harbour("A new beginning.\n\n" + HARBOUR, run)
    result = run("verify", saved)
    assert result.exit_code == 1
    assert "moved “Lisbon”: the quote stands elsewhere in the article (¶ 2, characters 40–46)" in (
        result.stdout
    )


def test_a_quote_that_is_gone_is_said_to_be(run: Run, saved: Path) -> None:
    harbour("Nothing of it is left.\n", run)
    result = run("verify", saved)
    assert result.exit_code == 1
    assert "gone  “Lisbon”: the quote does not stand in the article\n" in result.stdout


def test_a_list_of_answers_is_checked_in_order(run: Run, saved: Path, tmp_path: Path) -> None:
    answer = json.loads(saved.read_text(encoding="utf-8"))
    several = tmp_path / "several.json"
    several.write_text(json.dumps([answer, answer]), encoding="utf-8")
    lines = run("verify", several).stdout.splitlines()
    assert lines[: len(lines) // 2] == lines[len(lines) // 2 :]


def test_a_dash_reads_the_answer_from_stdin(run: Run, saved: Path) -> None:
    assert run("verify", "-", input=saved.read_bytes()).stdout == run("verify", saved).stdout


def test_json_gives_each_verdict_with_its_claim(run: Run, saved: Path) -> None:
    document = json.loads(run("verify", saved, "--json").stdout)
    assert document["hold"] is True
    first = document["verdicts"][0]
    assert first["claim"]["quote"] == "Lisbon"
    assert (first["status"], first["start"], first["end"], first["paragraph"]) == (
        "valid",
        22,
        28,
        1,
    )


def test_an_answer_without_citations_has_nothing_to_check(
    run: Run, library: Path, tmp_path: Path
) -> None:
    (tmp_path / "none.json").write_text('{"citations": []}', encoding="utf-8")
    result = run("verify", "none.json")
    assert result.exit_code == 0
    assert result.stdout == "The answer cites nothing: there is nothing to check.\n"


def test_a_file_that_is_no_answer_is_an_error_that_names_it_and_the_place(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "bad.json").write_text('[{"citations": [{"article_id": 1}]}]', encoding="utf-8")
    result = run("verify", "bad.json")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: 'bad.json' is not a saved answer (0.citations.0.article_id: Input should be a "
        "valid string): give what 'pullquote ask --json' or POST /v1/ask printed\n"
    )


def test_a_file_that_cannot_be_read_is_an_error_with_the_remedy(run: Run) -> None:
    result = run("verify", "nowhere.json")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: 'nowhere.json' cannot be read (No such file or directory): give the path of a "
        "saved answer\n"
    )
