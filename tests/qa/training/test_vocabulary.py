import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel

from index.errors import InputError
from qa.training.encoding import special
from qa.training.model import load_model
from qa.training.vocabulary import prune

PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "\u2581the",
    "\u2581town",
    "\u2581hall",
    "\u57ce",
    "s",
    ".",
]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = tmp_path / "base"
    vocabulary = [(piece, -float(i)) for i, piece in enumerate([*PIECES, "\u2581rare", "<mask>"])]
    tokenizer = Tokenizer(models.Unigram(vocabulary, 3))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=12,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=16,
    )
    BertModel(config).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    file = tmp_path / "texts.json"
    file.write_text(json.dumps({"data": [{"context": "the town halls."}]}), encoding="utf-8")
    return file


def test_pieces_that_are_used_keep_their_vectors(base: Path, texts: Path, tmp_path: Path) -> None:
    assert prune(base, tmp_path / "small", [texts], size=0) == 10
    old = Tokenizer.from_file(str(base / "tokenizer.json"))
    new = Tokenizer.from_file(str(tmp_path / "small" / "tokenizer.json"))
    one, other = old.encode("the town halls."), new.encode("the town halls.")
    assert other.tokens == ["[CLS]", *one.tokens, "[SEP]"]
    name = "embeddings.word_embeddings.weight"
    before = load_file(base / "model.safetensors")[name]
    after = load_file(tmp_path / "small" / "model.safetensors")[name]
    torch.testing.assert_close(after[other.ids[1:-1]], before[one.ids])
    assert "\u57ce" not in new.get_vocab()
    assert "\u2581rare" not in new.get_vocab()


def test_frequent_latin_pieces_fill_the_size(base: Path, texts: Path, tmp_path: Path) -> None:
    assert prune(base, tmp_path / "small", [texts], size=11) == 11
    assert "\u2581rare" in (tmp_path / "small" / "tokenizer.json").read_text(encoding="utf-8")


def test_the_pruned_base_can_be_trained(base: Path, texts: Path, tmp_path: Path) -> None:
    prune(base, tmp_path / "small", [texts], size=0)
    tokenizer = Tokenizer.from_file(str(tmp_path / "small" / "tokenizer.json"))
    assert special(tokenizer, "[CLS]") != special(tokenizer, "[SEP]")
    assert load_model(tmp_path / "small").config.vocab_size == 10


def test_a_folder_that_exists_is_left_alone(base: Path, texts: Path) -> None:
    with pytest.raises(InputError, match="exists already: give a new folder"):
        prune(base, base, [texts])


def test_a_base_of_another_kind_of_vocabulary_is_refused(
    base: Path, texts: Path, tmp_path: Path
) -> None:
    (base / "tokenizer.json").write_text(json.dumps({"model": {"type": "WordPiece"}}))
    with pytest.raises(InputError, match="'WordPiece': give a SentencePiece base"):
        prune(base, tmp_path / "small", [texts])
