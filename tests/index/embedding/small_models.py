"""Small random models to embed with, and what the tests of embedders compare."""

from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from index.article import Span
from index.embedding.embedder import Embedded, ParagraphText
from index.embedding.model import ModelEmbedder
from index.embedding.onnx import onnx_embedder
from index.embedding.sentence_transformers import SentenceTransformerEmbedder
from qa.training.export_embedder import export

AnyFloats = NDArray[np.floating]

WORDS = [f"w{number}" for number in range(300)]
WINDOW = 32


def paragraph(text: str, heading: str = "") -> ParagraphText:
    """A paragraph whose sentences end in a full stop."""
    sentences, start = [], 0
    for piece in text.split(". "):
        sentences.append(Span(start, min(start + len(piece) + 1, len(text))))
        start += len(piece) + 2
    return ParagraphText(text, tuple(sentences), heading)


def same(one: Embedded, other: Embedded) -> bool:
    return all(
        np.array_equal(getattr(one, view), getattr(other, view))
        for view in ("sentences", "tokens", "token_ids", "token_sentences")
    )


def cosines(a: AnyFloats, b: AnyFloats) -> AnyFloats:
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    return np.asarray((a * b).sum(axis=-1) / lengths)


def build(folder: Path, pooling: Literal["mean", "cls"], prompts: dict[str, str]) -> Path:
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


def opened(kind: str, folder: Path, threads: int = 1) -> ModelEmbedder:
    """The model that ``build`` made, run by sentence-transformers or, exported, by onnxruntime."""
    if kind == "sentence-transformers":
        return SentenceTransformerEmbedder(str(folder), threads)
    exported = folder.parent / "exported"
    if not exported.exists():
        export(folder, exported, "small")
    return onnx_embedder(str(exported), threads)


def reference(folder: Path, text: str) -> AnyFloats:
    """What sentence-transformers itself makes of a text, without a prompt."""
    model = SentenceTransformer(str(folder), device="cpu")
    return np.asarray(model.encode([text], prompt="", show_progress_bar=False)[0])
