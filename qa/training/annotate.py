"""A trained reader as one more annotator: what it finds is written beside what people marked.

A larger reader's opinion says more than one right answer: which other spans would nearly do, and
how nearly, for a small reader to learn from (Hinton, Vinyals and Dean 2015). Here the opinion is
votes: answers in a SQuAD file, where one that is given twice weighs twice in training.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from index.errors import InputError
from qa.reading.decoding import LONGEST
from qa.training.checkpoint import check_shapes, load_state, replace_text
from qa.training.encoding import Encoded, encode, plain_tokenizer, special
from qa.training.examples import Example, read_examples
from qa.training.features import Feature, answer_pieces, feature, trimmed
from qa.training.gradients import precision
from qa.training.model import collate, load_model, span_logits
from qa.training.plan import TrainingPlan

Span = tuple[int, int]  # code points of the context, end exclusive
Floats = npt.NDArray[np.float32]
_LONGEST = 192  # word pieces of a paragraph that are read, around the first answer
_BATCH = 3072  # word pieces, padding included


def annotate(
    checkpoint: Path,
    source: Path,
    output: Path,
    votes: int = 20,
    repeat: int = 3,
    report: Callable[[str, int, int], None] = lambda what, done, of: None,
) -> int:
    """Writes ``source`` to ``output`` with the votes of a run's averaged weights.

    Every answered question gets each of its own answers ``repeat`` times and ``votes`` answers
    more, shared among the spans of the paragraph by their probability. Returns how many votes
    went to spans that no person marked. Raises InputError if ``output`` exists or ``source`` is
    not in SQuAD's format, ModelError if ``checkpoint`` is none.
    """
    if output.exists():
        raise InputError(
            f"{str(output)!r} exists already: give the path of a new file", field="output"
        )
    examples = [example for example in read_examples(source) if example.spans]
    output.parent.mkdir(parents=True, exist_ok=True)
    opinions = Annotator(checkpoint).opinions(examples, votes, report)
    found = {
        (example.context, example.id): spans
        for example, spans in zip(examples, opinions, strict=True)
    }
    content = json.loads(source.read_text(encoding="utf-8"))
    for paragraph in (p for article in content["data"] for p in article["paragraphs"]):
        for qa in paragraph["qas"]:
            spans = found.get((paragraph["context"], str(qa.get("id", qa["question"]))), [])
            _add(qa, paragraph["context"], spans, repeat)
    replace_text(output, json.dumps(content, ensure_ascii=False))
    return sum(
        span not in example.spans
        for example, spans in zip(examples, opinions, strict=True)
        for span in spans
    )


def _add(qa: dict[str, Any], context: str, spans: Sequence[Span], repeat: int) -> None:
    if spans:
        qa["answers"] = qa["answers"] * repeat + [
            {"text": context[start:end], "answer_start": start} for start, end in spans
        ]


@dataclass(frozen=True, slots=True)
class _Row:
    """An example's question and passage; the passage begins at ``begin``, a piece of the text."""

    example: int
    feature: Feature
    begin: int

    def __len__(self) -> int:
        return len(self.feature.ids)


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


class Annotator:
    """The averaged weights of a run, on texts of which some answer is known."""

    def __init__(self, checkpoint: Path) -> None:
        torch.set_num_threads(1)
        state = load_state(checkpoint)
        plan = TrainingPlan.from_json(state.plan)
        base = Path(plan.base)
        self.model = load_model(base)
        check_shapes(checkpoint, state.average, self.model.state_dict(), base)
        self.model.load_state_dict(state.average)
        self.model.train(False)
        self.plan = plan
        self.tokenizer = plain_tokenizer(Tokenizer.from_file(str(base / "tokenizer.json")))

    def opinions(
        self,
        examples: Sequence[Example],
        votes: int,
        report: Callable[[str, int, int], None] = lambda what, done, of: None,
    ) -> list[list[Span]]:
        """For each example ``votes`` spans, most probable first, equal ones repeated."""
        texts = encode(self.tokenizer, (example.context for example in examples))
        rows = sorted(self._rows(examples, texts), key=len)
        opinions: list[list[Span]] = [[] for _ in examples]
        done = 0

        def read(batch: list[_Row]) -> list[list[tuple[Span, int]]]:
            return list(self._read([row.feature for row in batch], votes))

        together = list(_batches(rows))
        with ThreadPoolExecutor(2) as pool:
            for batch, found in zip(together, pool.map(read, together), strict=True):
                for row, pieces in zip(batch, found, strict=True):
                    example = examples[row.example]
                    opinions[row.example] = _in_text(
                        example, texts[example.context], row.begin, pieces
                    )
                done += len(batch)
                report("annotating", done, len(rows))
        return opinions

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

    def _read(self, rows: list[Feature], votes: int) -> Iterator[list[tuple[Span, int]]]:
        """For each row its spans (pieces of the passage, end inclusive) with their votes."""
        with torch.inference_mode(), precision(self.plan.precision):
            starts, ends = span_logits(self.model, collate(rows))
        for row, start, end in zip(rows, starts.numpy(), ends.numpy(), strict=True):
            passage = slice(row.passage, len(row.ids) - 1)
            yield shared_votes(start[passage], end[passage], votes)


def shared_votes(start: Floats, end: Floats, votes: int) -> list[tuple[Span, int]]:
    """The spans (end inclusive) of at most LONGEST pieces, most probable first, with votes.

    ``start`` and ``end`` [n] are logits. Votes go to the largest remainders; a span whose
    probability is less than half a vote has none.
    """
    scores = start[:, None] + end[None, :]
    allowed = np.triu(np.ones_like(scores, dtype=bool))
    allowed &= ~np.triu(np.ones_like(scores, dtype=bool), LONGEST)
    weights = np.where(allowed, np.exp(scores - scores[allowed].max()), 0.0)
    exact = weights / weights.sum() * votes
    floor = np.floor(exact)
    left = votes - int(floor.sum())
    rest = np.argsort(-(exact - floor), axis=None, kind="stable")[:left]
    places = np.unravel_index(rest, scores.shape)
    floor[places] += exact[places] >= 0.5
    order = np.argsort(-exact, axis=None, kind="stable")[: 2 * votes]
    given = [(int(i // len(start)), int(i % len(start))) for i in order]
    return [(span, int(floor[span])) for span in given if floor[span]]


def _in_text(
    example: Example, encoded: Encoded, begin: int, pieces: Sequence[tuple[Span, int]]
) -> list[Span]:
    """Pieces of the passage as code points, a span once for each of its votes."""
    spans: list[Span] = []
    for (first, last), votes in pieces:
        start = int(encoded.offsets[begin + first, 0])
        end = int(encoded.offsets[begin + last, 1])
        spans += [trimmed(example.context, start, end)] * votes
    return spans
