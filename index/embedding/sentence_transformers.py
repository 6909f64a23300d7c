"""Any sentence-transformers model, on PyTorch."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.checksums import check_sha256
from index.embedding.embedder import (
    Floats,
    unit,
)
from index.embedding.model import ModelEmbedder
from index.embedding.onnx import (
    MANIFEST,
    REINSTALL,
    SHIPPED,
    WEIGHTS,
    packaged,
    read_manifest,
)
from index.embedding.passes import Passes
from index.embedding.windows import LONGEST, Window, batches, overlap, window
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGED = "all-MiniLM-L6-v2"
"""The model that comes as a package, when it is run by PyTorch."""

PASS_TOKENS = 1024
"""Tokens in one pass, padding included: more do not fit into a core's cache, and are slower."""

PASS_COST = 32
"""How many tokens' time a pass takes beyond that of its tokens: so much padding is worth one."""


class SentenceTransformerEmbedder(ModelEmbedder):
    """Embeds with a model of that name: ``PACKAGED``, a folder, or one in the local cache.

    Raises ``ModelError``, when it is first used, if the model is missing or damaged.
    """

    def __init__(self, model: str, threads: int | None = None) -> None:
        super().__init__(model, lambda: _Model(model, threads))


class _Model:
    def __init__(self, model: str, threads: int | None) -> None:
        import torch

        self._model = load_model(model, threads)
        self._tokenizer = self._model.tokenizer
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self.pools_tokens = _pools_tokens(self._model)
        self.query_prompt = str(self._model.prompts.get("query", ""))
        self.document_prompt = str(self._model.prompts.get("document", ""))
        default = torch.get_num_threads()

        def compute_alone() -> None:
            torch.get_num_threads()  # only then does a thread take a number of its own
            torch.set_num_threads(1)

        self.passes = Passes(threads or default, compute_alone)
        torch.set_num_threads(default)  # for threads to come, which take the number set last

    def windows(self, texts: Sequence[str]) -> list[Window]:
        size = min(self._model.max_seq_length or LONGEST, LONGEST)
        encoded = self._tokenizer(
            list(texts),
            truncation=True,
            max_length=size,
            stride=overlap(size),
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        return [
            window(number, ids, special, offsets)
            for number, ids, special, offsets in zip(
                encoded["overflow_to_sample_mapping"],
                encoded["input_ids"],
                encoded["special_tokens_mask"],
                encoded["offset_mapping"],
                strict=True,
            )
        ]

    def batches(self, windows: Sequence[Window]) -> Iterator[list[Window]]:
        """Of like length together, as far as that is quicker than apart: the rest is padding."""

        def fits(one: Window, batch: Sequence[Window]) -> bool:
            longest = len(batch[0].ids)
            full = (len(batch) + 1) * longest > PASS_TOKENS
            return not full and longest - len(one.ids) <= PASS_COST

        return batches(windows, fits)

    def run(self, batch: Sequence[Window]) -> list[tuple[Floats, Floats]]:
        import torch

        inputs = self._tokenizer.pad({"input_ids": [one.ids for one in batch]}, return_tensors="pt")
        with torch.inference_mode():
            output = self._model(dict(inputs))
        vectors = unit(output["sentence_embedding"].float().numpy())
        states = output["token_embeddings"].float().numpy()
        return [
            (vector, np.asarray(state[: len(one.ids)][one.is_text]))
            for one, vector, state in zip(batch, vectors, states, strict=True)
        ]


def load_model(model: str, threads: int | None) -> "SentenceTransformer":
    """A sentence-transformers model: ``PACKAGED``, a folder, or one in the local cache.

    Nothing is downloaded. Raises ``ModelError`` when it is not there or damaged.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    path = _packaged() if model == PACKAGED else model
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


def _packaged() -> Path:
    expected = read_manifest(SHIPPED / MANIFEST).sha256[WEIGHTS]
    check_sha256(packaged() / WEIGHTS, expected, REINSTALL)
    return packaged()


def _pools_tokens(model: "SentenceTransformer") -> bool:
    kinds = [type(module).__name__ for module in model]
    pools = kinds[:2] == ["Transformer", "Pooling"] and set(kinds[2:]) <= {"Normalize"}
    return pools and getattr(model[1], "pooling_mode", None) == "mean"


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
