import json
import logging
from typing import Literal

import pytest
import structlog

from qa.http import logs


@pytest.fixture(autouse=True)
def _own_log(restored_log: None) -> None:
    """Whatever is configured here is undone."""


def write_three(form: Literal["console", "json"]) -> None:
    """Three lines: ours, a library's, and an error's."""
    logs.configure(form)
    structlog.get_logger().info("hello", articles=2)
    structlog.get_logger().debug("unheard")
    logging.getLogger("uvicorn.error").info("unheard")
    logging.getLogger("uvicorn.error").warning("careful")
    kept = "confidential"
    try:
        _ = 1 / len(kept[:0])
    except ZeroDivisionError as error:
        structlog.get_logger().error("failed", exc_info=error)


def test_lines_are_json_objects_when_they_should_be(capsys: pytest.CaptureFixture[str]) -> None:
    write_three("json")

    ours, theirs, failed = map(json.loads, capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["level"], ours["articles"]) == ("hello", "info", 2)
    assert (theirs["event"], theirs["level"]) == ("careful", "warning")
    assert "ZeroDivisionError" in failed["exception"]
    assert "timestamp" in ours


def test_lines_for_people_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    write_three("console")

    written = capsys.readouterr().err
    assert "hello" in written
    assert "careful" in written
    assert "unheard" not in written


@pytest.mark.parametrize("form", ["console", "json"])
def test_tracebacks_show_no_variables(
    capsys: pytest.CaptureFixture[str], form: Literal["console", "json"]
) -> None:
    write_three(form)

    written = capsys.readouterr().err
    assert "ZeroDivisionError" in written
    assert "confidential" not in written
