"""The exported files answer as the trained weights do, padding included."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from index.errors import ModelError
from qa.reading.span import SpanReader
from qa.training.checkpoint import load_state, load_weights
from qa.training.development import extractor, scores
from qa.training.encoding import plain_tokenizer
from qa.training.examples import read_examples
from qa.training.export import INPUTS, evened, export, load_trained, onnx_reader, pack_vectors
from qa.training.plan import TrainingPlan
from qa.training.trainer import Watch, torch_reader, train
from tests.qa.reading.conftest import passage

Array = npt.NDArray[Any]


@pytest.fixture(scope="module")
def run(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    articles = Path(__file__).parents[2] / "data" / "training" / "articles.json"
    plan = TrainingPlan(files=(str(articles),), base=str(base), max_length=64)
    folder = tmp_path_factory.mktemp("run")
    train(plan, folder, watch=Watch(stop_after=1))
    return folder / "checkpoint.pt"


@pytest.fixture(scope="module")
def exported(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    export([run], folder)
    return folder


def batch(rows: int, pieces: int, padded: int) -> tuple[Array, Array, Array]:
    """Rows of random pieces, the last with ``padded`` pieces of padding."""
    ids = np.random.default_rng(0).integers(5, 90, (rows, pieces))
    mask, types = np.ones_like(ids), np.zeros_like(ids)
    types[:, pieces // 3 :] = 1
    mask[-1, pieces - padded :] = ids[-1, pieces - padded :] = types[-1, pieces - padded :] = 0
    return ids, mask, types


@pytest.mark.parametrize("shape", [(1, 8, 0), (3, 16, 5), (5, 61, 40)])
def test_the_graph_agrees_with_pytorch(
    shape: tuple[int, int, int], run: Path, exported: Path
) -> None:
    inputs = batch(*shape)
    expected = torch_reader(load_trained([run])[0])(*inputs)
    found = onnx_reader(exported / "reader.onnx")(*inputs)
    for one, other in zip(expected, found, strict=True):
        np.testing.assert_allclose(one[inputs[1] == 1], other[inputs[1] == 1], atol=1e-5)


def test_padding_changes_nothing_in_the_graph(exported: Path) -> None:
    read = onnx_reader(exported / "reader.onnx")
    ids, mask, types = batch(2, 20, 8)
    padded, _ = read(ids, mask, types)
    alone, _ = read(ids[1:, :12], mask[1:, :12], types[1:, :12])
    np.testing.assert_allclose(padded[1, :12], alone[0], atol=1e-5)


def test_the_graph_has_the_names_that_the_reader_asks_for(exported: Path) -> None:
    session = onnxruntime.InferenceSession(exported / "reader.onnx")
    assert tuple(node.name for node in session.get_inputs()) == INPUTS
    assert [node.name for node in session.get_outputs()] == ["start_logits", "end_logits"]
    assert all(node.type == "tensor(int64)" for node in session.get_inputs())


@pytest.mark.parametrize("name", ["fp32", "int8"])
def test_the_span_reader_opens_what_is_exported(name: str, exported: Path) -> None:
    reader = SpanReader(exported / name, threads=1)
    (reading,) = reader.read("who sells bread", [passage("Clara Voss sells rye bread.")])
    assert reading.candidates


def test_int8_stays_near(exported: Path) -> None:
    inputs = batch(3, 16, 5)
    one, _ = onnx_reader(exported / "reader.onnx")(*inputs)
    other, _ = onnx_reader(exported / "reader.int8.onnx")(*inputs)
    real = inputs[1] == 1
    assert np.abs(one - other)[real].max() < 0.1 * np.ptp(one[real])


def test_evening_out_changes_nothing_but_the_range(run: Path) -> None:
    model = load_trained([run])[0]
    inputs = batch(3, 16, 5)
    for one, other in zip(
        torch_reader(model)(*inputs), torch_reader(evened(model))(*inputs), strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-4)
    assert any(name.endswith("inverse") for name in evened(model).state_dict())
    assert not any(name.endswith("inverse") for name in model.state_dict())


def test_the_first_feed_forward_outputs_stay_in_fp32(exported: Path) -> None:
    graph = onnx.load(exported / "reader.int8.onnx").graph
    widths = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
    kept = [widths.get(node.input[1], ()) for node in graph.node if node.op_type == "MatMul"]
    assert [shape for shape in kept if len(shape) == 2] == [(96, 48), (96, 48)]


def test_transformers_loads_the_checkpoint_at_half_precision(run: Path, exported: Path) -> None:
    model = AutoModelForQuestionAnswering.from_pretrained(exported / "hf")
    assert {weights.dtype for weights in model.state_dict().values()} == {torch.float16}
    expected = load_trained([run])[0].state_dict()
    for name, weights in model.state_dict().items():
        torch.testing.assert_close(weights.float(), expected[name], atol=1e-3, rtol=1e-3)


def test_the_tokenizer_comes_along_without_its_truncation(exported: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(exported / "hf")
    assert len(tokenizer("the oven is heated with birch wood and plum cake")["input_ids"]) == 12


def test_the_graph_and_pytorch_give_the_same_answers(run: Path, exported: Path) -> None:
    articles = Path(__file__).parents[2] / "data" / "training" / "articles.json"
    examples = read_examples(articles)
    tokenizer = plain_tokenizer(Tokenizer.from_file(str(exported / "hf" / "tokenizer.json")))
    one = extractor(torch_reader(load_trained([run])[0]), tokenizer, 64)
    other = extractor(onnx_reader(exported / "reader.onnx"), tokenizer, 64)
    for example in examples[:20]:
        found = [read.candidates(example.question, [example.context])[0] for read in (one, other)]
        assert [c.span for c in found[0]] == [c.span for c in found[1]]
    assert scores(one, examples) == pytest.approx(scores(other, examples), abs=1e-3)


def looking_up(vectors: Array, file: Path) -> Path:
    """A graph that gives the vectors of ids."""
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["rows", "pieces"])
    found = helper.make_tensor_value_info("found", TensorProto.FLOAT, ["rows", "pieces", 64])
    node = helper.make_node("Gather", ["vectors", "ids"], ["found"])
    tensors = [numpy_helper.from_array(vectors, "vectors")]
    graph = helper.make_graph([node], "look up", [ids], [found], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    model.ir_version = 10
    onnx.save(model, file)
    return file


def test_vectors_that_came_in_four_bits_are_packed_and_stay_the_same(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    scales = random.random((500, 2, 1)).astype(np.float16).astype(np.float32)
    vectors = (random.integers(-8, 8, (500, 2, 32)) * scales).astype(np.float32).reshape(500, 64)
    file = looking_up(vectors, tmp_path / "graph.onnx")
    before = file.stat().st_size
    assert pack_vectors(file)
    assert file.stat().st_size < before / 4
    ids = random.integers(0, 500, (3, 7))
    (found,) = onnxruntime.InferenceSession(str(file)).run(None, {"ids": ids})
    np.testing.assert_array_equal(found, vectors[ids])


def test_vectors_of_full_precision_are_left_as_they_are(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).normal(size=(50, 64)).astype(np.float32)
    file = looking_up(vectors, tmp_path / "graph.onnx")
    before = file.read_bytes()
    assert not pack_vectors(file)
    assert file.read_bytes() == before


def test_of_several_runs_the_mean_is_exported(run: Path, base: Path, tmp_path: Path) -> None:
    plan = dataclasses.replace(TrainingPlan.from_json(load_state(run).plan), seed=5)
    train(plan, tmp_path, watch=Watch(stop_after=2))
    files = [run, tmp_path / "checkpoint.pt", tmp_path / "checkpoint.pt"]
    mixed = load_trained(files)[0].state_dict()
    one, other = (load_state(file).average for file in files[:2])
    for name in one:
        torch.testing.assert_close(mixed[name], (one[name] + 2 * other[name]) / 3)
    assert not torch.equal(one["qa_outputs.weight"], other["qa_outputs.weight"])


def test_runs_on_other_bases_are_not_mixed(run: Path, narrow: Path, tmp_path: Path) -> None:
    plan = dataclasses.replace(TrainingPlan.from_json(load_state(run).plan), base=str(narrow))
    train(plan, tmp_path / "run", watch=Watch(stop_after=1))
    with pytest.raises(ModelError, match=r"of another model than .*: give checkpoints of runs on"):
        load_trained([run, tmp_path / "run" / "checkpoint.pt"])


def test_what_was_exported_can_be_part_of_the_mean(
    run: Path, exported: Path, tmp_path: Path
) -> None:
    plan = dataclasses.replace(TrainingPlan.from_json(load_state(run).plan), seed=5)
    train(plan, tmp_path, start_from=exported / "hf", watch=Watch(stop_after=2))
    files = [exported / "hf", exported / "hf", tmp_path / "checkpoint.pt"]
    mixed = load_trained(files)[0].state_dict()
    one, other = load_weights(files[0]), load_state(files[2]).average
    for name in one:
        torch.testing.assert_close(mixed[name], (2 * one[name] + other[name]) / 3)
    assert not torch.equal(one["qa_outputs.weight"], other["qa_outputs.weight"])


def test_a_run_can_begin_with_what_was_exported(run: Path, exported: Path, tmp_path: Path) -> None:
    plan = TrainingPlan.from_json(load_state(run).plan)
    still = dataclasses.replace(plan, learning_rate=0.0, head_learning_rate=0.0)
    train(still, tmp_path, start_from=exported / "hf", watch=Watch(stop_after=1))
    begun = load_state(tmp_path / "checkpoint.pt").average
    for name, weights in load_weights(exported / "hf").items():
        assert torch.equal(begun[name], weights)


def test_exported_folders_alone_hold_no_plan(exported: Path) -> None:
    with pytest.raises(ModelError, match=r"exported already: give a run's checkpoint.pt beside it"):
        load_trained([exported / "hf"])


@pytest.mark.parametrize("content", [None, b"not weights"])
def test_a_folder_without_weights_is_refused(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(ModelError, match=r"holds no weights, or damaged ones: give the checkpoint"):
        load_weights(tmp_path)


def test_a_run_on_another_base_than_bert_is_not_exported(mpnet: Path, tmp_path: Path) -> None:
    articles = Path(__file__).parents[2] / "data" / "training" / "articles.json"
    plan = TrainingPlan(files=(str(articles),), base=str(mpnet), max_length=64)
    train(plan, tmp_path / "run", watch=Watch(stop_after=1))
    with pytest.raises(ModelError, match="run on mpnet: only runs on a BERT base are exported"):
        export([tmp_path / "run" / "checkpoint.pt"], tmp_path / "out")
    assert not (tmp_path / "out").exists()
