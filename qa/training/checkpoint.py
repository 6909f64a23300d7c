"""What a run keeps on disk: its plan, its checkpoints, its metrics."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from index.errors import InputError, ModelError
from qa.training.plan import TrainingPlan

PLAN = "plan.json"
METRICS = "metrics.jsonl"
CHECKPOINT = "checkpoint.pt"


@dataclass(slots=True)
class State:
    """A run at the end of a step: enough to go on as if it had never stopped.

    ``step`` counts batches done; the data order follows from the plan, so that it is the position
    too. ``model``, ``average`` (the exponential average of the weights) and ``optimizer`` are
    state dicts.
    """

    step: int
    examples: int
    seconds: float
    model: dict[str, Any]
    average: dict[str, Any]
    optimizer: dict[str, Any]
    random: Any
    plan: str


class RunFolder:
    """A folder that one run owns."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def claim(self, plan: TrainingPlan, resume: bool) -> None:
        """Takes the folder for the plan; raises InputError rather than touch another's files."""
        own = self._plan_text() == plan.to_json()
        if self.path.exists() and any(self.path.iterdir()):
            if not own:
                raise InputError(
                    f"the folder {str(self.path)!r} is not empty and was not written by this "
                    "plan: give an empty folder, or the options that the run was started with",
                    field="output",
                )
            if not resume:
                raise InputError(
                    f"the folder {str(self.path)!r} already holds this run: add --resume to "
                    "go on with it, or give an empty folder",
                    field="output",
                )
        self.path.mkdir(parents=True, exist_ok=True)
        replace_text(self.path / PLAN, plan.to_json())

    def _plan_text(self) -> str | None:
        file = self.path / PLAN
        return file.read_text(encoding="utf-8") if file.is_file() else None

    def kept(self, name: str, made: Callable[[], list[tuple[str, ...]]]) -> list[tuple[str, ...]]:
        """A file's hard negatives, made once a run, so that a resumed run has the same."""
        file = self.path / f"negatives-{Path(name).stem}.json"
        if not file.is_file():
            replace_text(file, json.dumps(made()))
        return [tuple(texts) for texts in json.loads(file.read_text(encoding="utf-8"))]

    def load(self) -> State | None:
        """The newest checkpoint, None before the first."""
        file = self.path / CHECKPOINT
        return load_state(file) if file.is_file() else None

    def save(self, state: State) -> None:
        """Replaces the checkpoint; one of the two is whole at any moment."""
        fields = {name: getattr(state, name) for name in State.__slots__}
        new = self.path / (CHECKPOINT + ".new")
        torch.save(fields, new)
        os.replace(new, self.path / CHECKPOINT)

    def rewind(self, step: int) -> None:
        """Drops the metrics of steps after ``step``, which a resumed run will write again."""
        kept = [line for line in self.metrics() if line["step"] <= step]
        text = "".join(json.dumps(line) + "\n" for line in kept)
        replace_text(self.path / METRICS, text)

    def metrics(self) -> Iterator[dict[str, Any]]:
        file = self.path / METRICS
        if file.is_file():
            for line in file.read_text(encoding="utf-8").splitlines():
                yield json.loads(line)

    def note(self, line: dict[str, Any]) -> None:
        with (self.path / METRICS).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def replace_text(file: Path, text: str) -> None:
    new = file.with_name(file.name + ".new")
    new.write_text(text, encoding="utf-8")
    os.replace(new, file)


Weights = dict[str, torch.Tensor]


def mean_weights(files: Sequence[Path]) -> tuple[Weights, str]:
    """The mean of the weights (``load_weights``) of one or more runs, and the first plan of theirs.

    The mean of runs that began with the same weights answers better than each of them (a model
    soup; Wortsman et al. 2022). A checkpoint given twice counts twice. Raises ModelError if one
    is no checkpoint, or of another model than the first, or if all are exported folders, which
    hold no plan.
    """
    kept = [_kept(file) for file in files]
    plans = [plan for _, plan in kept if plan is not None]
    if not plans:
        raise ModelError(
            f"{str(files[0])!r} is exported already: give a run's checkpoint.pt beside it"
        )
    first, _ = kept[0]
    for file, (weights, _) in zip(files, kept, strict=True):
        check_shapes(file, weights, first, files[0])
    stacked = {name: torch.stack([weights[name] for weights, _ in kept]) for name in first}
    return {name: each.double().mean(dim=0).float() for name, each in stacked.items()}, plans[0]


def load_weights(path: Path) -> Weights:
    """The averaged weights of a run's checkpoint, or those of an exported folder ``hf/``.

    Raises ModelError if it is neither.
    """
    return _kept(path)[0]


def _kept(path: Path) -> tuple[Weights, str | None]:
    """The weights, and the plan of a checkpoint."""
    if not path.is_dir():
        state = load_state(path)
        return state.average, state.plan
    try:
        found = load_file(path / "model.safetensors")
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"{str(path)!r} holds no weights, or damaged ones: give the checkpoint.pt of a run, "
            "or the folder hf/ that 'export-reader' wrote"
        ) from error
    return {name: weights.float() for name, weights in found.items()}, None


def check_shapes(file: Path, weights: Weights, others: Weights, other: Path) -> None:
    """Raises ModelError if a file's weights are not shaped like the other's."""
    if _shapes(weights) != _shapes(others):
        raise ModelError(
            f"{str(file)!r} is of another model than {str(other)!r}: give checkpoints of "
            "runs on the same base"
        )


def _shapes(weights: Weights) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in weights.items()}


def load_state(file: Path) -> State:
    """Raises ModelError if the file is no checkpoint of a run."""
    try:
        return State(**torch.load(file, map_location="cpu", weights_only=True))
    except Exception as error:  # torch.load raises half a dozen kinds for a damaged file
        raise ModelError(
            f"{str(file)!r} is no checkpoint of 'train-reader' or is damaged: "
            "give the checkpoint.pt of a run"
        ) from error
