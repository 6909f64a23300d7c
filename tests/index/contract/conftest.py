"""The engines that the contract holds for."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from index.embedding.embedder import Embedder
from index.engine import EngineLibrary
from index.sqlite.library import SQLiteLibrary
from tests.fakes import WordEmbedder
from tests.index.contract.memory import memory_library

NewLibrary = Callable[..., EngineLibrary]


@pytest.fixture(params=["sqlite", "memory"])
def new_library(request: pytest.FixtureRequest, tmp_path: Path) -> NewLibrary:
    """Makes an empty library in the engine, with the fake embedder unless another is given."""
    numbers = count()

    def make(embedder: Embedder | None = None) -> EngineLibrary:
        embedder = embedder or WordEmbedder()
        if request.param == "memory":
            return memory_library(embedder)
        return SQLiteLibrary(tmp_path / f"library-{next(numbers)}", embedder, create=True)

    return make


@pytest.fixture
def library(new_library: NewLibrary) -> EngineLibrary:
    """An empty library with the fake embedder."""
    return new_library()
