"""Extraction: a span model's way from a question and passages to readings."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from tokenizers import Tokenizer

from index.article import Passage
from qa.reading.decoding import DecodedSpan, candidates, decode
from qa.reading.reader import Candidate, Reading
from qa.reading.windows import (
    Floats,
    Frame,
    Tokenised,
    Window,
    tokenised,
    windows,
    within_budget,
)
from qa.reading.words import Integers

SpanModel = Callable[[Integers, Integers, Integers], tuple[Floats, Floats]]
"""Token ids, attention mask and token types, each (rows, tokens) int64, to start and end logits
of the same shape, float32."""


class Extractor:
    """A span model with all that reading with it takes.

    ``tokenizer`` neither truncates nor pads; ``max_length`` is the longest row in tokens. Every
    window is a pass of its own, so that its bits depend on no other, and ``threads`` passes are
    worked out at once.
    """

    def __init__(
        self,
        model: SpanModel,
        tokenizer: Tokenizer,
        frame: Frame,
        max_length: int,
        *,
        threads: int = 1,
    ) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.frame = frame
        self.max_length = max_length
        self._passes = ThreadPoolExecutor(threads, thread_name_prefix="reading")

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading a passage, in order."""
        texts = [tokenised(self.tokenizer, passage.text) for passage in passages]
        cut = self._windows(question, texts)
        if len(cut) > len(texts):
            cut = within_budget(cut, list(map(_token_scores, passages, texts)))
        found = self._candidates(texts, cut)
        return [
            Reading(passage, tuple(_moved(passage, candidate) for candidate in own))
            for passage, own in zip(passages, found, strict=True)
        ]

    def candidates(self, question: str, texts: Sequence[str]) -> list[list[Candidate]]:
        """The best spans of each text, best first, code points into it."""
        tokens = [tokenised(self.tokenizer, text) for text in texts]
        return self._candidates(tokens, self._windows(question, tokens))

    def _windows(self, question: str, texts: Sequence[Tokenised]) -> list[Window]:
        return windows(self._question(question), texts, self.frame, self.max_length)

    def _candidates(
        self, texts: Sequence[Tokenised], cut: Sequence[Window]
    ) -> list[list[Candidate]]:
        found: list[list[DecodedSpan]] = [[] for _ in texts]
        for window, spans in zip(cut, self._passes.map(self._spans, cut), strict=True):
            found[window.number].extend(spans)
        return [candidates(text.text, spans) for text, spans in zip(texts, found, strict=True)]

    def _spans(self, window: Window) -> list[DecodedSpan]:
        (start,), (end,) = self.model(*window.inputs())
        return decode(window, start, end)

    def _question(self, question: str) -> Integers:
        ids = self.tokenizer.encode(question, add_special_tokens=False).ids
        return self.frame.question(ids, self.max_length)


def _moved(passage: Passage, candidate: Candidate) -> Candidate:
    """A candidate of the passage's own text in the article's."""
    return Candidate(candidate.span.moved(passage.paragraph.span.start), candidate.score)


def _token_scores(passage: Passage, text: Tokenised) -> Floats:
    """The search's score of the sentence that each token begins in, (tokens,)."""
    start = passage.paragraph.span.start
    sentences = [sentence.start - start for sentence in passage.paragraph.sentences]
    places = np.searchsorted(sentences, text.words[text.starts, 0], side="right") - 1
    scores: Floats = np.asarray(passage.sentence_scores, np.float32)[np.maximum(places, 0)]
    return scores


def plain(tokenizer: Tokenizer) -> Tokenizer:
    """The tokenizer, made to neither truncate nor pad: the windows see to both."""
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
