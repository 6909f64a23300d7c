"""Dropout that costs little and does not depend on which thread works out a part.

Drawing fresh noise takes a CPU longer than what it is multiplied with, so a long table is drawn
once and every use multiplies with a run of it, from a random place.
"""

import contextlib
import threading
from collections.abc import Iterator
from random import Random

import torch
from torch import Tensor
from transformers import PreTrainedModel

_LENGTH = 2**23
_thread = threading.local()


class Dropout(torch.nn.Module):
    """Zeroes a share ``rate`` of what passes inside ``noise(...)``, and scales up the rest."""

    def __init__(self, rate: float, seed: int, length: int = _LENGTH) -> None:
        super().__init__()
        drawn = torch.rand(length, generator=torch.Generator().manual_seed(seed))
        kept = (drawn >= rate).float() / (1 - rate)
        self.tables = {dtype: kept.to(dtype) for dtype in (torch.float32, torch.bfloat16)}

    def forward(self, values: Tensor) -> Tensor:
        random: Random | None = getattr(_thread, "random", None)
        if random is None:
            return values
        table, count = self.tables[values.dtype], values.numel()
        if count > len(table):
            table = table.repeat(-(-count // len(table)))
        begin = random.randint(0, len(table) - count)
        return values * table[begin : begin + count].view(values.shape)


@contextlib.contextmanager
def noise(key: str) -> Iterator[None]:
    """Dropout in this thread, for the time of the block; equal keys give equal noise."""
    _thread.random = Random(key)  # noqa: S311 # not for secrets
    try:
        yield
    finally:
        _thread.random = None


def install(model: PreTrainedModel, rate: float, seed: int) -> None:
    """Puts it where BERT has dropout on hidden states; attention weights stay without."""
    if not rate:
        return
    dropout = Dropout(rate, seed)
    for path, parent in list(model.named_modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, torch.nn.Dropout) and not path.endswith(".attention.self"):
                setattr(parent, name, dropout)
