"""Sentence vectors from the base model, for the choice of hard negatives."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import AutoModel, PreTrainedModel

from qa.training.encoding import encode, special
from qa.training.gradients import precision
from qa.training.model import quiet
from qa.training.retrieval import Embed, Floats

_MAX = 128  # word pieces that a vector covers: the beginning of a paragraph is enough here


def embedder(base: Path, tokenizer: Tokenizer, rounding: str) -> Embed:
    """Mean-pooled unit vectors [texts, hidden] of the base model, as all-MiniLM-L6-v2 makes them.

    ``rounding`` is ``bf16`` or ``fp32``. Each thread embeds batches alone (see gradients).
    """
    torch.set_num_threads(1)
    with quiet():
        model = AutoModel.from_pretrained(base, add_pooling_layer=False)
    model.train(False)
    cls, sep = special(tokenizer, "[CLS]"), special(tokenizer, "[SEP]")

    def embed(texts: Sequence[str]) -> Floats:
        encoded = encode(tokenizer, texts)
        rows = [[cls, *encoded[text].ids[: _MAX - 2].tolist(), sep] for text in texts]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        vectors = np.zeros((len(rows), model.config.hidden_size), dtype=np.float32)
        batches = [order[begin : begin + 64] for begin in range(0, len(order), 64)]

        def pooled(batch: list[int]) -> Floats:
            with precision(rounding):
                return _pooled(model, [rows[i] for i in batch])

        with ThreadPoolExecutor(2) as pool:
            for batch, some in zip(batches, pool.map(pooled, batches), strict=True):
                vectors[batch] = some
        return vectors

    return embed


def _pooled(model: PreTrainedModel, rows: list[list[int]]) -> Floats:
    width = max(map(len, rows))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    with torch.inference_mode():
        states = model(input_ids=ids, attention_mask=mask).last_hidden_state
    summed = (states.float() * mask[:, :, None]).sum(dim=1)
    vectors: Floats = torch.nn.functional.normalize(summed, dim=1).numpy()
    return vectors
