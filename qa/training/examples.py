"""Questions with their annotated answers, read from files in SQuAD's JSON form."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import InputError


@dataclass(frozen=True, slots=True)
class Example:
    """A question on a paragraph with every annotator's answer.

    ``spans`` are code-point offsets into ``context``, end exclusive, one for each annotator
    (equal ones repeat, and so weigh more); none when the paragraph does not answer.
    ``article`` groups paragraphs that stand near each other: the file and the article's title.
    """

    id: str
    question: str
    context: str
    spans: tuple[tuple[int, int], ...]
    article: str

    def answers(self) -> tuple[str, ...]:
        return tuple(self.context[start:end] for start, end in self.spans)


def read_examples(path: Path) -> list[Example]:
    """Every question of a SQuAD file, in its order.

    Raises InputError, naming the file and the place in it, for a file that is not SQuAD's format,
    an answer that does not stand where its offset says, or a question without answers that is not
    marked impossible.
    """
    examples = [example for article in _articles(path) for example in _of_article(path, article)]
    if not examples:
        raise _bad(path, "no question", "give a file with at least one question")
    return examples


def _bad(path: Path, what: str, remedy: str) -> InputError:
    return InputError(f"{path}: {what}: {remedy}", field="files")


def _articles(path: Path) -> list[Any]:
    remedy = 'give a file of the form {"data": [{"title", "paragraphs": [...]}]}'
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _bad(path, f"cannot be read ({error.strerror})", "give a readable file") from error
    except ValueError as error:
        raise _bad(path, f"not JSON in UTF-8 ({error})", remedy) from error
    articles = content.get("data") if isinstance(content, dict) else None
    if not isinstance(articles, list):
        raise _bad(path, 'not in SQuAD format, no list "data"', remedy)
    return articles


def _of_article(path: Path, article: Any) -> Iterator[Example]:
    title = str(article.get("title", "")) if isinstance(article, dict) else ""
    where = f"article {title!r}"
    for number, paragraph in enumerate(_listed(path, article, "paragraphs", where), start=1):
        place = f"{where}, paragraph {number}"
        context = _text(path, paragraph, "context", place)
        for qa in _listed(path, paragraph, "qas", place):
            yield _example(path, qa, context, f"{path}:{title}", place)


def _example(path: Path, qa: Any, context: str, article: str, place: str) -> Example:
    question = _text(path, qa, "question", place)
    identifier = str(qa.get("id", question))
    place = f"{place}, question {identifier!r}"
    impossible = bool(qa.get("is_impossible", False))
    answers = [] if impossible else _listed(path, qa, "answers", place)
    if not answers and not impossible:
        raise _bad(path, f"{place} has no answers", 'add answers or "is_impossible": true')
    spans = tuple(_span(path, answer, context, place) for answer in answers)
    return Example(identifier, question.strip(), context, spans, article)


def _span(path: Path, answer: Any, context: str, place: str) -> tuple[int, int]:
    text = _text(path, answer, "text", place)
    start = answer.get("answer_start")
    if not isinstance(start, int) or start < 0 or context[start : start + len(text)] != text:
        found = context[start : start + len(text)] if isinstance(start, int) else None
        raise _bad(
            path,
            f"{place}: the answer {text!r} does not stand at answer_start {start!r}, "
            f"where the context reads {found!r}",
            "correct answer_start (code points, from 0)",
        )
    return start, start + len(text)


def _listed(path: Path, holder: Any, key: str, place: str) -> list[Any]:
    found = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(found, list):
        raise _bad(path, f'{place} has no list "{key}"', "give a file in SQuAD format")
    return found


def _text(path: Path, holder: Any, key: str, place: str) -> str:
    found = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(found, str) or not found.strip():
        raise _bad(path, f'{place} has no text "{key}"', "give a file in SQuAD format")
    return found
