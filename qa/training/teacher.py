"""Teachers: what larger readers think of a file's questions, for a smaller one to learn from.

A teacher says more than one right answer: with what probability each word begins the answer or ends
it, and that there is none (Hinton, Vinyals and Dean 2015). Words, not word pieces, carry the
probabilities, so that teachers and student may have different vocabularies, and the opinions of
several teachers are their mean.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from index.errors import InputError
from qa.reading.windows import Floats
from qa.reading.words import words
from qa.training.checkpoint import check_shapes, load_state, replace_text
from qa.training.encoding import Encoded, encode, plain_tokenizer, special
from qa.training.examples import Example, read_examples
from qa.training.features import Feature, answer_pieces, feature
from qa.training.gradients import precision
from qa.training.model import collate, load_model, span_logits
from qa.training.plan import TrainingPlan
from qa.training.teaching import NONE, Places, Teaching

LEAST = 0.005
"""Places less probable than this are left out."""

_LONGEST = 320  # word pieces of a paragraph that are read, around the first answer
_BATCH = 3072  # word pieces, padding included


def teach(
    checkpoints: Sequence[Path],
    source: Path,
    output: Path,
    report: Callable[[str, int, int], None] = lambda what, done, of: None,
) -> None:
    """Writes the mean opinion of several runs' averaged weights on each question of ``source``.

    Raises InputError if ``output`` exists or ``source`` is not in SQuAD's format, ModelError if a
    checkpoint is none.
    """
    if output.exists():
        raise InputError(
            f"{str(output)!r} exists already: give the path of a new file", field="output"
        )
    examples = read_examples(source)
    opinions = [Teacher(file).opinions(examples, report) for file in checkpoints]
    lines = [
        [_rounded(one.starts for one in several), _rounded(one.ends for one in several)]
        for several in zip(*opinions, strict=True)
    ]
    output.parent.mkdir(parents=True, exist_ok=True)
    replace_text(output, json.dumps(lines))


def _rounded(several: Iterable[Places]) -> list[tuple[int, float]]:
    opinions = list(several)
    mean: Places = {}
    for places in opinions:
        for place, probability in places.items():
            mean[place] = mean.get(place, 0.0) + probability / len(opinions)
    return [(place, round(value, 4)) for place, value in sorted(mean.items()) if value >= LEAST]


@dataclass(frozen=True, slots=True)
class _Row:
    """An example's question and passage; the passage begins at ``begin``, a piece of the text."""

    example: int
    feature: Feature
    begin: int

    def __len__(self) -> int:
        return len(self.feature.ids)


class Teacher:
    """The averaged weights of a run."""

    def __init__(self, checkpoint: Path) -> None:
        torch.set_num_threads(1)
        state = load_state(checkpoint)
        self.plan = TrainingPlan.from_json(state.plan)
        base = Path(self.plan.base)
        self.model = load_model(base)
        check_shapes(checkpoint, state.average, self.model.state_dict(), base)
        self.model.load_state_dict(state.average)
        self.model.train(False)
        self.tokenizer = plain_tokenizer(Tokenizer.from_file(str(base / "tokenizer.json")))

    def opinions(
        self,
        examples: Sequence[Example],
        report: Callable[[str, int, int], None] = lambda what, done, of: None,
    ) -> list[Teaching]:
        """One for each example, in order."""
        texts = encode(self.tokenizer, (example.context for example in examples))
        rows = sorted(self._rows(examples, texts), key=len)
        found: list[Teaching | None] = [None] * len(examples)
        done = 0
        together = list(_batches(rows))
        with ThreadPoolExecutor(2) as pool:
            for batch, opinions in zip(together, pool.map(self._read, together), strict=True):
                for row, (start, end) in zip(batch, opinions, strict=True):
                    context = examples[row.example].context
                    found[row.example] = _in_words(context, texts[context], row.begin, start, end)
                done += len(batch)
                report("teaching", done, len(rows))
        return [one for one in found if one is not None]

    def _rows(self, examples: Sequence[Example], texts: dict[str, Encoded]) -> Iterator[_Row]:
        cls, sep = special(self.tokenizer, "[CLS]"), special(self.tokenizer, "[SEP]")
        questions = encode(self.tokenizer, (example.question for example in examples))
        for number, example in enumerate(examples):
            asked = questions[example.question].ids[: self.plan.max_question]
            framed = np.concatenate(([cls], asked, [sep])).astype(np.int32)
            encoded = texts[example.context]
            known = answer_pieces(encoded, example.context, example.spans)
            middle = known[0][0] if known else 0
            last = max(0, len(encoded.ids) - _LONGEST)
            begin = min(max(0, middle - _LONGEST // 2), last)
            passage = encoded.ids[begin : begin + _LONGEST]
            yield _Row(number, feature(framed, passage, []), begin)

    def _read(self, rows: list[_Row]) -> list[tuple[Floats, Floats]]:
        """For each row the probabilities of no answer and then of the passage's pieces."""
        features = [row.feature for row in rows]
        with torch.inference_mode(), precision(self.plan.precision):
            logits = span_logits(self.model, collate(features))
        starts, ends = (one.softmax(dim=1).numpy() for one in logits)
        return [
            (_places(start, row), _places(end, row))
            for row, start, end in zip(features, starts, ends, strict=True)
        ]


def _places(probabilities: Floats, row: Feature) -> Floats:
    inside = probabilities[row.passage : len(row.ids) - 1]
    return np.concatenate((probabilities[:1], inside))


def _batches(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    """The rows, shortest first, in batches of bounded size, padding included."""
    batch: list[_Row] = []
    for row in rows:
        if batch and (len(batch) + 1) * len(row) > _BATCH:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _in_words(text: str, encoded: Encoded, begin: int, start: Floats, end: Floats) -> Teaching:
    """Probabilities of pieces, after that of no answer, as those of the words they lie in."""
    offsets = encoded.offsets[begin : begin + len(start) - 1]
    own = words(text)
    first = np.searchsorted(own[:, 1], offsets[:, 0], side="right")
    last = np.maximum(np.searchsorted(own[:, 0], offsets[:, 1], side="left") - 1, 0)
    starts, ends = {NONE: float(start[0])}, {NONE: float(end[0])}
    for word, probability in zip(np.minimum(first, len(own) - 1), start[1:], strict=True):
        place = int(own[word, 0])
        starts[place] = starts.get(place, 0.0) + float(probability)
    for word, probability in zip(last, end[1:], strict=True):
        place = int(own[word, 1])
        ends[place] = ends.get(place, 0.0) + float(probability)
    return Teaching(starts, ends)
