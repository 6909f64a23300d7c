"""Extraction: a span model's way from a question and passages to readings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from index.article import Passage
from qa.reading.decoding import BREVITY, ScoredSpan, candidates, decode
from qa.reading.reader import Candidate, Reading
from qa.reading.windows import (
    Floats,
    Frame,
    Tokenised,
    batches,
    padded,
    tokenised,
    windows,
    within_budget,
)
from qa.reading.words import Integers

SpanModel = Callable[[Integers, Integers, Integers], tuple[Floats, Floats]]
"""Token ids, attention mask and token types, each (rows, tokens) int64, to start and end logits
of the same shape, float32."""


@dataclass(frozen=True, slots=True)
class Extractor:
    """A span model with all that reading with it takes.

    ``tokenizer`` neither truncates nor pads; ``max_length`` is the longest row in tokens; without
    ``trim`` the spans keep the punctuation at their ends (see ``qa.reading.trimming``);
    ``brevity`` is what longer spans lose (see ``qa.reading.decoding``).
    """

    model: SpanModel
    tokenizer: Tokenizer
    frame: Frame
    max_length: int
    trim: bool = True
    brevity: float = BREVITY

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading a passage, in order; the passages' windows are read together."""
        texts = [tokenised(self.tokenizer, passage.text) for passage in passages]
        found: list[list[ScoredSpan]] = [[] for _ in passages]
        cut = windows(self._question(question), texts, self.frame, self.max_length)
        if len(cut) > len(texts):
            cut = within_budget(cut, list(map(_token_scores, passages, texts)))
        for batch in batches(cut):
            starts, ends = self.model(*padded(batch, self.frame))
            for window, start, end in zip(batch, starts, ends, strict=True):
                found[window.number].extend(decode(window, start, end, self.brevity))
        return [
            Reading(passage, self._candidates(passage, spans))
            for passage, spans in zip(passages, found, strict=True)
        ]

    def _question(self, question: str) -> Integers:
        ids = self.tokenizer.encode(question, add_special_tokens=False).ids
        return self.frame.question(ids, self.max_length)

    def _candidates(self, passage: Passage, spans: Sequence[ScoredSpan]) -> tuple[Candidate, ...]:
        start = passage.paragraph.span.start
        return tuple(
            Candidate(candidate.span.moved(start), candidate.score)
            for candidate in candidates(passage.text, spans, trim=self.trim)
        )


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
