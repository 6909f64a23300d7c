"""What a library holds, compared with what it has to hold."""

import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.crash.corpus import WORDS
from index.article import Draft, Structure, id_of
from index.embedding.embedder import Floats, ParagraphText
from index.sqlite.library import SQLiteLibrary
from tests.fakes import WordEmbedder, all_articles

EMBEDDER = WordEmbedder()
FOUND = 10
"""Passages that are compared of each search."""

Allowed = Mapping[str, tuple[Draft | None, ...]]
"""For each article's id: the drafts that may be there, with None when none need be."""


class Broken(AssertionError):
    """The library does not hold what it has to."""


def open_library(folder: Path) -> SQLiteLibrary:
    return SQLiteLibrary(folder, EMBEDDER)


def held(library: SQLiteLibrary, allowed: Allowed) -> dict[str, Draft]:
    """The drafts that are there. Raises ``Broken`` for one that may not be, or only half is."""
    found: dict[str, Draft] = {}
    for article in all_articles(library):
        structure = library.whole(article.id)[1]
        whole = [
            draft
            for draft in allowed.get(article.id, ())
            if draft and draft.text == article.text and _structure(draft) == structure
        ]
        if not whole:
            raise Broken(f"{article.id} ({article.source}) holds what was never taken in")
        found[article.id] = whole[0]
    for article_id, drafts in allowed.items():
        if article_id not in found and None not in drafts:
            raise Broken(f"{article_id} ({drafts[0] and drafts[0].source}) is lost")
    return found


def check_searches(library: SQLiteLibrary, drafts: Iterable[Draft], seed: int) -> None:
    """Raise ``Broken`` unless searches find what brute force, and a library made anew, find."""
    drafts = list(drafts)
    queries = _queries(drafts, seed)
    for query in queries:
        _check_vectors(library, drafts, query)
    with TemporaryDirectory(prefix="pullquote-") as temporary:
        anew = SQLiteLibrary(Path(temporary), EMBEDDER, create=True)
        for draft in drafts:
            anew.add(draft)
        if anew.revision != library.revision:
            raise Broken("its revision is not that of its articles")
        if anew.counts() != library.counts():
            raise Broken(f"it counts {library.counts()}, not {anew.counts()}")
        for query in queries:
            own, fresh = library.search(query, FOUND), anew.search(query, FOUND)
            if own.passages != fresh.passages:
                raise Broken(f"the search for {query!r} is not that of a library made anew")


def _queries(drafts: list[Draft], seed: int) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - no secret
    queries = [" ".join(chance.sample(WORDS, 3)) for _ in range(2)]
    if drafts:
        draft = chance.choice(drafts)
        queries.append(chance.choice(draft.paragraphs).sentences[0].of(draft.text))
    return queries


def _check_vectors(library: SQLiteLibrary, drafts: list[Draft], query: str) -> None:
    found = library.search(query, FOUND, by="vectors").passages
    own = [(p.article.id, p.paragraph.number, max(p.sentence_scores)) for p in found]
    if own != _brute_force(drafts, query):
        raise Broken(f"the search for {query!r} is not that of brute force")


def _brute_force(drafts: list[Draft], query: str) -> list[tuple[str, int, float]]:
    vector = EMBEDDER.embed_query(query).vector
    scored = [
        (id_of(draft), paragraph.number, float((rows @ vector).max()))
        for draft in drafts
        for paragraph, rows in zip(draft.paragraphs, _rows(draft), strict=True)
    ]
    return sorted(scored, key=lambda one: (-one[2], one[0], one[1]))[:FOUND]


def _rows(draft: Draft) -> list[Floats]:
    passages = [
        ParagraphText(
            paragraph.span.of(draft.text),
            tuple(sentence.moved(-paragraph.span.start) for sentence in paragraph.sentences),
        )
        for paragraph in draft.paragraphs
    ]
    return [np.ascontiguousarray(one.sentences) for one in EMBEDDER.embed(passages)]


def _structure(draft: Draft) -> Structure:
    return Structure(draft.paragraphs, draft.headings)
