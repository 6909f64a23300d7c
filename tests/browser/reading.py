"""Models that cost nothing: the page is tested with what they say as with what real ones say."""

import re
from collections.abc import Sequence

from index.article import Passage, Span
from index.sqlite.library import SQLiteLibrary
from qa.answering.answerer import Answerer
from qa.answering.confidence import FEATURES, Calibration, Comparison
from qa.reading.reader import Candidate, Reading
from qa.settings import Settings
from tests.fakes import WordEmbedder

KNOWN = {
    "begin": "January 17, 2026",
    "start": "January 17, 2026",
    "vehicles": "downtown Kyiv",
    "push": "terms that guarantee the country's sovereignty and territorial integrity",
    "threaten": "widespread blackouts",
    "leave": "noon",
}
"""A word of the question, and the words that answer it."""

CALIBRATION = Calibration(
    intercept=0.0,
    coefficients=tuple(0.4 if feature == "score" else 0.0 for feature in FEATURES),
    threshold=0.5,
    comparison=Comparison(1.0),
)


class SharedWordsReader:
    """Answers from the sentence that shares most of the question's words, if it shares half."""

    name = "shared-words"

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        return [Reading(passage, _candidates(question, passage)) for passage in passages]


def _candidates(question: str, passage: Passage) -> tuple[Candidate, ...]:
    start = passage.paragraph.span.start
    text = passage.text
    asked = _words(question)
    known = [
        Candidate(Span(start + at, start + at + len(words)), 6.0)
        for word, words in KNOWN.items()
        if word in question.lower() and (at := text.find(words)) >= 0
    ]
    best = max(passage.paragraph.sentences, key=lambda sentence: _shared(asked, sentence, passage))
    shared = _shared(asked, best, passage)
    words = [*re.finditer(r"\w[\w'’-]*", text[best.start - start : best.end - start])]
    begin, end = words[-min(4, len(words))].start(), words[-1].end()
    score = 3.0 if shared >= 0.5 and not known else -2.0
    rest = Candidate(Span(best.start + begin, best.start + end), score)
    return (*known, rest)


def _shared(asked: set[str], sentence: Span, passage: Passage) -> float:
    start = passage.paragraph.span.start
    said = _words(passage.text[sentence.start - start : sentence.end - start])
    return len(asked & said) / max(1, len(asked))


def _words(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"\w{4,}", text.lower())}


def open_answerer(settings: Settings) -> Answerer:
    library = SQLiteLibrary(settings.library, WordEmbedder(), create=True)
    return Answerer(library, SharedWordsReader(), CALIBRATION)
