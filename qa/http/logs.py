"""Logs: structlog for our own lines and for those of the libraries, to standard error."""

import logging
import sys
import time
from typing import Literal

import structlog
from structlog.typing import Processor

OURS = "pullquote"
"""The name of our own logger."""

WRITTEN = 10
"""Lines of a kind that are written before the others are counted."""

MOST_KINDS = 1000
LONGEST_KIND = 100
REFUSED = 400


def configure(form: Literal["console", "json"]) -> None:
    """Write lines for people, or a JSON object a line: ours, and the libraries' warnings."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: logging.getLogger(OURS),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(form),
            ],
        )
    )
    handler.addFilter(Repetitions(handler))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(logging.INFO)


class Repetitions(logging.Filter):
    """Lets the first lines of a kind through, and counts the others for as long as they come.

    Refusals of requests are of one kind by their method and status, warnings and errors by their
    text. All else is always written.
    """

    def __init__(self, handler: logging.Handler, seconds: float = 10.0) -> None:
        super().__init__()
        self._handler = handler
        self._seconds = seconds
        self._kinds: dict[tuple[object, ...], tuple[float, int]] = {}
        self._held: dict[tuple[object, ...], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        kind = _kind(record)
        now = time.monotonic()
        self._tell(now)
        if kind is None:
            return True
        if kind not in self._kinds and len(self._kinds) >= MOST_KINDS:
            return True
        began, count = self._kinds.get(kind, (now, 0))
        self._kinds[kind] = began, count + 1
        if count < WRITTEN:
            return True
        self._held[kind] = count + 1 - WRITTEN
        return False

    def _tell(self, now: float) -> None:
        """Forget the kinds whose time is over, and write how many lines each would have had."""
        over = [kind for kind, (began, _) in self._kinds.items() if now - began >= self._seconds]
        for kind in over:
            del self._kinds[kind]
            count = self._held.pop(kind, 0)
            if count:
                line = " ".join(str(part) for part in kind)
                text = f"the same {count} times more in {self._seconds:g} seconds: {line}"
                self._handler.emit(
                    logging.LogRecord(OURS, logging.WARNING, "", 0, text, None, None)
                )


def _kind(record: logging.LogRecord) -> tuple[object, ...] | None:
    said: object = record.msg
    if not isinstance(said, dict):
        wanting = record.levelno >= logging.WARNING and record.msg
        return (record.name, str(said)[:LONGEST_KIND]) if wanting else None
    if said.get("event") == "request" and said.get("status", 0) >= REFUSED:
        return ("request", said.get("method"), said["status"])
    if record.levelno < logging.WARNING:
        return None
    return (said.get("event"), str(said.get("error") or said.get("exc_info") or "")[:LONGEST_KIND])


def _rendering(form: Literal["console", "json"]) -> list[Processor]:
    # Plain tracebacks: the pretty ones print local variables, and so questions and articles.
    if form == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    ]
