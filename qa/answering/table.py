"""Tables: the cell that a question asks for, by the words of its row and of its column's header."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.article import Article, Paragraph, Span, Structure
from index.stopwords import content_words, words_of
from index.tables import Cell, cells

SHORTEST_STEM = 3
"""Letters in a word at least that may be the beginning of another: "Thu" of "Thursday"."""

LEAST_NAMED = 0.5
"""What share of its words must be asked, at least, for a row or a column to be named."""


@dataclass(frozen=True, slots=True)
class Found:
    """A cell with the row and the article that it stands in."""

    article: Article
    row: Paragraph
    cell: Cell


@dataclass(frozen=True, slots=True)
class _Row:
    article: Article
    paragraph: Paragraph
    cells: tuple[Cell, ...]

    def at(self, column: int) -> Found | None:
        """The cell in a column; None when it is empty."""
        cell = next((cell for cell in self.cells if cell.column == column), None)
        return Found(self.article, self.paragraph, cell) if cell else None

    def words(self, cell: Cell) -> set[str]:
        return words_of(cell.span.of(self.article.text))


def look_up(
    question: str, context: str, articles: Sequence[tuple[Article, Structure]]
) -> Found | None:
    """The one cell whose row and column a question names; None when none or several do, or when it
    is empty.

    The ``context`` of a question that follows counts less than its own words.
    """
    asked = [(2.0, content_words(question)), (1.0, content_words(context))]
    ranked: list[tuple[float, Found | None]] = []
    for rows in _tables(articles):
        headers = {c.column: c.header for row in rows for c in row.cells if c.header}
        for row in rows:
            for column, header in headers.items():
                named = _worth(asked, row, column, words_of(header.of(row.article.text)))
                if named:
                    ranked.append((named, row.at(column)))
    ranked.sort(key=lambda one: -one[0])
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1]


def _worth(
    asked: Sequence[tuple[float, set[str]]], row: _Row, column: int, header: set[str]
) -> float:
    """How far the asked words name a row, by its other cells, and a column; 0 unless both."""
    labels = [row.words(cell) for cell in row.cells if cell.column != column]
    in_row = in_column = 0.0
    for weight, words in asked:
        in_row += weight * max((_share(words, label) for label in labels), default=0.0)
        in_column += weight * _share(words, header)
    return in_row + in_column if min(in_row, in_column) >= LEAST_NAMED else 0.0


def _tables(articles: Sequence[tuple[Article, Structure]]) -> list[list[_Row]]:
    """The rows of each article with tables."""
    return [rows for pair in articles if (rows := _rows([pair]))]


def _rows(articles: Sequence[tuple[Article, Structure]]) -> list[_Row]:
    return [
        _Row(article, paragraph, found)
        for article, structure in articles
        if "|" in article.text
        for paragraph in structure.paragraphs
        for line in _lines(article.text, paragraph.span)
        if (found := cells(article.text, replace(paragraph, span=line, sentences=(line,))))
    ]


def _lines(text: str, span: Span) -> Iterator[Span]:
    """The lines of a paragraph: a table in plain text is one with a row in each."""
    start = span.start
    for line in span.of(text).splitlines(keepends=True):
        if "|" in line and line.strip():
            yield Span(start, start + len(line.rstrip()))
        start += len(line)


def _share(asked: set[str], words: set[str]) -> float:
    """The share of the words that are asked, or begin one that is."""
    told = sum(any(_alike(word, other) for other in asked) for word in words)
    return told / len(words) if words else 0.0


def _alike(word: str, other: str) -> bool:
    if word == other:
        return True
    short, long = sorted((word, other), key=len)
    return len(short) >= SHORTEST_STEM and not short.isdigit() and long.startswith(short)
