"""A batch's gradient, worked out in parts on several threads.

A busy machine makes OpenMP's threads wait for one another inside every matrix product: on two
cores of which one was taken by another process, training went at 400 tokens a second that way and
at 1,600 on a single thread. Here each thread works alone on parts of the batch, and whichever is
free takes the next; the parts are added in their order, so the sum does not depend on the timing.
"""

import contextlib
import copy
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor
from transformers import PreTrainedModel

from qa.training.course import Batch
from qa.training.dropout import noise
from qa.training.model import collate, span_logits, span_loss


def parts(batch: Batch, count: int) -> list[Batch]:
    """The batch in about ``count`` parts of even size; rows scored jointly stay together."""
    size = -(-len(batch) // count)
    cuts = [0]
    for place, row in enumerate(batch):
        if place - cuts[-1] >= size and not row.joint:
            cuts.append(place)
    return [batch[a:b] for a, b in zip(cuts, [*cuts[1:], len(batch)], strict=True)]


def precision(name: str) -> contextlib.AbstractContextManager[None]:
    """``bf16`` multiplies matrices in bfloat16; the weights stay in fp32."""
    if name == "bf16":
        return torch.autocast("cpu", dtype=torch.bfloat16)
    return contextlib.nullcontext()


class Gradients:
    """Losses and gradients of batches; ``close`` ends its threads.

    In ``bf16`` a copy of the model in bfloat16 is read and differentiated, brought up to date for
    every batch, and the weights that are trained stay in fp32: rounding whole models once takes a
    third less time than rounding at every product.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        precision: str,
        joint_weight: float,
        whole_weight: float = 0.0,
        taught_weight: float = 0.0,
        *,
        count: int = 4,
        workers: int = 2,
    ) -> None:
        torch.set_num_threads(1)
        self.trained: list[Tensor] = [p for p in model.parameters() if p.requires_grad]
        self.model = _rounded(model) if precision == "bf16" else model
        self.parameters: list[Tensor] = [p for p in self.model.parameters() if p.requires_grad]
        self.joint_weight = joint_weight
        self.whole_weight = whole_weight
        self.taught_weight = taught_weight
        self.count = count
        self.pool = ThreadPoolExecutor(workers)

    def close(self) -> None:
        self.pool.shutdown()

    def of(self, batch: Batch, key: str = "") -> tuple[float, list[Tensor]]:
        """The mean loss of the batch's rows, and its gradient by parameter.

        Dropout's noise follows from ``key`` and the part's place.
        """

        def weighted(place: int, part: Batch) -> tuple[float, Sequence[Tensor]]:
            with noise(f"{key} {place}"):
                return self._part(part, len(part) / len(batch))

        if self.parameters is not self.trained:
            with torch.no_grad():
                torch._foreach_copy_(self.parameters, self.trained)
        loss = 0.0
        total = [torch.zeros_like(parameter) for parameter in self.trained]
        cut = parts(batch, self.count)
        for value, gradient in self.pool.map(weighted, range(len(cut)), cut):
            loss += value
            for one, more in zip(total, gradient, strict=True):
                one += more
        return loss, total

    def _part(self, part: Batch, weight: float) -> tuple[float, Sequence[Tensor]]:
        rows = collate(part, self.taught_weight)
        start, end = span_logits(self.model, rows)
        loss = weight * span_loss(start, end, rows, self.joint_weight, self.whole_weight)
        return loss.item(), torch.autograd.grad(loss, self.parameters)


def _rounded(model: PreTrainedModel) -> PreTrainedModel:
    rounded = copy.deepcopy(model)
    torch.nn.Module.to(rounded, torch.bfloat16)
    return rounded
