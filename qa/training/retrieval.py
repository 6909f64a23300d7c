"""Hard negatives: paragraphs that rank high for a question and do not hold its answer."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from qa.training.examples import Example

Floats = npt.NDArray[np.float32]

_K1, _B = 1.2, 0.75  # Robertson and Zaragoza 2009


def _terms(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


class WordIndex:
    """BM25 over some paragraphs."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        counts = [Counter(_terms(paragraph)) for paragraph in paragraphs]
        self.terms = {term: i for i, term in enumerate(dict.fromkeys(t for c in counts for t in c))}
        lengths = np.asarray([sum(count.values()) for count in counts], dtype=np.float32)
        rows = [row for row, count in enumerate(counts) for _ in count]
        columns = [self.terms[term] for count in counts for term in count]
        values = np.asarray([n for count in counts for n in count.values()], dtype=np.float32)
        self.frequencies = np.bincount(columns, minlength=len(self.terms))
        idf = np.log1p((len(counts) - self.frequencies + 0.5) / (self.frequencies + 0.5))
        norms = _K1 * (1 - _B + _B * lengths / lengths.mean())
        weights = idf[columns] * values * (_K1 + 1) / (values + norms[rows])
        self.matrix = sparse.csr_matrix(
            (weights.astype(np.float32), (rows, columns)), (len(counts), len(self.terms))
        )

    def scores(self, questions: Sequence[str]) -> Floats:
        """[questions, paragraphs]"""
        hits = [sorted({self.terms[t] for t in _terms(q) if t in self.terms}) for q in questions]
        rows = [row for row, hit in enumerate(hits) for _ in hit]
        columns = [column for hit in hits for column in hit]
        ones = np.ones(len(rows), dtype=np.float32)
        matrix = sparse.csr_matrix((ones, (rows, columns)), (len(questions), len(self.terms)))
        scores: Floats = (matrix @ self.matrix.T).toarray()
        return scores

    def is_specific(self, question: str, share: float) -> bool:
        """Whether the question has a word that at most this share of the paragraphs have."""
        limit = max(1.0, share * self.matrix.shape[0])
        return any(
            self.frequencies[self.terms[term]] <= limit
            for term in _terms(question)
            if term in self.terms
        )


def hard_negatives(
    examples: Sequence[Example], keep: int = 5, share: float = 0.02
) -> list[tuple[str, ...]]:
    """For each example of one file up to ``keep`` paragraphs of it, best first.

    They rank highest by BM25 and hold none of the answers.
    Questions without a rare word ("What did they like?") get none: other paragraphs answer them.
    """
    paragraphs = list(dict.fromkeys(example.context for example in examples))
    index = WordIndex(paragraphs)
    lowered = [paragraph.lower() for paragraph in paragraphs]
    chosen: list[tuple[str, ...]] = []
    block = 512
    for begin in range(0, len(examples), block):
        some = examples[begin : begin + block]
        scores = index.scores([example.question for example in some])
        for example, row in zip(some, scores, strict=True):
            if not index.is_specific(example.question, share):
                chosen.append(())
                continue
            best = np.argsort(-row, kind="stable")[: keep * 4]
            answers = {answer.lower() for answer in example.answers()}
            good = [
                paragraphs[i]
                for i in best
                if paragraphs[i] != example.context
                and not any(answer in lowered[i] for answer in answers)
            ]
            chosen.append(tuple(good[:keep]))
    return chosen
