"""Exact search over vectors, against brute force, and always of the view's revision."""

from pathlib import Path

import numpy as np
import pytest

from index.embedding.embedder import Floats
from index.ingest.loading import draft_of_text
from index.search.snapshot import Ids
from index.sqlite.catalogue import Catalogue
from index.sqlite.library import SQLiteLibrary
from index.sqlite.snapshot import SQLiteSnapshot
from index.sqlite.vectors import Vectors
from tests.fakes import DIMENSIONS, WordEmbedder

WORDS = "anchor boat chart deck engine fish gull hull island jetty keel lamp mast net oar".split()


@pytest.fixture
def catalogue(folder: Path, library: SQLiteLibrary) -> Catalogue:
    """The catalogue of ``library``."""
    return Catalogue(folder, WordEmbedder(), create=False)


@pytest.fixture
def vectors() -> Vectors:
    return Vectors(DIMENSIONS)


def _fill(library: SQLiteLibrary, articles: int, seed: int = 1) -> list[str]:
    """Articles of four paragraphs of random words; their ids."""
    rng = np.random.default_rng(seed)
    return [
        library.add(
            draft_of_text(
                "\n\n".join(
                    " ".join(rng.choice(WORDS, 6)) + ". " + " ".join(rng.choice(WORDS, 4)) + "."
                    for _ in range(4)
                ),
                source=f"{seed}-{number}",
            )
        ).article.id
        for number in range(articles)
    ]


def _query(text: str = "boat engine island") -> Floats:
    return WordEmbedder().embed_query(text).vector


def _brute_force(
    view: SQLiteSnapshot, query: Floats, count: int, within: Ids | None = None
) -> list[int]:
    """The paragraphs of the nearest sentences, and of those as near as the last, by a loop."""
    rows = []
    for paragraph_id in view.paragraph_ids().tolist():
        if within is None or paragraph_id in within:
            (sentences,) = view.sentence_embeddings(np.array([paragraph_id]))
            rows += [(float(np.float32(row @ query)), paragraph_id) for row in sentences]
    rows.sort(reverse=True)
    edge = rows[min(count, len(rows)) - 1][0] if rows else 0.0
    return sorted({paragraph_id for score, paragraph_id in rows if score >= edge - 1e-6})


@pytest.mark.parametrize("count", [1, 5, 40, 1000])
def test_the_nearest_are_those_of_brute_force(
    library: SQLiteLibrary, catalogue: Catalogue, vectors: Vectors, count: int
) -> None:
    _fill(library, 15)
    with catalogue.reading() as view:
        found = vectors.nearest(view, _query(), count)
        assert found.tolist() == _brute_force(view, _query(), count)


def test_limits_hold_in_the_search_and_not_after_it(
    library: SQLiteLibrary, catalogue: Catalogue, vectors: Vectors
) -> None:
    """The ten nearest within the limits are found, however many nearer ones lie outside."""
    _fill(library, 15)
    with catalogue.reading() as view:
        ids = view.paragraph_ids()
        far = np.setdiff1d(ids, vectors.nearest(view, _query(), 30))
        assert len(far) > 10
        found = vectors.nearest(view, _query(), 10, within=far)
        assert found.tolist() == _brute_force(view, _query(), 10, far)


def test_nothing_is_found_within_nothing(
    library: SQLiteLibrary, catalogue: Catalogue, vectors: Vectors
) -> None:
    _fill(library, 2)
    with catalogue.reading() as view:
        assert vectors.nearest(view, _query(), 5, within=np.empty(0, np.int64)).tolist() == []


def test_nothing_is_found_in_an_empty_library(catalogue: Catalogue, vectors: Vectors) -> None:
    with catalogue.reading() as view:
        assert vectors.nearest(view, _query(), 5).tolist() == []


def test_rows_follow_what_is_added_and_removed(
    library: SQLiteLibrary, catalogue: Catalogue, vectors: Vectors
) -> None:
    first, *_ = _fill(library, 3)
    with catalogue.reading() as view:
        vectors.nearest(view, _query(), 1)
    library.remove(first)
    _fill(library, 2, seed=2)
    with catalogue.reading() as view:
        everything = vectors.nearest(view, _query(), 1000)
        assert everything.tolist() == view.paragraph_ids().tolist()
        assert vectors.nearest(view, _query(), 7).tolist() == _brute_force(view, _query(), 7)


def test_an_older_view_is_searched_as_it_was(
    library: SQLiteLibrary, catalogue: Catalogue, vectors: Vectors
) -> None:
    _fill(library, 3)
    with catalogue.reading() as old:
        before = old.paragraph_ids().tolist()
        _fill(library, 2, seed=2)
        with catalogue.reading() as new:
            assert len(vectors.nearest(new, _query(), 1000)) == 20
        assert vectors.nearest(old, _query(), 1000).tolist() == before


class _Breaking(SQLiteSnapshot):
    """A snapshot whose embeddings cannot be read."""

    def sentence_embeddings(self, ids: Ids) -> list[Floats]:
        raise OSError("the disk failed")


def test_rows_that_could_not_follow_are_built_anew(
    library: SQLiteLibrary, catalogue: Catalogue, vectors: Vectors
) -> None:
    _fill(library, 2)
    with catalogue.reading() as view:
        vectors.nearest(view, _query(), 1)
    _fill(library, 2, seed=2)
    with catalogue.reading() as view:
        with pytest.raises(OSError, match="the disk failed"):
            vectors.nearest(_Breaking(view._db, DIMENSIONS), _query(), 1000)
        assert len(vectors.nearest(view, _query(), 1000)) == 16


def test_what_is_equally_near_is_found_in_whatever_order_it_was_added(tmp_path: Path) -> None:
    drafts = [draft_of_text("Boat engine." + " " * i, source=f"{i}") for i in range(20)]
    drafts += [draft_of_text("Fish net." + " " * i, source=f"other {i}") for i in range(5)]
    found = []
    for name, order in (("forth", drafts), ("back", drafts[::-1])):
        library = SQLiteLibrary(tmp_path / name, WordEmbedder(), create=True)
        for draft in order:
            library.add(draft)
        with Catalogue(tmp_path / name, WordEmbedder(), create=False).reading() as view:
            found.append(Vectors(DIMENSIONS).nearest(view, _query("boat"), 3).tolist())
    assert found[0] == found[1]
    assert len(found[0]) == 20
