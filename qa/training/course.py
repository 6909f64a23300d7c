"""The course of a run: every row it will see, in batches, in order, from the files and the seed."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from tokenizers import Tokenizer

from index.errors import InputError
from qa.training.edits import Pools, pools_of, unanswerable
from qa.training.encoding import Encoded, Ints, encode, special
from qa.training.examples import Example, read_examples
from qa.training.features import (
    Feature,
    answer_pieces,
    feature,
    gathered,
    masked,
    mixed,
    nearest_sentence,
    positive,
    taught,
    window,
    without_answers,
)
from qa.training.plan import TrainingPlan
from qa.training.teaching import Teaching, read_teachings
from qa.training.tokenised import detokenised

Unit = tuple[Feature, ...]  # an answered question, and at times a negative made from it
Batch = tuple[Feature, ...]
_MIXABLE = 80  # word pieces that have room for parts of two paragraphs
HardNegatives = Callable[[str, Sequence[Example]], list[tuple[str, ...]]]  # by file


@dataclass(frozen=True, slots=True)
class Source:
    """One file's examples with the hard negatives of each (sentences have theirs to gather), and
    what a teacher thinks of each, if one was asked."""

    examples: list[Example]
    hard: list[tuple[str, ...]]
    teachings: list[Teaching] | list[None]


@dataclass(frozen=True, slots=True)
class Course:
    """Batches in order, and what went into them."""

    batches: tuple[Batch, ...]
    counts: dict[str, int]


def read_sources(plan: TrainingPlan, hard: HardNegatives) -> tuple[list[Source], list[Source]]:
    """The paragraphs' files (one Source a listing, shared if listed twice) and the sentences'."""
    read: dict[str, Source] = {}
    for name in plan.files:
        if name not in read:
            examples = read_examples(Path(name))
            read[name] = Source(examples, hard(name, examples), _teachings(name, examples, plan))
    sentences = []
    for name in plan.sentences:
        sampled = _sampled(read_examples(Path(name)), plan)
        company: list[tuple[str, ...]] = [()] * len(sampled)
        if plan.gathered:
            company = hard(name, sampled)
        sentences.append(Source(sampled, company, [None] * len(sampled)))
    return [read[name] for name in plan.files], sentences


def _teachings(
    name: str, examples: list[Example], plan: TrainingPlan
) -> list[Teaching] | list[None]:
    file = Path(plan.teachings) / Path(name).name
    if not plan.teachings or not file.is_file():
        return [None] * len(examples)
    return read_teachings(file, examples)


def _sampled(examples: list[Example], plan: TrainingPlan) -> list[Example]:
    random = Random(f"{plan.seed} sentences")  # noqa: S311 # not for secrets
    chosen: list[Example] = []
    for _, group in itertools.groupby(examples, key=lambda example: example.context):
        some = [
            example
            for example in map(detokenised, group)
            if len(example.question.split()) >= plan.sentence_question_words
        ]
        chosen += random.sample(some, min(len(some), plan.sentences_per_context))
    return chosen


class CourseBuilder:
    """Makes rows of examples; everything random follows from the plan's seed."""

    def __init__(self, plan: TrainingPlan, tokenizer: Tokenizer) -> None:
        self.plan = plan
        self.tokenizer = tokenizer
        self.cls = special(tokenizer, "[CLS]")
        self.sep = special(tokenizer, "[SEP]")
        self.mask = special(tokenizer, "[MASK]") if plan.masked else 0
        self.texts: dict[str, Encoded] = {}
        self.questions: dict[str, Ints] = {}
        self.pools: dict[str, Pools] = {}
        self.counts: dict[str, int] = {}

    def build(self, sources: list[Source], sentences: list[Source]) -> Course:
        plan = self.plan
        self._prepare(sources + sentences)
        short = [
            *self._units(sentences, 1.0, "sentences", plan.sentence_negatives, plan.max_length),
            *self._units(sources, plan.short_passes, "short", plan.negatives, plan.short_length),
        ]
        full = self._units(sources, plan.full_passes, "full", plan.negatives, plan.max_length)
        batches = (*self._batches(short, "short"), *self._batches(list(full), "full"))
        if not batches:
            raise InputError(
                "the plan has no example to train on: raise --short-passes or --full-passes",
                field="files",
            )
        return Course(batches, dict(sorted(self.counts.items())))

    def _prepare(self, sources: list[Source]) -> None:
        examples = [example for source in sources for example in source.examples]
        hard = (text for source in sources for texts in source.hard for text in texts)
        contexts = itertools.chain((example.context for example in examples), hard)
        self.texts = encode(self.tokenizer, contexts)
        self._frame(example.question for example in examples)
        by_article: dict[str, dict[str, None]] = {}
        for example in examples:
            by_article.setdefault(example.article, {})[example.context] = None
        self.pools = {article: pools_of(list(texts)) for article, texts in by_article.items()}

    def _frame(self, questions: Iterable[str]) -> None:
        for text, encoded in encode(self.tokenizer, questions).items():
            ids = encoded.ids[: self.plan.max_question]
            self.questions[text] = np.concatenate(([self.cls], ids, [self.sep])).astype(np.int32)

    def _units(
        self, sources: list[Source], passes: float, phase: str, negatives: float, length: int
    ) -> Iterator[Unit]:
        plan = self.plan
        random = Random(f"{plan.seed} {phase}")  # noqa: S311 # not for secrets
        for source in sources:
            rows = list(zip(source.examples, source.hard, source.teachings, strict=True))
            for rest in _passes(passes):
                chosen = random.sample(rows, round(rest * len(rows))) if rest < 1 else rows
                for example, hard, teaching in chosen:
                    unit = self._unit(example, hard, teaching, negatives, length, random)
                    self._count(phase, unit)
                    if phase == "sentences" and plan.gathered and random.random() < plan.gathered:
                        unit = self._gathered(unit, hard, random)
                    if plan.masked:
                        unit = tuple(masked(row, plan.masked, self.mask, random) for row in unit)
                    if unit:
                        yield unit

    def _gathered(self, unit: Unit, hard: tuple[str, ...], random: Random) -> Unit:
        company = [self.texts[text].ids for text in hard]
        length = self.plan.short_length
        return tuple(
            gathered(row, company, self._budget(row.ids[: row.passage], length, random), random)
            for row in unit
        )

    def _count(self, phase: str, unit: Unit) -> None:
        for row in unit:
            key = f"{phase} {'answered' if row.spans else 'unanswered'}"
            self.counts[key] = self.counts.get(key, 0) + 1

    def _unit(
        self,
        example: Example,
        hard: tuple[str, ...],
        teaching: Teaching | None,
        negatives: float,
        length: int,
        random: Random,
    ) -> Unit:
        encoded = self.texts[example.context]
        question = self.questions[example.question]
        spans = answer_pieces(encoded, example.context, example.spans)
        budget = self._budget(question, length, random)
        if not spans:
            if example.spans or not len(encoded.ids):
                return ()
            cut = window(encoded, nearest_sentence(encoded, question), budget, random)
            row = feature(question, encoded.ids[cut.start : cut.stop], [])
            return (_with(teaching, row, encoded, cut),)
        row, cut = self._positive(question, encoded, spans, hard, budget, random)
        if len(row.ids) == len(question) + len(cut) + 1:  # no other passage is mixed in
            row = _with(teaching, row, encoded, cut)
        if random.random() >= negatives:
            return (row,)
        negative = self._negative(example, hard, cut, budget, random)
        return (row, negative) if negative else (row,)

    def _positive(
        self,
        question: Ints,
        encoded: Encoded,
        spans: list[tuple[int, int]],
        hard: tuple[str, ...],
        budget: int,
        random: Random,
    ) -> tuple[Feature, range]:
        whole = min(budget, len(encoded.ids))
        share = self.plan.mixed  # without it nothing is drawn, so that older plans give equal rows
        if share and hard and whole >= _MIXABLE and random.random() < share:
            other = self.texts[random.choice(hard)]
            made = mixed(question, encoded, spans, other, whole, random)
            if made is not None:
                return made
        return positive(question, encoded, spans, budget, random)

    def _budget(self, question: Ints, length: int, random: Random) -> int:
        room = self.plan.max_length - len(question) - 1
        if length >= self.plan.max_length:
            return room
        return min(room, random.randint(int(length * 0.8), length))

    def _negative(
        self, example: Example, hard: tuple[str, ...], cut: range, budget: int, random: Random
    ) -> Feature | None:
        """Half the negatives are other paragraphs, the rest shortened ones and edited questions."""
        kinds = ["edited", "retrieved", "removed"]
        while kinds:
            kind = random.choices(kinds, [{"retrieved": 5, "removed": 3}.get(k, 2) for k in kinds])
            made = self._made(kind[0], example, hard, cut, budget, random)
            if made is not None:
                name = f"negatives {kind[0]}"
                self.counts[name] = self.counts.get(name, 0) + 1
                return made
            kinds.remove(kind[0])
        return None

    def _made(
        self,
        kind: str,
        example: Example,
        hard: tuple[str, ...],
        cut: range,
        budget: int,
        random: Random,
    ) -> Feature | None:
        question = self.questions[example.question]
        encoded = self.texts[example.context]
        if kind == "edited":
            edited = unanswerable(example, self.pools[example.article], random)
            if edited is None:
                return None
            self._frame([edited])
            room = self.plan.max_length - len(self.questions[edited]) - 1
            return feature(self.questions[edited], encoded.ids[cut.start : cut.stop][:room], [])
        if kind == "retrieved":
            if not hard:
                return None
            other = self.texts[random.choice(hard)]
            cut = window(other, nearest_sentence(other, question), budget, random)
            return feature(question, other.ids[cut.start : cut.stop], [], joint=True)
        rest = without_answers(encoded, example)
        if rest is None:
            return None
        start = random.randint(0, max(0, len(rest) - budget))
        return feature(question, rest[start : start + budget], [], joint=True)

    def _batches(self, units: list[Unit], phase: str) -> list[Batch]:
        random = Random(f"{self.plan.seed} {phase} batches")  # noqa: S311 # not for secrets
        random.shuffle(units)
        batches = []
        for begin in range(0, len(units), 4096):
            pool = sorted(units[begin : begin + 4096], key=_length)
            some = list(_filled(pool, self.plan))
            random.shuffle(some)
            batches += some
        return batches


def _with(teaching: Teaching | None, row: Feature, encoded: Encoded, cut: range) -> Feature:
    if teaching is None:
        return row
    return taught(row, encoded, cut, teaching.starts, teaching.ends)


def _passes(passes: float) -> Iterator[float]:
    while passes > 1e-9:
        yield min(1.0, passes)
        passes -= 1.0


def _length(unit: Unit) -> int:
    return max(len(row.ids) for row in unit)


def _filled(units: list[Unit], plan: TrainingPlan) -> Iterator[Batch]:
    """Units, shortest first, in batches within the budgets of (padded) tokens and of rows."""
    rows: list[Feature] = []
    for unit in units:
        count = len(rows) + len(unit)
        full = count > plan.batch_examples or count * _length(unit) > plan.batch_tokens
        if rows and full:
            yield tuple(rows)
            rows = []
        rows += unit
    if rows:
        yield tuple(rows)
