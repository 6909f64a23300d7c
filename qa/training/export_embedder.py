"""An embedder as files that onnxruntime runs (see ``index.embedding.onnx``).

``python -m qa.training.export_embedder BASE OUTPUT --name NAME`` exports a sentence-transformers
model of the kind BERT. The graph is written here, of the operators that onnxruntime has for
transformers, and says where in ``model.safetensors`` each weight lies: so it is small, and the
weights are mapped into memory as they are. The one that ships was made with ``--graph-alone``,
which leaves out the weights and the tokenizer.
"""

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

from index.checksums import sha256
from index.embedding.onnx import FORMAT, GRAPH, MANIFEST, TOKENIZER, WEIGHTS, Manifest
from index.errors import ModelError

OPSET, RUNTIME_OPSET, IR_VERSION = 20, 1, 10
RUNTIME = "com.microsoft"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m qa.training.export_embedder",
        description=(__doc__ or "").partition("\n")[0],
    )
    parser.add_argument("base", type=Path, help="folder of a sentence-transformers model")
    parser.add_argument("output", type=Path, help="folder to write")
    parser.add_argument(
        "--name", required=True, help="kept in libraries: other weights, other name"
    )
    parser.add_argument(
        "--graph-alone", action="store_true", help="leave out weights and tokenizer"
    )
    options = parser.parse_args(arguments)
    export(options.base, options.output, options.name, graph_alone=options.graph_alone)


def export(base: Path, output: Path, name: str, *, graph_alone: bool = False) -> None:
    """Write the model in ``base`` as one that Pullquote runs. Raises ``ModelError`` when it is
    not a BERT whose token vectors are pooled by their mean or their first."""
    output.mkdir(parents=True, exist_ok=True)
    (output / GRAPH).write_bytes(graph(base))
    if not graph_alone:
        for file in (WEIGHTS, TOKENIZER):
            shutil.copyfile(base / file, output / file)
    places = {GRAPH: output, WEIGHTS: base, TOKENIZER: base}
    config = _read(base / "config.json")
    said = _read(base / "config_sentence_transformers.json").get("prompts") or {}
    manifest = Manifest.model_validate(
        {
            "format": FORMAT,
            "name": name,
            "dimensions": config["hidden_size"],
            "max_tokens": _max_tokens(base),
            "pooling": _pooling(base),
            "prompts": {kind: said.get(kind) or "" for kind in ("query", "document")},
            "sha256": {file: sha256(folder / file) for file, folder in places.items()},
        }
    )
    (output / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")


def graph(base: Path) -> bytes:
    """The ONNX graph of a BERT: ``input_ids`` (rows, tokens) int64, none of them padding, to
    ``token_embeddings`` (rows, tokens, dimensions) float32."""
    return _Graph(_read(base / "config.json"), base / WEIGHTS).encoded()


def _read(file: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(file.read_bytes())
    return values


def _max_tokens(base: Path) -> int:
    """The longest input, which sentence-transformers keeps in either of two places."""
    asked = _read(base / "sentence_bert_config.json").get("max_seq_length")
    limit = asked or _read(base / "tokenizer_config.json")["model_max_length"]
    return min(int(limit), int(_read(base / "config.json")["max_position_embeddings"]))


def _pooling(base: Path) -> str:
    modules = json.loads((base / "modules.json").read_bytes())
    kinds = [str(module["type"]).rpartition(".")[2] for module in modules]
    mode: object = None
    if kinds[:2] == ["Transformer", "Pooling"] and set(kinds[2:]) <= {"Normalize"}:
        config = _read(base / modules[1]["path"] / "config.json")
        old = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
        modes = [name for key, name in old.items() if config.get(key)]
        mode = config.get("pooling_mode") or (modes[0] if len(modes) == 1 else None)
    if mode not in ("mean", "cls"):
        raise ModelError(
            f"{str(base)!r} makes a text's vector by {', '.join(kinds)}, pooling {mode!r}: only "
            "models that pool by the mean or the first token, and no more, are exported"
        )
    return str(mode)


class _Graph:
    def __init__(self, config: dict[str, Any], weights: Path) -> None:
        if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu":
            raise ModelError(
                f"{str(weights.parent)!r} is of the kind {config.get('model_type')!r} with "
                f"{config.get('hidden_act')!r}: only BERT with 'gelu' is exported"
            )
        self._config = config
        with weights.open("rb") as stream:
            self._begin = 8 + int.from_bytes(stream.read(8), "little")
            self._header = json.loads(stream.read(self._begin - 8))
        self._nodes: list[NodeProto] = []
        self._tensors: dict[str, TensorProto] = {}

    def encoded(self) -> bytes:
        hidden = int(self._config["hidden_size"])
        flat = self._constant("flat", [-1, hidden])
        whole = self._node(
            "Concat", self._node("Shape", "input_ids"), self._constant("width", [hidden]), axis=0
        )
        states = self._node("Reshape", self._embedded(), flat)
        for layer in range(int(self._config["num_hidden_layers"])):
            states = self._layer(f"encoder.layer.{layer}.", states, flat, whole)
        self._nodes.append(helper.make_node("Reshape", [states, whole], ["token_embeddings"]))
        shape = ["rows", "tokens"]
        model = helper.make_model(
            helper.make_graph(
                self._nodes,
                "bert",
                [helper.make_tensor_value_info("input_ids", TensorProto.INT64, shape)],
                [
                    helper.make_tensor_value_info(
                        "token_embeddings", TensorProto.FLOAT, [*shape, hidden]
                    )
                ],
                list(self._tensors.values()),
            ),
            opset_imports=[
                helper.make_opsetid("", OPSET),
                helper.make_opsetid(RUNTIME, RUNTIME_OPSET),
            ],
            ir_version=IR_VERSION,
            producer_name="pullquote",
        )
        return bytes(model.SerializeToString(deterministic=True))

    def _embedded(self) -> str:
        zero, one = self._constant("zero", [0]), self._constant("one", [1])
        length = self._node("Shape", "input_ids", start=1)
        words = self._node("Gather", self._weight("embeddings.word_embeddings.weight"), "input_ids")
        positions = self._node(
            "Slice", self._weight("embeddings.position_embeddings.weight"), zero, length
        )
        first = self._node(
            "Slice", self._weight("embeddings.token_type_embeddings.weight"), zero, one
        )
        total = self._node("Add", self._node("Add", words, first), positions)
        return self._node(
            "LayerNormalization", total, *self._pair("embeddings.LayerNorm"), epsilon=self._epsilon
        )

    def _layer(self, layer: str, states: str, flat: str, whole: str) -> str:
        parts = [
            self._node("Reshape", self._dense(states, f"{layer}attention.self.{part}"), whole)
            for part in ("query", "key", "value")
        ]
        heads = int(self._config["num_attention_heads"])
        attention = self._node("MultiHeadAttention", *parts, domain=RUNTIME, num_heads=heads)
        attended = self._dense(
            self._node("Reshape", attention, flat), f"{layer}attention.output.dense"
        )
        states = self._sum(attended, states, f"{layer}attention.output.LayerNorm")
        inner = self._node("Gelu", self._dense(states, f"{layer}intermediate.dense"))
        return self._sum(
            self._dense(inner, f"{layer}output.dense"), states, f"{layer}output.LayerNorm"
        )

    def _dense(self, states: str, name: str) -> str:
        return self._node("Gemm", states, *self._pair(name), transB=1)

    def _sum(self, one: str, other: str, norm: str) -> str:
        return self._node(
            "SkipLayerNormalization",
            one,
            other,
            *self._pair(norm),
            domain=RUNTIME,
            epsilon=self._epsilon,
        )

    @property
    def _epsilon(self) -> float:
        return float(self._config["layer_norm_eps"])

    def _node(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        output = f"{kind}_{len(self._nodes)}"
        self._nodes.append(
            helper.make_node(kind, list(inputs), [output], domain=domain, **attributes)
        )
        return output

    def _constant(self, name: str, values: list[int]) -> str:
        self._tensors[name] = numpy_helper.from_array(np.array(values, np.int64), name)
        return name

    def _pair(self, name: str) -> tuple[str, str]:
        return self._weight(f"{name}.weight"), self._weight(f"{name}.bias")

    def _weight(self, name: str) -> str:
        """A weight, where it lies in the file."""
        placed = self._header.get(name)
        if placed is None or placed["dtype"] != "F32":
            raise ModelError(
                f"model.safetensors has no {name!r} in float32: save the model as it is trained, "
                "by sentence-transformers"
            )
        begin, end = placed["data_offsets"]
        tensor = TensorProto(
            name=name,
            data_type=TensorProto.FLOAT,
            dims=placed["shape"],
            data_location=TensorProto.EXTERNAL,
        )
        for key, value in (
            ("location", WEIGHTS),
            ("offset", str(self._begin + begin)),
            ("length", str(end - begin)),
        ):
            tensor.external_data.add(key=key, value=value)
        self._tensors[name] = tensor
        return name


if __name__ == "__main__":
    main()
