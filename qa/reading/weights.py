"""Weights: the folder of files that a trained span reader is, checked by hash.

``model.onnx`` takes ``input_ids``, ``attention_mask`` and ``token_type_ids`` and gives
``start_logits`` and ``end_logits``; ``tokenizer.json`` is the tokenizers library's; and
``reader.json``, the manifest, names the reader, its longest input and the files' SHA-256.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.checksums import check_sha256, sha256
from index.errors import ModelError

MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"
MANIFEST = "reader.json"
FORMAT = 1
DEFAULT_NAME = "span"

SHIPPED = Path(__file__).parents[1] / "weights"
"""The weights that come with Pullquote."""

REMEDY = (
    "reinstall Pullquote, or export the reader again with 'python -m qa.training export-reader'"
)


@dataclass(frozen=True, slots=True)
class Weights:
    """A reader's files, found whole. ``max_length`` is its longest input, in tokens."""

    name: str
    max_length: int
    model: Path
    tokenizer: Path


class _Manifest(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    format: int
    name: str = Field(min_length=1)
    max_length: int = Field(ge=16)
    sha256: dict[str, str]


def open_weights(folder: Path) -> Weights:
    """The weights in a folder. Raises ``ModelError`` when they are missing, damaged or of another
    version of this layout."""
    manifest = _read_manifest(folder / MANIFEST)
    for name in (MODEL, TOKENIZER):
        if name not in manifest.sha256:
            raise ModelError(f"{folder / MANIFEST} has no SHA-256 of {name!r}: {REMEDY}")
        check_sha256(folder / name, manifest.sha256[name], REMEDY)
    return Weights(manifest.name, manifest.max_length, folder / MODEL, folder / TOKENIZER)


def lay_out(
    folder: Path, model: Path, tokenizer: Path, max_length: int, name: str = DEFAULT_NAME
) -> None:
    """Make a folder of weights from a graph and its tokenizer, wherever they are."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(model, folder / MODEL)
    shutil.copyfile(tokenizer, folder / TOKENIZER)
    write_manifest(folder, name, max_length)


def write_manifest(folder: Path, name: str, max_length: int) -> None:
    """Write the manifest of the model and tokenizer in a folder. ``name`` is what answers carry in
    ``models.reader``; there must be a calibration for it."""
    manifest = _Manifest(
        format=FORMAT,
        name=name,
        max_length=max_length,
        sha256={file: sha256(folder / file) for file in (MODEL, TOKENIZER)},
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")


def _read_manifest(file: Path) -> _Manifest:
    if not file.is_file():
        raise ModelError(
            f"{file} is missing, so there is no trained reader in {str(file.parent)!r}: {REMEDY}"
        )
    try:
        values = json.loads(file.read_bytes())
        version = values.get("format") if isinstance(values, dict) else None
        if isinstance(version, int) and version != FORMAT:
            raise ModelError(
                f"{file} has format {version}, and this version of Pullquote reads format "
                f"{FORMAT}: install the version of Pullquote that the weights are for"
            )
        return _Manifest.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ModelError(f"{file} is damaged: {place}: {first['msg']}: {REMEDY}") from error
    except ValueError as error:
        raise ModelError(f"{file} is damaged ({error}): {REMEDY}") from error
