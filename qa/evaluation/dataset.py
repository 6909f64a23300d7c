"""Question sets on disk, read into values.

Two formats: SQuAD's JSON (1.1 and 2.0; Rajpurkar et al. 2016, 2018), which carries its
paragraphs, and JSON Lines of questions about one article, which does not:
``{"id", "question", "answers": ["..."], "paragraph": n | null}``, a question a line.

Every file that is not what it should be raises InputError with the field ``file``; the message
names the file, the place in it, and the remedy.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from index.errors import InputError, UnreadableFile


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its gold answers.

    ``answer_starts`` are code points into the paragraph's context, one an answer; they are
    empty when the file gives none. ``impossible`` means that there is no gold answer.
    """

    id: str
    text: str
    answers: tuple[str, ...]
    answer_starts: tuple[int, ...]
    impossible: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's text and the questions asked about it; there may be none."""

    context: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """An article's paragraphs, and the questions about it that have no paragraph of their own."""

    title: str
    paragraphs: tuple[Paragraph, ...]
    unplaced: tuple[Question, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        placed = (question for paragraph in self.paragraphs for question in paragraph.questions)
        return (*placed, *self.unplaced)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Articles with their questions; ids are unique. ``title`` is the file's name, unsuffixed."""

    title: str
    articles: tuple[Article, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for article in self.articles for question in article.questions)


@dataclass(frozen=True, slots=True)
class PlacedQuestion:
    """A question and the number of its gold paragraph, from 1; None where there is none."""

    question: Question
    paragraph: int | None


@dataclass(frozen=True, slots=True)
class QuestionList:
    """Questions about one article whose text is elsewhere. ``title`` as in Dataset."""

    title: str
    items: tuple[PlacedQuestion, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(item.question for item in self.items)

    def about(self, contexts: Sequence[str], title: str = "") -> Dataset:
        """Put the questions to the article's paragraphs, given in reading order.

        Raises InputError when a question's paragraph is beyond the last.
        """
        for item in self.items:
            if item.paragraph is not None and item.paragraph > len(contexts):
                raise InputError(
                    f"question {item.question.id!r} of {self.title!r} names paragraph "
                    f"{item.paragraph}, but the article {title!r} has {len(contexts)}: give the "
                    "article that the questions were written for",
                    "file",
                )
        paragraphs = (
            Paragraph(context, self._at(number)) for number, context in enumerate(contexts, 1)
        )
        return Dataset(self.title, (Article(title, tuple(paragraphs), self._at(None)),))

    def _at(self, number: int | None) -> tuple[Question, ...]:
        return tuple(item.question for item in self.items if item.paragraph == number)


def read(path: Path, *, strict: bool = False) -> Dataset | QuestionList:
    """Read either format, told apart by the first line (or by the suffix ``.jsonl``)."""
    if path.suffix.lower() == ".jsonl" or _opens_with_a_question(_text_of(path)):
        return read_question_list(path)
    return read_squad(path, strict=strict)


def read_squad(path: Path, *, strict: bool = False) -> Dataset:
    """Read SQuAD's JSON, 1.1 or 2.0. Offsets must lie inside their context.

    Scoring goes by text, so by default an answer may differ from the context at its offset, and
    the answers alone say whether a question is impossible, as in SQuAD's own script. ``strict``
    is for training, where the offsets are what is learnt: it also refuses answers that are not
    the context's text at their offset, empty answers, an ``is_impossible`` that contradicts the
    answers, and a file without one answer.
    """
    try:
        raw = _Squad.model_validate_json(_text_of(path))
    except ValidationError as error:
        place, problem = _first(error)
        raise InputError(
            f"{path} is not in SQuAD's format: {place}{problem}: give a SQuAD 1.1 or 2.0 JSON "
            "file, or questions about one article as JSON Lines",
            "file",
        ) from None
    for place, problem in _problems(raw, strict):
        raise InputError(f"{path}: {place}: {problem}: correct the file", "file")
    dataset = Dataset(path.stem, tuple(map(_article, raw.data)))
    _check_questions(path, dataset.questions)
    if strict and all(question.impossible for question in dataset.questions):
        raise InputError(f"{path} holds no answers: give a file with answers to learn", "file")
    return dataset


def read_question_list(path: Path) -> QuestionList:
    """Read questions about one article as JSON Lines; blank lines are skipped."""
    # Not splitlines(): it would also break a line at U+2028, which JSON allows inside strings.
    numbered = enumerate(_text_of(path).split("\n"), 1)
    items = tuple(_item(path, number, line) for number, line in numbered if line.strip())
    _check_questions(path, [item.question for item in items])
    return QuestionList(path.stem, items)


class _Raw(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class _RawAnswer(_Raw):
    text: str
    answer_start: int


class _RawQuestion(_Raw):
    id: str
    question: str = Field(pattern=r"\S")
    answers: tuple[_RawAnswer, ...]
    is_impossible: bool | None = None


class _RawParagraph(_Raw):
    context: str = Field(pattern=r"\S")
    qas: tuple[_RawQuestion, ...]


class _RawArticle(_Raw):
    title: str = ""
    paragraphs: tuple[_RawParagraph, ...]


class _Squad(_Raw):
    data: tuple[_RawArticle, ...]


class _Line(_Raw):
    id: str
    question: str = Field(pattern=r"\S")
    answers: tuple[str, ...]
    paragraph: int | None = Field(ge=1)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableFile(
            f"{path} cannot be read ({error.strerror}): give the path of a readable file", "file"
        ) from None
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8", "file"
        ) from None


def _opens_with_a_question(text: str) -> bool:
    """Whether the first line is a whole JSON object with a question, and not SQuAD's ``data``."""
    first = text.lstrip().partition("\n")[0]
    try:
        keys = RootModel[dict[str, object]].model_validate_json(first).root.keys()
    except ValidationError:
        return False
    return "question" in keys and "data" not in keys


def _first(error: ValidationError) -> tuple[str, str]:
    """The first problem: its place, as in ``data[0].title: `` (or nothing), and its text."""
    detail = error.errors(include_url=False)[0]
    place = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in detail["loc"])
    if detail["type"] == "string_pattern_mismatch":
        return f"{place.lstrip('.')}: ", "it is blank"
    return f"{place.lstrip('.')}: " if place else "", detail["msg"]


def _problems(raw: _Squad, strict: bool) -> Iterator[tuple[str, str]]:
    """Places in the file and what is wrong there, beyond the shape of the JSON."""
    for a, article in enumerate(raw.data):
        for p, paragraph in enumerate(article.paragraphs):
            for q, question in enumerate(paragraph.qas):
                place = f"data[{a}].paragraphs[{p}].qas[{q}]"
                if strict and question.is_impossible not in (None, not question.answers):
                    yield place, _contradiction(question)
                for n, answer in enumerate(question.answers):
                    for problem in _answer_problems(answer, paragraph.context, strict):
                        yield f"{place}.answers[{n}]", f"{problem} (question {question.id!r})"


def _contradiction(question: _RawQuestion) -> str:
    given = str(question.is_impossible).lower()
    return f"is_impossible is {given} with {len(question.answers)} answers ({question.id!r})"


def _answer_problems(answer: _RawAnswer, context: str, strict: bool) -> Iterator[str]:
    start, end = answer.answer_start, answer.answer_start + len(answer.text)
    if start < 0 or end > len(context):
        yield (
            f"answer_start {start} puts {answer.text!r} outside the context of "
            f"{len(context)} characters"
        )
    elif strict and not answer.text.strip():
        yield f"the answer is empty: {answer.text!r}"
    elif strict and context[start:end] != answer.text:
        yield f"at answer_start {start} stands {context[start:end]!r}, not {answer.text!r}"


def _article(raw: _RawArticle) -> Article:
    paragraphs = (
        Paragraph(paragraph.context, tuple(map(_question, paragraph.qas)))
        for paragraph in raw.paragraphs
    )
    return Article(raw.title, tuple(paragraphs))


def _question(raw: _RawQuestion) -> Question:
    return Question(
        raw.id,
        raw.question,
        tuple(answer.text for answer in raw.answers),
        tuple(answer.answer_start for answer in raw.answers),
        impossible=not raw.answers,
    )


def _item(path: Path, number: int, line: str) -> PlacedQuestion:
    try:
        raw = _Line.model_validate_json(line)
    except ValidationError as error:
        place, problem = _first(error)
        raise InputError(
            f"{path}, line {number}, is not a question: {place}{problem}: write each line as "
            '{"id": "...", "question": "...", "answers": ["..."], "paragraph": 1}, with null '
            "where no paragraph answers",
            "file",
        ) from None
    question = Question(raw.id, raw.question, raw.answers, (), impossible=not raw.answers)
    return PlacedQuestion(question, raw.paragraph)


def _check_questions(path: Path, questions: Iterable[Question]) -> None:
    counts: Mapping[str, int] = Counter(question.id for question in questions)
    if not counts:
        raise InputError(f"{path} has no questions: give a file with at least one", "file")
    for id_, count in counts.items():
        if count > 1:
            raise InputError(
                f"{path} has {count} questions with the id {id_!r}: give each its own id", "file"
            )
