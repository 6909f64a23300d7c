"""Scores of a reader on SQuAD files, the gold paragraph given."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from random import Random
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from qa.evaluation.abstention import auroc
from qa.evaluation.metrics import exact_match, f1
from qa.training.encoding import Encoded, Ints, encode, special
from qa.training.examples import Example

Logits = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
# ids, mask, token types [rows, pieces] -> start and end logits [rows, pieces]
SpanModel = Callable[[Integers, Integers, Integers], tuple[Logits, Logits]]

Row = TypeVar("Row", bound=Sized)

MAX_ANSWER = 30  # word pieces
STRIDE = 128


@dataclass(frozen=True, slots=True)
class Guess:
    """The best span's text, and how far its score lies over [CLS]'s, the score of no answer."""

    text: str
    margin: float


@dataclass(frozen=True, slots=True)
class _Row:
    example: int
    question: Ints
    encoded: Encoded
    begin: int
    end: int

    def __len__(self) -> int:
        return len(self.question) + self.end - self.begin + 1


def guesses(
    model: SpanModel,
    tokenizer: Tokenizer,
    examples: Sequence[Example],
    max_length: int = 384,
    batch_tokens: int = 6144,
) -> list[Guess]:
    """One guess an example; long paragraphs are read in overlapping windows."""
    rows = sorted(_rows(tokenizer, examples, max_length), key=len)
    best: list[Guess | None] = [None] * len(examples)
    for batch in batches(rows, batch_tokens):
        for row, guess in zip(batch, _read(model, batch, examples), strict=True):
            old = best[row.example]
            if old is None or guess.margin > old.margin:
                best[row.example] = guess
    return [guess or Guess("", -1e9) for guess in best]


def _rows(tokenizer: Tokenizer, examples: Sequence[Example], max_length: int) -> Iterator[_Row]:
    texts = encode(tokenizer, (example.context for example in examples))
    questions = encode(tokenizer, (example.question for example in examples))
    cls, sep = special(tokenizer, "[CLS]"), special(tokenizer, "[SEP]")
    for i, example in enumerate(examples):
        asked = questions[example.question].ids[:64]
        framed = np.concatenate(([cls], asked, [sep])).astype(np.int32)
        encoded = texts[example.context]
        room = max_length - len(framed) - 1
        begin = 0
        while True:
            end = min(begin + room, len(encoded.ids))
            yield _Row(i, framed, encoded, begin, end)
            if end == len(encoded.ids):
                break
            begin += room - STRIDE


def batches(rows: Iterable[Row], batch_tokens: int) -> Iterator[list[Row]]:
    """The rows, shortest first, in batches of so many word pieces at most, padding included."""
    batch: list[Row] = []
    for row in rows:
        if batch and (len(batch) + 1) * len(row) > batch_tokens:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _read(model: SpanModel, batch: list[_Row], examples: Sequence[Example]) -> Iterator[Guess]:
    shape = (len(batch), max(map(len, batch)))
    ids, mask, types = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for i, row in enumerate(batch):
        pieces = row.encoded.ids[row.begin : row.end]
        ids[i, : len(row)] = np.concatenate((row.question, pieces, row.question[-1:]))
        mask[i, : len(row)] = 1
        types[i, len(row.question) : len(row)] = 1
    starts, ends = model(ids, mask, types)
    for row, start, end in zip(batch, starts, ends, strict=True):
        yield _best(row, start, end, examples[row.example].context)


def _best(row: _Row, start: Logits, end: Logits, context: str) -> Guess:
    passage = slice(len(row.question), len(row) - 1)
    scores = start[passage, None] + end[None, passage]
    n = len(scores)
    banned = ~np.triu(np.ones((n, n), dtype=bool)) | np.triu(
        np.ones((n, n), dtype=bool), MAX_ANSWER
    )
    scores = np.where(banned, -1e9, scores)
    first, last = np.unravel_index(int(scores.argmax()), scores.shape)
    margin = float(scores[first, last]) - float(start[0] + end[0])
    offsets = row.encoded.offsets[row.begin : row.end]
    return Guess(context[offsets[first, 0] : offsets[last, 1]], margin)


def sample(examples: Sequence[Example], count: int, seed: int = 0) -> list[Example]:
    """A fixed sample, in the file's order."""
    random = Random(seed)  # noqa: S311 # not for secrets
    chosen = sorted(random.sample(range(len(examples)), min(count, len(examples))))
    return [examples[i] for i in chosen]


def scores(examples: Sequence[Example], read: Sequence[Guess]) -> dict[str, float]:
    """Percent ``exact_match`` and ``f1`` over answerable questions; ``auroc`` if there are both."""
    pairs = list(zip(examples, read, strict=True))
    answered = [(example, guess) for example, guess in pairs if example.spans]
    found: dict[str, float] = {}
    if answered:
        found["exact_match"] = 100 * float(
            np.mean([max(exact_match(g.text, a) for a in e.answers()) for e, g in answered])
        )
        found["f1"] = 100 * float(
            np.mean([max(f1(g.text, a) for a in e.answers()) for e, g in answered])
        )
    wrong = [guess.margin for example, guess in pairs if not example.spans]
    if answered and wrong:
        found["auroc"] = auroc([guess.margin for _, guess in answered], wrong) or 0.0
    return found
