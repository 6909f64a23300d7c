"""The span model and its loss."""

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from logging import ERROR
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import pad
from transformers import AutoModelForQuestionAnswering, PreTrainedModel
from transformers.utils import logging

from index.errors import InputError
from qa.reading.decoding import LONGEST
from qa.training.features import Feature

_KINDS = ("bert", "mpnet")
_FAR = -1e4  # a logit that no softmax notices, and finite, so that 0 * it is 0


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch as tensors [rows, pieces].

    ``start`` and ``end`` are distributions over pieces: each annotator's answer weighs the same,
    unanswered rows have theirs at [CLS], and a teacher's share is its own distribution.
    ``allowed`` is [CLS] and the passage. ``partner`` [rows] is the row of an unanswered passage of
    the same question, -1 where there is none. ``longest`` is the longest answer's length, in
    pieces.
    """

    ids: Tensor
    mask: Tensor
    types: Tensor
    allowed: Tensor
    start: Tensor
    end: Tensor
    partner: Tensor
    longest: int


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without transformers' report that a new head is new."""
    before = logging.get_verbosity()
    logging.set_verbosity(ERROR)
    try:
        yield
    finally:
        logging.set_verbosity(before)


def load_model(folder: Path) -> PreTrainedModel:
    """BERT or MPNet with a span head (new, from torch's seed, if the folder has none).

    Without dropout, which takes a third of a CPU's time; eager attention is the fastest there in
    bfloat16.
    """
    if not (folder / "config.json").is_file():
        raise InputError(
            f"{str(folder)!r} holds no model: give a folder with config.json, model.safetensors "
            "and tokenizer.json of a BERT or MPNet model",
            field="base",
        )
    try:
        kind = json.loads((folder / "config.json").read_text(encoding="utf-8"))["model_type"]
    except (ValueError, KeyError, TypeError):
        kind = "unknown"
    if kind not in _KINDS:
        raise InputError(
            f"{str(folder)!r} holds a model of the kind {kind!r}: give one of the kinds "
            f"{' or '.join(_KINDS)}",
            field="base",
        )
    with quiet():
        model = AutoModelForQuestionAnswering.from_pretrained(
            folder,
            attn_implementation="eager",
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            dtype=torch.float32,
        )
    assert isinstance(model, PreTrainedModel)  # noqa: S101 # for the type checker
    return model


def inputs(model: PreTrainedModel, ids: Tensor, mask: Tensor, types: Tensor) -> dict[str, Tensor]:
    """What the model's forward takes: MPNet tells question and passage apart by their order."""
    given = {"input_ids": ids, "attention_mask": mask}
    return given | {"token_type_ids": types} if _typed(model) else given


def _typed(model: PreTrainedModel) -> bool:
    return bool(getattr(model.config, "type_vocab_size", 0))


def collate(batch: Sequence[Feature], taught_weight: float = 0.0) -> Rows:
    """Pads on the right, to the longest row; ``taught_weight`` is the teacher's share."""
    shape = (len(batch), max(len(row.ids) for row in batch))
    ids, mask, types = (torch.zeros(shape, dtype=torch.int64) for _ in range(3))
    allowed = torch.zeros(shape, dtype=torch.bool)
    start, end = torch.zeros(shape), torch.zeros(shape)
    partner = torch.full((len(batch),), -1, dtype=torch.int64)
    longest = 1
    for i, row in enumerate(batch):
        n = len(row.ids)
        ids[i, :n] = torch.from_numpy(row.ids)
        mask[i, :n] = 1
        types[i, row.passage : n] = 1
        allowed[i, 0] = True
        allowed[i, row.passage : n - 1] = True
        for first, last in row.spans or ((0, 0),):
            start[i, first] += 1 / max(1, len(row.spans))
            end[i, last] += 1 / max(1, len(row.spans))
            longest = max(longest, last - first + 1)
        if row.taught and taught_weight:
            for target, places in zip((start, end), row.taught, strict=True):
                target[i] *= 1 - taught_weight
                for place, probability in places.items():
                    target[i, place] += taught_weight * probability
        if row.joint:
            partner[i - 1] = i
    return Rows(ids, mask, types, allowed, start, end, partner, longest)


def span_logits(model: PreTrainedModel, rows: Rows) -> tuple[Tensor, Tensor]:
    """Start and end logits [rows, pieces] in fp32, far below all others where not allowed."""
    out = model(**inputs(model, rows.ids, rows.mask, rows.types))
    start, end = out.start_logits.float(), out.end_logits.float()
    return start.masked_fill(~rows.allowed, _FAR), end.masked_fill(~rows.allowed, _FAR)


def span_loss(
    start: Tensor, end: Tensor, rows: Rows, joint_weight: float, whole_weight: float = 0.0
) -> Tensor:
    """Mean cross-entropy of starts and ends, plus the same over both passages of a question.

    The joint part is Clark and Gardner 2018's shared normalisation, on what is compared between
    passages when answering: a piece's logit less that of its row's [CLS]. The whole part is the
    cross-entropy of whole spans, among those that answering chooses from (Fajcik et al. 2021).
    """
    loss = _cross_entropy(start, rows.start) + _cross_entropy(end, rows.end)
    if whole_weight:
        loss = loss + whole_weight * _whole(start, end, rows)
    first = (rows.partner >= 0).nonzero().squeeze(1)
    if joint_weight and len(first):
        other = rows.partner[first]
        joint = _joint(start, rows.start, first, other) + _joint(end, rows.end, first, other)
        loss = loss + joint_weight * joint * len(first) / len(rows.ids)
    return loss / 2


def _cross_entropy(logits: Tensor, target: Tensor) -> Tensor:
    return -(target * logits.log_softmax(dim=1)).sum(dim=1).mean()


def _whole(start: Tensor, end: Tensor, rows: Rows) -> Tensor:
    """Over every span of at most LONGEST pieces (or the batch's longest answer) and none."""
    length = max(LONGEST, rows.longest)
    ends = pad(end[:, 1:], (0, length - 1), value=_FAR).unfold(1, length, 1)
    spans = start[:, 1:] + torch.logsumexp(ends, dim=2)
    scores = torch.cat([start[:, :1] + end[:, :1], spans], dim=1)
    wanted = (rows.start * start + rows.end * end).sum(dim=1)
    return (torch.logsumexp(scores, dim=1) - wanted).mean()


def _joint(logits: Tensor, target: Tensor, first: Tensor, other: Tensor) -> Tensor:
    margins = logits[:, 1:] - logits[:, :1]
    both = torch.cat([margins[first], margins[other]], dim=1)
    share = target[first, 1:] / target[first, 1:].sum(dim=1, keepdim=True).clamp(min=1e-6)
    wanted = (share * margins[first]).sum(dim=1)
    return (torch.logsumexp(both, dim=1) - wanted).mean()
