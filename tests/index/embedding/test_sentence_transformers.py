"""The sentence-transformers embedder: models that cannot be used, and PyTorch's threads."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from index.embedding.sentence_transformers import SentenceTransformerEmbedder
from index.errors import ModelError
from tests.index.embedding.small_models import build


@pytest.mark.parametrize("what", ["missing", "empty", "damaged"])
def test_a_model_that_cannot_be_loaded_is_named_with_the_remedy(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "model"
    if what == "empty":
        folder.mkdir()
    if what == "damaged":
        built = build(tmp_path / "built", "mean", {})
        shutil.copytree(built, folder)
        weights = folder / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(
        ModelError, match=r"'.*model' cannot be loaded \(.+\): set PULLQUOTE_EMBEDDER to a folder"
    ):
        SentenceTransformerEmbedder(str(folder)).load()


def test_a_pass_is_computed_by_one_thread_and_all_else_by_as_many_as_before(tmp_path: Path) -> None:
    before = torch.get_num_threads()
    try:
        passes = SentenceTransformerEmbedder(str(build(tmp_path, "mean", {})), 3).load().passes
        assert torch.get_num_threads() == 3
        assert passes.run(lambda _: torch.get_num_threads(), range(6)) == [1] * 6
        with ThreadPoolExecutor(1) as new:
            assert new.submit(torch.get_num_threads).result() == 3
        assert passes.run(lambda _: torch.get_num_threads(), range(6)) == [1] * 6
    finally:
        torch.set_num_threads(before)
