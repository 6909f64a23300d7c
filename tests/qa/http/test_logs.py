import json
import logging
import time
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


def test_lines_that_repeat_are_counted_and_the_others_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    logs.configure("json")
    for number in range(1000):
        structlog.get_logger().info("request", method="GET", path=f"/{number}", status=404)
        logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
        logging.getLogger("asyncio").error("socket.accept() out of system resource")
    for number in range(30):
        structlog.get_logger().info("request", method="GET", path=f"/{number}", status=200)
    now = 11.0
    structlog.get_logger().info("later")

    lines = [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    counted = [line for line in lines if "990 times more in 10 seconds" in line]
    assert lines.count("request") == logs.WRITTEN + 30
    assert lines.count("Invalid HTTP request received.") == logs.WRITTEN
    assert len(counted) == 3
    assert lines[-1] == "later"


def test_kinds_without_end_take_no_memory_without_end() -> None:
    repetitions = logs.Repetitions(logging.NullHandler())
    for number in range(3 * logs.MOST_KINDS):
        line = logging.LogRecord("x", logging.WARNING, "", 0, f"line {number}", None, None)
        assert repetitions.filter(line)

    assert len(repetitions._kinds) <= logs.MOST_KINDS
