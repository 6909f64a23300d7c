"""Embedding, the same for every model: on small random ones, run in either way."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.article import Span
from index.embedding.embedder import ParagraphText
from index.embedding.model import PARAGRAPHS_AT_ONCE, Model, ModelEmbedder
from index.errors import ModelError
from tests.index.embedding.small_models import (
    WORDS,
    build,
    cosines,
    opened,
    paragraph,
    reference,
    same,
)


@pytest.fixture(scope="module", params=["sentence-transformers", "onnx"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def mean_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pools its tokens and knows no prompts."""
    return build(tmp_path_factory.mktemp("mean"), "mean", {})


@pytest.fixture(scope="module")
def cls_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Takes its first token for the whole, and has prompts like E5's."""
    return build(tmp_path_factory.mktemp("cls"), "cls", {"query": "ask: ", "document": "tell: "})


@pytest.fixture(scope="module")
def small(kind: str, mean_folder: Path) -> ModelEmbedder:
    return opened(kind, mean_folder)


@pytest.fixture(scope="module")
def prompted(kind: str, cls_folder: Path) -> ModelEmbedder:
    return opened(kind, cls_folder)


def test_vectors_have_the_models_dimensions(small: ModelEmbedder) -> None:
    assert small.dimensions == 32
    query = small.embed_query("w1 w2 w3")
    assert (query.vector.shape, query.tokens.shape, query.token_ids.shape) == ((32,), (3, 32), (3,))
    (embedded,) = small.embed([paragraph("w1 w2. w3 w4.")])
    assert (embedded.sentences.shape, embedded.tokens.shape) == ((2, 32), (6, 4))


def test_every_vector_has_length_one(small: ModelEmbedder) -> None:
    query = small.embed_query("w1 w2 w3")
    (embedded,) = small.embed([paragraph("w1 w2. w3 w4.")])
    for rows in (query.vector[np.newaxis], query.tokens, embedded.sentences):
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


def test_a_query_is_embedded_as_sentence_transformers_does(
    small: ModelEmbedder,
    mean_folder: Path,
) -> None:
    assert (
        cosines(small.embed_query("w1 w2 w9").vector, reference(mean_folder, "w1 w2 w9")) > 0.99999
    )


@pytest.mark.parametrize("count", [1, 10, 29, 30, 31, 60, 90, 200, 299])
def test_every_token_of_a_long_paragraph_is_kept_once(small: ModelEmbedder, count: int) -> None:
    """The windows overlap, and no word is lost or doubled where they meet."""
    (embedded,) = small.embed([paragraph(" ".join(WORDS[:count]))])
    expected = [small.embed_query(word).token_ids[0] for word in WORDS[:count]]
    assert embedded.token_ids.tolist() == expected
    assert len(embedded.tokens) == count
    assert embedded.token_sentences.tolist() == [0] * count


def test_tokens_know_their_sentences(small: ModelEmbedder) -> None:
    (embedded,) = small.embed([paragraph("w1 w2. w3. w4 w5 w6.")])
    assert embedded.token_sentences.tolist() == [0, 0, 0, 1, 1, 2, 2, 2, 2]


def test_sentences_beyond_the_first_window_are_embedded_too(
    small: ModelEmbedder,
) -> None:
    text = ". ".join(" ".join(WORDS[i : i + 5]) for i in range(0, 100, 5)) + "."
    (embedded,) = small.embed([paragraph(text)])
    assert len(np.unique(embedded.sentences.round(4), axis=0)) == 20


def test_a_heading_colours_its_paragraph_but_is_no_part_of_it(
    small: ModelEmbedder,
) -> None:
    (without,) = small.embed([paragraph("w1 w2.")])
    (under,) = small.embed([paragraph("w1 w2.", heading="head")])
    assert under.token_ids.tolist() == without.token_ids.tolist()
    assert not np.allclose(under.sentences, without.sentences)


def test_a_sentence_without_a_token_of_its_own_takes_its_paragraphs_vector(
    small: ModelEmbedder,
    mean_folder: Path,
) -> None:
    """The tokenizer leaves out control characters."""
    text = "w1 w2. \x01\x01"
    (embedded,) = small.embed([ParagraphText(text, (Span(0, 6), Span(7, 9)))])
    assert embedded.token_sentences.tolist() == [0, 0, 0]
    assert cosines(embedded.sentences[1], reference(mean_folder, text)) > 0.99999


def test_a_paragraph_without_a_token_is_embedded(small: ModelEmbedder) -> None:
    (embedded,) = small.embed([ParagraphText("\x01\x01", (Span(0, 2),))])
    assert (embedded.sentences.shape, len(embedded.token_ids)) == ((1, 32), 0)


def test_nothing_is_made_of_nothing(small: ModelEmbedder) -> None:
    assert small.embed([]) == []
    assert small.embed_query("").token_ids.tolist() == []


def test_more_paragraphs_than_are_held_at_once_stay_in_order(
    small: ModelEmbedder,
) -> None:
    texts = [f"{WORDS[i % 300]} {WORDS[i // 300]}." for i in range(PARAGRAPHS_AT_ONCE + 50)]
    embedded = small.embed([paragraph(text) for text in texts])
    assert len(embedded) == len(texts)
    for text, one in zip(texts, embedded, strict=True):
        assert one.token_ids.tolist() == small.embed_query(text).token_ids.tolist()


def test_embedding_again_gives_the_same_bits(small: ModelEmbedder) -> None:
    passages = [paragraph(" ".join(WORDS[i : i + 9])) for i in range(0, 90, 9)]
    before = small.embed(passages)
    small.embed([paragraph(" ".join(WORDS))])
    assert all(map(same, before, small.embed(passages)))


def test_neither_threads_nor_what_goes_in_at_the_same_time_change_a_bit(
    tmp_path: Path, kind: str
) -> None:
    model = build(tmp_path, "mean", {})
    texts = [" ".join(WORDS[i : i + 3 + i % 70]) for i in range(0, 200, 4)]
    articles = [[paragraph(text) for text in texts[i : i + 7]] for i in range(0, 50, 5)]
    alone = opened(kind, model)
    expected = [alone.embed(article) for article in articles]
    together = opened(kind, model, 3)
    with ThreadPoolExecutor(5) as pool:
        for _ in range(3):
            for before, after in zip(expected, pool.map(together.embed, articles), strict=True):
                assert all(map(same, before, after))


def test_threads_share_an_embedder(tmp_path: Path, kind: str) -> None:
    """From its very first text on."""
    embedder = opened(kind, build(tmp_path, "mean", {}))
    start, found, errors = threading.Barrier(6), [], []

    def ask() -> None:
        start.wait()
        try:
            for _ in range(5):
                found.append(embedder.embed_query("w1 w2 w3").vector.tobytes())
                embedder.embed([paragraph("w1. w2.")])
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(set(found)) == 1


def test_a_model_that_does_not_pool_embeds_each_sentence_by_itself(
    prompted: ModelEmbedder,
    cls_folder: Path,
) -> None:
    """As a document, like the paragraph, and not as a query."""
    text = "w1 w2. w3 w4 w5."
    (embedded,) = prompted.embed([paragraph(text)])
    for sentence, vector in zip(("w1 w2.", "w3 w4 w5."), embedded.sentences, strict=True):
        assert cosines(vector, reference(cls_folder, "tell: " + sentence)) > 0.99999


def test_prompts_are_given_to_the_model_but_are_no_part_of_the_text(
    prompted: ModelEmbedder,
    cls_folder: Path,
) -> None:
    query = prompted.embed_query("w1 w2")
    (embedded,) = prompted.embed([paragraph("w1 w2")])
    assert cosines(query.vector, reference(cls_folder, "ask: w1 w2")) > 0.99999
    assert len(query.tokens) == 2
    assert query.token_ids.tolist() == embedded.token_ids.tolist()


def test_a_model_is_loaded_once_and_not_before_it_is_needed() -> None:
    loaded = []

    def load() -> Model:
        loaded.append(1)
        raise ModelError("there is none: get one")

    embedder = ModelEmbedder("name", load, 64)
    assert (embedder.name, embedder.dimensions, embedder.embed([]), loaded) == ("name", 64, [], [])
    for _ in range(2):
        with pytest.raises(ModelError, match="there is none"):
            embedder.embed_query("Who?")
    assert len(loaded) == 2


def test_both_ways_of_running_a_model_give_the_same_but_for_the_last_bits(
    mean_folder: Path, cls_folder: Path
) -> None:
    text = ". ".join(" ".join(WORDS[i : i + 7]) for i in range(0, 90, 5)) + "."
    for folder in (mean_folder, cls_folder):
        one, other = (opened(kind, folder) for kind in ("sentence-transformers", "onnx"))
        for query in ("w1 w2 w3", "", "w9 " * 100):
            a, b = one.embed_query(query), other.embed_query(query)
            np.testing.assert_allclose(a.vector, b.vector, atol=1e-6)
            np.testing.assert_allclose(a.tokens, b.tokens, atol=1e-6)
            assert a.token_ids.tolist() == b.token_ids.tolist()
        (c,), (d,) = (embedder.embed([paragraph(text, "head")]) for embedder in (one, other))
        np.testing.assert_allclose(c.sentences, d.sentences, atol=1e-6)
        assert c.token_sentences.tolist() == d.token_sentences.tolist()
