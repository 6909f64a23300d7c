"""An embedder over a model: paragraphs cut into windows, run in passes, put together again."""

import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Protocol

import numpy as np

from index.embedding.embedder import Embedded, EmbeddedQuery, Floats, ParagraphText, unit
from index.embedding.passes import Passes
from index.embedding.windows import Window, place

PARAGRAPHS_AT_ONCE = 256
"""Paragraphs whose tokens are held at once: bounds memory, however long the article."""


class Model(Protocol):
    """What differs between models. Safe to use from several threads."""

    dimensions: int
    pools_tokens: bool
    """Whether a text's vector is the mean of its tokens', so that sentences can be pooled."""
    query_prompt: str
    document_prompt: str
    passes: Passes

    def windows(self, texts: Sequence[str]) -> list[Window]:
        """The texts, one after the other, in windows of as many tokens as the model takes."""

    def batches(self, windows: Sequence[Window]) -> Iterator[list[Window]]:
        """The windows that share a pass. What is computed of one does not depend on the others
        beyond these, and these are settled by the article."""

    def run(self, batch: Sequence[Window]) -> list[tuple[Floats, Floats]]:
        """The vector of each window, (dimensions,) of length 1, and the states of its text's
        tokens, (tokens, dimensions)."""


class ModelEmbedder:
    """An embedder whose model is loaded when it is first needed.

    ``load_model`` may raise ``ModelError``. Without ``dimensions`` they are the loaded model's.
    """

    def __init__(
        self, name: str, load_model: Callable[[], Model], dimensions: int | None = None
    ) -> None:
        self.name = name
        self._load_model = load_model
        self._dimensions = dimensions
        self._loaded: Model | None = None
        self._loading = threading.Lock()

    @property
    def dimensions(self) -> int:
        return self._dimensions or self.load().dimensions

    def load(self) -> Model:
        """The model, loaded now if it is not yet. Raises ``ModelError``."""
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load_model()
            return self._loaded

    def embed(self, passages: Sequence[ParagraphText]) -> list[Embedded]:
        embedded: list[Embedded] = []
        for first in range(0, len(passages), PARAGRAPHS_AT_ONCE):
            embedded += _embedded(self.load(), passages[first : first + PARAGRAPHS_AT_ONCE])
        return embedded

    def embed_query(self, query: str) -> EmbeddedQuery:
        model = self.load()
        first = model.windows([model.query_prompt + query])[0]
        ((vector, states),) = model.run([first])
        asked = first.offsets[:, 0] >= len(model.query_prompt)
        return EmbeddedQuery(vector, unit(states[asked]), first.text_ids[asked])


def _embedded(model: Model, passages: Sequence[ParagraphText]) -> list[Embedded]:
    prefixes = [
        model.document_prompt + (passage.heading + "\n" if passage.heading else "")
        for passage in passages
    ]
    windows = model.windows(
        [prefix + passage.text for prefix, passage in zip(prefixes, passages, strict=True)]
    )
    by_passage = [list(own) for _, own in groupby(windows, key=lambda one: one.text_number)]
    for own, prefix, passage in zip(by_passage, prefixes, passages, strict=True):
        place(own, len(prefix), passage)
    _run(model, windows)
    return [
        Embedded(
            sentences=_sentences(model, passage, own),
            tokens=np.concatenate([window.tokens for window in own]),
            token_ids=np.concatenate([window.text_ids[window.own] for window in own]),
            token_sentences=np.concatenate([window.sentences for window in own]),
        )
        for passage, own in zip(passages, by_passage, strict=True)
    ]


def _run(model: Model, windows: Sequence[Window]) -> None:
    """Run the model over windows and fill in what it makes of them."""

    def run(batch: list[Window]) -> None:
        for window, (vector, states) in zip(batch, model.run(batch), strict=True):
            window.take(vector, states)

    model.passes.run(run, model.batches(windows))


def _sentences(model: Model, passage: ParagraphText, windows: Sequence[Window]) -> Floats:
    """The vectors of a paragraph's sentences."""
    if not model.pools_tokens:
        return _vectors(
            model, [model.document_prompt + part.of(passage.text) for part in passage.sentences]
        )
    sums = np.zeros((len(passage.sentences), model.dimensions), np.float32)
    counts = np.zeros((len(passage.sentences), 1), np.float32)
    for window in windows:
        sums[window.pooled] += window.sums
        counts[window.pooled] += window.counts
    return unit(np.where(counts, sums / np.maximum(counts, 1), windows[0].vector))


def _vectors(model: Model, texts: Sequence[str]) -> Floats:
    """The vector of each text's first window."""
    by_text = groupby(model.windows(texts), key=lambda window: window.text_number)
    firsts = [next(own) for _, own in by_text]
    _run(model, firsts)
    return np.stack([window.vector for window in firsts])
