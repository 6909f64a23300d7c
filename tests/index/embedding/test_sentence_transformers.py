"""The sentence-transformers embedder: on small random models, and on the packaged one."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from index.article import Span
from index.embedding.embedder import Embedded, ParagraphText
from index.embedding.model import PARAGRAPHS_AT_ONCE
from index.embedding.sentence_transformers import SentenceTransformerEmbedder
from index.errors import ModelError

AnyFloats = NDArray[np.floating]

WORDS = [f"w{number}" for number in range(300)]
WINDOW = 32


def _paragraph(text: str, heading: str = "") -> ParagraphText:
    """A paragraph whose sentences end in a full stop."""
    sentences, start = [], 0
    for piece in text.split(". "):
        sentences.append(Span(start, min(start + len(piece) + 1, len(text))))
        start += len(piece) + 2
    return ParagraphText(text, tuple(sentences), heading)


def _same(one: Embedded, other: Embedded) -> bool:
    return all(
        np.array_equal(getattr(one, view), getattr(other, view))
        for view in ("sentences", "tokens", "token_ids", "token_sentences")
    )


def _cosines(a: AnyFloats, b: AnyFloats) -> AnyFloats:
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    return np.asarray((a * b).sum(axis=-1) / lengths)


def _build(folder: Path, pooling: Literal["mean", "cls"], prompts: dict[str, str]) -> Path:
    """A BERT of one narrow layer, which takes 32 tokens, over a vocabulary of whole words."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    extra = ["ask", "tell", ":", ".", "head", "fact"]
    vocabulary = {word: i for i, word in enumerate([*special, *extra, *WORDS])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=WINDOW,
        initializer_range=0.3,
    )
    bert = folder / "bert"
    BertModel(config).save_pretrained(bert)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]  # it carries no types
        tokenizer_object=tokenizer,
        pad_token="[PAD]",  # noqa: S106 - no password
        unk_token="[UNK]",  # noqa: S106
        cls_token="[CLS]",  # noqa: S106
        sep_token="[SEP]",  # noqa: S106
        mask_token="[MASK]",  # noqa: S106
        model_max_length=WINDOW,
    ).save_pretrained(bert)
    transformer = Transformer(str(bert))
    built = SentenceTransformer(
        modules=[transformer, Pooling(32, pooling_mode=pooling)], device="cpu", prompts=prompts
    )
    built.save_pretrained(str(folder / "model"), create_model_card=False)
    return folder / "model"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SentenceTransformerEmbedder:
    """Pools its tokens and knows no prompts."""
    folder = _build(tmp_path_factory.mktemp("small"), "mean", {})
    return SentenceTransformerEmbedder(str(folder), threads=1)


@pytest.fixture(scope="module")
def prompted(tmp_path_factory: pytest.TempPathFactory) -> SentenceTransformerEmbedder:
    """Takes its first token for the whole, and has prompts like E5's."""
    prompts = {"query": "ask: ", "document": "tell: "}
    folder = _build(tmp_path_factory.mktemp("prompted"), "cls", prompts)
    return SentenceTransformerEmbedder(str(folder), threads=1)


def _reference(embedder: SentenceTransformerEmbedder, text: str) -> AnyFloats:
    """What sentence-transformers itself makes of a text, without a prompt."""
    model = SentenceTransformer(embedder.name, device="cpu")
    return np.asarray(model.encode([text], prompt="", show_progress_bar=False)[0])


def test_vectors_have_the_models_dimensions(small: SentenceTransformerEmbedder) -> None:
    assert small.dimensions == 32
    query = small.embed_query("w1 w2 w3")
    assert (query.vector.shape, query.tokens.shape, query.token_ids.shape) == ((32,), (3, 32), (3,))
    (embedded,) = small.embed([_paragraph("w1 w2. w3 w4.")])
    assert (embedded.sentences.shape, embedded.tokens.shape) == ((2, 32), (6, 4))


def test_every_vector_has_length_one(small: SentenceTransformerEmbedder) -> None:
    query = small.embed_query("w1 w2 w3")
    (embedded,) = small.embed([_paragraph("w1 w2. w3 w4.")])
    for rows in (query.vector[np.newaxis], query.tokens, embedded.sentences):
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


def test_a_query_is_embedded_as_sentence_transformers_does(
    small: SentenceTransformerEmbedder,
) -> None:
    assert _cosines(small.embed_query("w1 w2 w9").vector, _reference(small, "w1 w2 w9")) > 0.99999


@pytest.mark.parametrize("count", [1, 10, 29, 30, 31, 60, 90, 200, 299])
def test_every_token_of_a_long_paragraph_is_kept_once(
    small: SentenceTransformerEmbedder, count: int
) -> None:
    """The windows overlap, and no word is lost or doubled where they meet."""
    (embedded,) = small.embed([_paragraph(" ".join(WORDS[:count]))])
    expected = [small.embed_query(word).token_ids[0] for word in WORDS[:count]]
    assert embedded.token_ids.tolist() == expected
    assert len(embedded.tokens) == count
    assert embedded.token_sentences.tolist() == [0] * count


def test_tokens_know_their_sentences(small: SentenceTransformerEmbedder) -> None:
    (embedded,) = small.embed([_paragraph("w1 w2. w3. w4 w5 w6.")])
    assert embedded.token_sentences.tolist() == [0, 0, 0, 1, 1, 2, 2, 2, 2]


def test_sentences_beyond_the_first_window_are_embedded_too(
    small: SentenceTransformerEmbedder,
) -> None:
    text = ". ".join(" ".join(WORDS[i : i + 5]) for i in range(0, 100, 5)) + "."
    (embedded,) = small.embed([_paragraph(text)])
    assert len(np.unique(embedded.sentences.round(4), axis=0)) == 20


def test_a_heading_colours_its_paragraph_but_is_no_part_of_it(
    small: SentenceTransformerEmbedder,
) -> None:
    (without,) = small.embed([_paragraph("w1 w2.")])
    (under,) = small.embed([_paragraph("w1 w2.", heading="head")])
    assert under.token_ids.tolist() == without.token_ids.tolist()
    assert not np.allclose(under.sentences, without.sentences)


def test_a_sentence_without_a_token_of_its_own_takes_its_paragraphs_vector(
    small: SentenceTransformerEmbedder,
) -> None:
    """The tokenizer leaves out control characters."""
    text = "w1 w2. \x01\x01"
    (embedded,) = small.embed([ParagraphText(text, (Span(0, 6), Span(7, 9)))])
    assert embedded.token_sentences.tolist() == [0, 0, 0]
    assert _cosines(embedded.sentences[1], _reference(small, text)) > 0.99999


def test_a_paragraph_without_a_token_is_embedded(small: SentenceTransformerEmbedder) -> None:
    (embedded,) = small.embed([ParagraphText("\x01\x01", (Span(0, 2),))])
    assert (embedded.sentences.shape, len(embedded.token_ids)) == ((1, 32), 0)


def test_nothing_is_made_of_nothing(small: SentenceTransformerEmbedder) -> None:
    assert small.embed([]) == []
    assert small.embed_query("").token_ids.tolist() == []


def test_more_paragraphs_than_are_held_at_once_stay_in_order(
    small: SentenceTransformerEmbedder,
) -> None:
    texts = [f"{WORDS[i % 300]} {WORDS[i // 300]}." for i in range(PARAGRAPHS_AT_ONCE + 50)]
    embedded = small.embed([_paragraph(text) for text in texts])
    assert len(embedded) == len(texts)
    for text, one in zip(texts, embedded, strict=True):
        assert one.token_ids.tolist() == small.embed_query(text).token_ids.tolist()


def test_embedding_again_gives_the_same_bits(small: SentenceTransformerEmbedder) -> None:
    passages = [_paragraph(" ".join(WORDS[i : i + 9])) for i in range(0, 90, 9)]
    before = small.embed(passages)
    small.embed([_paragraph(" ".join(WORDS))])
    assert all(map(_same, before, small.embed(passages)))


def test_neither_threads_nor_what_goes_in_at_the_same_time_change_a_bit(tmp_path: Path) -> None:
    model = str(_build(tmp_path, "mean", {}))
    texts = [" ".join(WORDS[i : i + 3 + i % 70]) for i in range(0, 200, 4)]
    articles = [[_paragraph(text) for text in texts[i : i + 7]] for i in range(0, 50, 5)]
    alone = SentenceTransformerEmbedder(model, threads=1)
    expected = [alone.embed(article) for article in articles]
    together = SentenceTransformerEmbedder(model, threads=3)
    with ThreadPoolExecutor(5) as pool:
        for _ in range(3):
            for before, after in zip(expected, pool.map(together.embed, articles), strict=True):
                assert all(map(_same, before, after))


def test_threads_share_an_embedder(tmp_path: Path) -> None:
    """From its very first text on."""
    embedder = SentenceTransformerEmbedder(str(_build(tmp_path, "mean", {})), threads=1)
    start, found, errors = threading.Barrier(6), [], []

    def ask() -> None:
        start.wait()
        try:
            for _ in range(5):
                found.append(embedder.embed_query("w1 w2 w3").vector.tobytes())
                embedder.embed([_paragraph("w1. w2.")])
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
    prompted: SentenceTransformerEmbedder,
) -> None:
    """As a document, like the paragraph, and not as a query."""
    text = "w1 w2. w3 w4 w5."
    (embedded,) = prompted.embed([_paragraph(text)])
    for sentence, vector in zip(("w1 w2.", "w3 w4 w5."), embedded.sentences, strict=True):
        assert _cosines(vector, _reference(prompted, "tell: " + sentence)) > 0.99999


def test_prompts_are_given_to_the_model_but_are_no_part_of_the_text(
    prompted: SentenceTransformerEmbedder,
) -> None:
    query = prompted.embed_query("w1 w2")
    (embedded,) = prompted.embed([_paragraph("w1 w2")])
    assert _cosines(query.vector, _reference(prompted, "ask: w1 w2")) > 0.99999
    assert len(query.tokens) == 2
    assert query.token_ids.tolist() == embedded.token_ids.tolist()


# Models that cannot be used


@pytest.mark.parametrize("what", ["missing", "empty", "damaged"])
def test_a_model_that_cannot_be_loaded_is_named_with_the_remedy(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "model"
    if what == "empty":
        folder.mkdir()
    if what == "damaged":
        built = _build(tmp_path / "built", "mean", {})
        shutil.copytree(built, folder)
        weights = folder / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(
        ModelError, match=r"'.*model' cannot be loaded \(.+\): set PULLQUOTE_EMBEDDER to a folder"
    ):
        SentenceTransformerEmbedder(str(folder)).load()
