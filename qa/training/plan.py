"""What a training run is to do: everything that its weights depend on."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import InputError


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """The recipe of one run; two runs of equal plans give equal weights on one machine.

    Lengths are in word pieces, rates are AdamW's. ``short_passes`` and ``full_passes`` say how
    often the questions of ``files`` are seen on cropped and on whole paragraphs; a file given
    twice counts twice. ``sentences`` are files of tokenised single sentences (QAMR), seen once, in
    the short phase, ``sentences_per_context`` questions of each, of those that have at least
    ``sentence_question_words``: the shortest ("What increased?") name nothing. The learning rate
    rises over the share ``warm_up`` of the steps and falls to zero over the last ``cool_down``.
    ``freeze_embeddings`` leaves the word pieces' vectors, half of a small model's weights, as they
    are: steps take less time and memory; ``freeze_layers`` does so with the lowest layers and all
    below them. ``joint_weight`` and ``whole_weight`` are those of span_loss's parts.
    ``teachings`` is a folder of what teachers think of the files, under the files' names, and
    ``taught_weight`` their share beside people's answers; files without one have none.

    Against learning by heart: ``dropout`` on hidden states; ``masked``, the share of word pieces
    that are hidden behind [MASK], never in an answer nor in a question without one; ``mixed``, the
    share of the answered questions whose paragraph makes room for part of one that ranks high and
    does not answer; ``gathered``, the share of the sentences' questions whose sentence stands in a
    paragraph made of it and others of its file that rank high.
    """

    files: tuple[str, ...]
    sentences: tuple[str, ...] = ()
    base: str = ""
    seed: int = 0
    short_passes: float = 1.0
    full_passes: float = 1.0
    sentences_per_context: int = 16
    sentence_question_words: int = 1
    negatives: float = 0.5
    sentence_negatives: float = 0.2
    short_length: int = 110
    max_length: int = 384
    max_question: int = 64
    batch_tokens: int = 4608
    batch_examples: int = 48
    learning_rate: float = 1.5e-4
    head_learning_rate: float = 5e-4
    layer_decay: float = 0.9
    weight_decay: float = 0.01
    warm_up: float = 0.05
    cool_down: float = 0.95
    clip: float = 1.0
    average_decay: float = 0.998
    joint_weight: float = 0.5
    whole_weight: float = 0.0
    teachings: str = ""
    taught_weight: float = 0.0
    freeze_embeddings: bool = False
    freeze_layers: int = 0
    dropout: float = 0.0
    masked: float = 0.0
    mixed: float = 0.0
    gathered: float = 0.0
    precision: str = "fp32"

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), indent=2, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "TrainingPlan":
        fields: dict[str, Any] = json.loads(text)
        fields["files"] = tuple(fields["files"])
        fields["sentences"] = tuple(fields["sentences"])
        return cls(**fields)


def check_files(plan: TrainingPlan) -> None:
    """Raises InputError naming the first training file that does not exist."""
    for name in plan.files + plan.sentences:
        if not Path(name).is_file():
            raise InputError(
                f"there is no training file {name!r}: give the path of a SQuAD-format JSON file",
                field="files",
            )
