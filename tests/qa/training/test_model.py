from pathlib import Path

import numpy as np
import pytest
import torch

from index.errors import InputError
from qa.reading.decoding import LONGEST
from qa.training.features import Feature
from qa.training.model import collate, load_model, span_logits, span_loss


def row(spans: tuple[tuple[int, int], ...], length: int = 7, joint: bool = False) -> Feature:
    return Feature(np.arange(5, 5 + length, dtype=np.int32), 3, spans, joint)


def test_every_annotator_weighs_the_same() -> None:
    rows = collate([row(((3, 4), (3, 5), (3, 4), (4, 4)))])
    assert rows.start[0].tolist() == [0, 0, 0, 0.75, 0.25, 0, 0]
    assert rows.end[0].tolist() == [0, 0, 0, 0, 0.75, 0.25, 0]


def test_an_unanswered_row_points_at_cls() -> None:
    rows = collate([row(())])
    assert rows.start[0].tolist() == rows.end[0].tolist() == [1, 0, 0, 0, 0, 0, 0]


def test_a_teacher_has_its_share() -> None:
    row = Feature(np.arange(8, dtype=np.int32), 3, ((4, 5),), taught=({0: 0.25, 6: 0.75}, {6: 1.0}))
    rows = collate([row], taught_weight=0.4)
    assert rows.start[0].tolist() == pytest.approx([0.1, 0, 0, 0, 0.6, 0, 0.3, 0])
    assert rows.end[0].tolist() == pytest.approx([0, 0, 0, 0, 0, 0.6, 0.4, 0])
    assert collate([row]).start[0].tolist() == [0, 0, 0, 0, 1, 0, 0, 0]


def test_only_cls_and_the_passage_are_allowed() -> None:
    rows = collate([row(((3, 3),)), row(((3, 3),), length=9)])
    assert rows.allowed[0].nonzero().flatten().tolist() == [0, 3, 4, 5]
    assert rows.mask[0].tolist() == [1] * 7 + [0, 0]
    assert rows.types[0].tolist() == [0] * 3 + [1] * 4 + [0, 0]


def test_the_loss_is_the_cross_entropy_of_starts_and_ends() -> None:
    rows = collate([row(((3, 5),))])
    start, end = torch.zeros(1, 7), torch.zeros(1, 7)
    start[0, 3] = 2.0
    start, end = (logits.masked_fill(~rows.allowed, -1e4) for logits in (start, end))
    expected = -np.log(np.exp(2) / (np.exp(2) + 3)) + np.log(4)
    assert span_loss(start, end, rows, 0.0).item() == pytest.approx(expected / 2, rel=1e-5)


def test_passages_of_one_question_share_a_softmax_over_what_beats_no_answer() -> None:
    rows = collate([row(((3, 3),)), row((), joint=True)])
    assert rows.partner.tolist() == [1, -1]
    logits = torch.zeros(2, 7).masked_fill(~rows.allowed, -1e4)
    logits[1, 0] = -1.0  # so that the other passage's margins are 1
    alone = span_loss(logits, logits, rows, 0.0).item()
    both = span_loss(logits, logits, rows, 1.0).item()
    assert both - alone == pytest.approx(np.log(3 + 3 * np.e) / 2, rel=1e-4)


def test_the_whole_part_is_the_cross_entropy_among_all_spans_and_none() -> None:
    rows = collate([row(((3, 5),)), row(())])
    draw = torch.Generator().manual_seed(3)
    start, end = (
        torch.randn(2, 7, generator=draw).masked_fill(~rows.allowed, -1e4) for _ in range(2)
    )
    alone = span_loss(start, end, rows, 0.0).item()
    whole = span_loss(start, end, rows, 0.0, 1.0).item()
    spans = [(0, 0), *((a, b) for a in range(3, 6) for b in range(a, 6))]
    scores = torch.tensor([[start[i, a] + end[i, b] for a, b in spans] for i in range(2)])
    expected = -scores.log_softmax(dim=1)[[0, 1], [spans.index((3, 5)), 0]].mean().item()
    assert whole - alone == pytest.approx(expected / 2, rel=1e-4)


@pytest.mark.parametrize("last", [5, 60])
def test_an_answer_of_any_length_has_its_share_of_the_whole_part(last: int) -> None:
    rows = collate([row(((3, last),), length=70)])
    start, end = (torch.zeros(1, 70).masked_fill(~rows.allowed, -1e4) for _ in range(2))
    part = span_loss(start, end, rows, 0.0, 1.0) - span_loss(start, end, rows, 0.0)
    count = sum(min(max(LONGEST, last - 2), 69 - first) for first in range(3, 69))
    assert 2 * part.item() == pytest.approx(np.log(1 + count), rel=1e-4)


def test_padding_changes_nothing(base: Path) -> None:
    model = load_model(base)
    with torch.inference_mode():
        alone, _ = span_logits(model, collate([row(((3, 3),))]))
        padded, _ = span_logits(model, collate([row(((3, 3),)), row(((3, 3),), length=20)]))
    torch.testing.assert_close(alone[0], padded[0, :7])


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no model: give a folder with config\.json"):
        load_model(tmp_path)


@pytest.mark.parametrize(
    ("config", "kind"),
    [('{"model_type": "t5"}', "t5"), ("{}", "unknown"), ("[]", "unknown"), ("{", "unknown")],
)
def test_a_base_of_another_kind_is_refused(tmp_path: Path, config: str, kind: str) -> None:
    (tmp_path / "config.json").write_text(config, encoding="utf-8")
    with pytest.raises(
        InputError, match=f"kind '{kind}': give one of the kinds bert or mpnet"
    ) as caught:
        load_model(tmp_path)
    assert caught.value.field == "base"
