"""A thousand random operations on the embedded engine, against the model in memory."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from index.article import Draft, Filters, id_of
from index.errors import ArticleNotFound
from index.ingest.loading import draft_of_text
from index.library import Found, Library
from index.sqlite.check import check
from index.sqlite.library import SQLiteLibrary
from tests.fakes import WordEmbedder
from tests.index.contract.memory import memory_library

SOURCES = ["a", "b", "c", "d", "e"]
STORY = (
    "The harbour master of Lisbon said on Monday that the ferry to Porto will leave at noon from "
    "now on, because the old pier is being mended until spring."
)
PARAGRAPHS = [
    STORY,
    STORY.replace("said on Monday", "announced yesterday"),
    STORY.replace("said on Monday", "announced yesterday").replace("spring", "summer"),
    STORY.replace("noon", "12"),
    "Tickets cost 12 pounds.",
    "Élan is the name of the ferry. It is blue.",
    "The museum of Bath opened in 1893. Its founder was Ada Hill.",
    "Boats sailed. Sailing boats are painted blue; a boat sails.",
]
QUERIES = ["When does the ferry leave?", "sailing boats", "what is it", "Ada museum élan", "?"]

drafts = st.builds(
    lambda parts, title, source, tags: replace(
        draft_of_text("\n\n".join(parts), title=title, source=source), tags=tags
    ),
    st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=3),
    st.sampled_from(["Ferries", "Boats", "-"]),
    st.sampled_from(SOURCES),
    st.sampled_from([(), ("sea",), ("sea", "land")]),
)
filters = st.none() | st.builds(
    Filters,
    sources=st.none() | st.lists(st.sampled_from(SOURCES), max_size=3).map(tuple),
    tags=st.none() | st.sampled_from([("sea",), ("land", "air")]),
)


class Operations(RuleBasedStateMachine):
    """Whatever is done to both, they hold and find the same."""

    @initialize()
    def make(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pullquote-"))
        self.library: Library = SQLiteLibrary(self.folder, WordEmbedder(), create=True)
        self.model: Library = memory_library(WordEmbedder())

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            assert check(self.folder, "words") == []
            shutil.rmtree(self.folder)

    @rule(draft=drafts)
    def add(self, draft: Draft) -> None:
        assert self.library.add(draft) == self.model.add(draft)

    @rule(given=st.lists(drafts, max_size=3))
    def add_several(self, given: list[Draft]) -> None:
        with self.library.batch():
            for draft in given:
                assert self.library.add(draft) == self.model.add(draft)

    @rule(source=st.sampled_from(SOURCES))
    def remove(self, source: str) -> None:
        article_id = id_of(Draft("", (), source=source))
        if self.model.summaries(matching=source).total and self._holds(article_id):
            self.library.remove(article_id)
            self.model.remove(article_id)
        else:
            with pytest.raises(ArticleNotFound):
                self.library.remove(article_id)

    def _holds(self, article_id: str) -> bool:
        return article_id in {one.id for one in self.model.summaries().articles}

    @rule()
    def open_again(self) -> None:
        self.library = SQLiteLibrary(self.folder, WordEmbedder())

    @rule(
        query=st.sampled_from(QUERIES),
        top_k=st.sampled_from([1, 3, 50]),
        chosen=filters,
        by=st.sampled_from(["fused", "words", "vectors"]),
    )
    def search(self, query: str, top_k: int, chosen: Filters | None, by: str) -> None:
        own, model = (
            library.search(query, top_k, chosen, by=by)  # type: ignore[arg-type]  # one of the three
            for library in (self.library, self.model)
        )
        assert _places(own) == _places(model)
        for one, other in zip(own.passages, model.passages, strict=True):
            assert one.score == pytest.approx(other.score, abs=1e-6)
            assert one.sentence_scores == pytest.approx(other.sentence_scores, abs=1e-6)

    @rule(offset=st.integers(0, 4), matching=st.sampled_from(["", "FERR", "b", "é"]))
    def list(self, offset: int, matching: str) -> None:
        own, model = (
            library.summaries(offset, 2, matching) for library in (self.library, self.model)
        )
        assert own == model

    @invariant()
    def they_hold_the_same(self) -> None:
        if hasattr(self, "library"):
            assert self.library.revision == self.model.revision
            assert self.library.counts() == self.model.counts()


def _places(found: Found) -> list[tuple[object, ...]]:
    return [
        (
            passage.article,
            passage.paragraph,
            [(copy.article.id, copy.paragraph) for copy in passage.copies],
        )
        for passage in found.passages
    ]


TestOperations = Operations.TestCase
TestOperations.settings = settings(
    max_examples=20, stateful_step_count=50, deadline=None, derandomize=True
)
