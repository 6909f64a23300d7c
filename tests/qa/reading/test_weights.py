import json
from pathlib import Path

import pytest

from index.errors import ModelError
from qa.reading.hugging_face import HuggingFaceReader
from qa.reading.span import SpanReader
from qa.reading.weights import (
    MANIFEST,
    MODEL,
    SHIPPED,
    TOKENIZER,
    lay_out,
    open_weights,
    write_manifest,
)
from tests.qa.reading.conftest import passage, write_table_weights


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_table_weights(tmp_path / "weights", {})


def rewrite(folder: Path, **values: object) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(manifest | values))


def test_whole_weights_are_opened(folder: Path) -> None:
    write_manifest(folder, "mine", 128)
    weights = open_weights(folder)
    assert (weights.name, weights.max_length) == ("mine", 128)
    assert (weights.model, weights.tokenizer) == (folder / MODEL, folder / TOKENIZER)


def test_weights_can_be_laid_out_from_files_elsewhere(folder: Path, tmp_path: Path) -> None:
    lay_out(tmp_path / "new" / "place", folder / MODEL, folder / TOKENIZER, 320)
    weights = open_weights(tmp_path / "new" / "place")
    assert (weights.name, weights.max_length) == ("span", 320)


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ModelError, match=r"reader.json is missing, .* no trained reader .*: reinstall"
    ):
        open_weights(tmp_path)


@pytest.mark.parametrize("name", [MODEL, TOKENIZER])
def test_a_missing_file_is_named(name: str, folder: Path) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError, match=f"{name} is missing: reinstall Pullquote, or export"):
        open_weights(folder)


@pytest.mark.parametrize("name", [MODEL, TOKENIZER])
def test_a_damaged_file_is_named(name: str, folder: Path) -> None:
    with (folder / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelError, match=rf"{name} is damaged \(its SHA-256 .*\): reinstall"):
        open_weights(folder)


def test_weights_of_another_version_are_refused(folder: Path) -> None:
    rewrite(folder, format=2, new="field")
    with pytest.raises(
        ModelError, match=r"has format 2, and this version .* format 1: install the version"
    ):
        open_weights(folder)


def test_a_manifest_that_is_no_json_is_refused(folder: Path) -> None:
    (folder / MANIFEST).write_text("{")
    with pytest.raises(ModelError, match=r"reader.json is damaged \(.*line 1.*\): reinstall"):
        open_weights(folder)


def test_a_field_of_the_wrong_kind_is_named(folder: Path) -> None:
    rewrite(folder, max_length="long")
    with pytest.raises(ModelError, match=r"reader.json is damaged: max_length: .*: reinstall"):
        open_weights(folder)


def test_a_manifest_that_leaves_a_file_out_is_refused(folder: Path) -> None:
    rewrite(folder, sha256={})
    with pytest.raises(ModelError, match=r"has no SHA-256 of 'model.onnx': reinstall"):
        open_weights(folder)


@pytest.mark.model
def test_the_weights_that_ship_are_whole_and_read_the_same_in_hugging_face_layout() -> None:
    found = passage("The ferry to Skye leaves at noon. The train to Oban leaves at one.")
    readers = (SpanReader(SHIPPED, 1), HuggingFaceReader(str(SHIPPED / "hf"), 1))
    for question, answer in (
        ("When does the ferry leave?", "noon"),
        ("Which city does the train go to?", "Oban"),
    ):
        first, second = (reader.read(question, [found])[0].candidates[0] for reader in readers)
        assert first.span == second.span
        assert answer in first.span.of(found.text)
        assert first.score == pytest.approx(second.score, abs=0.5)  # one of them is in int8
