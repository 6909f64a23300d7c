"""A trained reader as files: Hugging Face layout in fp16, and ONNX in fp32 and int8."""

import copy
import shutil
import warnings
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertForQuestionAnswering

from index.errors import ModelError
from qa.reading.extraction import SpanModel
from qa.reading.weights import lay_out
from qa.reading.windows import Floats
from qa.reading.words import Integers
from qa.training.checkpoint import mean_weights
from qa.training.encoding import plain_tokenizer
from qa.training.model import load_model
from qa.training.plan import TrainingPlan

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
# torch's exporter calls its own deprecated pytree, and says which of two equal names it took.
_EXPORTER_WARNINGS = (r".isinstance\(treespec, LeafSpec", r"# The axis name: .* will not be used")
OUTPUTS = ("start_logits", "end_logits")
KEPT_IN_FP32 = 4
"""Feed-forward networks, from the first layer on, whose output product is not quantised."""
BLOCK = 32
"""Numbers of a word piece's vector that share a scale where they are packed in four bits."""


class _SpanGraph(nn.Module):
    """The model as a function of three tensors [rows, pieces] to two of the same shape."""

    def __init__(self, model: BertForQuestionAnswering) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        out = self.model(input_ids=ids, attention_mask=mask, token_type_ids=types)
        return out.start_logits, out.end_logits


def load_trained(checkpoints: Sequence[Path]) -> tuple[BertForQuestionAnswering, TrainingPlan]:
    """The mean of the runs' averaged weights, and the first run's plan."""
    weights, plan_text = mean_weights(checkpoints)
    plan = TrainingPlan.from_json(plan_text)
    model = load_model(Path(plan.base))
    if not isinstance(model, BertForQuestionAnswering):
        raise ModelError(
            f"{str(checkpoints[0])!r} is of a run on {model.config.model_type}: only runs on a "
            "BERT base are exported, others can teach ('teach')"
        )
    model.load_state_dict(weights)
    return model.train(False), plan


def export(checkpoints: Sequence[Path], folder: Path) -> None:
    """Writes ``hf/``, ``reader.onnx`` (fp32) and ``reader.int8.onnx`` into the folder, and both
    graphs once more as weights that qa.reading.span loads, in ``fp32/`` and ``int8/``."""
    model, plan = load_trained(checkpoints)
    folder.mkdir(parents=True, exist_ok=True)
    export_onnx(model, folder / "reader.onnx")
    with TemporaryDirectory() as temporary:
        graph_of_even = Path(temporary) / "even.onnx"
        export_onnx(evened(model), graph_of_even)
        quantise(graph_of_even, folder / "reader.int8.onnx")
        pack_vectors(folder / "reader.int8.onnx")
    export_hf(model, Path(plan.base), folder / "hf")
    for name, graph in (("fp32", "reader.onnx"), ("int8", "reader.int8.onnx")):
        tokenizer = folder / "hf" / "tokenizer.json"
        lay_out(folder / name, folder / graph, tokenizer, plan.max_length)


def export_hf(model: BertForQuestionAnswering, base: Path, folder: Path) -> None:
    """config.json, model.safetensors in fp16 and the tokenizer, without its truncation."""
    half = copy.deepcopy(model)
    nn.Module.to(half, torch.float16)
    half.save_pretrained(folder)
    tokenizer = plain_tokenizer(Tokenizer.from_file(str(base / "tokenizer.json")))
    tokenizer.save(str(folder / "tokenizer.json"))
    for name in ("vocab.txt", "special_tokens_map.json", "tokenizer_config.json"):
        if (base / name).is_file():
            shutil.copyfile(base / name, folder / name)


def export_onnx(model: BertForQuestionAnswering, file: Path) -> None:
    """One ONNX file with dynamic rows and pieces; inputs and outputs are named as in BERT."""
    example = _example_inputs()
    rows, pieces = torch.export.Dim("rows", min=1), torch.export.Dim("pieces", min=4, max=512)
    shape = {0: rows, 1: pieces}
    with warnings.catch_warnings():
        for message in _EXPORTER_WARNINGS:
            warnings.filterwarnings("ignore", message)
        program: Any = torch.onnx.export(
            _SpanGraph(model).train(False),
            example,
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_shapes=(shape, shape, shape),
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    program.save(str(file), external_data=False)


def _example_inputs() -> tuple[Tensor, Tensor, Tensor]:
    """Distinct tensors: equal ones would become one input of the graph."""
    ids = torch.arange(3 * 16).reshape(3, 16) % 90
    mask = torch.ones(3, 16, dtype=torch.int64)
    mask[1, 11:] = 0
    types = torch.zeros(3, 16, dtype=torch.int64)
    types[:, 6:] = 1
    return ids, mask, types


class _Evened(nn.Module):
    """A linear layer that divides its inputs by a scale, which its weights make up for."""

    def __init__(self, linear: nn.Linear, scale: Tensor) -> None:
        super().__init__()
        self.inverse = nn.Parameter(1 / scale)
        self.linear = copy.deepcopy(linear)
        self.linear.weight = nn.Parameter(linear.weight * scale)

    def forward(self, states: Tensor) -> Tensor:
        output: Tensor = self.linear(states * self.inverse)
        return output


def evened(model: BertForQuestionAnswering) -> BertForQuestionAnswering:
    """The same function, with the inputs of the feed-forward networks in a narrower range.

    A few channels of theirs are ten times as large as most, which would leave the others few of
    int8's steps (SmoothQuant; Xiao et al. 2023, with exponent 0.75). How far a channel reaches is
    read off the layer norm before it, at four standard deviations.
    """
    even = copy.deepcopy(model)
    for number in range(int(model.config.num_hidden_layers)):
        layer = even.get_submodule(f"bert.encoder.layer.{number}")
        norm = layer.get_submodule("attention.output.LayerNorm")
        linear = layer.get_submodule("intermediate.dense")
        assert isinstance(norm, nn.LayerNorm)  # noqa: S101 # for the type checker
        assert isinstance(linear, nn.Linear)  # noqa: S101 # for the type checker
        with torch.no_grad():
            reach = (4 * norm.weight.abs() + norm.bias.abs()).clamp(min=1e-5)
            widest = linear.weight.abs().amax(dim=0).clamp(min=1e-5)
            scale = reach**0.75 / widest**0.25
        layer.set_submodule("intermediate.dense", _Evened(linear, scale))
    return even


def quantise(source: Path, target: Path) -> None:
    """Weights of the matrix products in int8, a scale a channel; the rest stays in fp32.

    So do the products out of the first feed-forward networks, whose inputs range the widest:
    they account for half of what int8 changes in the logits. Of the eight bits seven are used,
    so that no processor's sums overflow and all give the same.
    """
    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul", "Gemm"],
        nodes_to_exclude=_after_gelu(onnx.load(source).graph)[:KEPT_IN_FP32],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
    )


def pack_vectors(file: Path) -> bool:
    """Packs the word pieces' vectors in four bits, in blocks that share a scale, if none changes.

    So it is with a base that came so packed and whose vectors were left as they are. Returns
    whether it was done; the graph is rewritten in place.
    """
    model = onnx.load(file)
    graph = model.graph
    largest = max(graph.initializer, key=lambda tensor: np.prod(tensor.dims))
    gather = next(node for node in graph.node if largest.name in node.input)
    vectors = numpy_helper.to_array(largest)
    if vectors.shape[1] % BLOCK:
        return False
    steps, scales = _four_bits(vectors.reshape(len(vectors), -1, BLOCK))
    if not np.allclose(steps * scales, vectors.reshape(steps.shape), rtol=0, atol=1e-6):
        return False
    nibbles = (steps.astype(np.int8) & 15).astype(np.uint8).reshape(-1, 2)
    packed = (nibbles[:, 0] | nibbles[:, 1] << 4).tobytes()
    graph.initializer.remove(largest)
    graph.initializer.extend(
        [
            helper.make_tensor(largest.name, TensorProto.INT4, vectors.shape, packed, raw=True),
            numpy_helper.from_array(scales[:, :, 0], f"{largest.name}_scales"),
        ]
    )
    node = helper.make_node(
        "GatherBlockQuantized",
        [largest.name, gather.input[1], f"{largest.name}_scales"],
        gather.output,
        domain="com.microsoft",
        block_size=BLOCK,
        gather_axis=0,
        quantize_axis=1,
    )
    place = list(graph.node).index(gather)
    graph.node.remove(gather)
    graph.node.insert(place, node)
    if not any(one.domain == "com.microsoft" for one in model.opset_import):
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    onnx.save(model, file)
    return True


def _four_bits(blocks: Floats) -> tuple[Floats, Floats]:
    """Steps from -8 to 7 and the scale of each block, of eight scales the one that loses least."""
    largest = np.abs(blocks).max(axis=2, keepdims=True)
    best = np.full(largest.shape, np.inf, np.float32)
    steps, scales = np.zeros_like(blocks), np.zeros_like(largest)
    for most in range(1, 9):
        scale = np.maximum(largest / np.float32(most), np.float32(1e-12))
        step = np.clip(np.round(blocks / scale), -8, 7)
        loss = np.abs(step * scale - blocks).max(axis=2, keepdims=True)
        better = loss < best
        best = np.where(better, loss, best)
        steps, scales = np.where(better, step, steps), np.where(better, scale, scales)
    return steps, scales


def _after_gelu(graph: onnx.GraphProto) -> list[str]:
    """The products out of the feed-forward networks, in the layers' order."""
    activated = {node.output[0] for node in graph.node if node.op_type == "Gelu"}
    return [node.name for node in graph.node if activated & set(node.input)]


def onnx_reader(file: Path, threads: int = 0) -> SpanModel:
    """An exported graph as a function of arrays; 0 threads means all cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(file), options, ["CPUExecutionProvider"])

    def read(ids: Integers, mask: Integers, types: Integers) -> tuple[Floats, Floats]:
        start, end = session.run(None, dict(zip(INPUTS, (ids, mask, types), strict=True)))
        return start, end

    return read
