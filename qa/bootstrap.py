"""Wiring: from the settings to an answerer over an open library, at start-up."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from threadpoolctl import threadpool_limits

from index.embedding.model import ModelEmbedder
from index.embedding.onnx import DEFAULT, onnx_embedder
from index.embedding.onnx import MANIFEST as EMBEDDER_MANIFEST
from index.embedding.sentence_transformers import SentenceTransformerEmbedder
from index.sqlite.catalogue import require
from index.sqlite.library import SQLiteLibrary
from qa.answering.answerer import Answerer, Policy
from qa.answering.confidence import calibration_of
from qa.reading.reader import Reader
from qa.settings import Settings


def open_library(settings: Settings, *, create: bool = False) -> SQLiteLibrary:
    """Open the library; its embedder is loaded when it is first needed.

    Raises ``LibraryError`` or ``ModelError``.
    """
    return SQLiteLibrary(Path(settings.library), build_embedder(settings), create=create)


def open_answerer(settings: Settings, *, create: bool = False) -> Answerer:
    """Open the library and load the embedder and the reader, all at the same time.

    Raises ``LibraryError`` or ``ModelError``.
    """
    folder = Path(settings.library)
    if not create:
        require(folder)
    embedder = build_embedder(settings)
    with ThreadPoolExecutor(2) as pool:
        loading = pool.submit(embedder.load)
        reader = pool.submit(build_reader, settings)
        library = SQLiteLibrary(folder, embedder, create=create)
        loading.result()
        return _answerer(settings, library, reader.result())


def build_embedder(settings: Settings) -> ModelEmbedder:
    """The embedder that the settings name; it is loaded when it is first needed. Raises
    ``ModelError``."""
    # NumPy's products here are too small to share between cores, and its threads would contend
    # with those of the models.
    threadpool_limits(1, user_api="blas")
    name = settings.embedder
    if name == DEFAULT or (Path(name) / EMBEDDER_MANIFEST).is_file():
        return onnx_embedder(name, threads(settings))
    return SentenceTransformerEmbedder(name, threads(settings))


def build_answerer(settings: Settings, library: SQLiteLibrary) -> Answerer:
    """Load the reader and its calibration. Raises ``ModelError``."""
    return _answerer(settings, library, build_reader(settings))


def _answerer(settings: Settings, library: SQLiteLibrary, reader: Reader) -> Answerer:
    return Answerer(
        library,
        reader,
        calibration_of(reader.name, settings.confidence),
        Policy(settings.passages_read, settings.min_confidence),
    )


def build_reader(settings: Settings) -> Reader:
    """The reader that the settings name. Raises ``ModelError``."""
    # Imported here, so that a library can be opened without onnxruntime.
    from qa.reading.hugging_face import HuggingFaceReader
    from qa.reading.sentence import SentenceReader
    from qa.reading.span import SpanReader
    from qa.reading.weights import MANIFEST, SHIPPED

    if settings.reader == "sentence":
        return SentenceReader()
    if settings.reader == "span":
        return SpanReader(SHIPPED, threads(settings))
    if (Path(settings.reader) / MANIFEST).is_file():
        return SpanReader(Path(settings.reader), threads(settings))
    return HuggingFaceReader(settings.reader, threads(settings))


def threads(settings: Settings) -> int:
    """Threads for the models: as set, but never more than there are cores."""
    return min(settings.threads, os.cpu_count() or 1)
