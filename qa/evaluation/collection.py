"""Collections: a data set's paragraphs, taken into a library to ask its questions of."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from index.article import Article, Draft, Filters, Paragraph, Passage, Span, id_of
from index.embedding.embedder import Embedder
from index.errors import InputError
from index.ingest.files import find_files
from index.ingest.loading import load
from index.ingest.segmenting import split_sentences
from index.sqlite.library import SQLiteLibrary
from qa.evaluation.dataset import Dataset, Question, QuestionList, read
from qa.evaluation.dataset import Paragraph as Context

Setting = Literal["passage", "library"]
Progress = Callable[[str, int, int], None]
"""Called with what is done, how much of it, of how much."""


@dataclass(frozen=True, slots=True)
class EvaluationQuestion:
    """A question with its place: the article's position in its file, which cross-validation
    folds by; the article's id in the library; and the gold paragraph's number, if it has one."""

    question: Question
    fold: int
    article_id: str
    paragraph: int | None

    def is_gold(self, passage: Passage) -> bool:
        return any(
            (place.article.id, place.paragraph.number) == (self.article_id, self.paragraph)
            for place in passage.places
        )

    @property
    def only_gold(self) -> Filters:
        """Filters that leave the gold paragraph alone, in a collection for ``passage``."""
        return Filters(article_ids=(self.article_id,))


def read_dataset(path: Path, seeds: Path) -> Dataset:
    """A question set with its paragraphs; a list of questions is about the article in ``seeds``.

    Raises ``InputError`` when the file is no question set, or ``seeds`` holds several articles.
    """
    found = read(path)
    if not isinstance(found, QuestionList):
        return found
    files = find_files([seeds]).files
    if len(files) != 1:
        raise InputError(
            f"{str(path)!r} asks about one article, but {str(seeds)!r} holds {len(files)}: set "
            "PULLQUOTE_SEEDS to that article's folder",
            "seeds",
        )
    draft = load(files[0].read_bytes(), files[0].name)
    contexts = [paragraph.span.of(draft.text) for paragraph in draft.paragraphs]
    return found.about(contexts, draft.title)


def drafts(dataset: Dataset, setting: Setting) -> Iterator[Draft]:
    """The data set's articles: one for each of its own, or one for each paragraph."""
    for article in dataset.articles:
        parts = (
            [article.paragraphs]
            if setting == "library"
            else [(paragraph,) for paragraph in article.paragraphs]
        )
        for number, contexts in enumerate(parts, 1):
            yield _draft(article.title, contexts, _source(dataset, article.title, setting, number))


def questions(dataset: Dataset, setting: Setting) -> Iterator[EvaluationQuestion]:
    """The data set's questions, in order; in ``passage`` only those that have a paragraph."""
    for fold, article in enumerate(dataset.articles):
        for number, paragraph in enumerate(article.paragraphs, 1):
            part, place = (1, number) if setting == "library" else (number, 1)
            article_id = _id(_source(dataset, article.title, setting, part))
            for question in paragraph.questions:
                yield EvaluationQuestion(
                    question, fold, article_id, None if question.impossible else place
                )
        if setting == "library":
            article_id = _id(_source(dataset, article.title, setting, 1))
            for question in article.unplaced:
                yield EvaluationQuestion(question, fold, article_id, None)


@contextmanager
def collected(
    datasets: Sequence[Dataset],
    setting: Setting,
    embedder: Embedder,
    folder: Path | None = None,
    on_progress: Progress | None = None,
) -> Iterator[SQLiteLibrary]:
    """A library with all paragraphs of the data sets: kept in ``folder``, or a temporary one."""
    with TemporaryDirectory(prefix="pullquote-") as temporary:
        library = SQLiteLibrary(folder or Path(temporary), embedder, create=True)
        wanted = [draft for dataset in datasets for draft in drafts(dataset, setting)]
        _keep_only({id_of(draft) for draft in wanted}, library)
        for number, draft in enumerate(wanted, 1):
            library.add(draft)
            if on_progress:
                on_progress("taking in", number, len(wanted))
        yield library


def lone_passage(text: str) -> Passage:
    """A text as the only paragraph of an article, to be read without a library."""
    span = Span(0, len(text))
    article = Article("", "", None, None, text, "")
    return Passage(article, Paragraph(1, span, (span,)), 1.0, (1.0,))


def _keep_only(ids: set[str], library: SQLiteLibrary) -> None:
    """Refuse a library that holds other articles: they would change what is measured."""
    held = library.summaries(limit=library.counts().articles).articles
    foreign = [article for article in held if article.id not in ids]
    if foreign:
        raise InputError(
            f"the library in {str(library.folder)!r} holds {len(foreign)} other articles, such as "
            f"{foreign[0].title!r}: give an empty folder, or one that the same evaluation filled",
            "library",
        )


def _source(dataset: Dataset, title: str, setting: Setting, part: int) -> str:
    own = "" if setting == "library" else f"#{part}"
    return f"{dataset.title}/{title}{own}"


def _id(source: str) -> str:
    return id_of(Draft("", (), source=source))


def _draft(title: str, contexts: Sequence[Context], source: str) -> Draft:
    text, spans = "", []
    for context in contexts:
        start = len(text) + len(context.context) - len(context.context.lstrip())
        spans.append(Span(start, len(text) + len(context.context.rstrip())))
        text += context.context + "\n\n"
    return Draft(
        text,
        tuple(
            Paragraph(number, span, split_sentences(text, span))
            for number, span in enumerate(spans, 1)
        ),
        title=title.replace("_", " "),
        source=source,
    )
