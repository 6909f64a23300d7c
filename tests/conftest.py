"""What tests share: property tests without a deadline, a library of fakes, the real embedder."""

from pathlib import Path

import hypothesis
import pytest

from index.embedding.model import ModelEmbedder
from index.embedding.onnx import DEFAULT, onnx_embedder
from index.sqlite.library import SQLiteLibrary
from tests.fakes import WordEmbedder

# How long an example takes says more about the machine's other work than about the code.
hypothesis.settings.register_profile("pullquote", deadline=None)
hypothesis.settings.load_profile("pullquote")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where ``library`` is kept."""
    return tmp_path / "library"


@pytest.fixture
def library(folder: Path) -> SQLiteLibrary:
    """An empty library with the fake embedder."""
    return SQLiteLibrary(folder, WordEmbedder(), create=True)


@pytest.fixture(scope="session")
def minilm() -> ModelEmbedder:
    """The packaged model; for tests that are marked ``model``."""
    return onnx_embedder(DEFAULT, 1)
