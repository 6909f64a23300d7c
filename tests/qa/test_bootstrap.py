"""Wiring, from the settings to an answerer."""

import os
from pathlib import Path

import pytest

from index.errors import LibraryMissing, ModelError
from index.sqlite.library import SQLiteLibrary
from qa.answering.confidence import calibration_of
from qa.bootstrap import build_answerer, build_reader, open_library, threads
from qa.reading.sentence import SentenceReader
from qa.settings import Settings, read_settings


def test_the_sentence_reader_is_built_by_its_name() -> None:
    assert isinstance(build_reader(read_settings(reader="sentence")), SentenceReader)


def test_a_reader_of_another_name_is_looked_for_among_hugging_face_models() -> None:
    with pytest.raises(ModelError, match=r"no reader 'no/such'.*: set PULLQUOTE_READER to 'span'"):
        build_reader(read_settings(reader="no/such"))


def test_an_answerer_reads_with_the_settings_reader_calibration_and_limits(
    library: SQLiteLibrary,
) -> None:
    settings = Settings(reader="sentence", passages_read=7, min_confidence=0.25)
    answerer = build_answerer(settings, library)
    assert answerer.library is library
    assert (answerer.reader.name, answerer.calibration) == ("sentence", calibration_of("sentence"))
    assert (answerer.policy.passages_read, answerer.policy.min_confidence) == (7, 0.25)


def test_there_are_as_many_threads_as_set_but_no_more_than_cores() -> None:
    assert threads(Settings(threads=1)) == 1
    assert threads(Settings(threads=10_000)) == os.cpu_count()


@pytest.mark.model
def test_the_library_of_the_settings_is_opened_with_the_packaged_model(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "library", threads=1)
    with pytest.raises(LibraryMissing, match="there is no library in"):
        open_library(settings)
    library = open_library(settings, create=True)
    assert (library.folder, library.embedder) == (tmp_path / "library", "all-MiniLM-L6-v2-onnx")


def test_a_missing_library_is_told_before_any_model_is_loaded(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path, embedder=str(tmp_path / "no model"))
    with pytest.raises(LibraryMissing, match="there is no library in"):
        open_library(settings)
