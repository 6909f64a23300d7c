"""What is written in a format is what is loaded of it: no word lost, glued, doubled or moved.

``ROUND_TRIP_EXAMPLES=20000`` tries more documents of each format.
"""

import os
import re
from itertools import count, pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import Draft
from index.ingest.loading import Limits
from index.ingest.loading.file import File
from index.ingest.loading.registry import load_here
from tests.index.ingest.loading.round_trip import (
    SHOWN,
    UNSEEN,
    WRITERS,
    Document,
    Part,
    Text,
    shown_words,
    unseen_words,
)

EXAMPLES = int(os.environ.get("ROUND_TRIP_EXAMPLES", "500"))
AT_ONCE = 10
"""Documents that are written into one file, for a file's making is what takes the time."""

_WORD = re.compile(r"q[a-z]{4}q")


def document_of(random: Random) -> Document:
    """Up to ten parts, each of a few runs; a manner comes once in a text."""
    numbers = count()

    def words(most: int) -> str:
        return " ".join(_word(next(numbers)) for _ in range(random.randint(1, most)))

    def text() -> Text:
        manners = random.sample((*SHOWN, *UNSEEN), random.randint(0, 5))
        first = " ".join(_word(next(numbers)) for _ in range(3))
        return Text((("plain", first), *((manner, words(4)) for manner in manners)))

    def part(kind: str) -> Part:
        if kind != "table":
            return Part(kind, (text(),))
        columns = random.randint(2, 4)
        cells = [
            Text((("plain", words(1)),)) if place < columns or random.random() < 0.6 else Text(())
            for place in range(columns * random.randint(2, 4))
        ]
        return Part("table", tuple(cells), columns)

    kinds = random.choices(("paragraph", "heading", "item", "table"), k=random.randint(0, 8))
    return [part(kind) for kind in ("paragraph", *kinds, "paragraph")]


def _word(number: int) -> str:
    letters = ""
    for _ in range(4):
        number, letter = divmod(number, 26)
        letters = chr(ord("a") + letter) + letters
    return f"q{letters}q"


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_written_is_what_is_loaded(name: str) -> None:
    @settings(
        max_examples=max(1, EXAMPLES // AT_ONCE),
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(st.randoms(use_true_random=True))
    def holds(random: Random) -> None:
        several = [document_of(random) for _ in range(AT_ONCE)]
        whole = [_renamed(part, number) for number, one in enumerate(several) for part in one]
        (draft,) = load_here(File(WRITERS[name](whole), name), Limits()).drafts
        check(draft, whole)

    holds()


def _renamed(part: Part, number: int) -> Part:
    """The part with words that no other document of the file has."""
    first = chr(ord("a") + number)
    texts = (
        Text(tuple((manner, re.sub(r"\bq.", "q" + first, words)) for manner, words in text.runs))
        for text in part.texts
    )
    return Part(part.kind, tuple(texts), part.columns)


def check(draft: Draft, document: Document) -> None:
    """Order is kept, nothing is lost, glued or doubled, and offsets slice."""
    found = [word for word in re.findall(r"\w+", draft.text) if "q" in word]
    assert found == shown_words(document)
    assert not set(found) & set(unseen_words(document))
    covered = sorted([*(p.span for p in draft.paragraphs), *(h.span for h in draft.headings)])
    assert all(above.end <= below.start for above, below in pairwise(covered))
    assert _WORD.findall(" ".join(span.of(draft.text) for span in covered)) == found
    for paragraph in draft.paragraphs:
        sentences = "".join(sentence.of(draft.text) for sentence in paragraph.sentences)
        assert "".join(sentences.split()) == "".join(paragraph.span.of(draft.text).split())
