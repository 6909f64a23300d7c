"""Extraction: a span model's way from a question and passages to readings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from index.article import Passage
from qa.reading.decoding import DecodedSpan, candidates, decode
from qa.reading.reader import Candidate, Reading
from qa.reading.windows import Floats, Frame, batches, padded, tokenised, windows
from qa.reading.words import Integers

SpanModel = Callable[[Integers, Integers, Integers], tuple[Floats, Floats]]
"""Token ids, attention mask and token types, each (rows, tokens) int64, to start and end logits
of the same shape, float32."""


@dataclass(frozen=True, slots=True)
class Extractor:
    """A span model with all that reading with it takes.

    ``tokenizer`` neither truncates nor pads; ``max_length`` is the longest row in tokens.
    """

    model: SpanModel
    tokenizer: Tokenizer
    frame: Frame
    max_length: int

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading a passage, in order; the passages' windows are read together."""
        texts = [tokenised(self.tokenizer, passage.text) for passage in passages]
        found: list[list[DecodedSpan]] = [[] for _ in passages]
        for batch in batches(windows(self._question(question), texts, self.frame, self.max_length)):
            starts, ends = self.model(*padded(batch, self.frame))
            for window, start, end in zip(batch, starts, ends, strict=True):
                found[window.number].extend(decode(window, start, end))
        return [
            Reading(passage, self._candidates(passage, spans))
            for passage, spans in zip(passages, found, strict=True)
        ]

    def _question(self, question: str) -> Integers:
        ids = self.tokenizer.encode(question, add_special_tokens=False).ids
        return self.frame.question(ids, self.max_length)

    def _candidates(self, passage: Passage, spans: Sequence[DecodedSpan]) -> tuple[Candidate, ...]:
        start = passage.paragraph.span.start
        return tuple(
            Candidate(candidate.span.moved(start), candidate.score)
            for candidate in candidates(passage.text, spans)
        )


def plain(tokenizer: Tokenizer) -> Tokenizer:
    """The tokenizer, made to neither truncate nor pad: the windows see to both."""
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
