"""Readers with a tiny random BERT, on PyTorch and on onnxruntime."""

from pathlib import Path

import pytest
import torch
from transformers import (
    BertConfig,
    BertForQuestionAnswering,
    BertModel,
    DistilBertConfig,
    DistilBertForQuestionAnswering,
    PreTrainedModel,
)

from index.article import Passage
from index.errors import ModelError
from qa.reading.hugging_face import HuggingFaceReader
from qa.reading.reader import Reader
from qa.reading.span import SpanReader
from qa.reading.weights import MODEL, write_manifest
from qa.training.export import export_onnx
from tests.qa.reading.conftest import passage, tokenizer

PASSAGES = [
    passage("Clara Voss opens the bakery at six."),
    passage("In Oslo, " + "filler who sells rye " * 60 + "bread."),
    passage("The café sells 1,000 rye bread " * 3, before="Oslo\r\n\r\n"),
    passage("The oven."),
    passage("six sells oslo the bread in " * 12),
]


def config() -> BertConfig:
    return BertConfig(
        vocab_size=tokenizer().get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=130,
        initializer_range=0.5,
    )


def save(model: PreTrainedModel, folder: Path, *, with_tokenizer: bool = True) -> Path:
    model.save_pretrained(folder)
    if with_tokenizer:
        tokenizer().save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="module")
def model() -> BertForQuestionAnswering:
    torch.manual_seed(1)
    return BertForQuestionAnswering(config())


@pytest.fixture(scope="module")
def on_torch(
    model: BertForQuestionAnswering, tmp_path_factory: pytest.TempPathFactory
) -> HuggingFaceReader:
    return HuggingFaceReader(str(save(model, tmp_path_factory.mktemp("hf"))), threads=1)


@pytest.fixture(scope="module")
def on_onnxruntime(
    model: BertForQuestionAnswering, tmp_path_factory: pytest.TempPathFactory
) -> SpanReader:
    folder = tmp_path_factory.mktemp("weights")
    export_onnx(model, folder / MODEL)
    tokenizer().save(str(folder / "tokenizer.json"))
    write_manifest(folder, "tiny", 128)
    return SpanReader(folder, threads=1)


def found(reader: Reader, passages: list[Passage]) -> list[tuple[list[str], list[float]]]:
    return [
        (
            [one.span.of(reading.passage.article.text) for one in reading.candidates],
            [one.score for one in reading.candidates],
        )
        for reading in reader.read("who opens the oven", passages)
    ]


def test_both_runtimes_find_the_same(
    on_torch: HuggingFaceReader, on_onnxruntime: SpanReader
) -> None:
    for (quotes, scores), (others, other_scores) in zip(
        found(on_torch, PASSAGES), found(on_onnxruntime, PASSAGES), strict=True
    ):
        assert quotes == others
        assert scores == pytest.approx(other_scores, abs=1e-3)


@pytest.mark.parametrize("runtime", ["on_torch", "on_onnxruntime"])
def test_passages_read_together_are_read_as_each_alone(
    runtime: str, request: pytest.FixtureRequest
) -> None:
    reader: Reader = request.getfixturevalue(runtime)
    together = found(reader, PASSAGES)
    alone = [found(reader, [one])[0] for one in PASSAGES]
    for (quotes, scores), (others, other_scores) in zip(together, alone, strict=True):
        assert quotes == others
        assert scores == pytest.approx(other_scores, abs=1e-4)


def test_reading_again_gives_the_same_bits(on_onnxruntime: SpanReader) -> None:
    assert found(on_onnxruntime, PASSAGES) == found(on_onnxruntime, PASSAGES)


def test_candidates_lie_in_their_paragraphs_best_first(on_onnxruntime: SpanReader) -> None:
    for reading in on_onnxruntime.read("who", PASSAGES):
        scores = [one.score for one in reading.candidates]
        assert scores == sorted(scores, reverse=True)
        assert scores
        assert all(reading.passage.paragraph.span.contains(one.span) for one in reading.candidates)


def test_a_model_without_token_types_is_read_with(tmp_path: Path) -> None:
    small = DistilBertConfig(
        vocab_size=tokenizer().get_vocab_size(), dim=32, n_layers=1, n_heads=2, hidden_dim=64
    )
    folder = save(DistilBertForQuestionAnswering(small), tmp_path)
    (tmp_path / "tokenizer_config.json").write_text('{"model_max_length": 64}')
    (quotes, _), *_ = found(HuggingFaceReader(str(folder)), PASSAGES)
    assert quotes


def test_the_reader_is_named_as_it_was_asked_for(on_torch: HuggingFaceReader) -> None:
    assert Path(on_torch.name).is_dir()


def test_a_model_without_a_span_head_is_refused(tmp_path: Path) -> None:
    folder = save(BertModel(config()), tmp_path)
    with pytest.raises(
        ModelError, match=r"no span head \(it lacks qa_outputs.*\): set PULLQUOTE_READER to 'span'"
    ):
        HuggingFaceReader(str(folder))


def test_a_model_without_a_tokenizer_is_refused(
    model: BertForQuestionAnswering, tmp_path: Path
) -> None:
    folder = save(model, tmp_path, with_tokenizer=False)
    with pytest.raises(ModelError, match=r"no tokenizer that gives offsets: add its tokenizer"):
        HuggingFaceReader(str(folder))


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(
        ModelError, match=r"no reader 'no/such-reader' that can be loaded .*: set PULLQUOTE_READER"
    ):
        HuggingFaceReader("no/such-reader")
