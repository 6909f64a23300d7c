"""Readers whose logits are known: a graph that looks each token's logits up in a table."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from index.article import Article, Paragraph, Passage, Span
from qa.reading.span import INPUTS, SpanReader
from qa.reading.weights import MODEL, TOKENIZER, write_manifest
from qa.reading.windows import Floats

Table = Mapping[str, tuple[float, float]]
"""Tokens to their start and end logits; all others have -9 and -9, and [CLS] 0 and 0."""

MakeReader = Callable[..., SpanReader]

WORDS = """
[PAD] [UNK] [CLS] [SEP] the clara vos ##s ##sar sells rye bread oven café , . ( ) - ' s 1 000 oslo
in bakery opens at six who filler
"""


def tokenizer() -> Tokenizer:
    """A lower-casing WordPiece over ``WORDS``, framed like BERT's."""
    vocabulary = {word: number for number, word in enumerate(WORDS.split())}
    built = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106 # a token
    built.normalizer = normalizers.BertNormalizer(lowercase=True)
    built.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    built.post_processor = processors.BertProcessing(
        ("[SEP]", vocabulary["[SEP]"]), ("[CLS]", vocabulary["[CLS]"])
    )
    return built


def passage(text: str, before: str = "") -> Passage:
    """An article's paragraph, with ``before`` standing before it in the article."""
    article = Article("a", "", None, None, before + text, "sha256:")
    span = Span(len(before), len(before) + len(text))
    return Passage(article, Paragraph(1, span, (span,)), 1.0, (1.0,))


def quotes(reader: SpanReader, text: str) -> list[str]:
    """What the reader finds in one passage, best first."""
    (reading,) = reader.read("who", [passage(text)])
    return [found.span.of(text) for found in reading.candidates]


def write_table_weights(folder: Path, table: Table, max_length: int = 64) -> Path:
    built = tokenizer()
    logits = np.full((built.get_vocab_size(), 2), -9.0, np.float32)
    logits[built.token_to_id("[CLS]")] = 0
    for token, values in table.items():
        logits[built.token_to_id(token)] = values
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(_graph(logits), folder / MODEL)
    built.save(str(folder / TOKENIZER))
    write_manifest(folder, "table", max_length)
    return folder


def _graph(logits: Floats) -> onnx.ModelProto:
    shape = ["rows", "tokens"]
    tables = [
        numpy_helper.from_array(np.ascontiguousarray(logits[:, side]), name)
        for side, name in enumerate(("starts", "ends"))
    ]
    nodes = [
        helper.make_node("Gather", ["starts", "input_ids"], ["start_logits"]),
        helper.make_node("Gather", ["ends", "input_ids"], ["end_logits"]),
    ]
    graph = helper.make_graph(
        nodes,
        "table",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in INPUTS],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name in ("start_logits", "end_logits")
        ],
        tables,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


@pytest.fixture
def reader_of(tmp_path: Path) -> MakeReader:
    """Makes a span reader from a table of logits."""

    def make(table: Table, *, max_length: int = 64) -> SpanReader:
        folder = write_table_weights(tmp_path / "weights", table, max_length)
        return SpanReader(folder, threads=1)

    return make
