"""Scores of a model in training, read and decoded as the product does, the paragraph given."""

from collections.abc import Sequence
from random import Random

import numpy as np
from tokenizers import Tokenizer

from qa.evaluation.abstention import auroc
from qa.evaluation.metrics import exact_match, f1
from qa.reading.extraction import Extractor, SpanModel
from qa.reading.reader import Candidate
from qa.reading.windows import Frame
from qa.training.encoding import special
from qa.training.examples import Example


def extractor(model: SpanModel, tokenizer: Tokenizer, max_length: int) -> Extractor:
    """The product's reading with a model on BERT's frame, or on that of its kind."""
    separator = special(tokenizer, "[SEP]")
    frame = Frame((special(tokenizer, "[CLS]"),), (separator,), (separator,))
    return Extractor(model, tokenizer, frame, max_length, threads=2)


def scores(extractor: Extractor, examples: Sequence[Example]) -> dict[str, float]:
    """Percent ``exact_match`` and ``f1`` over answerable questions; ``auroc`` if there are both."""
    best = [_best(extractor, example) for example in examples]
    pairs = list(zip(examples, best, strict=True))
    answered = [
        (example, candidate.span.of(example.context), candidate.score)
        for example, candidate in pairs
        if example.spans and candidate
    ]
    found: dict[str, float] = {}
    if answered:
        total = sum(bool(example.spans) for example in examples)
        for name, measure in (("exact_match", exact_match), ("f1", f1)):
            right = [
                max(measure(text, a) for a in example.answers()) for example, text, _ in answered
            ]
            found[name] = 100 * float(np.sum(right)) / total
    wrong = [candidate.score for example, candidate in pairs if candidate and not example.spans]
    if answered and wrong:
        found["auroc"] = auroc([score for *_, score in answered], wrong) or 0.0
    return found


def _best(extractor: Extractor, example: Example) -> Candidate | None:
    (found,) = extractor.candidates(example.question, [example.context])
    return found[0] if found else None


def sample(examples: Sequence[Example], count: int, seed: int = 0) -> list[Example]:
    """A fixed sample, in the file's order."""
    random = Random(seed)  # noqa: S311 # not for secrets
    chosen = sorted(random.sample(range(len(examples)), min(count, len(examples))))
    return [examples[i] for i in chosen]
