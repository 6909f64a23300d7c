"""The training loop."""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import PreTrainedModel

from index.errors import InputError
from qa.training.checkpoint import RunFolder, State, Weights, check_shapes, load_weights
from qa.training.course import Batch, Course, CourseBuilder, read_sources
from qa.training.development import extractor, sample, scores
from qa.training.dropout import install
from qa.training.encoding import plain_tokenizer
from qa.training.examples import Example, read_examples
from qa.training.gradients import Gradients
from qa.training.gradients import precision as rounding
from qa.training.model import inputs, load_model
from qa.training.plan import TrainingPlan, check_files
from qa.training.retrieval import hard_negatives

Report = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Watch:
    """How a run is watched; nothing here changes its weights.

    ``dev`` are SQuAD files of which ``dev_questions`` each are read at every checkpoint;
    ``stop_after`` ends the process's part of the run after so many steps (for tests, or a pause).
    """

    dev: tuple[str, ...] = ()
    dev_questions: int = 400
    checkpoint_seconds: float = 600.0
    log_steps: int = 20
    stop_after: int | None = None
    report: Report = field(default=lambda line: None)


def train(
    plan: TrainingPlan,
    folder: Path,
    *,
    resume: bool = False,
    start_from: Path | None = None,
    shrink: float = 1.0,
    watch: Watch | None = None,
) -> State:
    """Runs the plan in ``folder`` to its end, or goes on with it; returns the last state.

    ``start_from`` is an earlier run's checkpoint whose averaged weights the run begins with, or
    an exported folder ``hf/``. With ``shrink`` below 1 it begins only so far on the way there from
    the base (Ash and Adams 2020): what was learnt by heart is forgotten first, and the run comes
    out as different from the earlier one as a mean of both needs. Frozen vectors come whole.
    """
    if shrink < 1 and start_from is None:
        raise InputError("there is nothing to shrink: give --from as well", field="shrink")
    check_files(plan)
    watch = watch or Watch()
    base = Path(plan.base)
    torch.manual_seed(plan.seed)
    model = load_model(base)
    if start_from is not None:
        weights = load_weights(start_from)
        check_shapes(start_from, weights, model.state_dict(), base)
        model.load_state_dict(_shrunk(model, weights, shrink, plan))
    run = RunFolder(folder)
    run.claim(plan, resume)
    tokenizer = plain_tokenizer(Tokenizer.from_file(str(base / "tokenizer.json")))
    course = _course(plan, run, tokenizer)
    watch.report({"batches": len(course.batches), **course.counts})
    trainer = Trainer(plan, course.batches, model)
    state = run.load() if resume else None
    if state is not None:
        trainer.restore(state)
    run.rewind(trainer.step)
    return _watched(trainer, run, watch, tokenizer)


def _shrunk(model: PreTrainedModel, weights: Weights, share: float, plan: TrainingPlan) -> Weights:
    """The model's own weights, moved by ``share`` towards ``weights``."""
    own = model.state_dict()
    return {
        name: tensor
        if plan.freeze_embeddings and name.endswith("word_embeddings.weight")
        else own[name].lerp(tensor, share)
        for name, tensor in weights.items()
    }


def _course(plan: TrainingPlan, run: RunFolder, tokenizer: Tokenizer) -> Course:
    def hard(name: str, examples: Sequence[Example]) -> list[tuple[str, ...]]:
        return run.kept(name, lambda: hard_negatives(examples))

    sources, sentences = read_sources(plan, hard)
    return CourseBuilder(plan, tokenizer).build(sources, sentences)


class Trainer:
    """Model, optimizer and averaged weights, a step at a time."""

    def __init__(
        self, plan: TrainingPlan, batches: Sequence[Batch], model: PreTrainedModel
    ) -> None:
        self.plan = plan
        self.batches = batches
        self.model = model.train()
        if plan.freeze_embeddings:
            model.get_input_embeddings().requires_grad_(False)
        if plan.freeze_layers:
            _freeze_layers(model, plan.freeze_layers)
        self.trained = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        self.parameters: list[Tensor] = [parameter for _, parameter in self.trained]
        install(model, plan.dropout, plan.seed)
        self.gradients = Gradients(
            model, plan.precision, plan.joint_weight, plan.whole_weight, plan.taught_weight
        )
        self.average = [parameter.detach().clone() for parameter in self.parameters]
        self.optimizer = torch.optim.AdamW(_groups(model, plan), fused=True)
        self.peaks = [group["lr"] for group in self.optimizer.param_groups]
        self.step = 0
        self.examples = 0
        self.seconds = 0.0

    @property
    def done(self) -> bool:
        return self.step >= len(self.batches)

    def rate(self) -> float:
        """The share of the peak learning rate: up, level, then down to zero."""
        total = len(self.batches)
        rise = max(1.0, self.plan.warm_up * total)
        fall = max(1.0, self.plan.cool_down * total)
        return min((self.step + 1) / rise, (total - self.step) / fall, 1.0)

    def advance(self) -> float:
        """One batch; returns its loss."""
        began = time.monotonic()
        for group, peak in zip(self.optimizer.param_groups, self.peaks, strict=True):
            group["lr"] = peak * self.rate()
        batch = self.batches[self.step]
        loss, gradients = self.gradients.of(batch, f"{self.plan.seed} {self.step}")
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            parameter.grad = gradient
        torch.nn.utils.clip_grad_norm_(self.parameters, self.plan.clip)
        self.optimizer.step()
        self.step += 1
        self.examples += len(batch)
        self._follow()
        self.seconds += time.monotonic() - began
        return loss

    def _follow(self) -> None:
        decay = min(self.plan.average_decay, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(self.average, self.parameters, 1 - decay)

    def averaged(self) -> dict[str, Tensor]:
        """The averaged weights as a state dict."""
        weights = dict(self.model.state_dict())
        names = [name for name, _ in self.trained]
        weights.update(zip(names, self.average, strict=True))
        return weights

    def state(self) -> State:
        return State(
            self.step,
            self.examples,
            self.seconds,
            dict(self.model.state_dict()),
            self.averaged(),
            self.optimizer.state_dict(),
            torch.get_rng_state(),
            self.plan.to_json(),
        )

    def restore(self, state: State) -> None:
        self.model.load_state_dict(state.model)
        for (name, _), average in zip(self.trained, self.average, strict=True):
            average.copy_(state.average[name])
        self.optimizer.load_state_dict(state.optimizer)
        torch.set_rng_state(state.random)
        self.step, self.examples, self.seconds = state.step, state.examples, state.seconds

    @contextlib.contextmanager
    def with_average(self) -> Iterator[PreTrainedModel]:
        """The model with the averaged weights, for the time of the block."""
        own = {name: tensor.clone() for name, tensor in self.model.state_dict().items()}
        self.model.load_state_dict(self.averaged())
        self.model.train(False)
        try:
            yield self.model
        finally:
            self.model.load_state_dict(own)
            self.model.train()


def _freeze_layers(model: PreTrainedModel, count: int) -> None:
    """Leaves the lowest layers as they are, and all that is below or shared."""
    for name, parameter in model.named_parameters():
        if not name.startswith("qa_outputs") and _depth(name) <= count:
            parameter.requires_grad_(False)


def _depth(name: str) -> int:
    """The layer a parameter belongs to, from 1; 0 for what belongs to none."""
    return int(name.split(".layer.")[1].split(".")[0]) + 1 if ".layer." in name else 0


def _groups(model: PreTrainedModel, plan: TrainingPlan) -> list[dict[str, Any]]:
    """One group a tensor: the rate falls by ``layer_decay`` a layer below the head."""
    layers = int(model.config.num_hidden_layers)
    groups = []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        head = name.startswith("qa_outputs")
        rate = plan.learning_rate * plan.layer_decay ** (layers - _depth(name))
        plain = parameter.ndim < 2  # biases and layer norms
        groups.append(
            {
                "params": [parameter],
                "lr": plan.head_learning_rate if head else rate,
                "weight_decay": 0.0 if plain else plan.weight_decay,
            }
        )
    return groups


def _watched(trainer: Trainer, run: RunFolder, watch: Watch, tokenizer: Tokenizer) -> State:
    dev = {name: sample(read_examples(Path(name)), watch.dev_questions) for name in watch.dev}
    saved = time.monotonic()
    losses: list[float] = []
    steps = 0
    with _stop_signal() as stopped:
        while not trainer.done:
            losses.append(trainer.advance())
            steps += 1
            pause = stopped() or steps == watch.stop_after
            due = time.monotonic() - saved > watch.checkpoint_seconds
            if trainer.step % watch.log_steps == 0 or trainer.done:
                _note(trainer, run, watch, {"loss": float(np.mean(losses))})
                losses = []
            if due or pause or trainer.done:
                run.save(trainer.state())
                if dev and not pause:
                    _note(trainer, run, watch, dev_scores(trainer, tokenizer, dev))
                saved = time.monotonic()
            if pause:
                break
    return trainer.state()


def _note(trainer: Trainer, run: RunFolder, watch: Watch, found: dict[str, Any]) -> None:
    line = {
        "step": trainer.step,
        "of": len(trainer.batches),
        "examples": trainer.examples,
        "seconds": round(trainer.seconds, 1),
        "rate": trainer.rate(),
        **found,
    }
    run.note(line)
    watch.report(line)


def dev_scores(
    trainer: Trainer, tokenizer: Tokenizer, dev: dict[str, list[Example]]
) -> dict[str, Any]:
    """Scores of the averaged weights, by file."""
    with trainer.with_average() as model:
        reader = torch_reader(model, trainer.plan.precision)
        reading = extractor(reader, tokenizer, trainer.plan.max_length)
        return {
            f"{Path(name).stem} {measure}": round(value, 4)
            for name, examples in dev.items()
            for measure, value in scores(reading, examples).items()
        }


Array = npt.NDArray[Any]


def torch_reader(
    model: PreTrainedModel, precision: str = "fp32"
) -> Callable[[Array, Array, Array], tuple[Array, Array]]:
    """The model as a function of arrays, for the product's reading."""

    def read(ids: Array, mask: Array, types: Array) -> tuple[Array, Array]:
        with torch.inference_mode(), rounding(precision):
            arrays = map(torch.from_numpy, (ids, mask, types))
            out = model(**inputs(model, *arrays))
        return out.start_logits.float().numpy(), out.end_logits.float().numpy()

    return read


@contextlib.contextmanager
def _stop_signal() -> Iterator[Callable[[], bool]]:
    """Lets Ctrl-C and SIGTERM end the run after the step, with a checkpoint."""
    seen: list[int] = []
    kinds = (signal.SIGINT, signal.SIGTERM)
    try:
        before = {
            kind: signal.signal(kind, lambda number, _: seen.append(number)) for kind in kinds
        }
    except ValueError:  # not the main thread
        before = {}
    try:
        yield lambda: bool(seen)
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
