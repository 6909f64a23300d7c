"""Indexing speed: the command takes in what it says and prints what the documents publish."""

import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.ingest_speed import contexts, in_own_process, made, main
from index.embedding.sentence_transformers import PACKAGED
from qa.evaluation.dataset import read_squad
from tests.fakes import WordEmbedder

DATA = Path(__file__).parents[1] / "data" / "squad"
SMALL = DATA / "small-1.1.json"

on_linux = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="/proc is Linux's")


def test_each_paragraph_is_taken_once_and_on_one_line() -> None:
    dataset = read_squad(SMALL)
    found = contexts([dataset, dataset])
    assert len(found) == len(set(found)) == 3
    assert not any("\n" in paragraph for paragraph in found)


def test_articles_have_as_many_paragraphs_as_asked_for_and_are_never_the_same() -> None:
    articles = list(islice(made(["A.", "B.", "C."], 2), 4))
    assert articles == [
        *(["Article 1. A.", "B."], ["Article 2. C.", "A."]),
        *(["Article 3. B.", "C."], ["Article 4. A.", "B."]),
    ]


@on_linux
def test_the_rate_stands_beside_the_bare_one_and_the_memory_at_three_points(
    capsys: pytest.CaptureFixture[str],
) -> None:
    encoded: list[tuple[str, int]] = []

    def encode(model: str, texts: Sequence[str]) -> float:
        encoded.append((model, len(texts)))
        return len(texts) / 100

    main([str(SMALL), "--articles", "6", "--bare-every", "3"], WordEmbedder(), encode)
    report = json.loads(capsys.readouterr().out)
    assert (report["articles"], report["paragraphs"]) == (6, 30)
    assert encoded == [(PACKAGED, 5), (PACKAGED, 5)]
    assert report["bare_encode_paragraphs_a_second"] == 100
    own = report["taking_in"]
    assert report["ratio"] == pytest.approx(own["paragraphs_a_second"] / 100)
    assert own["paragraphs_a_second"] == pytest.approx(30 / own["seconds"])
    for point in ("start", "middle", "end"):
        assert 1 < own[f"{point}_memory_mb"] < report["peak_memory_mb"] + 10  # it lags behind
    assert report["unchanged"]["articles_a_second"] > 0


@pytest.mark.model
def test_bare_encoding_is_timed_in_a_process_of_its_own() -> None:
    assert in_own_process("all-MiniLM-L6-v2", ["The ferry leaves at noon."] * 3) > 0
    assert in_own_process("all-MiniLM-L6-v2", []) == 0
