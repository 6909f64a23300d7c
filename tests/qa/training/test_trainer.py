import dataclasses
import json
from pathlib import Path

import pytest
import torch

from index.errors import InputError, ModelError
from qa.training.checkpoint import State, load_state
from qa.training.model import load_model
from qa.training.plan import TrainingPlan
from qa.training.trainer import Watch, train


@pytest.fixture(scope="session")
def learned(base: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, State]:
    """A run long enough to know its questions by heart."""
    articles = str(Path(__file__).parents[2] / "data" / "training" / "articles.json")
    plan = TrainingPlan(
        files=(articles,),
        base=str(base),
        short_passes=2,
        full_passes=58,
        negatives=0.0,
        short_length=24,
        max_length=64,
        batch_tokens=1024,
        batch_examples=16,
        learning_rate=4e-3,
        head_learning_rate=4e-3,
        layer_decay=1.0,
        average_decay=0.9,
    )
    folder = tmp_path_factory.mktemp("learned") / "run"
    return folder, train(plan, folder, watch=Watch(dev=(articles,)))


def metrics(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def test_it_learns(learned: tuple[Path, State]) -> None:
    """The loss falls and it answers its own questions."""
    losses = [line["loss"] for line in metrics(learned[0]) if "loss" in line]
    assert losses[-1] < losses[0] / 3
    last = metrics(learned[0])[-1]
    assert last["articles f1"] > 80


def assert_same(one: State, other: State) -> None:
    assert (one.step, one.examples) == (other.step, other.examples)
    for name, weights in one.model.items():
        assert torch.equal(weights, other.model[name]), name
        assert torch.equal(one.average[name], other.average[name]), name


def test_an_interrupted_run_resumes_to_the_same_weights(plan: TrainingPlan, tmp_path: Path) -> None:
    whole = train(plan, tmp_path / "whole", watch=Watch(log_steps=1))
    broken = tmp_path / "broken"
    train(plan, broken, watch=Watch(log_steps=1, stop_after=3))
    resumed = train(plan, broken, resume=True, watch=Watch(log_steps=1))
    assert_same(whole, resumed)
    losses = [[line["loss"] for line in metrics(f)] for f in (tmp_path / "whole", broken)]
    assert losses[0] == losses[1]


def test_steps_after_the_checkpoint_are_dropped_from_the_metrics(
    plan: TrainingPlan, tmp_path: Path
) -> None:
    train(plan, tmp_path / "run", watch=Watch(log_steps=1, stop_after=2))
    with (tmp_path / "run" / "metrics.jsonl").open("a") as file:
        file.write('{"step": 3, "loss": 0}\n')
    train(plan, tmp_path / "run", resume=True, watch=Watch(log_steps=1))
    steps = [line["step"] for line in metrics(tmp_path / "run")]
    assert steps == list(range(1, len(steps) + 1))


def test_the_same_seed_gives_the_same_weights(plan: TrainingPlan, tmp_path: Path) -> None:
    watch = Watch(stop_after=2)
    one, other = (train(plan, tmp_path / name, watch=watch) for name in ("one", "other"))
    assert_same(one, other)


def test_a_new_schedule_begins_with_a_runs_averaged_weights(
    learned: tuple[Path, State], plan: TrainingPlan, tmp_path: Path
) -> None:
    still = dataclasses.replace(plan, learning_rate=0.0, head_learning_rate=0.0)
    begun = train(
        still,
        tmp_path / "run",
        start_from=learned[0] / "checkpoint.pt",
        watch=Watch(stop_after=1),
    )
    assert all(torch.equal(begun.model[k], v) for k, v in learned[1].average.items())


def test_a_run_can_begin_part_of_the_way_to_earlier_weights(
    learned: tuple[Path, State], plan: TrainingPlan, tmp_path: Path
) -> None:
    still = dataclasses.replace(
        plan, learning_rate=0.0, head_learning_rate=0.0, freeze_embeddings=True
    )
    far, near = (
        train(
            still,
            tmp_path / str(share),
            start_from=learned[0] / "checkpoint.pt",
            shrink=share,
            watch=Watch(stop_after=1),
        ).model
        for share in (1.0, 0.25)
    )
    torch.manual_seed(plan.seed)
    base = load_model(Path(plan.base)).state_dict()
    for name, weights in base.items():
        frozen = name.endswith("word_embeddings.weight")
        wanted = far[name] if frozen else weights + 0.25 * (far[name] - weights)
        torch.testing.assert_close(near[name], wanted)
    assert not torch.equal(far["qa_outputs.weight"], near["qa_outputs.weight"])


def test_shrinking_without_earlier_weights_is_refused(plan: TrainingPlan, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to shrink: give --from as well"):
        train(plan, tmp_path / "run", shrink=0.5)


def test_earlier_weights_of_another_model_are_refused_and_the_folder_stays_free(
    learned: tuple[Path, State], plan: TrainingPlan, narrow: Path, tmp_path: Path
) -> None:
    other = dataclasses.replace(plan, base=str(narrow))
    with pytest.raises(ModelError, match=r"checkpoint.pt' is of another model than .*narrow'"):
        train(other, tmp_path / "run", start_from=learned[0] / "checkpoint.pt")
    assert not (tmp_path / "run").exists()


def test_bfloat16_trains_too(plan: TrainingPlan, tmp_path: Path) -> None:
    state = train(
        dataclasses.replace(plan, precision="bf16"), tmp_path / "run", watch=Watch(stop_after=1)
    )
    assert all(weights.dtype == torch.float32 for weights in state.model.values())


def test_the_rate_rises_stays_and_falls_to_zero(plan: TrainingPlan, tmp_path: Path) -> None:
    shaped = dataclasses.replace(plan, warm_up=0.25, cool_down=0.5)
    train(shaped, tmp_path / "run", watch=Watch(log_steps=1))
    rates = [line["rate"] for line in metrics(tmp_path / "run")]
    count = len(rates)
    assert rates == pytest.approx(
        [min((step + 1) / (count / 4), (count - step) / (count / 2), 1) for step in range(1, count)]
        + [0]
    )


def test_frozen_embeddings_stay_and_the_rest_learns_and_resumes(
    plan: TrainingPlan, tmp_path: Path
) -> None:
    frozen = dataclasses.replace(plan, freeze_embeddings=True)
    whole = train(frozen, tmp_path / "whole")
    train(frozen, tmp_path / "broken", watch=Watch(stop_after=3))
    assert_same(whole, train(frozen, tmp_path / "broken", resume=True))
    start = load_model(Path(plan.base)).state_dict()
    changed = {name for name, weights in whole.average.items() if not weights.equal(start[name])}
    words = "bert.embeddings.word_embeddings.weight"
    assert words not in changed
    assert "bert.embeddings.position_embeddings.weight" in changed


def test_dropout_changes_what_is_learned_and_resumes_to_the_same_weights(
    plan: TrainingPlan, tmp_path: Path
) -> None:
    noisy = dataclasses.replace(plan, dropout=0.2)
    whole = train(noisy, tmp_path / "whole")
    train(noisy, tmp_path / "broken", watch=Watch(stop_after=3))
    assert_same(whole, train(noisy, tmp_path / "broken", resume=True))
    quiet = train(plan, tmp_path / "quiet")
    assert not torch.equal(whole.model["qa_outputs.weight"], quiet.model["qa_outputs.weight"])


def test_a_run_does_not_start_over_by_mistake(plan: TrainingPlan, tmp_path: Path) -> None:
    train(plan, tmp_path, watch=Watch(stop_after=1))
    before = (tmp_path / "checkpoint.pt").read_bytes()
    with pytest.raises(InputError, match="already holds this run: add --resume"):
        train(plan, tmp_path)
    with pytest.raises(InputError, match="not written by this plan: give an empty folder"):
        train(dataclasses.replace(plan, seed=5), tmp_path, resume=True)
    assert (tmp_path / "checkpoint.pt").read_bytes() == before


def test_anothers_folder_is_left_alone(plan: TrainingPlan, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="is not empty and was not written by this plan"):
        train(plan, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_missing_training_file_is_named(plan: TrainingPlan, tmp_path: Path) -> None:
    gone = dataclasses.replace(plan, files=("gone.json",))
    with pytest.raises(InputError, match=r"no training file 'gone\.json'"):
        train(gone, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_what_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "checkpoint.pt"
    file.write_bytes(b"not a checkpoint")
    with pytest.raises(
        ModelError, match=r"is no checkpoint of .*: give the checkpoint\.pt of a run"
    ):
        load_state(file)


def test_frozen_layers_stay_with_all_below_them_and_the_rest_learns_and_resumes(
    plan: TrainingPlan, mpnet: Path, tmp_path: Path
) -> None:
    for base in (plan.base, str(mpnet)):
        frozen = dataclasses.replace(plan, base=base, freeze_layers=1)
        folder = tmp_path / Path(base).name
        whole = train(frozen, folder / "whole")
        train(frozen, folder / "broken", watch=Watch(stop_after=3))
        assert_same(whole, train(frozen, folder / "broken", resume=True))
        start = load_model(Path(base)).state_dict()
        changed = {name for name, found in whole.average.items() if not found.equal(start[name])}
        assert changed
        assert all(".layer.1." in name or name.startswith("qa_outputs") for name in changed)
