"""``pullquote evaluate``."""

import json
from pathlib import Path

from tests.qa.cli.conftest import FakeWiring, Run


def test_measures_come_one_a_line(run: Run) -> None:
    result = run("evaluate", "dev.json")
    assert result.exit_code == 0
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["setting", "library"],
        ["questions", "1"],
        ["f1", "81.25"],
        ["recall", "1", "0.5"],
        ["mrr", "—"],
    ]


def test_json_is_one_document(run: Run) -> None:
    result = run("evaluate", "dev.json", "--json", "--every", "10")
    assert json.loads(result.stdout) == {
        "setting": "library",
        "questions": 10,
        "f1": 81.25,
        "recall": {"1": 0.5},
        "mrr": None,
    }


def test_files_and_options_reach_the_experiment(run: Run, wiring: FakeWiring) -> None:
    options = ["--setting", "passage", "--library", "l", "--beside", "c.json"]
    run("evaluate", "a.json", "b.json", *options)
    assert wiring.calls == [
        {
            "paths": [Path("a.json"), Path("b.json")],
            "setting": "passage",
            "library": Path("l"),
            "beside": [Path("c.json")],
        }
    ]


def test_a_setting_that_is_none_is_a_usage_error(run: Run) -> None:
    result = run("evaluate", "dev.json", "--setting", "open")
    assert result.exit_code == 2
    assert "'open' is not one of 'passage', 'library'" in result.stderr
