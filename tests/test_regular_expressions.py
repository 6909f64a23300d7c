"""No regular expression of the project takes more time than its text is long, whatever the text."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import process_time
from types import FrameType

import pytest

from tests.regex_attacks import USES, Used, attacks, project_patterns

FIRST_LENGTH = 300
"""At which all attacks are tried, to find the worst."""

WORST = 3
"""Attacks that are tried at full length."""

LENGTHS = (10_000, 20_000, 40_000)

MOST_GROWTH = 8.0
"""Of time from the least length to the fourfold: linear is 4, quadratic is 16."""

NOTHING = 0.02
"""Seconds over the longest text that nobody waits for: 0.5 microseconds a character."""

GIVEN_SECONDS = 6
"""In which one pattern must be done with an attack."""

PATTERNS = project_patterns()


class TookTooLong(Exception):
    """The pattern was stopped."""


@contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    """Raises ``TookTooLong`` when the block takes so long to compute."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def seconds(used: Used, text: str, times: int = 1) -> float:
    """The median of the seconds of computing that the pattern takes over the text."""
    taken = []
    for _ in range(times):
        began = process_time()
        used.run(text)
        taken.append(process_time() - began)
    return median(taken)


def worst(used: Used) -> list[int]:
    """The numbers of the attacks that take the longest."""
    taken = [
        (seconds(used, text), number)
        for number, text in enumerate(attacks(used.pattern, FIRST_LENGTH))
    ]
    return [number for _, number in sorted(taken, reverse=True)[:WORST]]


def growth(used: Used) -> float:
    """How many times longer the pattern takes over the worst text of four times the length.

    Raises ``TookTooLong``.
    """
    with stopped_after(GIVEN_SECONDS):
        numbers = worst(used)
    grown = 0.0
    texts = [list(attacks(used.pattern, length)) for length in LENGTHS]
    for number in numbers:
        with stopped_after(GIVEN_SECONDS):
            least, middle, most = (seconds(used, those[number], 3) for those in texts)
        if most > NOTHING and middle > least:
            grown = max(grown, most / max(least, 1e-6))
    return grown


@pytest.mark.parametrize("used", PATTERNS, ids=lambda used: used.place)
def test_time_grows_no_faster_than_the_text(used: Used) -> None:
    for _ in range(3):  # on a busy machine one measurement may be off, three are not
        try:
            grown = growth(used)
        except TookTooLong:
            pytest.fail(f"{used.pattern.pattern!r} takes more than {GIVEN_SECONDS} seconds")
        if grown <= MOST_GROWTH:
            return
    pytest.fail(f"{used.pattern.pattern!r}: {grown:.1f} times as long over a text 4 times as long")


@pytest.mark.parametrize(
    "pattern", [r"\s*\n\s*\n\s*", r"(?:[^\W\d_]{1,2}\.){2,}(?!\w)|\S", r"^(?:a|a)*b", r"(\w+\s?)+;"]
)
def test_a_pattern_that_is_not_linear_is_found_out(pattern: str) -> None:
    try:
        grown = growth(Used(re.compile(pattern), "here", USES))
    except TookTooLong:
        return
    assert grown > MOST_GROWTH


def test_the_patterns_of_every_package_are_found() -> None:
    sources = {used.pattern.pattern for used in PATTERNS}

    assert len(PATTERNS) > 80
    for place in ("index.ingest.segmenting", "qa.reading.words", "qa.answering.suggestions"):
        assert any(used.place.startswith(place) for used in PATTERNS), place
    assert r"(?:ed|s)$" in sources  # given to a function of re
