"""A BERT of two narrow layers with a vocabulary of whole words, and a run's plan on it."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel

from qa.training.examples import read_examples
from qa.training.plan import TrainingPlan

DATA = Path(__file__).parents[2] / "data" / "training"
ARTICLES = DATA / "articles.json"
SENTENCES = DATA / "sentences.json"
NARROW: dict[str, Any] = {
    "hidden_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 96,
    "max_position_embeddings": 128,
    "initializer_range": 0.1,
}


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    normalizer = normalizers.BertNormalizer(lowercase=True)
    splitter = pre_tokenizers.BertPreTokenizer()
    words: dict[str, None] = dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    for file in (ARTICLES, SENTENCES):
        for example in read_examples(file):
            text = normalizer.normalize_str(f"{example.question} {example.context}")
            words.update((word, None) for word, _ in splitter.pre_tokenize_str(text))
    vocabulary = {word: i for i, word in enumerate(words)}
    built = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106
    built.normalizer = normalizer
    built.pre_tokenizer = splitter
    built.enable_truncation(8)  # as sentence encoders ship theirs
    return built


@pytest.fixture(scope="session")
def base(tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        **NARROW,
    )
    BertModel(config).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture
def narrow(base: Path, tmp_path: Path) -> Path:
    """Another base, with layers of another shape."""
    folder = tmp_path / "narrow"
    config = BertConfig.from_pretrained(base, intermediate_size=48)
    BertModel(config).save_pretrained(folder)
    shutil.copy(base / "tokenizer.json", folder)
    return folder


@pytest.fixture(scope="session")
def mpnet(tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base of the other kind, whose vocabulary puts special tokens of its own before BERT's."""
    folder = tmp_path_factory.mktemp("mpnet")
    own = ["<s>", "<pad>", "</s>", "<unk>"]
    words = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)
    vocabulary = {word: i for i, word in enumerate([*own, *words, "<mask>"])}
    built = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106
    built.normalizer = tokenizer.normalizer
    built.pre_tokenizer = tokenizer.pre_tokenizer
    torch.manual_seed(7)
    config = MPNetConfig(
        vocab_size=len(vocabulary),
        **NARROW,
    )
    MPNetModel(config).save_pretrained(folder)
    built.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture
def plan(base: Path) -> TrainingPlan:
    return TrainingPlan(
        files=(str(ARTICLES),),
        sentences=(str(SENTENCES),),
        base=str(base),
        short_passes=1,
        full_passes=1,
        short_length=24,
        max_length=64,
        batch_tokens=512,
        batch_examples=12,
    )
